import pytest

from domain.likeness import Likeness, distance, likeness, name_key, person_likeness, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Léna", "LENA"),
        ("Jean-Baptiste", "jean baptiste"),
        ("Martin Petit", "PETIT-MARTIN"),
        ("D’Almeida", "d'almeida"),
        ("Le Goff", "LEGOFF"),
        ("Cœur", "Coeur"),
    ],
)
def test_accents_case_hyphens_and_order_say_nothing(one: str, other: str) -> None:
    assert likeness(one, other) is likeness(other, one) is Likeness.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Martin", "Martins"),
        ("Dupont", "Dupond"),
        ("Benali", "Benalli"),
        ("Mathieu", "Mahtieu"),
        ("Martin", "Martin-Petit"),
        ("Martins Petit", "Martin"),
    ],
)
def test_one_slip_or_half_a_double_surname_is_near(one: str, other: str) -> None:
    assert likeness(one, other) is likeness(other, one) is Likeness.NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [("Léa", "Léo"), ("Emma", "Emilie"), ("Martin", "Bernard"), ("", ""), ("Léna", ""), ("-", "'")],
)
def test_short_names_and_other_names_are_different(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.DIFFERENT


def test_two_children_are_as_near_as_their_least_near_name() -> None:
    assert person_likeness(("Léna", "Martin"), ("Lena", "MARTIN")) is Likeness.SAME
    assert person_likeness(("Léna", "Martin"), ("Lena", "Martins")) is Likeness.NEAR
    assert person_likeness(("Martin", "Léna"), ("Lena", "Martin")) is Likeness.SAME
    assert person_likeness(("Léna", "Martin"), ("Tom", "Martin")) is Likeness.DIFFERENT


def test_a_key_is_the_same_for_the_same_parts() -> None:
    assert name_key("Jean-Luc", "Le Goff") == name_key("LE GOFF", "jean luc") == "goff jean le luc"


def test_a_swap_of_neighbours_is_one_slip_and_counting_stops() -> None:
    assert distance("martin", "mratin", 2) == 1
    assert distance("abcdef", "fedcba", 2) == 3
    assert distance("a" * 10_000, "b" * 10_000, 1) == 2
    assert plain("  ÉLÉONORE  d’Arc ") == "eleonore d arc"
