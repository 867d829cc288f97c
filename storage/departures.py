"""Children who left the town's schools: what is kept of them runs out from that day."""

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import departures
from storage.writes import put


class Departures:
    """Who left, and when."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def note(self, child_id: str, left_on: date, *, by: str, at: datetime) -> None:
        """A child has left, or will, on that civil day in Paris. The last word stands."""
        await put(
            self._db,
            departures,
            {"child_id": child_id},
            {"left_on": left_on, "noted_by": by, "noted_at": at},
        )

    async def take_back(self, child_id: str) -> bool:
        """It stays, or came back; False when nobody had noted that it left."""
        done = await self._db.execute(
            delete(departures).where(departures.c.child_id == child_id),
            execution_options={"preserve_rowcount": True},
        )
        return done.rowcount == 1

    async def of(self, child_id: str) -> date | None:
        """The day it left, if somebody noted one."""
        query = select(departures.c.left_on).where(departures.c.child_id == child_id)
        return (await self._db.execute(query)).scalar()
