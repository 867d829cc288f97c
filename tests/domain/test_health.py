"""A health record: what may be answered, and each thing that is missing before activities."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from domain.health import (
    FIELDS,
    SECTION,
    HealthRecord,
    contradictions,
    gate,
    is_checked,
    problems_of,
    told,
    told_before,
)
from domain.questions import read
from domain.rights import FieldGroup

TODAY = date(2026, 11, 23)
ANSWERS = {
    "concern": "no",
    "diet": "ordinary",
    "vaccines": "yes",
    "vaccines_on": "2024-10-01",
}


@dataclass(frozen=True)
class Lena:
    id: str = "c" * 32
    birth_date: str = "2023-03-12"


def a_record(**changes: str) -> HealthRecord:
    at = datetime(2026, 9, 3, 8, tzinfo=UTC)
    return HealthRecord("c" * 32, 1, at, "a" * 32, at, {**ANSWERS, **changes})


def lacks(record: HealthRecord | None, *papers: str) -> list[str]:
    return [one.code for one in gate(Lena(), record, TODAY, papers=papers)]


def test_every_question_is_reserved_to_those_who_read_health() -> None:
    assert {one.group for one in FIELDS} == {FieldGroup.HEALTH}


def test_one_answer_says_that_there_is_no_allergy_and_no_care_plan() -> None:
    values, problems = read(SECTION, ANSWERS, {}, today=TODAY)
    assert problems == {}
    assert set(told({**values, "allergies": "arachide", "pai": "same"})) & {"allergies", "pai"} == (
        set()
    )


@pytest.mark.parametrize("word", ["halal", "Casher", "repas HALLAL.", "kosher", "le ramadan"])
@pytest.mark.parametrize("name", ["allergies", "conduct", "emergency"])
def test_a_religion_cannot_be_written_anywhere(name: str, word: str) -> None:
    answers = {**ANSWERS, "concern": "yes", "allergies": "lait", "pai": "none", name: word}
    _, problems = read(SECTION, answers, {}, today=TODAY)
    assert "choisissez dans la liste" in problems[name]
    assert read(SECTION, {**ANSWERS, "diet": word}, {}, today=TODAY)[1].keys() == {"diet"}


def test_pork_can_be_left_out_of_meals() -> None:
    assert problems_of({**ANSWERS, "diet": "no_pork"}, TODAY) == {}


def test_an_allergy_has_to_be_named_and_a_special_meal_rests_on_a_care_plan() -> None:
    nothing_said = {**ANSWERS, "concern": "yes", "pai": "none"}
    assert contradictions(nothing_said).keys() == {"allergies"}
    assert contradictions({**nothing_said, "pai": "same"}) == {}
    assert contradictions({**ANSWERS, "diet": "packed"}).keys() == {"diet"}
    with_plan = {**ANSWERS, "concern": "yes", "pai": "changed", "diet": "packed"}
    assert contradictions(with_plan) == {}


def test_without_a_record_the_gate_says_so_and_leads_to_it() -> None:
    (missing,) = gate(Lena(), None, TODAY)
    assert missing.code == "no_record"
    assert missing.href == f"/famille/enfants/{Lena().id}/sante/modifier"
    assert missing.sentence == "La fiche santé n’est pas remplie."


def test_a_record_in_order_lets_everything_through() -> None:
    assert lacks(a_record()) == []


def test_a_record_that_is_not_whole_is_said_to_be_incomplete() -> None:
    assert lacks(a_record(diet="")) == ["incomplete"]
    assert lacks(a_record(concern="")) == ["incomplete"]


@pytest.mark.parametrize(
    ("checked", "counts"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), True),
        (datetime(2026, 3, 1, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 2, 28, 22, tzinfo=UTC), False),  # the campaign of spring has not begun
        (datetime(2025, 9, 20, tzinfo=UTC), False),  # last year's
        (None, False),
    ],
)
def test_a_record_is_confirmed_for_one_school_year(checked: datetime | None, counts: bool) -> None:
    record = replace(a_record(), checked_at=checked)
    assert is_checked(record.checked_at, TODAY) is counts
    assert lacks(record) == ([] if counts else ["not_checked"])


def test_the_year_changes_on_the_first_of_september() -> None:
    spring = replace(a_record(), checked_at=datetime(2026, 5, 2, tzinfo=UTC))
    autumn = replace(a_record(), checked_at=datetime(2025, 11, 2, tzinfo=UTC))
    last_day, first_day = date(2026, 8, 31), date(2026, 9, 1)
    assert [is_checked(spring.checked_at, one) for one in (last_day, first_day)] == [True, True]
    assert [is_checked(autumn.checked_at, one) for one in (last_day, first_day)] == [True, False]


def test_vaccines_that_are_not_said_or_not_up_to_date_are_missing() -> None:
    assert lacks(a_record(vaccines="", vaccines_on="")) == ["incomplete", "vaccines_unsaid"]
    assert lacks(a_record(vaccines="no", vaccines_on="")) == ["vaccines_missing"]
    assert lacks(a_record(vaccines="exempt", vaccines_on="")) == []


def test_a_booklet_of_long_ago_leaves_out_what_has_become_due_since() -> None:
    (missing,) = gate(Lena(), a_record(vaccines_on="2023-09-01"), TODAY)
    assert missing.code == "vaccines_missing"
    assert "Rougeole, oreillons, rubéole (1re dose)" in missing.sentence
    assert missing.href.endswith("/sante/vaccins")


def test_days_copied_from_the_booklet_count_by_themselves() -> None:
    some = {"six": [date(2023, 5, 20)]}
    record = replace(a_record(vaccines="no", vaccines_on=""), doses=some)
    (missing,) = gate(Lena(), record, TODAY)
    assert "hépatite B (2e dose)" in missing.sentence
    every = {
        "six": [date(2023, 5, 20), date(2023, 7, 20), date(2024, 2, 20)],
        "pneumo": [date(2023, 5, 20), date(2023, 7, 20), date(2024, 2, 20)],
        "men_c": [date(2023, 8, 20), date(2024, 3, 20)],
        "mmr": [date(2024, 3, 20), date(2024, 8, 20)],
    }
    assert lacks(replace(record, doses=every)) == []


def test_a_care_plan_that_is_new_needs_its_paper_and_one_that_is_the_same_does_not() -> None:
    record = a_record(concern="yes", pai="changed")
    assert lacks(record) == ["pai_paper"]
    assert lacks(record, "care_plan") == []
    assert lacks(a_record(concern="yes", pai="same")) == []
    assert lacks(a_record(concern="yes", pai="none", allergies="lait")) == []


def test_an_update_proposes_what_is_known_and_never_the_same_care_plan_as_new() -> None:
    assert told_before(a_record(concern="yes", pai="changed").values)["pai"] == "same"
    assert told_before(a_record(concern="yes", pai="none").values)["pai"] == "none"
    assert "pai" not in told_before(a_record().values)


def test_a_birth_date_that_cannot_be_read_asks_only_for_what_is_declared() -> None:
    born_unknown = Lena(birth_date="au printemps")
    assert gate(born_unknown, a_record(), TODAY) == ()
    assert [one.code for one in gate(born_unknown, a_record(vaccines="no"), TODAY)] == [
        "vaccines_missing"
    ]
