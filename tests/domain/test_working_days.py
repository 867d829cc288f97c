"""The days on which a town hall is open."""

from datetime import UTC, date, datetime

import pytest

from domain.working_days import easter, is_working_day, working_days_since


@pytest.mark.parametrize(
    "day",
    [date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25), date(2285, 3, 22)],
)
def test_easter_is_when_the_calendar_says(day: date) -> None:
    assert easter(day.year) == day


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 11), False),
        (date(2026, 4, 6), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 25), False),
        (date(2026, 5, 26), True),
    ],
)
def test_a_town_hall_is_closed_at_the_weekend_and_on_holidays(day: date, *, is_open: bool) -> None:
    assert is_working_day(day) is is_open


def test_working_days_are_counted_in_paris_from_the_next_one_on() -> None:
    friday_late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert working_days_since(friday_late, datetime(2026, 11, 22, 12, tzinfo=UTC)) == 0
    assert working_days_since(friday_late, datetime(2026, 11, 24, 12, tzinfo=UTC)) == 2
    assert working_days_since(friday_late, datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == 3
