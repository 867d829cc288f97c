"""Who somebody is for the register of births, as they type it."""

from datetime import date

import pytest

from domain.civil_identity import CivilIdentity, read_identity

TODAY = date(2026, 11, 21)
CLAIRE = {
    "last_name": "Martin",
    "first_names": "Claire, Anne-Sophie",
    "birth_date": "12/03/1988",
    "sex": "F",
    "in_france": "yes",
    "country": "",
    "department": "2a",
    "town": "Ajaccio",
    "agrees": "yes",
}


def test_a_birth_in_france_names_its_town() -> None:
    assert read_identity(CLAIRE, today=TODAY) == (
        CivilIdentity(
            "Martin",
            ("Claire", "Anne-Sophie"),
            date(1988, 3, 12),
            "F",
            birth_department="2A",
            birth_town="Ajaccio",
        ),
        {},
    )


def test_a_birth_abroad_names_its_country_alone() -> None:
    identity, problems = read_identity(
        {**CLAIRE, "in_france": "no", "country": "99350"}, today=TODAY
    )
    assert problems == {}
    assert identity is not None
    assert (identity.birth_country, identity.birth_department, identity.birth_town) == (
        "99350",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("last_name", ""),
        ("first_names", " "),
        ("birth_date", "31/02/1988"),
        ("birth_date", "12/03/2026"),
        ("birth_date", "12/03/1888"),
        ("birth_date", ""),
        ("sex", "X"),
        ("country", "99999"),
        ("in_france", ""),
        ("department", "96"),
        ("town", ""),
        ("agrees", ""),
    ],
)
def test_what_is_missing_or_wrong_is_named(field: str, typed: str) -> None:
    identity, problems = read_identity({**CLAIRE, field: typed}, today=TODAY)
    assert identity is None
    assert list(problems) == [field]
    assert problems[field].endswith(".")


@pytest.mark.parametrize("country", ["", "elsewhere"])
def test_a_birth_abroad_in_a_country_that_cannot_be_asked_for_is_declared(country: str) -> None:
    identity, problems = read_identity(
        {**CLAIRE, "in_france": "no", "country": country}, today=TODAY
    )
    assert identity is None
    assert list(problems) == ["country"]
