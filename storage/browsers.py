"""Browsers in which somebody has come in before: a stranger's attempts do not keep them waiting."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import known_browsers

KEPT = timedelta(days=365)
"""How long a browser is known after the last time somebody came in with it."""


class Browsers:
    """Which browsers are known, and for which account. Of their tokens only the hash is kept."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def owners(self, hashes: Collection[str], at: datetime) -> dict[str, str]:
        """The account for which each of these is known; those that are not are left out."""
        query = select(known_browsers.c.token_hash, known_browsers.c.account_id).where(
            known_browsers.c.token_hash.in_(hashes), known_browsers.c.seen_at > at - KEPT
        )
        return {row.token_hash: row.account_id for row in await self._db.execute(query)}

    async def add(self, token_hash: str, account_id: str, at: datetime) -> None:
        """Know a browser from now on."""
        await self._db.execute(
            insert(known_browsers).values(token_hash=token_hash, account_id=account_id, seen_at=at)
        )

    async def forget(self, token_hash: str) -> None:
        """Know it no more. Twice: nothing more."""
        await self._db.execute(
            delete(known_browsers).where(known_browsers.c.token_hash == token_hash)
        )

    async def forget_unused(self, at: datetime) -> None:
        """Forget those in which nobody has come in for a year."""
        await self._db.execute(delete(known_browsers).where(known_browsers.c.seen_at < at - KEPT))
