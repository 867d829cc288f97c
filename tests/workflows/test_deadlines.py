"""Time passes: reminders, closings and silence, skipped on the server."""

import asyncio
from datetime import timedelta

from domain.deadlines import Delay, SilenceRule, Terms
from domain.states import Action, State
from tests.living_town import LivingTown, kept_act

DAY = timedelta(days=1)


async def test_a_family_is_reminded_twice_then_its_dossier_is_closed_without_action(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.waits(dossier, 40 * DAY)
    assert await town.is_over(dossier) is State.CLOSED_WITHOUT_ACTION
    assert await town.letters(dossier) == [
        "acknowledgement",
        "complement_reminder",
        "complement_reminder",
        "close_without_action",
    ]


async def test_a_draft_is_reminded_warned_and_abandoned_three_months_after_its_last_save(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.waits(dossier, 3 * DAY)
    assert await town.letters(dossier) == ["draft_reminder"]
    await town.waits(dossier, 80 * DAY)
    assert await town.letters(dossier) == ["draft_reminder", "draft_warning"]
    await town.waits(dossier, 15 * DAY)
    assert await town.is_over(dossier) is State.ABANDONED
    assert (await town.letters(dossier))[-1] == "abandon"


async def test_saving_a_draft_again_gives_it_its_whole_time_anew(town: LivingTown) -> None:
    terms = Terms(
        draft_reminder=Delay(seconds=1),
        draft_warning_before=Delay(seconds=2),
        draft_life=Delay(seconds=100),
    )
    dossier = await town.opens(terms)
    await asyncio.sleep(5)
    await town.answers(dossier, contacts={})
    await town.waits(dossier, timedelta(seconds=96))  # past the first end, before the new one
    assert await town.state(dossier) is State.DRAFT
    await town.waits(dossier, timedelta(seconds=20))
    assert await town.is_over(dossier) is State.ABANDONED


async def test_the_silence_of_the_town_accepts_after_two_months(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.waits(dossier, 63 * DAY)
    assert await town.is_over(dossier) is State.APPROVED
    assert await town.letters(dossier) == ["acknowledgement", "deem_approved"]
    async with town.open_store() as store:
        assert (await store.dossiers.find(dossier.id)).decision_basis == "silence"
        assert len(await store.households.children_of(town.parent.id)) == 1


async def test_the_silence_of_the_town_refuses_where_its_rule_says_so(town: LivingTown) -> None:
    dossier = await town.sent(Terms(silence_rule=SilenceRule.REJECTION))
    await town.waits(dossier, 63 * DAY)
    assert await town.is_over(dossier) is State.REFUSED
    assert await town.letters(dossier) == ["acknowledgement", "deem_refused"]


async def test_no_silence_rule_lets_the_dossier_wait(town: LivingTown) -> None:
    dossier = await town.sent(Terms(silence_rule=SilenceRule.NONE))
    await town.waits(dossier, 400 * DAY)
    assert await town.state(dossier) is State.UNDER_REVIEW


async def test_the_acceptance_clock_starts_anew_when_the_complement_arrives(
    town: LivingTown,
) -> None:
    dossier = await town.opens(Terms(complement_delay=Delay(days=80)))
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.waits(dossier, 70 * DAY)
    assert await town.state(dossier) is State.AWAITING_FAMILY  # two months of silence do not run


async def test_an_answer_given_before_the_deadline_counts_even_if_no_worker_heard_it(
    town: LivingTown,
) -> None:
    dossier = await town.opens(Terms(complement_delay=Delay(seconds=60), complement_reminders=()))
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    await town.gives(dossier)
    await town.worker_stops()
    given = kept_act(town.parent, Action.ANSWER, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(given)  # kept, but the site died before it could tell the engine
    town.worker_starts()
    await town.waits(dossier, timedelta(seconds=90))
    await town.reaches(dossier, State.UNDER_REVIEW)
    assert "close_without_action" not in await town.letters(dossier)


async def test_a_dossier_nobody_completes_closes_even_if_an_older_act_was_refused(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.submits(dossier)
    await town.reaches(dossier, State.AWAITING_FAMILY)
    async with town.open_store() as store:
        await store.acts.add(kept_act(town.parent, Action.SUBMIT, dossier.id))
    await town.waits(dossier, 40 * DAY)
    assert await town.is_over(dossier) is State.CLOSED_WITHOUT_ACTION
