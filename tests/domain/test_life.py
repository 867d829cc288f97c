"""The portal's own appointments: what it does next, in every state, if nobody acts."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.deadlines import PARIS, Delay, SilenceRule, Terms, Validation
from domain.life import (
    Alarm,
    Appointment,
    Life,
    asked,
    completed,
    due_at,
    moved,
    next_appointment,
    request_cancelled,
    saved_again,
    waits_for,
)
from domain.states import Action, Actor, State

TERMS = Terms()
REJECTION = Terms(silence_rule=SilenceRule.REJECTION)
AUTOMATIC = Terms(validation=Validation.AUTOMATIC)
NO_RULE = Terms(silence_rule=SilenceRule.NONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


SAVED = at("2026-11-30T10:00")
SENT = at("2026-12-01T10:00")


def a_draft(notices: int = 0) -> Life:
    return Life(State.DRAFT, since=SAVED, last_saved=SAVED, draft_notices=notices)


def a_sent_one(state: State = State.UNDER_REVIEW) -> Life:
    return Life(state, since=SENT, last_saved=SAVED, submitted=SENT)


def an_asked_one(reminded: int = 0) -> Life:
    """Asked on 1 December for thirty days: until the end of the 31st."""
    life = asked(a_sent_one(State.AWAITING_FAMILY), SENT, at("2027-01-01T00:00"))
    return Life(**{**vars(life), "reminders_sent": reminded})


@pytest.mark.parametrize(
    ("life", "terms", "alarm", "moment"),
    [
        pytest.param(a_draft(), TERMS, Alarm.DRAFT_REMINDER, "2026-12-03", id="reminded first"),
        pytest.param(a_draft(1), TERMS, Alarm.DRAFT_WARNING, "2027-02-15", id="then warned"),
        pytest.param(a_draft(2), TERMS, Alarm.ABANDON, "2027-03-01", id="then closed"),
        pytest.param(
            an_asked_one(), TERMS, Alarm.COMPLEMENT_REMINDER, "2026-12-09", id="reminded at seven"
        ),
        pytest.param(
            an_asked_one(1),
            TERMS,
            Alarm.COMPLEMENT_REMINDER,
            "2026-12-23",
            id="reminded at twenty-one",
        ),
        pytest.param(an_asked_one(2), TERMS, Alarm.CLOSE, "2027-01-01", id="closed at the limit"),
        pytest.param(
            a_sent_one(), TERMS, Alarm.DEEM_APPROVED, "2027-02-02", id="silence that accepts"
        ),
        pytest.param(
            a_sent_one(), REJECTION, Alarm.DEEM_REFUSED, "2027-02-02", id="silence that refuses"
        ),
    ],
)
def test_the_portal_does_next(life: Life, terms: Terms, alarm: Alarm, moment: str) -> None:
    assert next_appointment(life, terms) == Appointment(alarm, at(f"{moment}T00:00"))


@pytest.mark.parametrize(
    ("life", "terms"),
    [
        pytest.param(a_sent_one(), NO_RULE, id="no silence rule"),
        pytest.param(a_sent_one(State.CHECKING), TERMS, id="checking"),
        *(
            pytest.param(a_sent_one(state), TERMS, id=f"closed: {state}")
            for state in State
            if state.is_closed
        ),
    ],
)
def test_the_portal_does_nothing_by_itself(life: Life, terms: Terms) -> None:
    assert next_appointment(life, terms) is None
    assert due_at(life, terms) is None


def test_what_only_writes_a_letter_is_no_act() -> None:
    assert Alarm.DRAFT_REMINDER.action is None
    assert Alarm.DRAFT_WARNING.action is None
    assert Alarm.COMPLEMENT_REMINDER.action is None
    assert Alarm.CLOSE.action is Action.CLOSE_WITHOUT_ACTION
    assert Alarm.ABANDON.action is Action.ABANDON
    assert Alarm.DEEM_APPROVED.action is Action.DEEM_APPROVED
    assert Alarm.DEEM_REFUSED.action is Action.DEEM_REFUSED


def test_a_draft_saved_again_gets_three_new_months_and_a_new_warning_but_no_second_reminder() -> (
    None
):
    life = saved_again(a_draft(2), at("2027-01-31T22:00"))
    assert next_appointment(life, TERMS) == Appointment(Alarm.DRAFT_WARNING, at("2027-04-17T00:00"))
    assert due_at(life, TERMS) == at("2027-05-01T00:00")
    unreminded = saved_again(a_draft(), at("2026-12-02T09:00"))
    assert next_appointment(unreminded, TERMS) == Appointment(
        Alarm.DRAFT_REMINDER, at("2026-12-05T00:00")
    )


def test_the_one_who_must_act_has_a_date() -> None:
    assert due_at(a_draft(), TERMS) == at("2027-03-01T00:00")
    assert due_at(an_asked_one(), TERMS) == at("2027-01-01T00:00")
    assert due_at(a_sent_one(), TERMS) == at("2027-02-02T00:00")


def test_an_answer_ends_the_pause_and_the_clock_starts_anew() -> None:
    answered = moved(
        completed(an_asked_one(1), at("2026-12-20T18:00")), State.UNDER_REVIEW, at("2026-12-20")
    )
    assert answered.pauses[-1].received == at("2026-12-20T18:00")
    assert due_at(answered, TERMS) == at("2027-02-21T00:00")
    assert due_at(answered, REJECTION) == at("2027-02-21T00:00")


def test_a_second_answer_does_not_move_the_first_one() -> None:
    once = completed(an_asked_one(), at("2026-12-20T18:00"))
    assert completed(once, at("2026-12-24T18:00")) == once


def test_a_request_taken_back_leaves_the_clocks_as_if_it_had_never_been_made() -> None:
    before = a_sent_one()
    back = moved(request_cancelled(an_asked_one()), State.UNDER_REVIEW, at("2026-12-15T10:00"))
    assert back.pauses == ()
    for terms in (TERMS, REJECTION):
        assert due_at(back, terms) == due_at(before, terms)


def test_a_request_taken_back_does_not_undo_an_earlier_completion() -> None:
    first = completed(an_asked_one(), at("2026-12-20T18:00"))
    second = asked(first, at("2026-12-28T10:00"), at("2027-01-28T00:00"))
    assert request_cancelled(second).pauses == first.pauses


def test_a_new_request_is_reminded_from_the_beginning() -> None:
    first = completed(an_asked_one(2), at("2026-12-24T10:00"))
    second = asked(first, at("2026-12-31T10:00"), at("2027-01-31T00:00"))
    assert second.reminders_sent == 0
    assert next_appointment(second, TERMS) == Appointment(
        Alarm.COMPLEMENT_REMINDER, at("2027-01-08T00:00")
    )


def test_a_short_limit_has_no_reminder_after_it() -> None:
    life = asked(a_sent_one(State.AWAITING_FAMILY), SENT, at("2026-12-05T00:00"))
    assert next_appointment(life, TERMS) == Appointment(Alarm.CLOSE, at("2026-12-05T00:00"))


def test_staying_in_a_state_does_not_change_since_when() -> None:
    life = a_sent_one()
    assert moved(life, State.UNDER_REVIEW, at("2026-12-24T10:00")) == life
    assert moved(life, State.APPROVED, at("2026-12-24T10:00")).since == at("2026-12-24T10:00")


def test_each_state_waits_for_somebody_until_it_is_closed() -> None:
    expected = {
        State.DRAFT: Actor.PARENT,
        State.AWAITING_FAMILY: Actor.PARENT,
        State.UNDER_REVIEW: Actor.AGENT,
        State.CHECKING: Actor.PORTAL,
    }
    assert {state: waits_for(state) for state in State} == {
        state: expected.get(state) for state in State
    }


def test_recorded_terms_are_what_counts() -> None:
    quick = Terms(draft_reminder=Delay(seconds=5), silence_delay=Delay(days=10))
    assert next_appointment(a_draft(), quick) == Appointment(
        Alarm.DRAFT_REMINDER, at("2026-11-30T10:00:05")
    )
    assert due_at(a_sent_one(), quick) == at("2026-12-12T00:00")


def test_a_clear_dossier_is_approved_at_once_where_the_terms_let_the_portal_do_so() -> None:
    clear = replace(a_sent_one(), is_clear=True)
    assert next_appointment(clear, AUTOMATIC) == Appointment(Alarm.APPROVE_BY_RULE, SENT)
    for life, terms in ((a_sent_one(), AUTOMATIC), (clear, TERMS)):
        waited = next_appointment(life, terms)
        assert waited is not None
        assert waited.alarm is Alarm.DEEM_APPROVED


def test_what_was_clear_is_so_no_longer_once_somebody_took_it_up() -> None:
    clear = replace(a_sent_one(), is_clear=True)
    assert not moved(clear, State.AWAITING_FAMILY, SENT).is_clear
    assert moved(clear, State.UNDER_REVIEW, SENT).is_clear
