"""Attempts that are counted: by whom and on whom is a hash, and a day later they are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import new_id
from storage.tables import sign_in_failures

_CLOCKS_DIFFER_BY = timedelta(minutes=1)


class Attempts:
    """Counting what somebody may not do too often. Several processes of the site count together."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def note(self, subject: str, at: datetime) -> str:
        """Count one, and give the id by which it can be taken back."""
        attempt_id = new_id()
        await self._db.execute(
            insert(sign_in_failures).values(id=attempt_id, subject=subject, at=at)
        )
        return attempt_id

    async def latest(
        self, subject: str, n: int, at: datetime, within: timedelta
    ) -> datetime | None:
        """When the n-th last of this time was; None when there were fewer.

        What lies ahead is not counted: a clock that was set back makes nobody wait for it.
        """
        query = (
            select(sign_in_failures.c.at)
            .where(
                sign_in_failures.c.subject == subject,
                sign_in_failures.c.at > at - within,
                sign_in_failures.c.at <= at + _CLOCKS_DIFFER_BY,
            )
            .order_by(sign_in_failures.c.at.desc())
            .offset(n - 1)
            .limit(1)
        )
        return (await self._db.execute(query)).scalar()

    async def take_back(self, attempt_id: str) -> None:
        """It was none: the person came in. Twice: nothing more."""
        await self._db.execute(delete(sign_in_failures).where(sign_in_failures.c.id == attempt_id))

    async def forget(self, subject: str) -> None:
        """Count from nothing again."""
        await self._db.execute(
            delete(sign_in_failures).where(sign_in_failures.c.subject == subject)
        )
