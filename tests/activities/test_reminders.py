"""What the portal does by itself, and what it looks up before: twice is once."""

from datetime import timedelta

import pytest

from domain.life import Alarm
from domain.messages import Act, Lookup, Notice, RecordAct
from domain.states import Action, Actor, State
from storage.records import new_id
from tests.office import NOW, Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("alarm", "state", "letter"),
    [
        (Alarm.DRAFT_REMINDER, State.DRAFT, "draft_reminder"),
        (Alarm.DRAFT_WARNING, State.DRAFT, "draft_warning"),
        (Alarm.COMPLEMENT_REMINDER, State.AWAITING_FAMILY, "complement_reminder"),
    ],
)
async def test_a_reminder_is_written_once(
    office: Office, alarm: Alarm, state: State, letter: str
) -> None:
    dossier = await office.dossier(state)
    message = Notice(dossier.id, alarm.value, 1, NOW + 7 * DAY)
    first = await office.run(office.dossiers.remind, message)
    after = await office.everything()
    assert await office.run(office.dossiers.remind, message, attempt=2) == first
    assert await office.everything() == after
    assert await office.kinds_of_letters(dossier) == [letter]
    second = Notice(dossier.id, alarm.value, 2, NOW + 21 * DAY)
    assert await office.run(office.dossiers.remind, second) != first
    assert await office.kinds_of_letters(dossier) == [letter, letter]


async def test_a_draft_saved_after_its_warning_is_warned_again(office: Office) -> None:
    dossier = await office.dossier()
    message = Notice(dossier.id, Alarm.DRAFT_WARNING.value, 2, NOW + 75 * DAY)
    first = await office.run(office.dossiers.remind, message)
    async with office.open_store() as store:
        await store.dossiers.save_answers(dossier, "vous", {}, NOW + 80 * DAY)
    assert await office.run(office.dossiers.remind, message) != first


async def test_the_last_save_is_told(office: Office) -> None:
    dossier = await office.dossier()
    for _ in range(2):
        assert await office.run(office.dossiers.last_saved, Lookup(dossier.id, NOW)) == NOW


async def test_acts_given_in_time_are_heard_before_a_deadline(office: Office) -> None:
    dossier = await office.dossier(State.AWAITING_FAMILY)
    in_time = await office.act(Action.ANSWER, dossier, at=NOW + HOUR)
    await office.act(Action.WITHDRAW, dossier, at=NOW + 3 * HOUR)
    question = Lookup(dossier.id, NOW + 2 * HOUR)
    before = await office.everything()
    for _ in range(2):
        heard = await office.run(office.dossiers.acts_given_before, question)
        assert heard == [in_time.act]
    assert await office.everything() == before
    await office.run(office.dossiers.record, in_time)
    assert await office.run(office.dossiers.acts_given_before, question) == []


@pytest.mark.parametrize("known", [True, False])
async def test_a_decision_that_does_not_apply_leaves_one_line(office: Office, known: bool) -> None:
    dossier = await office.dossier()
    actor_id = office.sophie.id if known else "somebody-else"
    act = Act(new_id(), Action.APPROVE, actor_id, Actor.AGENT, NOW)
    message = RecordAct(dossier.id, act, NOW, dossier.terms)
    for attempt in (1, 2):
        await office.run(office.dossiers.note_unheard, message, attempt=attempt)
    async with office.open_store() as store:
        (line,) = await store.events.of(dossier.id)
        assert (line.what, line.detail) == ("decision_unheard", {"action": "approve"})
        assert line.actor_name == ("Sophie Garnier" if known else "")
        assert (await store.dossiers.find(dossier.id)).state is State.DRAFT
