"""The town's people: who they are, what they may do, whether their access is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import Duty
from storage.accounts import Account, Accounts
from storage.records import as_record, columns, fitting, sort_key
from storage.tables import access_links, accounts, api_tokens
from storage.writes import take_turn

ADMIN: Final = "admin"
ROLES: Final = ("agent", ADMIN)


class Staff:
    """Questions and writes about agents and admins."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def everybody(self, *, limit: int = 1_000) -> Sequence[Account]:
        """All agents and admins, those whose access is open first, each by name."""
        query = select(*columns(accounts, Account)).where(accounts.c.role.in_(ROLES)).limit(limit)
        found = [as_record(Account, row) for row in (await self._db.execute(query)).mappings()]
        return sorted(found, key=lambda one: (one.disabled_at is not None, sort_key(one.name)))

    async def find(self, account_id: str) -> Account | None:
        """An agent or an admin; None for anybody else."""
        query = select(*columns(accounts, Account)).where(
            accounts.c.id == account_id, accounts.c.role.in_(ROLES)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Account, row) if row else None

    async def take_turn(self) -> None:
        """Wait for whoever changes somebody's rights at this instant: to be asked before looking.

        So that of two admins who close each other's access, the second is an admin no more.
        """
        await take_turn(self._db, "staff")

    async def is_admin(self, account_id: str) -> bool:
        """Whether this account is that of an admin, and open."""
        query = select(accounts.c.id).where(
            accounts.c.id == account_id,
            accounts.c.role == ADMIN,
            accounts.c.disabled_at.is_(None),
        )
        return (await self._db.execute(query)).first() is not None

    async def other_admins(self, account_id: str) -> int:
        """How many open accounts of admins there are beside this one."""
        query = select(func.count()).where(
            accounts.c.id != account_id,
            accounts.c.role == ADMIN,
            accounts.c.disabled_at.is_(None),
        )
        return (await self._db.execute(query)).scalar_one()

    async def change(
        self, account_id: str, *, name: str, title: str, role: str, duties: Sequence[Duty]
    ) -> None:
        """Write who somebody is and what they may do: the next request obeys."""
        words = fitting(accounts, name=name, title=title)
        await self._db.execute(
            update(accounts)
            .where(accounts.c.id == account_id)
            .values(role=role, duties=tuple(duties), **words)
        )

    async def close(self, account: Account, at: datetime) -> None:
        """Close somebody's access everywhere at once: sessions, programs, links. Twice: once."""
        await Accounts(self._db).disable(account.id, at)
        await self.end_tokens(account.id, at)
        await self._db.execute(
            update(access_links)
            .where(access_links.c.email == account.email, access_links.c.used_at.is_(None))
            .values(used_at=at)
        )

    async def open_again(self, account_id: str) -> None:
        """Open a closed access: the password and the telephone are those from before.

        The tokens of programs stay closed.
        """
        await self._db.execute(
            update(accounts).where(accounts.c.id == account_id).values(disabled_at=None)
        )

    async def end_tokens(self, account_id: str, at: datetime) -> None:
        """Close every token that acts in somebody's name. Twice: the first moment stands."""
        await self._db.execute(
            update(api_tokens)
            .where(api_tokens.c.account_id == account_id, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
