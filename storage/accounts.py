"""Who may come in: accounts, links sent by mail, sessions, failed attempts.

Tokens are never kept, only their SHA-256: a copy of the database opens no door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import Duty
from storage.records import as_record, columns, fitting, new_id
from storage.search_words import keep_words_of_account, words_of_account
from storage.strangers import forget_strangers
from storage.tables import (
    absences,
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
    sees no dossier); `Duties.now` adds those of colleagues who are away. `seen_at` is the last sign
    of life, to the minute. `is_example` marks the accounts of the example town, which open nothing
    anywhere else.
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


class Accounts:
    """Questions and writes about who comes in. Mail addresses are given normalised (lower case)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def take_turn(self, subject: str) -> None:
        """Wait for whoever does something about the same address, or attempt, at this instant.

        To be asked before counting links or attempts, or looking for an account to be made.
        """
        await take_turn(self._db, f"account:{subject}")

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

    async def add_session(self, session: Session) -> None:
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
            await self._update(session.account_id, seen_at=session.seen_at)

    async def session(self, token_hash: str) -> Session | None:
        """The session of this token, expired or not."""
        query = select(*columns(sessions, Session)).where(sessions.c.token_hash == token_hash)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Session, row) if row else None

    async def session_and_owner(
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

    async def touch_session(self, token_hash: str, at: datetime) -> None:
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

    async def end_session(self, token_hash: str) -> None:
        """Sign out. Twice: nothing more."""
        await self._db.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

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

    async def note_failure(self, subject: str, at: datetime) -> None:
        """A failed attempt on `subject`, a hash of an account's or a network address."""
        await self._db.execute(insert(sign_in_failures).values(id=new_id(), subject=subject, at=at))

    async def failures_since(self, subject: str, since: datetime) -> Sequence[datetime]:
        """When attempts on `subject` failed since then, the oldest first."""
        query = select(sign_in_failures.c.at).where(
            sign_in_failures.c.subject == subject, sign_in_failures.c.at > since
        )
        return (await self._db.execute(query.order_by(sign_in_failures.c.at))).scalars().all()

    async def forget_failures(self, subject: str) -> None:
        """The person came in: their failed attempts count no more."""
        await self._db.execute(
            delete(sign_in_failures).where(sign_in_failures.c.subject == subject)
        )
