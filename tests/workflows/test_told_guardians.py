"""Two guardians of one child: what holds a registration holds an update and a change as well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.deadlines import Delay, Terms, Validation, paris_day
from domain.errors import TransitionNotAllowed
from domain.holds import NOBODY_LEFT
from domain.kinds.change_subjects import Subject
from domain.states import Action, State
from storage.accounts import Account
from storage.family_record import RecordedChild
from tests.actualising import UPDATE
from tests.living_changes import asks_to_change, has_terms, known_family, registration_of
from tests.living_town import LivingTown
from tests.living_updates import updates

COSIGNED = Terms(cosign_within=Delay(days=21))
AUTOMATIC = replace(COSIGNED, validation=Validation.AUTOMATIC)
SIGNED_UPDATE = replace(UPDATE, terms=COSIGNED)
ELSEWHERE = {"elsewhere": "yes", "other_school": "École Sainte-Anne, Agen", "school": ""}


async def lena_is_followed(town: LivingTown) -> tuple[RecordedChild, Account]:
    """Léna, whom Paul follows by her registration."""
    (lena,) = (await known_family(town)).children
    return lena, await town.shares(await registration_of(town, lena))


async def told(town: LivingTown, who: Account) -> list[str]:
    """The letters to this guardian, oldest first."""
    async with town.open_store() as store:
        written = await store.letters.outbox()
    return [one.kind for one in reversed(written) if one.account_id == who.id]


async def test_an_automatic_change_waits_for_the_signature_that_its_terms_ask_for(
    town: LivingTown,
) -> None:
    lena, paul = await lena_is_followed(town)
    await has_terms(town, Subject.SCHOOL, AUTOMATIC)
    change = await asks_to_change(town, Subject.SCHOOL, lena, **ELSEWHERE)
    await town.reaches(change, State.UNDER_REVIEW)
    assert await told(town, paul) == ["cosign_asked"]
    await town.speaks(paul, Action.COSIGN, change)
    assert await town.is_over(change) is State.APPROVED
    assert (await town.letters(change))[-1] == "approve_by_rule"
    assert "cosign" in await town.timeline(change)


async def test_a_change_that_nobody_else_is_told_of_waits_for_nobody(town: LivingTown) -> None:
    _, paul = await lena_is_followed(town)
    await has_terms(town, Subject.CONTACT_DETAILS, AUTOMATIC)
    change = await asks_to_change(town, Subject.CONTACT_DETAILS, phone="0690 12 34 56")
    assert await town.is_over(change) is State.APPROVED
    assert await told(town, paul) == []


async def test_an_update_is_approved_once_the_other_guardian_has_signed(town: LivingTown) -> None:
    _, paul = await lena_is_followed(town)
    update = await updates(town, SIGNED_UPDATE)
    await town.reaches(update, State.UNDER_REVIEW)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.APPROVE, update)
    assert no.value.code == "cosignature_missing"
    await town.speaks(paul, Action.COSIGN, update)
    await town.decides(Action.APPROVE, update)
    assert await town.is_over(update) is State.APPROVED
    assert "cosigned" in await town.letters(update)


async def test_an_update_waits_while_the_other_guardian_objects(town: LivingTown) -> None:
    _, paul = await lena_is_followed(town)
    update = await updates(town)
    await town.reaches(update, State.UNDER_REVIEW)
    assert await told(town, paul) == ["other_informed"]
    await town.speaks(paul, Action.OBJECT, update)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.APPROVE, update)
    assert no.value.code == "objection_open"
    await town.decides(Action.LIFT_OBJECTION, update, subject=paul.id, words="Ils sont d’accord.")
    await town.decides(Action.APPROVE, update)
    assert await town.is_over(update) is State.APPROVED
    assert await told(town, paul) == ["other_informed", "objection_settled"]


async def test_without_the_signature_the_guardian_is_reminded_and_an_agent_called(
    town: LivingTown,
) -> None:
    _, paul = await lena_is_followed(town)
    update = await updates(town, SIGNED_UPDATE)
    await town.reaches(update, State.UNDER_REVIEW)
    await town.waits(update, timedelta(days=60))
    assert await town.state(update) is State.UNDER_REVIEW
    assert await told(town, paul) == ["cosign_asked", "cosign_reminder"]
    assert (await town.timeline(update)).count("cosign_overdue") == 1


async def test_an_agent_does_without_the_signature_of_whoever_was_shut_out_of_the_child(
    town: LivingTown,
) -> None:
    lena, paul = await lena_is_followed(town)
    update = await updates(town, SIGNED_UPDATE)
    await town.reaches(update, State.UNDER_REVIEW)
    async with town.open_store() as store:
        (access,) = await store.guardian_accesses.of_child(lena.id)
        today = paris_day(access.invited_at)
        await store.guardian_accesses.end(
            access.id,
            today,
            reason_code="ruling",
            ruling_on=today,
            by=town.sophie.id,
            at=access.invited_at,
        )
    with pytest.raises(TransitionNotAllowed):
        await town.speaks(paul, Action.COSIGN, update)
    await town.decides(
        Action.WAIVE_COSIGNATURE, update, words="Plus d’accès.", reason_code=NOBODY_LEFT
    )
    await town.decides(Action.APPROVE, update)
    assert await town.is_over(update) is State.APPROVED
