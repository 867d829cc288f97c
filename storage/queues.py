"""The lists that agents work through: which dossiers, in which order, and what is beside each.

One question is one statement, whatever the number of dossiers: a page of a queue, its size, the
neighbours of a dossier in it, the counts of all queues. Drafts are the families' own: no list
shows them. Each queue is told by one column that an index of `dossiers` begins with after the
department (`state`, `decided_at`, `submitted_at`); a second one would mislead the planner.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.states import Action, State
from storage.documents import DOUBTFUL, REFUSED
from storage.dossiers import Dossier
from storage.records import as_record, sort_key
from storage.tables import Moment, accounts, acts, documents, dossiers, marks

_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_BEFORE, _AFTER = 4, 8
_NUMBER = re.compile(r"\d{4}-\d{1,6}|\d{1,6}")
_DECISIONS = (Action.APPROVE, Action.REFUSE, Action.ASK_TO_COMPLETE, Action.CANCEL_REQUEST)


class Queue(StrEnum):
    """The queues of the agents. A dossier under review may be in several."""

    TO_CHECK = "to_check"
    URGENT = "urgent"
    RECEIVED = "received"
    ASKED = "asked"
    DECIDED = "decided"
    ALL = "all"


@dataclass(frozen=True)
class Selection:
    """What an agent looks through: a queue of a department (None: all), matching some words.

    `soon` is the moment before which a legal date makes a dossier urgent. `words` are part of the
    child's name, of the number, or of the family's mail address; empty for all.
    """

    queue: Queue
    department: str | None
    soon: datetime
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One dossier of a list. `due_at` as in the dossier; the names are empty when there is nobody.

    `doubtful` documents were noticed by the checks, `to_replace` and `unmarked` pieces by nobody or
    by an agent; `is_completed`: something came from the family since it sent the dossier;
    `waiting_action`: an agent's act that is kept and not applied yet.
    """

    id: str
    number: str
    child_name: str
    child_first_name: str
    state: State
    submitted_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    owner_name: str
    owner_email: str
    follower: str
    decider: str
    doubtful: int
    to_replace: int
    unmarked: int
    is_completed: bool
    waiting_action: str


@dataclass(frozen=True)
class Place:
    """Where a dossier is in a selection: `lines` are its neighbourhood, itself included, in order.

    `position` counts from 1. It is 0 when the dossier is not in the selection: then the lines are
    those between which it would be, without it.
    """

    current: Line
    position: int
    total: int
    lines: Sequence[Line]

    @property
    def previous(self) -> Line | None:
        """The dossier before this one."""
        return self._beside(-1)

    @property
    def next(self) -> Line | None:
        """The dossier after this one."""
        return self._beside(1)

    def _beside(self, step: int) -> Line | None:
        if not self.position:
            return None
        wanted = self.lines.index(self.current) + step
        return self.lines[wanted] if 0 <= wanted < len(self.lines) else None


class Queues:
    """The lists of the agents."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def counts(
        self, department: str | None, soon: datetime, words: str = ""
    ) -> Mapping[Queue, int]:
        """How many dossiers each queue has, of those that match the words if there are some."""
        totals = [
            _count(_selected(Selection(queue, department, soon, words))).label(queue)
            for queue in Queue
        ]
        row = (await self._db.execute(select(*totals))).mappings().one()
        return {queue: row[queue] for queue in Queue}

    async def page(
        self, selection: Selection, *, limit: int = 25, offset: int = 0
    ) -> Sequence[Line]:
        """Some of the selected dossiers: the oldest legal date first, so that none is forgotten.

        The decided ones and the list of all begin with the latest.
        """
        order = _order(selection)
        # The ids first: only the dossiers of the page are worth counting what is beside them.
        wanted = (
            select(dossiers.c.id)
            .where(_selected(selection))
            .order_by(*order)
            .limit(limit)
            .offset(offset)
        )
        query = _lines().where(dossiers.c.id.in_(wanted)).order_by(*order)
        return [_line(row) for row in (await self._db.execute(query)).mappings()]

    async def place(self, selection: Selection, dossier: Dossier) -> Place:
        """Where this dossier is in the selection, with its neighbours."""
        selected, order = _selected(selection), _order(selection)
        before = and_(selected, _precedes(selection, dossier))
        after = and_(selected, ~_precedes(selection, dossier), dossiers.c.id != dossier.id)
        ids = [
            select(dossiers.c.id).where(before).order_by(*_reversed(selection)).limit(_BEFORE),
            select(dossiers.c.id).where(after).order_by(*order).limit(_AFTER),
        ]
        wanted = union_all(
            select(literal(dossier.id).label("id")),
            *(select(one.subquery().c.id) for one in ids),
        )
        query = (
            _lines()
            .add_columns(
                _count(selected).label("total"),
                _count(before).label("before"),
                _count(and_(selected, dossiers.c.id == dossier.id)).label("is_in"),
            )
            .where(dossiers.c.id.in_(wanted))
            .order_by(*order)
        )
        rows = (await self._db.execute(query)).mappings().all()
        lines = [_line(row) for row in rows]
        current = next(line for line in lines if line.id == dossier.id)
        is_in = bool(rows[0]["is_in"])
        return Place(
            current=current,
            position=rows[0]["before"] + 1 if is_in else 0,
            total=rows[0]["total"],
            lines=lines if is_in else [line for line in lines if line is not current],
        )


def _selected(selection: Selection) -> ColumnElement[bool]:
    """The condition of a dossier of this selection."""
    column = dossiers.c
    conditions = [_in_queue(selection)]
    if selection.department is not None:
        conditions.append(column.department == selection.department)
    if selection.words:
        conditions.append(_matches(selection.words))
    return and_(*conditions)


def _in_queue(selection: Selection) -> ColumnElement[bool]:
    column = dossiers.c
    under_review = column.state == State.UNDER_REVIEW.value
    match selection.queue:
        case Queue.TO_CHECK:
            return under_review
        case Queue.URGENT:
            return and_(under_review, column.due_at < selection.soon)
        case Queue.RECEIVED:
            return and_(under_review, _is_completed())
        case Queue.ASKED:
            return column.state == State.AWAITING_FAMILY.value
        case Queue.DECIDED:
            return column.decided_at.is_not(None)
        case Queue.ALL:
            return column.submitted_at.is_not(None)


def _matches(words: str) -> ColumnElement[bool]:
    """By what was typed: an address, a number, or parts of a name in any order."""
    words = words.strip().lower()
    if "@" in words:
        owners = select(accounts.c.id).where(accounts.c.email.contains(words, autoescape=True))
        return dossiers.c.account_id.in_(owners)
    if _NUMBER.fullmatch(words):
        return dossiers.c.number.contains(words, autoescape=True)
    name = dossiers.c.sort_key
    return and_(
        *(
            or_(
                name.startswith(word, autoescape=True),
                name.contains(f" {word}", autoescape=True),
                name.contains(f"-{word}", autoescape=True),
            )
            for word in sort_key(words).split()
        )
    )


def _key(selection: Selection) -> tuple[ColumnElement[Any], bool]:
    """What orders the selection, and whether the greatest comes first."""
    if selection.queue is Queue.DECIDED:
        return dossiers.c.decided_at, True
    if selection.queue is Queue.ALL:
        return dossiers.c.submitted_at, True
    # Where silence decides nothing there is no legal date: those come last, on every database.
    return func.coalesce(dossiers.c.due_at, literal(_FAR, Moment())), False


def _order(selection: Selection) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    key, is_descending = _key(selection)
    if is_descending:
        return key.desc(), dossiers.c.id.desc()
    return key.asc(), dossiers.c.id.asc()


def _reversed(selection: Selection) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    key, is_descending = _key(selection)
    if is_descending:
        return key.asc(), dossiers.c.id.asc()
    return key.desc(), dossiers.c.id.desc()


def _precedes(selection: Selection, dossier: Dossier) -> ColumnElement[bool]:
    """The condition of what comes before this dossier."""
    key, is_descending = _key(selection)
    moments = {Queue.DECIDED: dossier.decided_at, Queue.ALL: dossier.submitted_at}
    mine = literal(moments.get(selection.queue, dossier.due_at) or _FAR, Moment())
    if is_descending:
        return or_(key > mine, and_(key == mine, dossiers.c.id > dossier.id))
    return or_(key < mine, and_(key == mine, dossiers.c.id < dossier.id))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    counted = select(func.count()).select_from(dossiers).where(condition)
    return counted.correlate(None).scalar_subquery()


def _is_completed() -> ColumnElement[bool]:
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


def _lines() -> Select[Any]:
    """The lines of some dossiers, to be narrowed by the caller."""
    owner, follower, decider = (accounts.alias(name) for name in ("owner", "follower", "decider"))
    mine = and_(
        documents.c.dossier_id == dossiers.c.id,
        documents.c.removed_at.is_(None),
        documents.c.status != REFUSED,
    )
    marked = and_(marks.c.dossier_id == documents.c.dossier_id, marks.c.piece == documents.c.piece)
    column = dossiers.c
    return select(
        column.id,
        column.number,
        column.child_name,
        column.child_first_name,
        column.state,
        column.submitted_at,
        column.due_at,
        column.decided_at,
        owner.c.name.label("owner_name"),
        owner.c.email.label("owner_email"),
        func.coalesce(follower.c.name, "").label("follower"),
        func.coalesce(decider.c.name, "").label("decider"),
        _beside(select(func.count()).where(mine, documents.c.status == DOUBTFUL), "doubtful"),
        _beside(
            select(func.count()).where(
                marks.c.dossier_id == dossiers.c.id, marks.c.mark == "replace"
            ),
            "to_replace",
        ),
        _beside(
            select(func.count(documents.c.piece.distinct())).where(
                mine, ~select(marks.c.piece).where(marked).exists()
            ),
            "unmarked",
        ),
        _is_completed().label("is_completed"),
        _beside(
            select(func.max(acts.c.action)).where(
                acts.c.dossier_id == dossiers.c.id,
                acts.c.outcome == "",
                acts.c.action.in_([action.value for action in _DECISIONS]),
            ),
            "waiting_action",
        ),
    ).select_from(
        dossiers.join(owner, owner.c.id == column.account_id)
        .outerjoin(follower, follower.c.id == column.followed_by)
        .outerjoin(decider, decider.c.id == column.decided_by)
    )


def _beside(query: Select[Any], name: str) -> ColumnElement[Any]:
    return query.correlate(dossiers).scalar_subquery().label(name)


def _line(row: Mapping[Any, Any]) -> Line:
    return as_record(
        Line,
        {name: value for name, value in row.items() if name in Line.__dataclass_fields__},
        state=State(row["state"]),
        is_completed=bool(row["is_completed"]),
        waiting_action=row["waiting_action"] or "",
    )
