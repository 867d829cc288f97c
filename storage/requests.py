"""What the town asked a family to complete, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, new_id
from storage.tables import dossiers, requests


@dataclass(frozen=True)
class Request:
    """One request. `items` are `{"piece": code, "reason": code, "words": text}`.

    `asked_by` is None when the portal itself found something missing.
    """

    id: str
    n: int
    asked_at: datetime
    until: datetime
    asked_by: str | None
    items: list[dict[str, Any]]
    words: str
    received_at: datetime | None
    cancelled_at: datetime | None
    reminders_sent: int

    @property
    def is_open(self) -> bool:
        """Whether the family still has to answer it."""
        return self.received_at is None and self.cancelled_at is None


class Requests:
    """The requests of dossiers, numbered from 1 in each."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, dossier_id: str) -> Sequence[Request]:
        """All requests of a dossier, oldest first."""
        query = (
            select(*columns(requests, Request))
            .where(requests.c.dossier_id == dossier_id)
            .order_by(requests.c.n)
        )
        return [as_record(Request, row) for row in (await self._db.execute(query)).mappings()]

    async def current(self, dossier_id: str) -> Request | None:
        """The request the family has to answer, if there is one."""
        return next((one for one in reversed(await self.of(dossier_id)) if one.is_open), None)

    async def open_of_account(self, account_id: str) -> dict[str, Sequence[str]]:
        """The pieces asked and not answered yet, by dossier, for all dossiers of a family."""
        query = (
            select(requests.c.dossier_id, requests.c["items"])
            .join(dossiers, dossiers.c.id == requests.c.dossier_id)
            .where(
                dossiers.c.account_id == account_id,
                requests.c.received_at.is_(None),
                requests.c.cancelled_at.is_(None),
            )
        )
        rows = (await self._db.execute(query)).mappings()
        return {row["dossier_id"]: [item["piece"] for item in row["items"]] for row in rows}

    async def add(
        self,
        dossier_id: str,
        *,
        asked_at: datetime,
        until: datetime,
        items: list[dict[str, Any]],
        words: str = "",
        asked_by: str | None = None,
    ) -> int:
        """Ask, and give the number of this request in the dossier."""
        query = select(func.max(requests.c.n)).where(requests.c.dossier_id == dossier_id)
        n = ((await self._db.execute(query)).scalar() or 0) + 1
        await self._db.execute(
            insert(requests).values(
                id=new_id(),
                dossier_id=dossier_id,
                n=n,
                asked_at=asked_at,
                until=until,
                asked_by=asked_by,
                items=items,
                words=words,
            )
        )
        return n

    async def receive(self, dossier_id: str, at: datetime) -> None:
        """The family answered what was open."""
        await self._close(dossier_id, received_at=at)

    async def cancel(self, dossier_id: str, at: datetime) -> None:
        """The town took back what was open."""
        await self._close(dossier_id, cancelled_at=at)

    async def _close(self, dossier_id: str, **values: datetime) -> None:
        await self._db.execute(
            update(requests)
            .where(
                requests.c.dossier_id == dossier_id,
                requests.c.received_at.is_(None),
                requests.c.cancelled_at.is_(None),
            )
            .values(**values)
        )

    async def note_reminder(self, dossier_id: str, count: int) -> None:
        """The family was reminded of the open request for the `count`-th time."""
        current = await self.current(dossier_id)
        if current is not None:
            await self._db.execute(
                update(requests).where(requests.c.id == current.id).values(reminders_sent=count)
            )
