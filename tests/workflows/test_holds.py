"""An objection freezes the decision; a co-signature that is asked for comes first."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.custody import Decision, Effect, Somebody
from domain.deadlines import Delay, Terms, Validation, paris_day
from domain.errors import Invalid, TransitionNotAllowed
from domain.holds import NOBODY_LEFT
from domain.messages import Outcome
from domain.states import Action, Actor, State
from storage.accounts import Account
from storage.clock import now
from storage.dossiers import Dossier
from tests.living_town import PIECES, LivingTown, eventually, kept_act
from tests.rulings import a_ruling

DAY = timedelta(days=1)
COSIGNED = Terms(cosign_within=Delay(days=21))
AUTOMATIC = Terms(validation=Validation.AUTOMATIC)
ALERTED = Terms(silence_alerts=tuple(Delay(days=days) for days in (21, 14, 7, 2)))
OTHER = {"has_other": "yes", "first_name": "Paul", "last_name": "Roux", "relation": "father"}


async def test_while_the_other_guardian_objects_silence_decides_nothing(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.speaks(await town.shares(dossier), Action.OBJECT, dossier)
    await town.waits(dossier, 200 * DAY)
    assert await town.state(dossier) is State.UNDER_REVIEW


async def test_while_the_other_guardian_objects_no_agent_decides(town: LivingTown) -> None:
    dossier = await town.sent()
    paul = await town.shares(dossier)
    await town.speaks(paul, Action.OBJECT, dossier)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.APPROVE, dossier)
    assert no.value.code == "objection_open"
    with pytest.raises(TransitionNotAllowed) as neither:
        await town.decides(Action.REFUSE, dossier, reason_code="other", words="Non.")
    assert neither.value.code == "objection_open"
    await town.decides(Action.LIFT_OBJECTION, dossier, subject=paul.id, words="Ils sont d’accord.")
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert await town.letters(dossier) == [
        "acknowledgement",
        "objection_raised",
        "objection_lifted",
        "approve",
    ]


async def test_a_second_objection_of_the_same_person_and_an_end_without_words_are_refused(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    paul = await town.shares(dossier)
    await town.speaks(paul, Action.OBJECT, dossier)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.speaks(paul, Action.OBJECT, dossier)
    assert no.value.code == "already_objected"
    with pytest.raises(Invalid):
        await town.decides(Action.LIFT_OBJECTION, dossier, subject=paul.id, words=" ")
    await town.speaks(paul, Action.LIFT_OBJECTION, dossier)
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED


async def test_whoever_lost_the_access_to_the_child_does_not_object(town: LivingTown) -> None:
    dossier = await town.sent()
    stranger = kept_act(town.karim, Action.OBJECT, dossier.id, subject=town.karim.id)
    stranger = replace(stranger, actor=Actor.GUARDIAN)
    async with town.open_store() as store:
        await store.acts.add(stranger)
    outcome = await town.gateway.act(stranger)
    assert isinstance(outcome, Outcome)
    assert not outcome.applied
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED


async def test_of_an_objection_and_an_approval_at_once_one_comes_first(town: LivingTown) -> None:
    for _ in range(10):
        dossier = await town.declared()
        paul = await town.shares(dossier)
        objection = replace(
            kept_act(paul, Action.OBJECT, dossier.id, subject=paul.id), actor=Actor.GUARDIAN
        )
        approval = kept_act(town.sophie, Action.APPROVE, dossier.id)
        async with town.open_store() as store:
            await store.acts.add(objection)
            await store.acts.add(approval)
        outcomes = await asyncio.gather(town.gateway.act(objection), town.gateway.act(approval))
        applied = [one.applied for one in outcomes if isinstance(one, Outcome)]
        assert sorted(applied) == [False, True]
        is_frozen = await town.state(dossier) is State.UNDER_REVIEW
        assert is_frozen == applied[0]


async def test_an_objection_is_still_there_when_the_engine_was_lost(town: LivingTown) -> None:
    dossier = await town.sent()
    paul = await town.shares(dossier)
    await town.speaks(paul, Action.OBJECT, dossier)
    await town.handle(dossier).terminate("the engine is lost")
    await town.gateway.rebuild(dossier.id)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.APPROVE, dossier)
    assert no.value.code == "objection_open"
    situation = await town.gateway.situation(dossier.id)
    assert situation is not None
    assert situation.due_at is None


async def test_the_other_guardian_is_told_of_a_sending_and_nothing_else(town: LivingTown) -> None:
    dossier = await town.opens()
    paul = await town.shares(dossier)
    await town.gives(dossier)
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    async with town.open_store() as store:
        (letter,) = [one for one in await store.letters.outbox() if one.account_id == paul.id]
    assert letter.kind == "other_informed"
    assert "article 372-2" in letter.text
    for canary in ("Lilas", "06 12", "0612", "Claire", "claire", "Martin", "01000"):
        assert canary not in letter.text
    assert letter.kind not in await town.letters(dossier)


async def _sent_to_be_signed(town: LivingTown, dossier: Dossier) -> Account:
    paul = await town.shares(dossier)
    await town.gives(dossier, *PIECES, "other_guardian_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    return paul


async def test_a_signature_that_is_asked_for_comes_before_the_approval(town: LivingTown) -> None:
    dossier = await town.opens(COSIGNED, autre_parent=OTHER)
    paul = await _sent_to_be_signed(town, dossier)
    with pytest.raises(TransitionNotAllowed) as no:
        await town.decides(Action.APPROVE, dossier)
    assert no.value.code == "cosignature_missing"
    with pytest.raises(TransitionNotAllowed) as early:
        await town.decides(Action.WAIVE_COSIGNATURE, dossier, words="Injoignable.")
    assert early.value.code == "cosignature_not_due"
    await town.speaks(paul, Action.COSIGN, dossier)
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert "cosigned" in await town.letters(dossier)


async def is_shut_out(town: LivingTown, dossier: Dossier, who: Account, reason: str) -> None:
    """Staff ends this guardian's access, at once."""
    async with town.open_store() as store:
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
        assert access.account_id == who.id
        today = paris_day(now())
        ruling_on = today if reason == "ruling" else None
        await store.guardian_accesses.end(
            access.id,
            today,
            reason_code=reason,
            ruling_on=ruling_on,
            by=town.sophie.id,
            at=now(),
        )


async def letters_to(town: LivingTown, who: Account) -> list[str]:
    async with town.open_store() as store:
        return [one.kind for one in await store.letters.outbox() if one.account_id == who.id]


async def test_a_signature_that_nobody_is_left_to_give_is_done_without_at_once(
    town: LivingTown,
) -> None:
    dossier = await town.opens(COSIGNED, autre_parent=OTHER)
    paul = await _sent_to_be_signed(town, dossier)

    async def waives() -> None:
        why = "Il ne suit plus ce dossier."
        await town.decides(Action.WAIVE_COSIGNATURE, dossier, reason_code=NOBODY_LEFT, words=why)

    with pytest.raises(TransitionNotAllowed) as early:
        await waives()  # whatever the form says: he is there, and has his time
    assert early.value.code == "cosignature_not_due"
    await is_shut_out(town, dossier, paul, "own_wish")
    await waives()
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED


async def test_nothing_is_written_to_who_was_shut_out_when_the_objection_is_lifted(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    paul = await town.shares(dossier)
    await town.speaks(paul, Action.OBJECT, dossier)
    await is_shut_out(town, dossier, paul, "ruling")
    before = await letters_to(town, paul)
    await town.decides(Action.LIFT_OBJECTION, dossier, subject=paul.id, words="Il est déchu.")
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert await letters_to(town, paul) == before


async def test_where_a_court_left_nobody_no_signature_is_asked_for(town: LivingTown) -> None:
    dossier = await town.opens(COSIGNED, autre_parent=OTHER)
    owner = Somebody("Claire Martin", town.parent.id, town.parent.email, is_guardian=True)
    alone = Decision(Effect.SOLE_AUTHORITY, owner)
    async with town.open_store() as store:
        ruling = a_ruling(dossier, alone, by=town.sophie.id, at=now())
        await store.court_rulings.record(ruling)
    await town.gives(dossier, *PIECES, "other_guardian_identity")
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.APPROVE, dossier)
    assert await town.is_over(dossier) is State.APPROVED


async def test_the_rule_approves_as_soon_as_the_signature_is_there(town: LivingTown) -> None:
    terms = replace(COSIGNED, validation=Validation.AUTOMATIC)
    dossier = await town.opens(terms, autre_parent=OTHER)
    paul = await _sent_to_be_signed(town, dossier)
    await town.speaks(paul, Action.COSIGN, dossier)
    assert await town.is_over(dossier) is State.APPROVED
    assert (await town.letters(dossier))[-1] == "approve_by_rule"


async def test_without_the_signature_a_guardian_is_reminded_an_agent_called_and_nobody_twice(
    town: LivingTown,
) -> None:
    dossier = await town.opens(COSIGNED, autre_parent=OTHER)
    paul = await _sent_to_be_signed(town, dossier)
    await town.waits(dossier, 100 * DAY)
    assert await town.state(dossier) is State.UNDER_REVIEW
    async with town.open_store() as store:
        written = await store.letters.outbox()
    to_paul = [one.kind for one in reversed(written) if one.account_id == paul.id]
    assert to_paul == ["cosign_asked", "cosign_reminder"]
    timeline = await town.timeline(dossier)
    assert timeline.count("cosign_overdue") == timeline.count("cosign_reminder") == 1


async def test_the_department_is_alerted_four_times_before_silence_decides(
    town: LivingTown,
) -> None:
    dossier = await town.sent(ALERTED)
    await town.waits(dossier, 63 * DAY)
    assert await town.is_over(dossier) is State.APPROVED
    timeline = await town.timeline(dossier)
    assert timeline.count("silence_alert") == len(ALERTED.silence_alerts)
    assert "silence_alert" not in await town.letters(dossier)

    async def are_mailed() -> bool:
        told = [one for one in town.mail.subjects() if "réponse à donner" in one]
        return len(told) == len(ALERTED.silence_alerts)

    await eventually(are_mailed, what="the department was told")


async def test_an_alert_that_was_told_is_not_told_again_when_the_engine_was_lost(
    town: LivingTown,
) -> None:
    dossier = await town.sent(ALERTED)
    await town.waits(dossier, 45 * DAY)
    told = (await town.timeline(dossier)).count("silence_alert")
    assert told
    async with town.open_store() as store:
        life = await store.dossiers.life(dossier.id)
    situation = await town.gateway.situation(dossier.id)
    assert situation is not None
    assert life.alerted is not None
    assert situation.next_alarm == "silence_alert"
    assert situation.next_alarm_at is not None
    assert situation.next_alarm_at > life.alerted
