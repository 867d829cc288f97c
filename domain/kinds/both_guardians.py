"""Of which dossiers, beside a child's registration, every guardian of the child is told.

Whoever is told may object, and signs where the procedure asks for it. It is what is about a child,
or about both of them: each parent is presumed to act with the other's agreement (code civil,
article 372-2). It is never where a guardian lives or is reached, what they are called, nor whom
they trust with the child: that would lead somebody they have left to their door.
"""

from dataclasses import dataclass

from domain.kinds.actualisation_questions import chosen
from domain.kinds.change_subjects import ABOUT, Subject
from domain.questions import Answers, Values

TOLD_OF_CHILD = frozenset({Subject.SCHOOL, Subject.IDENTITY, Subject.CUSTODY})
"""The changes of a child's file of which its other guardian is told."""
TOLD_OF_FAMILY = frozenset({Subject.PAYER})
"""Those about both guardians, and so about all of the family's children."""


@dataclass(frozen=True)
class Concerned:
    """The children whose other guardians are told: these ids, or all of the family's."""

    children: tuple[str, ...] = ()
    is_whole_family: bool = False


def concerned(kind: str, answers: Answers) -> Concerned:
    """Whom a dossier of this kind, with these answers, is told to.

    Nobody for a registration: its accesses are on the dossier itself.
    """
    if kind == "actualisation":
        return Concerned(tuple(dict.fromkeys(chosen(answers).values())))
    said = answers.get(ABOUT, {}) if kind == "change" else {}
    subject, child = said.get("subject", ""), said.get("child", "")
    if subject in TOLD_OF_FAMILY:
        return Concerned(is_whole_family=True)
    return Concerned((child,) if child and subject in TOLD_OF_CHILD else ())


def school_asked(kind: str, answers: Answers, child_id: str) -> Values:
    """The page that asks for a school for this child; empty where the dossier asks for none."""
    if kind == "actualisation":
        places = (place for place, one in chosen(answers).items() if one == child_id)
        return answers.get(f"ecole-{next(places, 0)}", {})
    is_it = concerned(kind, answers).children == (child_id,)
    return answers.get(Subject.SCHOOL.value, {}) if is_it else {}
