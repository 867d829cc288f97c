"""Which quotient counts, and which month one may be of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.quotient import (
    Quotient,
    Source,
    Standing,
    Verdict,
    in_force,
    latest_month,
    month_problem,
    read_value,
    standing,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def of(month: str, value: int = 850, **changes: object) -> Quotient:
    """A quotient declared today and looked at by nobody."""
    facts: dict[str, object] = {
        "id": month,
        "value": value,
        "month": month,
        "source": Source.DECLARED,
        "declared_at": AT,
    }
    return Quotient(**{**facts, **changes})  # type: ignore[arg-type]


def test_the_quotient_of_the_latest_month_counts_whatever_was_given_last() -> None:
    new, old = of("2026-10"), of("2026-03", declared_at=AT + timedelta(days=1))
    assert in_force([old, new], TODAY) == new


def test_of_two_of_one_month_the_one_given_last_counts() -> None:
    first, last = of("2026-10"), of("2026-10", 620, declared_at=AT + timedelta(days=1))
    assert in_force([first, last], TODAY + timedelta(days=1)) == last


def test_a_refused_one_leaves_the_place_to_the_one_before() -> None:
    before, refused = of("2026-09"), of("2026-10", verdict=Verdict.REFUSED)
    assert in_force([before, refused], TODAY) == before
    assert in_force([refused], TODAY) is None


def test_without_any_none_counts() -> None:
    assert in_force([], TODAY) is None


@pytest.mark.parametrize("source", list(Source))
def test_a_zero_may_mean_unknown_and_counts_once_it_was_seen(source: Source) -> None:
    assert in_force([of("2026-10", 0, source=source)], TODAY) is None
    seen = of("2026-10", 0, source=source, verdict=Verdict.VERIFIED)
    assert in_force([seen], TODAY) == seen


def test_of_each_it_is_known_whether_it_counts_and_why_not() -> None:
    refused = of("2026-10", verdict=Verdict.REFUSED)
    zero, old, new = of("2026-10", 0), of("2026-08"), of("2026-09")
    given = [refused, zero, old, new]
    found = [standing(one, given, TODAY) for one in given]
    assert found == [Standing.REFUSED, Standing.ZERO, Standing.REPLACED, Standing.COUNTS]
    later = [standing(one, given, date(2027, 9, 1)) for one in given]
    assert later == [Standing.REFUSED, *[Standing.OVER] * 3]


def test_it_counts_until_the_school_year_ends() -> None:
    one = of("2026-10")
    assert in_force([one], date(2027, 8, 31)) == one
    assert in_force([one], date(2027, 9, 1)) is None


def test_one_of_the_caf_needs_nobody_of_the_town_unless_it_is_zero() -> None:
    assert of("2026-10", source=Source.CAF).is_checked
    assert not of("2026-10", 0, source=Source.CAF).is_checked
    assert not of("2026-10").is_checked


@pytest.mark.parametrize(
    ("today", "month"),
    [(date(2026, 11, 23), "2026-10"), (date(2027, 1, 31), "2026-12"), (TODAY, "2026-10")],
)
def test_the_latest_month_is_the_one_before(today: date, month: str) -> None:
    assert latest_month(today) == month


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2026-12", "pas encore passé"),
        ("2025-10", "plus d’un an"),
        ("2026-11", ""),
        ("2025-11", ""),
    ],
)
def test_the_month_is_neither_to_come_nor_long_past(month: str, words: str) -> None:
    problem = month_problem(month, TODAY)
    assert words in problem
    assert bool(problem) == bool(words)


def test_cents_are_left_out() -> None:
    assert read_value({"value": "850,99"}) == 850
