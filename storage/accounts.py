"""Who may come in: accounts, and the links they are sent by mail.

Tokens are never kept, only their SHA-256: a copy of the database opens no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import Duty
from storage.records import as_record, columns, fitting, new_id
from storage.search_words import keep_words_of_account, words_of_account
from storage.strangers import forget_strangers
from storage.tables import (
    access_links,
    accounts,
    known_browsers,
    merged_accounts,
    sessions,
    sign_in_failures,
)
from storage.writes import take_turn

_A_DAY = timedelta(days=1)
PARENT = "parent"
SYSTEM = "system"
"""The role of another software of the town, which comes in by a token and by nothing else."""


@dataclass(frozen=True)
class Account:
    """A person known to the portal, or another software. `role`: parent, agent, admin or system.

    Letters print `title`. `duties` are what agents and systems do for the town (one without any
    sees no dossier); `Duties.on_duty` adds those of colleagues who are away. `seen_at` is the last
    sign of life, to the minute. `is_example` marks the accounts of the example town, which open
    nothing anywhere else.
    """

    id: str
    email: str
    role: str
    name: str
    title: str
    duties: tuple[Duty, ...]
    password_hash: str | None
    disabled_at: datetime | None
    seen_at: datetime | None = None
    is_example: bool = False


@dataclass(frozen=True)
class AccessLink:
    """A link sent by mail: one hour, once. `purpose`: "" to come in, "address" to change one."""

    id: str
    email: str
    expires_at: datetime
    used_at: datetime | None
    purpose: str = ""


class Accounts:
    """Questions and writes about who comes in. Mail addresses are given normalised (lower case)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def take_turn(self, subject: str) -> None:
        """Wait for whoever does something about the same address, or attempt, at this instant.

        To be asked before counting links or attempts, or looking for an account to be made.
        """
        await take_turn(self._db, f"account:{subject}")

    async def hold(self, account_id: str) -> Account | None:
        """As `by_id`, and nobody else holds, closes or erases it until this transaction ends.

        What only points at the account (a letter, a dossier) may still be added beside.
        """
        return await self._held(account_id, key_share=True)

    async def hold_alone(self, account_id: str) -> Account | None:
        """As `hold`, and nothing that points at the account is added either: it is to be erased."""
        return await self._held(account_id, key_share=False)

    async def _held(self, account_id: str, *, key_share: bool) -> Account | None:
        query = select(*columns(accounts, Account)).where(accounts.c.id == account_id)
        held = query.with_for_update(key_share=key_share)
        row = (await self._db.execute(held)).mappings().first()
        return as_record(Account, row) if row else None

    async def by_email(self, email: str) -> Account | None:
        """The account of this address, disabled or not.

        The address of an account that was merged into another leads to that other one.
        """
        own = select(accounts.c.id).where(accounts.c.email == email).scalar_subquery()
        into = select(merged_accounts.c.into_id).where(merged_accounts.c.account_id == own)
        query = select(*columns(accounts, Account)).where(
            accounts.c.id == func.coalesce(into.scalar_subquery(), own)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Account, row) if row else None

    async def by_id(self, account_id: str) -> Account | None:
        """The account of this id."""
        query = select(*columns(accounts, Account)).where(accounts.c.id == account_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Account, row) if row else None

    async def add(
        self,
        email: str,
        role: str,
        at: datetime,
        *,
        name: str = "",
        title: str = "",
        duties: Sequence[Duty] = (),
        password_hash: str | None = None,
        account_id: str = "",
        is_example: bool = False,
    ) -> str:
        """Create an account and give its id; the address must be new (unique), and so must the id.

        Without `account_id` one is chosen. `is_example`: it opens nothing but the example town.
        """
        account_id = account_id or new_id()
        await self._db.execute(
            insert(accounts).values(
                id=account_id,
                email=email,
                role=role,
                name=name,
                title=title,
                duties=duties,
                password_hash=password_hash,
                created_at=at,
                is_example=is_example,
            )
        )
        await self._keep_words(account_id)
        return account_id

    async def systems(self) -> Sequence[Account]:
        """The other software of the town that may come in, by name."""
        query = select(*columns(accounts, Account)).where(
            accounts.c.role == SYSTEM, accounts.c.disabled_at.is_(None)
        )
        rows = (await self._db.execute(query.order_by(accounts.c.name, accounts.c.id))).mappings()
        return [as_record(Account, row) for row in rows]

    async def mark_examples(self, emails: Sequence[str]) -> None:
        """Say that these accounts are those of the example town. Twice: nothing more."""
        await self._db.execute(
            update(accounts).where(accounts.c.email.in_(emails)).values(is_example=True)
        )

    async def set_password(self, account_id: str, password_hash: str | None) -> None:
        """Replace the password's hash; None for no password any more.

        No browser is known any more for this account.
        """
        await self._update(account_id, password_hash=password_hash)
        await self._db.execute(
            delete(known_browsers).where(known_browsers.c.account_id == account_id)
        )

    async def rehash(self, account_id: str, before: str, password_hash: str) -> None:
        """Keep the same password otherwise; not if another one was chosen since `before`."""
        await self._db.execute(
            update(accounts)
            .where(accounts.c.id == account_id, accounts.c.password_hash == before)
            .values(password_hash=password_hash)
        )

    async def set_name(self, account_id: str, name: str) -> None:
        """The name by which the portal greets the person; one that is too long is cut."""
        await self._update(account_id, **fitting(accounts, name=name))
        await self._keep_words(account_id)

    async def set_email(self, account_id: str, email: str) -> bool:
        """Replace the address; False when another account has it, and then nothing is changed.

        Links on their way to the address before open nothing any more.
        """
        before = await self.by_id(account_id)
        await self.take_turn(email)
        try:
            async with self._db.begin_nested():
                await self._update(account_id, email=email)
        except IntegrityError:
            return False
        if before is not None and before.email != email:
            await self.end_links_to(before.email)
        await self._keep_words(account_id)
        return True

    async def end_links_to(self, email: str) -> None:
        """Have the links that this address was sent open nothing any more. Twice: once."""
        await self._db.execute(
            update(access_links)
            .where(access_links.c.email == email, access_links.c.used_at.is_(None))
            .values(used_at=access_links.c.created_at)
        )

    async def disable(self, account_id: str, at: datetime) -> None:
        """Close an account: nobody comes in by it any more, and its sessions end."""
        await self._update(account_id, disabled_at=at)
        await self.end_sessions_of(account_id)

    async def _keep_words(self, account_id: str) -> None:
        account = await self.by_id(account_id)
        if account is not None:
            name = account.name if account.role == PARENT else ""
            words = words_of_account(account.email, name)
            await keep_words_of_account(self._db, account_id, words)

    async def _update(self, account_id: str, **values: object) -> None:
        await self._db.execute(update(accounts).where(accounts.c.id == account_id).values(**values))

    async def add_link(
        self,
        link_id: str,
        token_hash: str,
        email: str,
        at: datetime,
        expires_at: datetime,
        *,
        purpose: str = "",
    ) -> None:
        """Keep a link that is about to be mailed. `purpose` "" comes in; see `AccessLink`."""
        await self._db.execute(
            insert(access_links).values(
                id=link_id,
                token_hash=token_hash,
                email=email,
                created_at=at,
                expires_at=expires_at,
                purpose=purpose,
            )
        )

    async def link(self, token_hash: str) -> AccessLink | None:
        """The link of this token, used or not, expired or not."""
        query = select(*columns(access_links, AccessLink)).where(
            access_links.c.token_hash == token_hash
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(AccessLink, row) if row else None

    async def link_hash(self, link_id: str) -> str:
        """What is kept of the token of this link; "" when there is no such link."""
        query = select(access_links.c.token_hash).where(access_links.c.id == link_id)
        return (await self._db.execute(query)).scalar() or ""

    async def use_link(self, link_id: str, at: datetime) -> bool:
        """Consume a link; False when somebody was faster. Conditional: it works once."""
        done = await self._db.execute(
            update(access_links)
            .where(access_links.c.id == link_id, access_links.c.used_at.is_(None))
            .values(used_at=at)
        )
        return done.rowcount == 1

    async def links_since(self, email: str, since: datetime) -> int:
        """How many links this address was sent since then."""
        query = select(func.count()).where(
            access_links.c.email == email, access_links.c.created_at >= since
        )
        return (await self._db.execute(query)).scalar_one()

    async def end_sessions_of(self, account_id: str) -> None:
        """Sign this account out everywhere."""
        await self._db.execute(delete(sessions).where(sessions.c.account_id == account_id))

    async def forget_expired(self, at: datetime) -> None:
        """Remove sessions past their end, failed attempts of a day ago, and strangers' addresses.

        Those are kept thirty days: see `forget_strangers`.
        """
        await self._db.execute(delete(sessions).where(sessions.c.expires_at < at))
        await self._db.execute(delete(sign_in_failures).where(sign_in_failures.c.at < at - _A_DAY))
        await forget_strangers(self._db, at)
