"""Requests of people to have their data erased, and the erasing itself.

What the town must keep (`domain.retention`) stays: dossiers that were sent, with their letters and
documents, the children and guardians made of them, and the journal, which holds ids only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.paper import erased_address
from domain.retention import answer_due
from storage.records import as_record, columns, new_id
from storage.search_words import keep_words_of_account
from storage.tables import (
    access_links,
    account_words,
    accounts,
    activations,
    address_changes,
    answers,
    api_tokens,
    attachments,
    confirmations,
    documents,
    dossier_words,
    dossiers,
    erasure_requests,
    guardian_accesses,
    guardians,
    identities,
    identity_offers,
    known_browsers,
    letters,
    marks,
    merged_accounts,
    recovery_codes,
    second_factors,
    snapshots,
)


@dataclass(frozen=True)
class ErasureRequest:
    """Somebody asked; `due_on` is the last day to answer, a civil day in Paris."""

    id: str
    account_id: str
    asked_at: datetime
    due_on: date
    cancelled_at: datetime | None
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True)
class Waiting:
    """A request that waits, and whose it is."""

    request: ErasureRequest
    name: str
    email: str


class Erasures:
    """Requests of erasure."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def waiting_of(self, account_id: str) -> ErasureRequest | None:
        """What this person asked and nobody has answered yet."""
        query = select(erasure_requests).where(
            erasure_requests.c.account_id == account_id, *_IS_WAITING
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(ErasureRequest, row) if row else None

    async def find(self, request_id: str) -> ErasureRequest | None:
        """One request, answered or not."""
        query = select(erasure_requests).where(erasure_requests.c.id == request_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(ErasureRequest, row) if row else None

    async def ask(self, account_id: str, at: datetime, today: date) -> tuple[ErasureRequest, bool]:
        """Note that this person asks; whether it is new. To be asked in the account's turn.

        Twice while it waits: the first one stands.
        """
        known = await self.waiting_of(account_id)
        if known is not None:
            return known, False
        request = ErasureRequest(new_id(), account_id, at, answer_due(today), None, None, None)
        values = {one.name: getattr(request, one.name) for one in erasure_requests.c}
        await self._db.execute(erasure_requests.insert().values(**values))
        return request, True

    async def cancel(self, account_id: str, at: datetime) -> bool:
        """The person changed their mind; False when nothing waited any more."""
        return await self._settle(erasure_requests.c.account_id == account_id, cancelled_at=at)

    async def note_done(self, request_id: str, by: str, at: datetime) -> bool:
        """It was done; False when it was cancelled, or done, meanwhile: then nothing may be."""
        return await self._settle(erasure_requests.c.id == request_id, done_at=at, done_by=by)

    async def _settle(self, which: ColumnElement[bool], **values: object) -> bool:
        done = await self._db.execute(
            update(erasure_requests).where(which, *_IS_WAITING).values(**values)
        )
        return done.rowcount >= 1

    async def waiting(self, *, limit: int = 200) -> Sequence[Waiting]:
        """What waits for an answer, the first to be due first."""
        query = (
            select(*columns(erasure_requests, ErasureRequest), accounts.c.name, accounts.c.email)
            .join(accounts, accounts.c.id == erasure_requests.c.account_id)
            .where(*_IS_WAITING)
            .order_by(erasure_requests.c.due_on, erasure_requests.c.id)
            .limit(limit)
        )
        rows = (await self._db.execute(query)).mappings()
        return [Waiting(as_record(ErasureRequest, row), row["name"], row["email"]) for row in rows]

    async def erase(self, account_id: str, at: datetime) -> None:
        """Erase what nothing obliges to keep, and close the account for good. Twice: the same.

        Every draft must be closed before. The bytes of documents go by the reconciler.
        """
        never_sent = select(dossiers.c.id).where(
            dossiers.c.account_id == account_id, dossiers.c.submitted_at.is_(None)
        )
        ids = (await self._db.execute(never_sent)).scalars().all()
        await self._empty(ids, at)
        # What was merged into it is the same person, under another address.
        merged = select(merged_accounts.c.account_id).where(merged_accounts.c.into_id == account_id)
        query = select(accounts.c.id, accounts.c.email).where(
            or_(accounts.c.id == account_id, accounts.c.id.in_(merged))
        )
        for row in (await self._db.execute(query)).all():
            await self._forget_letters(row.id, row.email, ids)
            await self._forget_ways_in(row.id, row.email)
            await self._close(row.id, at)

    async def _close(self, account_id: str, at: datetime) -> None:
        await self._db.execute(
            update(accounts)
            .where(accounts.c.id == account_id)
            .values(
                email=erased_address(account_id),
                name="",
                password_hash=None,
                seen_at=None,
                disabled_at=at,
            )
        )
        await keep_words_of_account(self._db, account_id, ())

    async def _empty(self, ids: Sequence[str], at: datetime) -> None:
        """Leave of dossiers that were never sent their number, their state and their dates."""
        for table in (answers, snapshots, confirmations, marks, dossier_words):
            await self._db.execute(delete(table).where(table.c.dossier_id.in_(ids)))
        await self._db.execute(
            update(documents)
            .where(documents.c.dossier_id.in_(ids))
            .values(original_name="", statement="", remarks=[], removed_at=at)
        )
        await self._db.execute(
            update(dossiers)
            .where(dossiers.c.id.in_(ids))
            .values(child_name="", child_first_name="", sort_key="")
        )

    async def _forget_letters(self, account_id: str, email: str, ids: Sequence[str]) -> None:
        is_theirs = or_(letters.c.account_id == account_id, letters.c.to_address == email)
        await self._db.execute(
            update(activations).where(activations.c.account_id == account_id).values(letter_id=None)
        )
        await self._db.execute(
            delete(letters).where(
                or_(letters.c.dossier_id.in_(ids), letters.c.dossier_id.is_(None) & is_theirs)
            )
        )

    async def _forget_ways_in(self, account_id: str, email: str) -> None:
        links = select(access_links.c.id).where(access_links.c.email == email)
        changes = address_changes.c.account_id == account_id
        offers = identity_offers.c.link_id.in_(links)
        for table, which in (
            (identity_offers, offers),
            (address_changes, changes),
            (attachments, attachments.c.account_id == account_id),
            (identities, identities.c.account_id == account_id),
            (known_browsers, known_browsers.c.account_id == account_id),
            (recovery_codes, recovery_codes.c.account_id == account_id),
            (second_factors, second_factors.c.account_id == account_id),
            (account_words, account_words.c.account_id == account_id),
            (guardian_accesses, _is_theirs(account_id, email)),
        ):
            await self._delete(table, which)
        # The families stay while a child is at school; nobody writes to this address any more.
        await self._db.execute(
            update(guardians)
            .where(guardians.c.account_id == account_id)
            .values(email="", imported=None)
        )
        await self._db.execute(
            update(access_links).where(access_links.c.email == email).values(email="")
        )
        await self._db.execute(
            update(api_tokens).where(api_tokens.c.account_id == account_id).values(name="")
        )

    async def _delete(self, table: Table, which: ColumnElement[bool]) -> None:
        await self._db.execute(delete(table).where(which))


_IS_WAITING = (erasure_requests.c.cancelled_at.is_(None), erasure_requests.c.done_at.is_(None))


def _is_theirs(account_id: str, email: str) -> ColumnElement[bool]:
    """Their access to another guardian's dossier; one that staff ended stays, as its proof."""
    mine = or_(guardian_accesses.c.account_id == account_id, guardian_accesses.c.email == email)
    return mine & guardian_accesses.c.ends_on.is_(None)
