"""Images of children: what guardians allow, for each use and each kind of image, for a school year.

Nothing is allowed that nobody said: silence is a no, and a no costs no service. Consent is of a use
and a medium, and can be taken back at any time (RGPD, articles 4-11 and 7; CNIL). The parents
protect their child's image together (code civil, article 372-1): where the child is recognised by
others than those who see it every day, each of them has to say yes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.questions import Field, Values


class Use(StrEnum):
    """Where an image is shown."""

    DISPLAY = "display"
    TOWN_PAPER = "town_paper"
    WEBSITE = "website"
    NETWORKS = "networks"
    PRESS = "press"


class Medium(StrEnum):
    """What the image shows."""

    GROUP = "group"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, order=True)
class Cell:
    """One use of one kind of image: what one consent is about."""

    use: Use
    medium: Medium

    @property
    def code(self) -> str:
        """Its name in forms and answers, such as `image_website_group`."""
        return f"image_{self.use}_{self.medium}"

    @property
    def label(self) -> str:
        """How it reads."""
        return f"{USES[self.use]}\u00a0: {MEDIA[self.medium]}"


USES: Mapping[Use, str] = {
    Use.DISPLAY: "Affichage dans l’école ou le centre",
    Use.TOWN_PAPER: "Journal municipal",
    Use.WEBSITE: "Site internet de la ville",
    Use.NETWORKS: "Réseaux sociaux de la ville",
    Use.PRESS: "Presse locale",
}
MEDIA: Mapping[Medium, str] = {
    Medium.GROUP: "photo ou vidéo de groupe",
    Medium.INDIVIDUAL: "photo ou vidéo de l’enfant seul",
}
CELLS: tuple[Cell, ...] = tuple(Cell(use, medium) for use in Use for medium in Medium)
"""Every consent that is asked, in the order of the pages."""

FIELDS: tuple[Field, ...] = tuple(
    Field(cell.code, cell.label, "checkbox", required=False) for cell in CELLS
)
"""The questions of an actualisation, for one child.

They begin empty each year: a yes of the year before is never taken over without an act, and a page
that says "nothing has changed" leaves them empty.
"""

_ONE_IS_ENOUGH = frozenset({Cell(Use.DISPLAY, Medium.GROUP)})


def needs_everybody(cell: Cell) -> bool:
    """Whether each guardian has to say yes.

    A picture of the group on the wall of the school is seen by those who see the child itself: one
    guardian may allow it for both (code civil, article 372-2), as long as none says no.
    """
    return cell not in _ONE_IS_ENOUGH


@dataclass(frozen=True)
class Word:
    """What one guardian said last of one cell, for one school year."""

    account_id: str
    school_year: str
    cell: Cell
    is_given: bool
    at: datetime
    n: int = 1


def allowed(words: Iterable[Word], guardians: Collection[str], school_year: str) -> frozenset[Cell]:
    """What may be done with a child's image in that school year.

    `guardians` are the accounts of those who count today: whose access has ended counts no more,
    neither for its yes nor for its no. Of a year that is over nothing is left.
    """
    said: dict[Cell, dict[str, bool]] = {cell: {} for cell in CELLS}
    for word in words:
        if word.account_id in guardians and word.school_year == school_year:
            said[word.cell][word.account_id] = word.is_given
    return frozenset(cell for cell in CELLS if _is_allowed(cell, said[cell], guardians))


def _is_allowed(cell: Cell, said: Mapping[str, bool], guardians: Collection[str]) -> bool:
    if not said or not all(said.values()):
        return False
    return not needs_everybody(cell) or set(said) == set(guardians)


def given_in(values: Values) -> frozenset[Cell]:
    """The cells ticked in a form, or in the answers of an actualisation."""
    return frozenset(cell for cell in CELLS if values.get(cell.code, "") not in {"", "no"})
