"""How long what is kept: every state has its period, every period its words and its reason."""

from datetime import date, timedelta

import pytest

from domain.retention import (
    CATEGORIES,
    PERIODS,
    Category,
    Subject,
    answer_due,
    born_until,
    kept_until,
    last_event,
    period_of,
    runs_out,
    school_year_ended,
)
from domain.states import State


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", ["registration", "actualisation", "change"])
def test_a_dossier_in_any_state_has_a_period_that_is_told(state: State, kind: str) -> None:
    assert period_of(state, kind) in PERIODS


def test_every_period_says_how_long_and_why() -> None:
    assert set(CATEGORIES) == set(Category)
    assert len(CATEGORIES) == len(PERIODS)
    for one in PERIODS:
        assert one.how_long.endswith("."), one
        assert one.why.endswith("."), one
        assert not one.event.endswith("."), one


def test_single_rows_go_without_a_warning_and_what_a_family_sees_does_not() -> None:
    warned = {one.code for one in PERIODS if one.warns}
    assert {CATEGORIES[one].subject for one in warned} == set(Subject) - {Subject.ROWS}
    assert warned >= {Category.CLOSED, Category.ENROLLED, Category.DOCUMENTS, Category.HEALTH}


def test_a_refusal_is_kept_for_a_year_and_a_registration_while_the_child_is_at_school() -> None:
    assert kept_until(State.REFUSED, date(2026, 11, 23)) == date(2027, 11, 24)
    assert kept_until(State.WITHDRAWN, date(2028, 2, 29)) == date(2029, 3, 1)
    assert kept_until(State.APPROVED, date(2026, 11, 23)) is None


def test_an_accepted_change_of_the_familys_file_is_kept_for_two_years() -> None:
    assert kept_until(State.APPROVED, date(2026, 11, 23), "change") == date(2028, 11, 24)
    assert kept_until(State.UNDER_REVIEW, date(2026, 11, 23), "change") is None


@pytest.mark.parametrize("category", Category)
def test_what_has_run_out_on_a_day_is_what_happened_up_to_one_day(category: Category) -> None:
    for number in range(2 * 366):
        day = date(2027, 1, 1) + timedelta(days=number)
        event = last_event(category, day)
        assert runs_out(category, event) <= day < runs_out(category, event + timedelta(days=1))


def test_the_end_of_a_short_month_stands_for_the_days_it_does_not_have() -> None:
    assert last_event(Category.CLOSED, date(2029, 3, 1)) == date(2028, 2, 29)
    assert runs_out(Category.CLOSED, date(2028, 2, 29)) == date(2029, 3, 1)
    assert runs_out(Category.CLOSED, date(2028, 2, 28)) == date(2029, 3, 1)


@pytest.mark.parametrize(
    ("day", "ended"),
    [
        (date(2026, 8, 30), date(2025, 8, 31)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 9, 1), date(2026, 8, 31)),
        (date(2027, 1, 1), date(2026, 8, 31)),
    ],
)
def test_a_school_year_is_over_on_its_last_day(day: date, ended: date) -> None:
    assert school_year_ended(day) == ended


def test_a_child_whose_departure_nobody_noted_has_left_in_the_summer_after_it_was_twelve() -> None:
    assert born_until(date(2026, 8, 31)) == 2014
    assert born_until(date(2026, 8, 30)) == 2013


def test_a_request_is_answered_within_a_month_however_long_the_month() -> None:
    assert answer_due(date(2026, 11, 23)) == date(2026, 12, 23)
    assert answer_due(date(2027, 1, 31)) == date(2027, 2, 28)
