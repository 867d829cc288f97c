"""Which documents serve more than once, for whom, and until when.

A document that a family gave for one dossier stands for the same piece of the next one, as long as
it holds. Nobody reads dates off papers: a document holds from the day it was given, for as long as
such papers usually do; an agent who finds it outdated ends it. What is not named here serves the
dossier it was given for, and no other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.deadlines import add_months
from domain.likeness import plain
from domain.questions import Answers


class Owner(StrEnum):
    """Whose document it is."""

    FAMILY = "family"
    CHILD = "child"


@dataclass(frozen=True)
class Holding:
    """How long the document of a piece holds, and why, as a parent reads it.

    `months` from the day it was given; or, where `whole_year`, until the school year it was given
    for ends. Neither: it has no end. One that `proves_address` holds only for that address. A paper
    of a child that `shows_home` says where the guardian who gave it lives, or how to call them: no
    other guardian opens it.
    """

    owner: Owner
    why: str
    months: int = 0
    whole_year: bool = False
    proves_address: bool = False
    shows_home: bool = False


_TEN_YEARS, _FIVE_YEARS = 120, 60
_ADDRESS = "Un justificatif de moins de trois mois, une fois par année scolaire."

HOLDINGS: Mapping[str, Holding] = {
    "child_identity": Holding(
        Owner.CHILD, "L’identité d’un enfant ne change pas.", months=_TEN_YEARS
    ),
    "guardian_identity": Holding(
        Owner.FAMILY, "Une pièce d’identité se garde plusieurs années.", months=_FIVE_YEARS
    ),
    "other_guardian_identity": Holding(
        Owner.FAMILY, "Une pièce d’identité se garde plusieurs années.", months=_FIVE_YEARS
    ),
    "proof_of_address": Holding(Owner.FAMILY, _ADDRESS, whole_year=True, proves_address=True),
    "hosting_statement": Holding(Owner.FAMILY, _ADDRESS, whole_year=True, proves_address=True),
    "school_insurance": Holding(
        Owner.CHILD,
        "Une assurance scolaire couvre une année scolaire.",
        whole_year=True,
        shows_home=True,
    ),
    "quotient_familial": Holding(
        Owner.FAMILY, "Le quotient est revu à chaque année scolaire.", whole_year=True
    ),
    "court_ruling": Holding(Owner.CHILD, "Une décision vaut jusqu’à la suivante."),
    "care_plan": Holding(
        Owner.CHILD, "Un PAI vaut pour toute la scolarité dans l’école.", shows_home=True
    ),
}
"""By code of the piece."""

_NUMBERED = re.compile(r"(?P<piece>[a-z_]+?)[-_](?P<number>[1-9]\d?)")
_YEAR = re.compile(r"(\d{4})-(\d{4})")
_SEPTEMBER = 9


@dataclass(frozen=True)
class Kept:
    """A document in the wallet. `child_id` is None for what is the whole family's.

    `given_with` is the dossier it was given for: what came with the same one belongs together.
    `valid_until` is the last day on which it holds, a civil day in Paris; None without an end.
    `proves` is a mark of the address it was given for, "" where that does not matter.
    """

    document_id: str
    account_id: str
    child_id: str | None
    piece: str
    valid_until: date | None
    proves: str
    put_at: datetime
    ended_at: datetime | None = None
    given_with: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether no agent found that it holds no more."""
        return self.ended_at is None

    def holds_on(self, day: date) -> bool:
        """Whether it still holds on this civil day: its last day is one of them."""
        return self.is_whole and (self.valid_until is None or day <= self.valid_until)

    def proves_at(self, address: str) -> bool:
        """Whether it proves the address of this mark; what proves none, and "", always fit."""
        return not self.proves or not address or self.proves == address


def latest(kept: Iterable[Kept]) -> Mapping[tuple[str, str | None], Sequence[Kept]]:
    """What stands for each piece, of each child or of the family (None): what was given last.

    The files that came together stay together. What was given before no longer stands, even where
    the last one holds no more.
    """
    last: dict[tuple[str, str | None], list[Kept]] = {}
    for one in sorted(kept, key=lambda each: (each.put_at, each.given_with)):
        there = last.setdefault((one.piece, one.child_id), [])
        if there and there[-1].given_with != one.given_with:
            there.clear()
        there.append(one)
    return last


def lend(
    codes: Iterable[str], kept: Iterable[Kept], answers: Answers, day: date
) -> Mapping[str, Sequence[Kept]]:
    """What the wallet gives to a dossier that asks for these pieces, on the day it has to hold.

    A piece that is asked of the family serves however many children the dossier names.
    """
    last, children, address = latest(kept), children_of(answers), address_mark(answers)
    lent = {}
    for code in codes:
        piece, _ = piece_and_place(code)
        if piece not in HOLDINGS:
            continue
        child = child_of(code, children)
        if child is None and HOLDINGS[piece].owner is Owner.CHILD:
            continue
        found = [one for one in last.get((piece, child), ()) if one.is_whole]
        if found and all(one.holds_on(day) and one.proves_at(address) for one in found):
            lent[code] = found
    return lent


def child_of(code: str, children: Mapping[int, str]) -> str | None:
    """The child of a dossier for whom a piece is given; None for one that is the family's.

    None as well while nobody can say which of them it is.
    """
    piece, place = piece_and_place(code)
    if piece not in HOLDINGS or HOLDINGS[piece].owner is Owner.FAMILY:
        return None
    if place:
        return children.get(place)
    return next(iter(children.values())) if len(children) == 1 else None


def piece_and_place(code: str) -> tuple[str, int]:
    """A piece and which child of its dossier it is asked for: `("school_insurance", 2)`.

    0 for a piece that is not asked child by child.
    """
    match = _NUMBERED.fullmatch(code)
    return (match["piece"], int(match["number"])) if match else (code, 0)


def children_of(answers: Answers) -> Mapping[int, str]:
    """The children that a dossier is about, by their place in it: ids of children."""
    if child := answers.get("sujet", {}).get("child", ""):
        return {1: child}
    page = answers.get("enfants", {})
    return {
        number: child
        for number in range(1, 11)
        if (child := page.get(f"child_{number}", "")) and page.get(f"update_{number}") == "yes"
    }


def address_mark(answers: Answers) -> str:
    """A mark of the address that these answers name, the same however it was typed; "" for none."""
    for page in (answers.get("foyer", {}), answers.get("adresse", {})):
        if page.get("street"):
            said = plain(" ".join(page.get(name, "") for name in ("street", "postal_code", "city")))
            return hashlib.sha256(said.encode()).hexdigest()[:16]
    return ""


def first_day(school_year: str, today: date) -> date:
    """The first day of a school year, "2026-2027"; of today's for a text that names none."""
    match = _YEAR.fullmatch(school_year)
    year = int(match[1]) if match else today.year - (today.month < _SEPTEMBER)
    return date(year, _SEPTEMBER, 1)


def last_day(school_year: str, today: date) -> date:
    """The last day of a school year, 31 August; of today's for a text that names none."""
    return date(first_day(school_year, today).year + 1, _SEPTEMBER - 1, 31)


def day_of_need(school_year: str, today: date) -> date:
    """The day on which what is given for this school year has to hold: today, or its first day."""
    return max(today, first_day(school_year, today))


def valid_until(piece: str, given: date, school_year: str) -> date | None:
    """The last day on which a document given that day holds, for a procedure of that school year.

    None for one without an end. KeyError for a piece that serves once.
    """
    holding = HOLDINGS[piece]
    if holding.whole_year:
        return last_day(school_year, given)
    return add_months(given, holding.months) if holding.months else None
