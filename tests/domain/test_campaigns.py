"""When a campaign opens, reminds, ends, and how its families are counted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.campaigns import (
    Funnel,
    Position,
    Step,
    can_extend,
    ends_at,
    next_turn,
    office_day,
    opens_at,
    rounds,
    rounds_due,
)
from tests.campaigns import CLOSES, OPENS, a_plan

PLAN = a_plan()
LAST = date(2027, 2, 25)


def test_it_opens_at_eight_and_ends_at_midnight_in_paris() -> None:
    assert opens_at(OPENS) == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert ends_at(PLAN) == datetime(2027, 2, 28, 23, 0, tzinfo=UTC)
    in_summer = replace(PLAN, opens_on=date(2027, 6, 1), closes_on=date(2027, 6, 30))
    assert opens_at(in_summer.opens_on) == datetime(2027, 6, 1, 6, 0, tzinfo=UTC)
    assert ends_at(in_summer) == datetime(2027, 6, 30, 22, 0, tzinfo=UTC)


def test_the_last_reminder_is_three_days_before_the_end_and_moves_with_it() -> None:
    assert rounds(PLAN)[-1].day == LAST
    assert rounds(PLAN)[-1].positions == set(Position) - {Position.SENT}
    later = replace(PLAN, closes_on=CLOSES + timedelta(days=10))
    assert rounds(later)[-1].day == LAST + timedelta(days=10)
    assert not [one for one in rounds(replace(PLAN, last_days=0)) if one.letter == "last"]
    short = replace(PLAN, closes_on=OPENS + timedelta(days=3))
    assert rounds(short) == ()


def test_reminders_outside_the_campaign_are_none_and_the_last_day_has_only_its_own() -> None:
    outside = {Position.BEGUN: (OPENS, LAST, CLOSES + timedelta(days=1))}
    assert [one.day for one in rounds(replace(PLAN, reminders=outside))] == [LAST]


def test_each_reminder_is_due_once_on_its_day() -> None:
    day = date(2026, 12, 15)
    assert rounds_due(PLAN, None, day - timedelta(days=1)) == ()
    assert [one.day for one in rounds_due(PLAN, day - timedelta(days=1), day)] == [day]
    assert rounds_due(PLAN, day, day + timedelta(days=3)) == ()


def test_after_a_pause_each_position_has_only_its_latest_reminder() -> None:
    due = rounds_due(PLAN, None, date(2027, 1, 31))
    assert {(one.day, *one.positions) for one in due} == {
        (date(2027, 1, 20), Position.NOT_BEGUN),
        (date(2027, 1, 5), Position.BEGUN),
        (date(2027, 1, 12), Position.MISSING),
    }
    after_the_last = rounds_due(PLAN, None, LAST)
    assert [one.letter for one in after_the_last] == ["last"]


def test_it_looks_again_on_mondays_on_days_of_reminders_and_at_its_end() -> None:
    moments, at = [], opens_at(OPENS)
    while at < ends_at(PLAN):
        at = next_turn(PLAN, at)
        moments.append(at)
    assert moments[-1] == ends_at(PLAN)
    days = {one.date() for one in moments[:-1]}
    assert days >= {one.day for one in rounds(PLAN)}
    assert all(one.weekday() == 0 or one in {two.day for two in rounds(PLAN)} for one in days)
    assert date(2026, 12, 7) in days


def test_what_is_for_a_day_waits_for_its_morning() -> None:
    night = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)
    assert office_day(night) == date(2026, 12, 6)
    assert next_turn(PLAN, night) == opens_at(date(2026, 12, 7))
    assert office_day(opens_at(date(2026, 12, 7))) == date(2026, 12, 7)
    assert next_turn(PLAN, opens_at(date(2026, 12, 7))) == opens_at(date(2026, 12, 14))


def test_an_extension_counts_when_it_was_said_before_the_end() -> None:
    later, end = CLOSES + timedelta(days=7), ends_at(PLAN)
    assert can_extend(PLAN, later, end - timedelta(seconds=1), None)
    assert not can_extend(PLAN, later, end, None)
    assert not can_extend(PLAN, CLOSES, end - timedelta(days=1), None)
    ended_by_hand = end - timedelta(days=2)
    assert not can_extend(PLAN, later, end - timedelta(days=1), ended_by_hand)


def test_the_funnel_counts_each_family_at_every_step_it_has_passed() -> None:
    at = ends_at(PLAN)
    furthest = {Step.INVITED: 10, Step.OPENED: 4, Step.SENT: 3, Step.APPROVED: 2}
    funnel = Funnel.of(furthest, at)
    assert [funnel.reached(step) for step in Step] == [19, 9, 5, 5, 2]
    assert Funnel.of({}, at) == Funnel(at)
