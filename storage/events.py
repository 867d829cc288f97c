"""The timeline of each dossier: append-only, each passage once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, new_id
from storage.tables import accounts, events
from storage.writes import add_once


@dataclass(frozen=True)
class Event:
    """Who did what to a dossier, when, and the state it was in afterwards. No content."""

    at: datetime
    what: str
    actor: str
    actor_id: str | None
    state: str
    actor_name: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


class Events:
    """Lines of the audit of dossiers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(
        self,
        dossier_id: str,
        key: str,
        *,
        at: datetime,
        what: str,
        actor: str,
        actor_id: str | None,
        state: str,
        detail: dict[str, Any] | None = None,
    ) -> bool:
        """Write one line. Twice with the same key: the second writes nothing and returns False."""
        return await add_once(
            self._db,
            events,
            id=new_id(),
            dossier_id=dossier_id,
            key=key,
            at=at,
            what=what,
            actor=actor,
            actor_id=actor_id or None,
            state=state,
            detail=detail or {},
        )

    async def detail(self, dossier_id: str, key: str) -> dict[str, Any] | None:
        """What the line of that key keeps; None when it is not written yet."""
        query = select(events.c.detail).where(
            events.c.dossier_id == dossier_id, events.c.key == key
        )
        row = (await self._db.execute(query)).first()
        return None if row is None else dict(row.detail)

    async def of(self, dossier_id: str) -> Sequence[Event]:
        """The whole timeline, oldest first, with the names of those who acted."""
        wanted = [column for column in columns(events, Event) if column.name != "actor_name"]
        query = (
            select(*wanted, accounts.c.name.label("actor_name"))
            .select_from(events.outerjoin(accounts, accounts.c.id == events.c.actor_id))
            .where(events.c.dossier_id == dossier_id)
            .order_by(events.c.at, events.c.id)
        )
        rows = (await self._db.execute(query)).mappings()
        return [as_record(Event, {**row, "actor_name": row["actor_name"] or ""}) for row in rows]
