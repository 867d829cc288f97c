"""Delays, limits and reminders, on days worked out by hand with a calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines import (
    PARIS,
    Delay,
    add_months,
    begins_before,
    end_of_day,
    ends,
    last_day,
    paris_day,
    reminders,
)


def at(text: str) -> datetime:
    """A moment told as a clock in Paris shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        ("2026-01-15", "2026-01-15T23:00"),
        ("2026-07-15", "2026-07-15T22:00"),
        ("2026-03-28", "2026-03-28T23:00"),  # the eve of the short night
        ("2026-03-29", "2026-03-29T22:00"),  # a day of 23 hours
        ("2026-10-24", "2026-10-24T22:00"),  # the eve of the long night
        ("2026-10-25", "2026-10-25T23:00"),  # a day of 25 hours
        ("2027-03-28", "2027-03-28T22:00"),
        ("2027-10-31", "2027-10-31T23:00"),
        ("2026-12-31", "2026-12-31T23:00"),
        ("2028-02-29", "2028-02-29T23:00"),
    ],
)
def test_a_day_ends_at_midnight_in_paris_whatever_the_season(day: str, utc: str) -> None:
    end = end_of_day(date.fromisoformat(day))
    assert end == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert end.tzinfo is UTC
    assert last_day(end) == date.fromisoformat(day)


def test_the_day_of_a_moment_is_the_day_in_paris() -> None:
    assert paris_day(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert paris_day(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == date(2027, 1, 1)
    assert paris_day(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_the_last_day_of_a_limit_set_at_noon_is_that_day() -> None:
    assert last_day(at("2026-11-23T12:00")) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-10-15", 3, "2027-01-15"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_months_go_from_date_to_date_or_to_the_last_day_of_a_shorter_month(
    day: str, months: int, later: str
) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("start", "delay", "last"),
    [
        ("2026-11-23T09:00", Delay(days=30), "2026-12-23"),
        ("2026-11-23T23:59", Delay(days=30), "2026-12-23"),
        ("2026-11-24T00:00", Delay(days=30), "2026-12-24"),
        ("2028-02-01T09:00", Delay(days=30), "2028-03-02"),
        ("2027-02-01T09:00", Delay(days=30), "2027-03-03"),
        ("2026-03-01T09:00", Delay(days=30), "2026-03-31"),  # across the short night
        ("2026-10-01T09:00", Delay(days=30), "2026-10-31"),  # across the long night
        ("2026-12-31T09:00", Delay(months=2), "2027-02-28"),
        ("2026-12-31T09:00", Delay(months=2, days=1), "2027-03-01"),
        ("2026-11-30T09:00", Delay(months=3), "2027-02-28"),
    ],
)
def test_a_delay_lasts_until_the_end_of_its_last_day(start: str, delay: Delay, last: str) -> None:
    end = ends(at(start), delay)
    assert last_day(end) == date.fromisoformat(last)
    assert end.astimezone(PARIS).time() == datetime.min.time()


def test_a_delay_of_seconds_ends_to_the_second_even_on_a_short_night() -> None:
    start = at("2026-03-29T01:59:30")
    assert ends(start, Delay(seconds=60)) == datetime(2026, 3, 29, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "days", "warned"),
    [
        ("2027-03-01T00:00", 14, "2027-02-15T00:00"),
        ("2028-03-01T00:00", 14, "2028-02-16T00:00"),
        ("2026-04-05T00:00", 14, "2026-03-22T00:00"),  # 14 days, one of 23 hours
        ("2026-11-01T00:00", 14, "2026-10-18T00:00"),  # 14 days, one of 25 hours
        ("2027-01-01T00:00", 2, "2026-12-30T00:00"),
    ],
)
def test_a_warning_comes_whole_days_before_the_end(end: str, days: int, warned: str) -> None:
    assert begins_before(at(end), Delay(days=days)) == at(warned)


def test_a_warning_of_seconds_comes_to_the_second() -> None:
    end = at("2026-11-23T12:00")
    assert begins_before(end, Delay(seconds=90)) == at("2026-11-23T11:58:30")


def test_a_family_is_reminded_after_seven_and_twenty_one_days() -> None:
    start, delays = at("2026-11-23T09:00"), (Delay(days=7), Delay(days=21))
    assert [
        moment.astimezone(PARIS).isoformat()
        for moment in reminders(start, ends(start, Delay(days=30)), delays)
    ] == ["2026-12-01T00:00:00+01:00", "2026-12-15T00:00:00+01:00"]


def test_nobody_is_reminded_once_the_limit_has_come() -> None:
    start, delays = at("2026-11-23T09:00"), (Delay(days=7), Delay(days=21))
    assert len(reminders(start, ends(start, Delay(days=15)), delays)) == 1
    assert len(reminders(start, ends(start, Delay(days=7)), delays)) == 0
    assert reminders(start, start + timedelta(days=40), ()) == ()
