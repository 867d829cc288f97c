"""An actualisation in a town that lives: begun filled in, confirmed and sent, on a real engine."""

from datetime import UTC, datetime

from api.beginning import begin_filled
from api.confirmed import to_confirm
from api.known_family import known_family as what_is_known
from domain.deadlines import paris_day
from storage.dossiers import Dossier
from storage.town import Procedure
from tests.actualising import UPDATE
from tests.families import SCHOOL
from tests.health import HEALTHY
from tests.living_changes import known_family
from tests.living_town import LivingTown, an_act

_TOLD = {
    "autre-parent": {"has_other": "no"},
    "ecole-1": {"grade": "ms", "school": SCHOOL},
    "sante-1": HEALTHY,
    "reglement": {"accepted": "yes"},
}


async def updates(town: LivingTown, procedure: Procedure = UPDATE) -> Dossier:
    """Claire's family is known; she confirms what is known of it, adds the rest, and sends it."""
    async with town.open_store() as store:
        is_known = await store.family_record.of(town.parent.id) is not None
    if not is_known:
        await known_family(town)
    now = datetime.now(UTC)  # noqa: TID251  people live in real time
    async with town.open_store() as store:
        await store.town.put_procedure(procedure)
        known = await what_is_known(store, town.parent, procedure, paris_day(now), agent=None)
    assert known is not None
    dossier = await begin_filled(
        town.open_store,
        town.as_parent(),
        procedure,
        known,
        act_id=an_act(),
        account_id=town.parent.id,
    )
    async with town.open_store() as store:
        for code, values in _TOLD.items():
            draft = await store.dossiers.find(dossier.id)
            await store.dossiers.save_answers(draft, code, values, now)
        answers = await store.dossiers.answers(dossier.id)
        pages = [one.code for one in to_confirm(dossier, answers)]
        await store.confirmations.add(dossier.id, pages, now, town.parent.id)
    await town.gives(dossier, "proof_of_address")
    await town.submits(dossier)
    return dossier
