"""Agents on the pages of families: one visit at a time in a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.visits import Mode
from storage.records import as_record, columns, new_id
from storage.tables import sessions, visits


@dataclass(frozen=True)
class Visit:
    """An agent on a family's pages until `until` at the latest; left when `ended_at` says so."""

    id: str
    session_id: str
    agent_id: str
    family_id: str
    mode: Mode
    begun_at: datetime
    until: datetime
    ended_at: datetime | None


class Visits:
    """The visits, those that lasted too."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def begin(
        self,
        session_id: str,
        *,
        agent_id: str,
        family_id: str,
        mode: Mode,
        at: datetime,
        until: datetime,
    ) -> Visit:
        """Begin a visit. Whoever calls has ended the one before in the same transaction."""
        visit = Visit(new_id(), session_id, agent_id, family_id, mode, at, until, None)
        await self._db.execute(insert(visits).values(vars(visit)))
        return visit

    async def current(self, session_id: str) -> Visit | None:
        """The visit of this session that nobody has ended, its time over or not."""
        query = (
            select(*columns(visits, Visit))
            .where(visits.c.session_id == session_id, visits.c.ended_at.is_(None))
            .order_by(visits.c.begun_at.desc())
            .limit(1)
        )
        row = (await self._db.execute(query)).mappings().first()
        return _visit(row) if row else None

    async def end(self, visit_id: str, at: datetime) -> bool:
        """Leave. False when it was left already: two at once are one."""
        done = await self._db.execute(
            update(visits)
            .where(visits.c.id == visit_id, visits.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        return done.rowcount == 1

    async def over(self, at: datetime, *, limit: int = 200) -> Sequence[Visit]:
        """The visits that nobody left though their time, or their session, has ended."""
        is_alive = select(sessions.c.id).where(sessions.c.id == visits.c.session_id)
        query = (
            select(*columns(visits, Visit))
            .where(visits.c.ended_at.is_(None), or_(visits.c.until <= at, ~is_alive.exists()))
            .limit(limit)
        )
        return [_visit(row) for row in (await self._db.execute(query)).mappings()]


def _visit(row: RowMapping) -> Visit:
    return as_record(Visit, row, mode=Mode(row["mode"]))
