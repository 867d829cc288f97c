"""Sessions: browsers in which somebody came in, or is about to.

The token is never kept, only its SHA-256: a copy of the database opens no door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.accounts import Account
from storage.records import as_record, columns, new_id
from storage.tables import absences, accounts, sessions


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `notice` (`kind`, `text`) is to be said once on its next page.

    `waits_for` is what is to be done before anything opens: "second_factor", or nothing. `id` is
    what its owner sees of it, with the `device` and the network address (`place`) it came from;
    `confirmed_at` is when they last showed who they are. `has_kept_forms`: see `KeptForms`.
    """

    token_hash: str
    account_id: str | None
    csrf_token: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    notice: Mapping[str, str] | None = None
    waits_for: str = ""
    id: str = field(default_factory=new_id)
    device: str = ""
    place: str = ""
    confirmed_at: datetime | None = None
    has_kept_forms: bool = False


_OWNER = columns(accounts, Account)


class Sessions:
    """Questions and writes about one session, and about those of one account."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, session: Session) -> None:
        """Open a session."""
        await self._db.execute(
            insert(sessions).values(
                token_hash=session.token_hash,
                account_id=session.account_id,
                csrf_token=session.csrf_token,
                created_at=session.created_at,
                seen_at=session.seen_at,
                expires_at=session.expires_at,
                waits_for=session.waits_for,
                id=session.id,
                device=session.device,
                place=session.place,
                confirmed_at=session.confirmed_at,
                has_kept_forms=session.has_kept_forms,
            )
        )
        if session.account_id and not session.waits_for:
            await self._db.execute(
                update(accounts)
                .where(accounts.c.id == session.account_id)
                .values(seen_at=session.seen_at)
            )

    async def find(self, token_hash: str) -> Session | None:
        """The session of this token, expired or not."""
        query = select(*columns(sessions, Session)).where(sessions.c.token_hash == token_hash)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Session, row) if row else None

    async def with_owner(
        self, token_hash: str, at: datetime
    ) -> tuple[Session | None, Account | None, bool]:
        """The session of this token, whose it is, and whether they stand in for a colleague.

        In one question, because every page asks it. Who stands in: `Duties.on_duty`.
        """
        wanted = columns(sessions, Session)
        stands_in = exists().where(absences.c.cover_id == accounts.c.id, absences.c.ends_at > at)
        query = (
            select(
                *wanted,
                *(column.label(f"owner_{column.name}") for column in _OWNER),
                stands_in.label("stands_in"),
            )
            .select_from(sessions.outerjoin(accounts, accounts.c.id == sessions.c.account_id))
            .where(sessions.c.token_hash == token_hash)
        )
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            return None, None, False
        owner = {column.name: row[f"owner_{column.name}"] for column in _OWNER}
        account = as_record(Account, owner) if owner["id"] else None
        return as_record(Session, row), account, bool(row["stands_in"])

    async def touch(self, token_hash: str, at: datetime) -> None:
        """The person was seen."""
        await self._db.execute(
            update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at)
        )
        owner = select(sessions.c.account_id).where(
            sessions.c.token_hash == token_hash, sessions.c.waits_for == ""
        )
        await self._db.execute(
            update(accounts).where(accounts.c.id == owner.scalar_subquery()).values(seen_at=at)
        )

    async def set_notice(self, token_hash: str, notice: Mapping[str, str] | None) -> None:
        """Keep what the next page of this session says once; None: it has been said."""
        await self._db.execute(
            update(sessions).where(sessions.c.token_hash == token_hash).values(notice=notice)
        )

    async def end(self, token_hash: str) -> None:
        """Sign out. Twice: nothing more."""
        await self._db.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

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

    async def end_one(self, account_id: str, session_id: str) -> bool:
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
