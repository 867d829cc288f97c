"""Whether two names may be those of one person, however they were typed.

Accents, case, hyphens, spaces and the order of the parts say nothing. Beyond that two names are
"near" when somebody may have mistyped one of them, or left out one part of a double surname.
"""

import unicodedata
from enum import IntEnum
from functools import lru_cache

_SHORT = 4
_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss"}


class Likeness(IntEnum):
    """How close two names are; more is closer."""

    DIFFERENT = 0
    NEAR = 1
    SAME = 2


def plain(name: str) -> str:
    """The name in small letters, without accents, its parts apart by single spaces."""
    text = unicodedata.normalize("NFKD", name).casefold()
    for sign, letters in _LETTERS.items():
        text = text.replace(sign, letters)
    kept = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())


@lru_cache(maxsize=8192)
def name_key(*names: str) -> str:
    """The same text for the same names: their parts in one order, whatever was typed first."""
    return " ".join(sorted(plain(" ".join(names)).split()))


def likeness(one: str, other: str) -> Likeness:
    """How close two names are. Symmetric; an empty name is like no other."""
    first, second = name_key(one).split(), name_key(other).split()
    if not first or not second:
        return Likeness.DIFFERENT
    if first == second or "".join(first) == "".join(second):
        return Likeness.SAME
    if plain(one).replace(" ", "") == plain(other).replace(" ", ""):
        return Likeness.SAME
    if _may_be_mistyped("".join(first), "".join(second)) or _all_found(first, second):
        return Likeness.NEAR
    return Likeness.DIFFERENT


def person_likeness(one: tuple[str, str], other: tuple[str, str]) -> Likeness:
    """How close two people's (first name, last name) are: no closer than either of the two.

    Whoever wrote the two in each other's place is forgiven.
    """
    straight = min(likeness(a, b) for a, b in zip(one, other, strict=True))
    crossed = min(likeness(one[0], other[1]), likeness(one[1], other[0]))
    return max(straight, crossed)


def distance(one: str, other: str, most: int) -> int:
    """How many letters were changed, added, left out or swapped with their neighbour.

    Beyond `most` it is `most + 1`: nobody counts further.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, there in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != there))
            if last and j > 1 and sign == other[j - 2] and one[i - 2] == there:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _may_be_mistyped(one: str, other: str) -> bool:
    # One slip in a name of some length; two of them would make a neighbour of Emma and Emilie.
    shortest = min(len(one), len(other))
    if shortest < _SHORT:
        return False
    return distance(one, other, 1) <= 1


def _all_found(one: list[str], other: list[str]) -> bool:
    """Whether each part of the shorter name is a part of the longer: Martin, Martin-Petit."""
    few, many = sorted((one, other), key=len)
    left = list(many)
    for part in few:
        found = next(
            (there for there in left if there == part or _may_be_mistyped(there, part)), None
        )
        if found is None:
            return False
        left.remove(found)
    return any(len(part) >= _SHORT for part in few)
