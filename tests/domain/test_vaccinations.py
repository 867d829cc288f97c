"""Mandatory vaccinations: which ones by birth date, when each is missing, and what may be typed."""

from datetime import date, timedelta

import pytest

from domain.deadlines import add_months
from domain.vaccinations import (
    as_typed,
    calendar_of,
    due,
    missing,
    missing_since,
    questions_about,
    read_doses,
)

TODAY = date(2026, 11, 23)


def diseases(born: date) -> list[str]:
    return [one for vaccine in calendar_of(born) for one in vaccine.diseases]


@pytest.mark.parametrize(
    ("born", "number"),
    [
        (date(2017, 12, 31), 3),  # the last day of the three
        (date(2018, 1, 1), 11),  # L3111-2 as of 2018
        (date(2024, 12, 31), 11),
        (date(2025, 1, 1), 12),  # décret 2024-694: ACWY in the place of C, and B
    ],
)
def test_what_is_mandatory_depends_on_the_day_of_birth(born: date, number: int) -> None:
    assert len(diseases(born)) == number


def test_from_2025_meningococci_acwy_and_b_are_in_the_place_of_c() -> None:
    before, since = set(diseases(date(2024, 12, 31))), set(diseases(date(2025, 1, 1)))
    assert before - since == {"méningocoque C"}
    assert since - before == {"méningocoques A, C, W, Y", "méningocoque B"}


@pytest.mark.parametrize("born", [date(2016, 5, 4), date(2020, 5, 4), date(2025, 5, 4)])
def test_a_new_born_child_lacks_nothing(born: date) -> None:
    assert due(born, born) == ()
    assert due(born, add_months(born, 2)) == ()


def test_a_dose_is_missing_once_the_age_of_the_calendar_is_over() -> None:
    born = date(2025, 5, 4)
    last_day = add_months(born, 3)
    assert [one.n for one in missing(born, {}, last_day)] == []
    late = missing(born, {}, last_day + timedelta(days=1))
    assert [(one.vaccine.code, one.n) for one in late] == [("six", 1), ("pneumo", 1)]


def test_a_dose_with_a_day_is_missing_no_more() -> None:
    born, day = date(2025, 5, 4), date(2025, 7, 10)
    late = missing(born, {"six": [day]}, date(2025, 8, 5))
    assert [(one.vaccine.code, one.n) for one in late] == [("pneumo", 1)]


@pytest.mark.parametrize("born", [date(2018, 1, 1), date(2025, 1, 1)])
def test_everything_before_six_is_asked_within_eighteen_months(born: date) -> None:
    assert all(one.on <= add_months(born, 18) for one in due(born, add_months(born, 60)))


def test_a_child_of_before_2018_is_asked_for_its_boosters_until_fourteen() -> None:
    born = date(2012, 6, 1)
    ages = [one.n for one in due(born, date(2026, 6, 2))]
    assert ages == [1, 2, 3, 4, 5]
    assert [one.n for one in due(born, date(2026, 6, 1))] == [1, 2, 3, 4]


def test_a_child_born_on_a_29_february_reaches_each_age() -> None:
    born = date(2024, 2, 29)
    second_of_mmr = next(one for one in due(born, TODAY) if (one.vaccine.code, one.n) == ("mmr", 2))
    assert second_of_mmr.on == date(2025, 8, 29)
    third_of_six = next(one for one in due(born, TODAY) if (one.vaccine.code, one.n) == ("six", 3))
    assert third_of_six.on == date(2025, 2, 28)


def test_a_booklet_that_was_up_to_date_covers_what_could_be_given_by_then() -> None:
    born = date(2024, 1, 10)
    seen = add_months(born, 17)  # the second dose of MMR is given from 16 to 18 months
    assert missing_since(born, seen, TODAY) == ()
    early = {(one.vaccine.code, one.n) for one in missing_since(born, add_months(born, 8), TODAY)}
    assert ("mmr", 1) in early
    assert ("six", 2) not in early


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/2024", "Écrivez une date qui existe"),
        ("29/02/2025", "Écrivez une date qui existe"),
        ("24/11/2026", "dans le futur"),
        ("09/01/2024", "avant la naissance"),
        ("bientôt", "Écrivez une date qui existe"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(typed: str, said: str) -> None:
    doses, problems = read_doses(date(2024, 1, 10), {"six_1": typed}, TODAY)
    assert doses == {}
    assert said in problems["six_1"]


def test_a_29_february_that_was_is_a_day() -> None:
    doses, problems = read_doses(date(2024, 1, 10), {"six_1": "29/02/2024"}, TODAY)
    assert (doses, problems) == ({"six": [date(2024, 2, 29)]}, {})


def test_two_doses_of_one_day_or_in_the_wrong_order_are_refused() -> None:
    for second in ("10/03/2024", "09/03/2024"):
        typed = {"six_1": "10/03/2024", "six_2": second}
        assert set(read_doses(date(2024, 1, 10), typed, TODAY)[1]) == {"six_2"}


def test_what_is_kept_is_what_the_form_shows() -> None:
    born = date(2025, 2, 3)
    names = [one.name for one in questions_about(born, TODAY).fields]
    typed = {name: (born + timedelta(days=60 + n)).isoformat() for n, name in enumerate(names)}
    doses, problems = read_doses(born, typed, TODAY)
    assert problems == {}
    assert as_typed(doses) == typed
    assert missing(born, doses, TODAY) == ()


def test_without_a_birth_date_the_latest_calendar_is_asked() -> None:
    latest = questions_about(date(2025, 1, 1), TODAY)
    assert questions_about(None, TODAY).fields == latest.fields
