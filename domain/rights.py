"""What a member of staff may see: whose dossiers, and which groups of answers and pieces.

A duty is a department (None: all of them) with the reserved groups that go with it. Somebody with
two duties sees with each what that one gives; a reserved group is given to a role that needs it and
to nobody else (RGPD, article 9 for health; code civil, article 373-2 for rulings).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FieldGroup(StrEnum):
    """A group of answers and pieces that not every agent of a department reads."""

    HEALTH = "health"
    CUSTODY = "custody"


GROUP_WORDS: Mapping[FieldGroup, str] = {
    FieldGroup.HEALTH: "santé",
    FieldGroup.CUSTODY: "séparation et décisions de justice",
}
"""What each group is about, as staff read it."""
EVERY_GROUP = frozenset(FieldGroup)
"""What the family itself reads, and nobody else by default."""


@dataclass(frozen=True)
class Duty:
    """What somebody does for one department; `department` None is for all of them."""

    department: str | None
    fields: frozenset[FieldGroup] = frozenset()

    def covers(self, department: str) -> bool:
        """Whether dossiers of this department belong to the duty."""
        return self.department in (None, department)


def departments_of(duties: Iterable[Duty]) -> Sequence[str] | None:
    """Whose dossiers the duties open, in a stable order: None for all of them, () for none."""
    codes = {one.department for one in duties}
    return None if None in codes else sorted(code for code in codes if code is not None)


def groups_open(duties: Iterable[Duty], department: str) -> frozenset[FieldGroup]:
    """The reserved groups that these duties open on a dossier of this department."""
    return frozenset().union(*(one.fields for one in duties if one.covers(department)))


def groups_words(groups: Iterable[FieldGroup]) -> str:
    """These groups in words, always in the same order; "" for none."""
    given = frozenset(groups)
    return ", ".join(GROUP_WORDS[one] for one in FieldGroup if one in given)
