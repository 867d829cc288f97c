"""Changes of a family's file in a town that lives: asked for as the site does, on a real engine."""

from dataclasses import replace
from datetime import UTC, datetime

from api.changing import Wanted, ask_for_change, known_values
from domain.deadlines import Terms
from domain.kinds.change_subjects import Subject, slug_of
from storage.dossiers import Dossier
from storage.family_record import FamilyRecord, RecordedChild
from tests.builders import a_dossier
from tests.living_town import ANSWERS, LivingTown, an_act


async def known_family(town: LivingTown) -> FamilyRecord:
    """Claire and Léna, as an earlier registration made them."""
    now = datetime.now(UTC)  # noqa: TID251  people live in real time
    async with town.open_store() as store:
        dossier = await a_dossier(store, town.parent, now)
        await store.households.admit(dossier, ANSWERS, town.parent.email, now)
    return await record_of(town)


async def record_of(town: LivingTown) -> FamilyRecord:
    """What the town knows of Claire's family now."""
    async with town.open_store() as store:
        record = await store.family_record.of(town.parent.id)
    assert record is not None
    return record


async def registration_of(town: LivingTown, child: RecordedChild) -> Dossier:
    """The dossier that made this child."""
    assert child.dossier_id is not None
    async with town.open_store() as store:
        return await store.dossiers.find(child.dossier_id)


async def has_terms(town: LivingTown, subject: Subject, terms: Terms) -> None:
    """The town gives the changes of this subject these terms."""
    async with town.open_store() as store:
        procedure = await store.town.procedure(slug=slug_of(subject))
        await store.town.put_procedure(replace(procedure, terms=terms))


async def asks_to_change(
    town: LivingTown, subject: Subject, child: RecordedChild | None = None, **changed: str
) -> Dossier:
    """Claire changes these answers of what is known, and sends it where no paper is asked for."""
    record = await record_of(town)
    wanted = Wanted(subject, child)
    known = known_values(record, wanted, {})
    async with town.open_store() as store:
        procedure = await store.town.procedure(slug=slug_of(subject))
    asked = await ask_for_change(
        town.open_store,
        town.as_parent(),
        procedure,
        wanted,
        {**known, **changed},
        known=known,
        act_id=an_act(),
        account_id=town.parent.id,
        at=datetime.now(UTC),  # noqa: TID251
    )
    assert asked.dossier is not None
    return asked.dossier
