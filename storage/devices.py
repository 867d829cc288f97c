"""The browsers in which somebody is signed in, as their owner sees them, and their ends."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.accounts import Session
from storage.records import as_record, columns
from storage.tables import sessions


class Devices:
    """Questions and writes about the sessions of one account."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_account(self, account_id: str, *, seen_since: datetime) -> Sequence[Session]:
        """The browsers in which the account is signed in and was seen since, the latest first."""
        query = (
            select(*columns(sessions, Session))
            .where(
                sessions.c.account_id == account_id,
                sessions.c.seen_at > seen_since,
                sessions.c.waits_for == "",
            )
            .order_by(sessions.c.seen_at.desc(), sessions.c.id)
        )
        return [as_record(Session, row) for row in (await self._db.execute(query)).mappings()]

    async def end(self, account_id: str, session_id: str) -> bool:
        """End one of this account's sessions; False when it has none of that id any more."""
        done = await self._db.execute(
            delete(sessions).where(sessions.c.account_id == account_id, sessions.c.id == session_id)
        )
        return done.rowcount == 1

    async def end_others(self, account_id: str, but: str) -> int:
        """End every session of this account but the one of id `but`, and say how many those were.

        Twice: none the second time.
        """
        done = await self._db.execute(
            delete(sessions).where(sessions.c.account_id == account_id, sessions.c.id != but)
        )
        return done.rowcount

    async def renew(self, old_hash: str, session: Session) -> bool:
        """Give a session its new token and form token; False when it has ended meanwhile."""
        done = await self._db.execute(
            update(sessions)
            .where(sessions.c.token_hash == old_hash)
            .values(token_hash=session.token_hash, csrf_token=session.csrf_token)
        )
        return done.rowcount == 1

    async def confirm(self, session_id: str, at: datetime) -> None:
        """The person has just shown again that they are who signed in."""
        await self._db.execute(
            update(sessions).where(sessions.c.id == session_id).values(confirmed_at=at)
        )
