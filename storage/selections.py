"""Which dossiers a list of the agents shows, and in which order, as conditions of a question.

Drafts are the families' own: no list shows them. Each queue is told by one column that an index of
`dossiers` begins with after the department (`state`, `decided_at`, `submitted_at`); a second one
would mislead the planner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from domain.documents import Scan
from domain.readiness import RESERVED_PIECES
from domain.states import State
from storage.documents import DOUBTFUL, PENDING, REFUSED
from storage.dossiers import Dossier
from storage.records import sort_key
from storage.search_words import accounts_with, dossiers_with
from storage.tables import Moment, documents, dossiers, holds, marks, requests

T = TypeVar("T")
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


class Queue(StrEnum):
    """The queues of the agents. A dossier under review may be in several."""

    TO_CHECK = "to_check"
    READY = "ready"
    URGENT = "urgent"
    RECEIVED = "received"
    ASKED = "asked"
    DECIDED = "decided"
    ALL = "all"


@dataclass(frozen=True)
class Selection:
    """What an agent looks through: a queue of some departments (None: all), matching some words.

    `soon` is the moment before which a legal date makes a dossier urgent. `words` are beginnings of
    the child's names, of the number, or of the family's mail address; empty for all.
    """

    queue: Queue
    departments: Sequence[str] | None
    soon: datetime
    words: str = ""


def selected(selection: Selection) -> ColumnElement[bool]:
    """The condition of a dossier of this selection."""
    return and_(in_queue(selection), *within(selection))


def within(selection: Selection) -> Sequence[ColumnElement[bool]]:
    """The conditions of the departments and of the words, whatever the queue."""
    conditions = []
    if selection.departments is not None:
        conditions.append(of_one(_of(selection, dossiers.c.department), selection.departments))
    if selection.words:
        conditions.append(matches(selection.words))
    return conditions


def of_one(column: ColumnElement[str], departments: Sequence[str]) -> ColumnElement[bool]:
    """The column names one of these; for a single one, so that its index goes on to order."""
    return column == departments[0] if len(departments) == 1 else column.in_(departments)


def apart(selection: Selection) -> Sequence[Selection]:
    """The same as one selection per department: an index orders each of them, not all together.

    A search is left whole: it begins with its words.
    """
    if selection.words or not selection.departments:
        return [selection]
    return [replace(selection, departments=[one]) for one in selection.departments]


def in_queue(selection: Selection) -> ColumnElement[bool]:
    """The condition of the queue, whatever the departments and the words."""
    under_review = _of(selection, dossiers.c.state) == State.UNDER_REVIEW.value
    match selection.queue:
        case Queue.TO_CHECK:
            found = under_review
        case Queue.READY:
            found = and_(under_review, is_ready())
        case Queue.URGENT:
            found = and_(under_review, _of(selection, dossiers.c.due_at) < selection.soon)
        case Queue.RECEIVED:
            found = and_(under_review, is_completed())
        case Queue.ASKED:
            found = _of(selection, dossiers.c.state) == State.AWAITING_FAMILY.value
        case Queue.DECIDED:
            found = _of(selection, dossiers.c.decided_at).is_not(None)
        case Queue.ALL:
            found = _of(selection, dossiers.c.submitted_at).is_not(None)
    return found


def _of(selection: Selection, column: ColumnElement[T]) -> ColumnElement[T]:
    """The column, hidden from its indexes when there are words: theirs is the one to begin with.

    SQLite would read the whole queue and look each dossier up among the words.
    """
    return func.coalesce(column, None, type_=column.type) if selection.words else column


def matches(words: str) -> ColumnElement[bool]:
    """By what was typed: the beginning of an address, of a number, or of names in any order."""
    words = words.strip().lower()
    if "@" in words:
        return dossiers.c.account_id.in_(accounts_with(words.lstrip("@")))
    return and_(*(dossiers.c.id.in_(dossiers_with(word)) for word in sort_key(words).split()))


def _key(selection: Selection) -> tuple[ColumnElement[Any], bool]:
    """What orders the selection, and whether the greatest comes first."""
    if selection.queue is Queue.DECIDED:
        return dossiers.c.decided_at, True
    if selection.queue is Queue.ALL:
        return dossiers.c.submitted_at, True
    # Where silence decides nothing there is no legal date: those come last, on every database.
    return func.coalesce(dossiers.c.due_at, literal(_FAR, Moment())), False


def order(selection: Selection) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The order of the selection; the id makes it one order for dossiers of the same moment."""
    key, is_descending = _key(selection)
    if is_descending:
        return key.desc(), dossiers.c.id.desc()
    return key.asc(), dossiers.c.id.asc()


def reversed_order(selection: Selection) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The same from the other end."""
    key, is_descending = _key(selection)
    if is_descending:
        return key.asc(), dossiers.c.id.asc()
    return key.desc(), dossiers.c.id.desc()


def precedes(selection: Selection, dossier: Dossier) -> ColumnElement[bool]:
    """The condition of what comes before this dossier."""
    key, is_descending = _key(selection)
    moments = {Queue.DECIDED: dossier.decided_at, Queue.ALL: dossier.submitted_at}
    mine = literal(moments.get(selection.queue, dossier.due_at) or _FAR, Moment())
    if is_descending:
        return or_(key > mine, and_(key == mine, dossiers.c.id > dossier.id))
    return or_(key < mine, and_(key == mine, dossiers.c.id < dossier.id))


def is_ready() -> ColumnElement[bool]:
    """Nothing in it has to be looked at, of a dossier under review: `domain.readiness`."""
    mine = documents.c.dossier_id == dossiers.c.id
    seen = exists().where(
        marks.c.dossier_id == documents.c.dossier_id,
        marks.c.piece == documents.c.piece,
        marks.c.mark == "good",
    )
    to_look_at = exists().where(
        mine,
        documents.c.removed_at.is_(None),
        documents.c.status != REFUSED,
        or_(
            documents.c.status.in_((DOUBTFUL, PENDING)),
            documents.c.scan == Scan.PENDING.value,
            documents.c.piece.in_(sorted(RESERVED_PIECES)),
        ),
        ~seen,
    )
    taken_away = exists().where(mine, documents.c.removed_at > dossiers.c.submitted_at)
    to_replace = exists().where(marks.c.dossier_id == dossiers.c.id, marks.c.mark == "replace")
    asked = exists().where(requests.c.dossier_id == dossiers.c.id)
    held = exists().where(holds.c.dossier_id == dossiers.c.id, holds.c.ended_at.is_(None))
    reasons = (to_look_at, taken_away, to_replace, asked, held)
    return and_(
        ~is_completed(),
        *(~one.correlate_except(documents, marks, requests, holds) for one in reasons),
    )


def is_completed() -> ColumnElement[bool]:
    """Something came from the family since it sent the dossier."""
    added = (
        select(documents.c.id)
        .where(
            documents.c.dossier_id == dossiers.c.id,
            documents.c.removed_at.is_(None),
            documents.c.given_at > dossiers.c.submitted_at,
        )
        .correlate(dossiers)
    )
    return or_(dossiers.c.answered_at.is_not(None), added.exists())
