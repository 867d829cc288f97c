"""The lists that agents work through: which dossiers, in which order, and what is beside each.

One question is one statement, whatever the number of dossiers: a page of a queue, its size, the
neighbours of a dossier in it, the counts of all queues.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dossiers import Dossier
from storage.merging import first_of_all
from storage.queue_lines import Line, line_of, lines
from storage.selections import (
    Queue,
    Selection,
    apart,
    in_queue,
    order,
    precedes,
    reversed_order,
    selected,
    within,
)
from storage.tables import dossiers

_BEFORE, _AFTER = 4, 8


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
        self, departments: Sequence[str] | None, soon: datetime, words: str = ""
    ) -> Mapping[Queue, int]:
        """How many dossiers each queue has, of those that match the words if there are some."""
        each = [Selection(queue, departments, soon, words) for queue in Queue]
        if words:  # few match: looked for once, and sorted into the queues
            sums = [func.count(case((in_queue(one), 1))).label(one.queue) for one in each]
            query = select(*sums).where(*within(each[0]))
        else:  # each queue has an index that counts it
            query = select(*(_count(selected(one)).label(one.queue) for one in each))
        row = (await self._db.execute(query)).mappings().one()
        return {queue: row[queue] for queue in Queue}

    async def page(
        self, selection: Selection, *, limit: int = 25, offset: int = 0
    ) -> Sequence[Line]:
        """Some of the selected dossiers: the oldest legal date first, so that none is forgotten.

        The decided ones and the list of all begin with the latest.
        """
        # The ids first: only the dossiers of the page are worth counting what is beside them.
        each = [select(dossiers.c.id).where(selected(one)) for one in apart(selection)]
        wanted = first_of_all(each, order(selection), limit=limit, offset=offset)
        query = lines().where(dossiers.c.id.in_(wanted)).order_by(*order(selection))
        return [line_of(row) for row in (await self._db.execute(query)).mappings()]

    async def place(self, selection: Selection, dossier: Dossier) -> Place:
        """Where this dossier is in the selection, with its neighbours."""
        in_it, earlier = selected(selection), precedes(selection, dossier)
        mine = [select(dossiers.c.id).where(selected(one)) for one in apart(selection)]
        later = and_(~earlier, dossiers.c.id != dossier.id)
        ids = [
            first_of_all(
                [one.where(earlier) for one in mine], reversed_order(selection), limit=_BEFORE
            ),
            first_of_all([one.where(later) for one in mine], order(selection), limit=_AFTER),
        ]
        wanted = union_all(
            select(literal(dossier.id).label("id")),
            *(select(one.subquery().c.id) for one in ids),
        )
        query = (
            lines()
            .add_columns(
                _count(in_it).label("total"),
                _count(and_(in_it, earlier)).label("before"),
                _count(and_(in_it, dossiers.c.id == dossier.id)).label("is_in"),
            )
            .where(dossiers.c.id.in_(wanted))
            .order_by(*order(selection))
        )
        rows = (await self._db.execute(query)).mappings().all()
        found = [line_of(row) for row in rows]
        current = next(line for line in found if line.id == dossier.id)
        is_in = bool(rows[0]["is_in"])
        return Place(
            current=current,
            position=rows[0]["before"] + 1 if is_in else 0,
            total=rows[0]["total"],
            lines=found if is_in else [line for line in found if line is not current],
        )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    counted = select(func.count()).select_from(dossiers).where(condition)
    return counted.correlate(None).scalar_subquery()
