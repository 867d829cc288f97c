"""Which documents serve again: for whom, until when, and for which address."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.kinds.catalogue import RULES
from domain.wallet import (
    HOLDINGS,
    Kept,
    address_mark,
    day_of_need,
    lend,
    piece_and_place,
    valid_until,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HOME = {"adresse": {"street": "12 rue de l’Église", "postal_code": "01000", "city": "Valbourg"}}


def kept(piece: str, **changes: object) -> Kept:
    """A document of Claire's, kept today and without an end."""
    facts: dict[str, object] = {
        "document_id": f"{piece}-1",
        "account_id": "claire",
        "child_id": None,
        "piece": piece,
        "valid_until": None,
        "proves": "",
        "put_at": AT,
        "given_with": "first",
    }
    return Kept(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("piece", "given", "school_year", "until"),
    [
        ("school_insurance", date(2026, 9, 3), "2026-2027", date(2027, 8, 31)),
        ("school_insurance", date(2027, 5, 3), "2027-2028", date(2028, 8, 31)),
        ("proof_of_address", date(2026, 11, 23), "", date(2027, 8, 31)),
        ("proof_of_address", date(2027, 8, 31), "", date(2027, 8, 31)),
        ("proof_of_address", date(2027, 9, 1), "", date(2028, 8, 31)),
        ("guardian_identity", date(2028, 2, 29), "2027-2028", date(2033, 2, 28)),
        ("child_identity", date(2026, 11, 23), "2026-2027", date(2036, 11, 23)),
        ("court_ruling", date(2026, 11, 23), "2026-2027", None),
    ],
)
def test_a_document_holds_until_its_last_day(
    piece: str, given: date, school_year: str, until: date | None
) -> None:
    assert valid_until(piece, given, school_year) == until


def test_the_last_day_is_one_on_which_it_holds() -> None:
    one = kept("school_insurance", valid_until=date(2027, 8, 31))
    assert one.holds_on(date(2027, 8, 31))
    assert not one.holds_on(date(2027, 9, 1))


def test_what_an_agent_ended_holds_no_more() -> None:
    assert not kept("court_ruling", ended_at=AT).holds_on(TODAY)


def test_for_next_year_it_has_to_hold_when_that_year_begins() -> None:
    assert day_of_need("2026-2027", TODAY) == TODAY
    assert day_of_need("2027-2028", date(2027, 4, 2)) == date(2027, 9, 1)
    this_year = [kept("proof_of_address", valid_until=date(2027, 8, 31))]
    day = day_of_need("2027-2028", date(2027, 4, 2))
    assert lend(["proof_of_address"], this_year, HOME, day) == {}


def test_a_proof_of_address_stands_for_the_address_it_was_given_for_however_it_is_typed() -> None:
    proof = [kept("proof_of_address", proves=address_mark(HOME))]
    same = {"foyer": {"street": "12, Rue de l'eglise", "postal_code": "01000", "city": "VALBOURG"}}
    moved = {"foyer": {"street": "3 quai Vieux", "postal_code": "01000", "city": "Valbourg"}}
    assert lend(["proof_of_address"], proof, same, TODAY)
    assert lend(["proof_of_address"], proof, moved, TODAY) == {}


def test_one_document_of_the_family_serves_two_children() -> None:
    two = {
        "enfants": {"child_1": "léna", "update_1": "yes", "child_2": "noé", "update_2": "yes"},
    }
    identity = [kept("guardian_identity")]
    assert set(lend(["guardian_identity"], identity, two, TODAY)) == {"guardian_identity"}


def test_a_document_of_one_child_does_not_serve_the_other() -> None:
    two = {
        "enfants": {"child_1": "léna", "update_1": "yes", "child_2": "noé", "update_2": "yes"},
    }
    insurance = [kept("school_insurance", child_id="noé")]
    codes = ["school_insurance_1", "school_insurance_2", "school_insurance"]
    assert set(lend(codes, insurance, two, TODAY)) == {"school_insurance_2"}
    one = {"sujet": {"subject": "identite", "child": "noé"}}
    assert set(lend(["school_insurance"], insurance, one, TODAY)) == {"school_insurance"}


def test_a_child_that_is_not_updated_brings_nothing() -> None:
    answers = {"enfants": {"child_1": "noé", "update_1": ""}}
    insurance = [kept("school_insurance", child_id="noé")]
    assert lend(["school_insurance_1"], insurance, answers, TODAY) == {}


def test_what_was_given_last_stands_even_when_it_holds_less() -> None:
    old = kept("school_insurance", child_id="noé", valid_until=date(2028, 8, 31))
    new = kept(
        "school_insurance",
        child_id="noé",
        document_id="new",
        given_with="second",
        put_at=AT + timedelta(days=3),
        ended_at=AT + timedelta(days=4),
    )
    one = {"sujet": {"child": "noé"}}
    assert lend(["school_insurance"], [new, old], one, TODAY) == {}
    assert lend(["school_insurance"], [old], one, TODAY) == {"school_insurance": [old]}


def test_files_that_came_together_stay_together() -> None:
    pages = [kept("guardian_identity", document_id=str(number)) for number in range(3)]
    assert lend(["guardian_identity"], pages, {}, TODAY) == {"guardian_identity": pages}


def test_what_serves_once_is_never_lent() -> None:
    assert "leaving_certificate" not in HOLDINGS
    assert lend(["leaving_certificate"], [kept("leaving_certificate")], {}, TODAY) == {}


def test_every_piece_that_is_kept_is_asked_by_some_kind_of_dossier() -> None:
    asked = {piece_and_place(rule.piece.code)[0] for one in RULES.values() for rule in one.pieces}
    assert set(HOLDINGS) <= asked


@pytest.mark.parametrize(
    ("code", "piece", "place"),
    [
        ("school_insurance_2", "school_insurance", 2),
        ("school_insurance-10", "school_insurance", 10),
        ("proof_of_address", "proof_of_address", 0),
    ],
)
def test_a_piece_says_for_which_child_it_is_asked(code: str, piece: str, place: int) -> None:
    assert piece_and_place(code) == (piece, place)
