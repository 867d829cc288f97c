"""The matrix of consents: who said what, and what may be done with a child's image."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import product

import pytest

from domain.consents import (
    CELLS,
    FIELDS,
    Cell,
    Medium,
    Use,
    Word,
    allowed,
    given_in,
    needs_everybody,
)
from domain.school_years import last_day_of, school_year_of

YEAR, BEFORE = "2026-2027", "2025-2026"
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
WALL = Cell(Use.DISPLAY, Medium.GROUP)
WORDS: Mapping[str, tuple[bool, ...]] = {
    "silent": (),
    "yes": (True,),
    "no": (False,),
    "took it back": (True, False),
    "gave it again": (True, False, True),
}
SAYS_YES = {"yes", "gave it again"}
SAYS_NO = {"no", "took it back"}


def said(who: str, what: str, cell: Cell, year: str = YEAR) -> list[Word]:
    """The words of one guardian, oldest first; storage gives the last one only."""
    every = [
        Word(who, year, cell, is_given, NOON, n) for n, is_given in enumerate(WORDS[what], start=1)
    ]
    return every[-1:]


@pytest.mark.parametrize(("cell", "what"), list(product(CELLS, WORDS)))
def test_one_guardian_alone_decides(cell: Cell, what: str) -> None:
    may = cell in allowed(said("claire", what, cell), {"claire"}, YEAR)
    assert may is (what in SAYS_YES)


@pytest.mark.parametrize(("cell", "first", "second"), list(product(CELLS, WORDS, WORDS)))
def test_two_guardians_decide_together(cell: Cell, first: str, second: str) -> None:
    words = [*said("claire", first, cell), *said("luc", second, cell)]
    may = cell in allowed(words, {"claire", "luc"}, YEAR)
    both = first in SAYS_YES and second in SAYS_YES
    one_and_nobody_against = bool({first, second} & SAYS_YES) and not {first, second} & SAYS_NO
    assert may is (one_and_nobody_against if cell == WALL else both)


@pytest.mark.parametrize(("cell", "first", "second"), list(product(CELLS, WORDS, WORDS)))
def test_whoever_s_access_has_ended_counts_no_more(cell: Cell, first: str, second: str) -> None:
    words = [*said("claire", first, cell), *said("luc", second, cell)]
    assert (cell in allowed(words, {"claire"}, YEAR)) is (first in SAYS_YES)


@pytest.mark.parametrize(("cell", "first", "second"), list(product(CELLS, WORDS, WORDS)))
def test_nothing_is_left_of_a_year_that_is_over(cell: Cell, first: str, second: str) -> None:
    words = [*said("claire", first, cell, BEFORE), *said("luc", second, cell, BEFORE)]
    assert allowed(words, {"claire", "luc"}, YEAR) == frozenset()


@pytest.mark.parametrize("cell", CELLS)
def test_a_yes_of_last_year_does_not_make_up_for_silence(cell: Cell) -> None:
    words = [*said("claire", "yes", cell), *said("luc", "yes", cell, BEFORE)]
    may = cell in allowed(words, {"claire", "luc"}, YEAR)
    assert may is not needs_everybody(cell)


@pytest.mark.parametrize("cell", CELLS)
def test_a_child_without_guardians_is_never_shown(cell: Cell) -> None:
    assert allowed(said("claire", "yes", cell), frozenset(), YEAR) == frozenset()


@pytest.mark.parametrize(("cell", "silent"), list(product(CELLS, ["claire", "luc", "ines"])))
def test_of_three_guardians_the_silence_of_one_is_a_no(cell: Cell, silent: str) -> None:
    everybody = {"claire", "luc", "ines"}
    words = [word for who in everybody - {silent} for word in said(who, "yes", cell)]
    assert (cell in allowed(words, everybody, YEAR)) is (cell == WALL)


@pytest.mark.parametrize(("cell", "other"), list(product(CELLS, CELLS)))
def test_a_yes_to_one_use_is_no_yes_to_another(cell: Cell, other: Cell) -> None:
    found = allowed(said("claire", "yes", cell), {"claire"}, YEAR)
    assert (other in found) is (other == cell)


def test_only_a_picture_of_the_group_inside_the_school_needs_one_guardian() -> None:
    assert [cell for cell in CELLS if not needs_everybody(cell)] == [WALL]


def test_a_form_gives_what_is_ticked_and_nothing_else() -> None:
    press = Cell(Use.PRESS, Medium.INDIVIDUAL)
    assert given_in({press.code: "yes", WALL.code: "", "image_moon_group": "yes"}) == {press}
    assert given_in({WALL.code: "no"}) == frozenset()
    assert given_in({}) == frozenset()


def test_the_actualisation_asks_each_consent_once_and_requires_none() -> None:
    assert [one.name for one in FIELDS] == [cell.code for cell in CELLS]
    assert len({one.name for one in FIELDS}) == len(Use) * len(Medium)
    assert not any(one.required for one in FIELDS)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), "2025-2026"),
        (date(2026, 9, 1), "2026-2027"),
        (date(2027, 2, 28), "2026-2027"),
    ],
)
def test_a_school_year_begins_in_september(day: date, year: str) -> None:
    assert school_year_of(day) == year
    assert day <= last_day_of(year)


@pytest.mark.parametrize("text", ["", "2026", "2026-2028", "an-2027", "2027-2026"])
def test_what_is_no_school_year_has_no_last_day(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}"):
        last_day_of(text)
