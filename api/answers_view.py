"""The answers of a dossier as they are read: one group per page of questions, one row per question.

The recap of a parent, the desk of an agent and a printed dossier all read this.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kinds.rules import Rules
from domain.questions import Answers, Field, Lists, Section, Values, changed, shown
from domain.questions import read as read_page
from domain.rights import EVERY_GROUP, FieldGroup

Groups = frozenset[FieldGroup]
RESERVED = "Réservé"
"""What stands in the place of an answer that whoever reads may not know."""


@dataclass(frozen=True)
class Row:
    """One question and its answer in words.

    `missing` is the sentence that says what to do when the answer cannot be accepted as it is;
    `is_changed` says that it differs from the answers it was compared with, `before` what it was.
    One that `is_reserved` for whoever reads says nothing else.
    """

    name: str
    label: str
    value: str
    missing: str = ""
    is_changed: bool = False
    before: str = ""
    is_reserved: bool = False


@dataclass(frozen=True)
class Group:
    """One page of questions. `is_filled` when everything on it can be accepted."""

    code: str
    title: str
    rows: tuple[Row, ...]
    is_filled: bool

    @property
    def summary(self) -> str:
        """The first answers in one line: `Claire Martin`, `12 rue des Lilas, 47240`."""
        return ", ".join([row.value for row in self.rows if row.value][:2])


@dataclass(frozen=True)
class _Earlier:
    answers: Answers
    differing: frozenset[tuple[str, str]]


def groups(
    rules: Rules,
    answers: Answers,
    lists: Lists,
    *,
    today: date,
    read: Groups = EVERY_GROUP,
    compared_with: Answers | None = None,
) -> Sequence[Group]:
    """Every page of questions with its answers, in order; questions that do not apply are left out.

    So are groups of questions (a third person to call) of which nothing is answered. Answers of a
    reserved group that is not among those `read` are not told, nor whether they changed, nor by
    which questions follow from them.

    `compared_with` are earlier answers: rows that differ are marked as changed.
    """
    differing = frozenset(changed(compared_with, answers)) if compared_with is not None else ()
    earlier = _Earlier(compared_with or {}, frozenset(differing))
    return [
        _group(section, answers, lists, today, earlier, read)
        for section in rules.sections_for(answers)
    ]


def _is_told(section: Section, one: Field, values: Values, read: Groups) -> bool:
    """Whether the question applies; where that would tell a reserved answer, it has no row."""
    if one.only_if is not None:
        group = section.field(one.only_if[0]).group
        if group is not None and group not in read:
            return False
    return one.asked(values)


def _is_of_nobody(section: Section, one: Field, *answers: Values) -> bool:
    """Whether the question belongs to a group of which nothing is answered, nor ever was."""
    start = next((start for start in section.groups if one.name.startswith(start)), "")
    return bool(start) and not any(
        value for values in answers for name, value in values.items() if name.startswith(start)
    )


def _compared(row: Row) -> Row:
    """A day typed otherwise, a box left out and a box not ticked: the same answer."""
    return replace(row, is_changed=row.is_changed and row.value != row.before)


def _group(
    section: Section,
    answers: Answers,
    lists: Lists,
    today: date,
    earlier: _Earlier,
    read: Groups,
) -> Group:
    values: Values = answers.get(section.code, {})
    was: Values = earlier.answers.get(section.code, {})
    _, problems = read_page(section, values, lists, today=today)
    rows = tuple(
        Row(one.name, one.label, RESERVED, is_reserved=True)
        if one.group is not None and one.group not in read
        else _compared(
            Row(
                name=one.name,
                label=one.label,
                value=shown(one, values.get(one.name, ""), lists),
                missing=problems.get(one.name, ""),
                is_changed=(section.code, one.name) in earlier.differing,
                before=shown(one, was.get(one.name, ""), lists),
            )
        )
        for one in section.fields
        if one.kind != "hidden"
        and _is_told(section, one, values, read)
        and not _is_of_nobody(section, one, values, was)
    )
    return Group(
        section.code, section.title, rows, is_filled=section.code in answers and not problems
    )
