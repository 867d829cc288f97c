"""What holds a decision: which acts wait, for whom, until when."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain.deadlines import PARIS, Delay, SilenceRule, Terms, Validation, last_day
from domain.holds import HOLD_CODES, NOBODY_LEFT, Hold, HoldKind, held_back
from domain.life import (
    Alarm,
    Appointment,
    Life,
    due_at,
    next_appointment,
    objected,
    reminded,
)
from domain.states import Action, State

APPROVALS = {Action.APPROVE, Action.DEEM_APPROVED, Action.APPROVE_BY_RULE}
DECISIONS = APPROVALS | {Action.REFUSE, Action.DEEM_REFUSED}
OF_HOLDS = {Action.OBJECT, Action.LIFT_OBJECTION, Action.COSIGN, Action.WAIVE_COSIGNATURE}
TERMS = Terms(cosign_within=Delay(days=21))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


SENT = at("2026-12-01T10:00")
OBJECTION = Hold("o", HoldKind.OBJECTION, since=at("2026-12-05T10:00"), by="paul")
UNSIGNED = Hold("s", HoldKind.COSIGNATURE, since=SENT, until=at("2026-12-23T00:00"))
REVIEW = Life(State.UNDER_REVIEW, since=SENT, last_saved=SENT, submitted=SENT)


@pytest.mark.parametrize("action", set(Action) - OF_HOLDS)
def test_an_objection_holds_every_decision_and_a_missing_signature_every_approval(
    action: Action,
) -> None:
    assert held_back((), action) == ""
    assert held_back((OBJECTION,), action) == ("objection_open" if action in DECISIONS else "")
    unsigned = "cosignature_missing" if action in APPROVALS else ""
    assert held_back((UNSIGNED,), action) == unsigned
    lifted = replace(OBJECTION, ended=at("2026-12-09T10:00"))
    signed = replace(UNSIGNED, ended=at("2026-12-09T10:00"))
    assert held_back((lifted, signed), action) == ""


@pytest.mark.parametrize(
    ("holds", "action", "subject", "given", "code"),
    [
        ((), Action.OBJECT, "paul", "2026-12-05", ""),
        ((OBJECTION,), Action.OBJECT, "paul", "2026-12-06", "already_objected"),
        ((OBJECTION,), Action.OBJECT, "jeanne", "2026-12-06", ""),
        ((OBJECTION,), Action.LIFT_OBJECTION, "paul", "2026-12-06", ""),
        ((OBJECTION,), Action.LIFT_OBJECTION, "jeanne", "2026-12-06", "nothing_to_lift"),
        ((), Action.LIFT_OBJECTION, "paul", "2026-12-06", "nothing_to_lift"),
        ((UNSIGNED,), Action.COSIGN, "paul", "2026-12-06", ""),
        ((), Action.COSIGN, "paul", "2026-12-06", "nothing_to_sign"),
        ((UNSIGNED,), Action.COSIGN, "paul", "2027-02-06", ""),
        ((UNSIGNED,), Action.WAIVE_COSIGNATURE, "", "2026-12-22", "cosignature_not_due"),
        ((UNSIGNED,), Action.WAIVE_COSIGNATURE, "", "2026-12-23", ""),
        ((), Action.WAIVE_COSIGNATURE, "", "2026-12-23", "nothing_to_sign"),
    ],
)
def test_a_hold_is_made_and_ended_by_whom_it_concerns(
    holds: tuple[Hold, ...], action: Action, subject: str, given: str, code: str
) -> None:
    assert held_back(holds, action, subject=subject, at=at(given)) == code
    assert code in HOLD_CODES | {""}


def test_a_signature_that_nobody_is_left_to_give_waits_for_no_time_to_pass() -> None:
    def code(action: Action, reason: str) -> str:
        return held_back((UNSIGNED,), action, at=at("2026-12-06"), reason=reason)

    assert code(Action.WAIVE_COSIGNATURE, NOBODY_LEFT) == ""
    assert code(Action.WAIVE_COSIGNATURE, "other") == "cosignature_not_due"
    assert code(Action.APPROVE, NOBODY_LEFT) == "cosignature_missing"
    reason = NOBODY_LEFT
    assert held_back((), Action.WAIVE_COSIGNATURE, reason=reason) == "nothing_to_sign"


def test_while_somebody_objects_no_date_runs_and_nothing_is_approved_by_rule() -> None:
    terms = replace(TERMS, validation=Validation.AUTOMATIC)
    clear = replace(REVIEW, is_clear=True)
    assert next_appointment(clear, terms) == Appointment(Alarm.APPROVE_BY_RULE, SENT)
    held = objected(clear, "o", "paul", at("2026-12-05T10:00"))
    assert next_appointment(held, terms) is None
    assert due_at(held, terms) is None


@pytest.mark.parametrize(
    ("rule", "last"),
    [(SilenceRule.ACCEPTANCE, "2027-02-11"), (SilenceRule.REJECTION, "2027-02-11")],
)
def test_the_days_of_an_objection_are_not_counted_by_either_clock(
    rule: SilenceRule, last: str
) -> None:
    lifted = replace(OBJECTION, ended=at("2026-12-15T10:00"))
    due = due_at(replace(REVIEW, holds=(lifted,)), replace(TERMS, silence_rule=rule))
    assert due is not None
    assert last_day(due).isoformat() == last


@pytest.mark.parametrize(
    ("rule", "ended", "last"),
    [
        (SilenceRule.ACCEPTANCE, None, None),
        (SilenceRule.ACCEPTANCE, "2026-12-10T18:00", "2027-02-10"),
        (SilenceRule.REJECTION, None, "2027-02-22"),
        (SilenceRule.REJECTION, "2026-12-10T18:00", "2027-02-10"),
    ],
)
def test_a_missing_signature_is_to_the_clocks_a_missing_piece(
    rule: SilenceRule, ended: str | None, last: str | None
) -> None:
    hold = replace(UNSIGNED, ended=at(ended) if ended else None)
    due = due_at(replace(REVIEW, holds=(hold,)), replace(TERMS, silence_rule=rule))
    assert (due and last_day(due).isoformat()) == last


def test_the_other_guardian_is_reminded_once_then_an_agent_is_called_once() -> None:
    life = replace(REVIEW, holds=(UNSIGNED,))
    first = next_appointment(life, TERMS)
    assert first == Appointment(Alarm.COSIGN_REMINDER, at("2026-12-09T00:00"))
    life, count = reminded(life, Alarm.COSIGN_REMINDER, at("2026-12-09T00:00"))
    assert count == 1
    second = next_appointment(life, TERMS)
    assert second == Appointment(Alarm.COSIGN_OVERDUE, at("2026-12-23T00:00"))
    life, _ = reminded(life, Alarm.COSIGN_OVERDUE, at("2026-12-23T00:00"))
    assert next_appointment(life, TERMS) is None


ALERTED = Terms(silence_alerts=tuple(Delay(days=days) for days in (21, 14, 7, 2)))


def test_the_department_is_told_21_14_7_and_2_days_before_then_silence_decides() -> None:
    life, told = REVIEW, []
    while (one := next_appointment(life, ALERTED)) and one.alarm is Alarm.SILENCE_ALERT:
        told.append(one.at)
        life, _ = reminded(life, one.alarm, one.at)
    days = ("2027-01-11T07:00", "2027-01-18T07:00", "2027-01-25T07:00", "2027-01-30T07:00")
    assert told == [at(day) for day in days]
    assert one == Appointment(Alarm.DEEM_APPROVED, at("2027-02-02T00:00"))


def test_alerts_that_a_stop_of_the_portal_made_late_are_told_as_one() -> None:
    life, _ = reminded(REVIEW, Alarm.SILENCE_ALERT, at("2027-01-26T09:00"))
    late = next_appointment(life, ALERTED)
    assert late == Appointment(Alarm.SILENCE_ALERT, at("2027-01-30T07:00"))


def test_alerts_of_a_day_before_the_review_began_are_not_told() -> None:
    life = replace(REVIEW, since=at("2027-01-20T10:00"))
    first = next_appointment(life, ALERTED)
    assert first == Appointment(Alarm.SILENCE_ALERT, at("2027-01-25T07:00"))


def test_alerts_follow_a_date_that_moves() -> None:
    life, _ = reminded(REVIEW, Alarm.SILENCE_ALERT, at("2027-01-11T07:00"))
    lifted = replace(OBJECTION, since=at("2027-01-12T10:00"), ended=at("2027-02-01T10:00"))
    moved = next_appointment(replace(life, holds=(lifted,)), ALERTED)
    assert moved == Appointment(Alarm.SILENCE_ALERT, at("2027-01-31T07:00"))
