"""What each night erased: counts and days, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nights import NIGHTS
from domain.retention import Category
from storage.records import as_record
from storage.tables import erasure_lines, erasure_nights, incidents
from storage.writes import add_once, insert_into


@dataclass(frozen=True)
class Night:
    """One night, a civil day in Paris; `ended_at` is None while it goes on, or was cut for good."""

    night: date
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class NightLine:
    """How many of a category were erased in a night, and of how many their families were told."""

    night: date
    category: str
    erased: int
    warned: int


class ErasureNights:
    """The nights, and their lines."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def begin(self, night: date, at: datetime) -> None:
        """A night begins. Twice: the first time stands."""
        await add_once(self._db, erasure_nights, night=night, began_at=at)

    async def end(self, night: date, at: datetime) -> None:
        """It has gone through everything: what failed in those before is done. Twice: the same."""
        of_nights = incidents.c.workflow_id.startswith(NIGHTS, autoescape=True)
        await self._db.execute(
            update(incidents)
            .where(of_nights, incidents.c.cleared_at.is_(None))
            .values(cleared_at=at)
        )
        await self._db.execute(
            update(erasure_nights).where(erasure_nights.c.night == night).values(ended_at=at)
        )

    async def count(
        self, night: date, category: Category, *, erased: int = 0, warned: int = 0
    ) -> None:
        """Add to what this night did, in the transaction that does it."""
        line = erasure_lines.c
        await self._db.execute(
            insert_into(self._db, erasure_lines)
            .values(night=night, category=category.value, erased=erased, warned=warned)
            .on_conflict_do_update(
                index_elements=["night", "category"],
                set_={"erased": line.erased + erased, "warned": line.warned + warned},
            )
        )

    async def latest(self, *, limit: int) -> Sequence[Night]:
        """The last nights, the newest first."""
        query = select(erasure_nights).order_by(erasure_nights.c.night.desc()).limit(limit)
        return [as_record(Night, row) for row in (await self._db.execute(query)).mappings()]

    async def lines(self, *, limit: int) -> Sequence[NightLine]:
        """What the last nights did, the newest first."""
        query = select(erasure_lines).order_by(
            erasure_lines.c.night.desc(), erasure_lines.c.category
        )
        rows = (await self._db.execute(query.limit(limit))).mappings()
        return [as_record(NightLine, row) for row in rows]
