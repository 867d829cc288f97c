"""The tokens by which programs come in, for a person or for another system.

As for sessions, a token itself is never kept, only its SHA-256.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.accounts import SYSTEM, Account
from storage.records import as_record, columns
from storage.tables import accounts, api_tokens
from storage.writes import add_once

_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """A token of an account. `name` says what it is for; `scopes` are those of `domain.scopes`.

    Moments are aware UTC. `created_by` is the account that made it: an admin, for another system.
    """

    id: str
    account_id: str
    name: str
    scopes: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens_at(self, at: datetime) -> bool:
        """Whether it still opens something at this moment."""
        return self.revoked_at is None and at < self.expires_at

    def is_unseen_at(self, at: datetime) -> bool:
        """Whether its use at this moment is worth writing down: once a minute at most."""
        return self.last_used_at is None or self.last_used_at <= at - _USED_EVERY


class Tokens:
    """Questions and writes about tokens."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, token: Token, token_hash: str) -> bool:
        """Keep a new token. False when its id is known: the same form came twice."""
        values = {column.name: getattr(token, column.name) for column in columns(api_tokens, Token)}
        return await add_once(self._db, api_tokens, token_hash=token_hash, **values)

    async def find(self, token_id: str) -> Token | None:
        """One token, whether it still opens something or not."""
        query = select(*columns(api_tokens, Token)).where(api_tokens.c.id == token_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Token, row) if row else None

    async def known(self, token_hash: str) -> tuple[Token, Account] | None:
        """The token of this hash with its owner, whatever has become of either."""
        mine = columns(api_tokens, Token)
        theirs = [one.label(f"owner_{one.name}") for one in columns(accounts, Account)]
        query = (
            select(*mine, *theirs)
            .join(accounts, accounts.c.id == api_tokens.c.account_id)
            .where(api_tokens.c.token_hash == token_hash)
        )
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            return None
        owner = {
            name.removeprefix("owner_"): value
            for name, value in row.items()
            if name.startswith("owner_")
        }
        return as_record(Token, row), as_record(Account, owner)

    async def note_use(self, token_id: str, at: datetime) -> None:
        """The token was used; written at most once a minute."""
        is_old = or_(
            api_tokens.c.last_used_at.is_(None), api_tokens.c.last_used_at <= at - _USED_EVERY
        )
        await self._db.execute(
            update(api_tokens).where(api_tokens.c.id == token_id, is_old).values(last_used_at=at)
        )

    async def revoke(self, token_id: str, at: datetime) -> None:
        """Close it for good. Twice: the first moment stands."""
        await self._db.execute(
            update(api_tokens)
            .where(api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )

    async def of_account(self, account_id: str, *, limit: int = 100) -> Sequence[Token]:
        """The tokens of an account, the latest first, those that are over included."""
        return await self._some(api_tokens.c.account_id == account_id, limit)

    async def of_systems(self, *, limit: int = 500) -> Sequence[Token]:
        """The tokens of all other systems, the latest first."""
        systems = select(accounts.c.id).where(accounts.c.role == SYSTEM)
        return await self._some(api_tokens.c.account_id.in_(systems), limit)

    async def _some(self, condition: object, limit: int) -> Sequence[Token]:
        query = (
            select(*columns(api_tokens, Token))
            .where(condition)  # type: ignore[arg-type]
            .order_by(api_tokens.c.created_at.desc(), api_tokens.c.id)
            .limit(limit)
        )
        return [as_record(Token, row) for row in (await self._db.execute(query)).mappings()]
