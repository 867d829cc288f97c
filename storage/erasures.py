"""Requests of people to have their data erased, and the erasing itself.

What the town must keep (`domain.retention`) stays: dossiers that were sent, with their letters and
documents, the children and guardians made of them, and the journal, which holds ids only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.paper import erased_address
from domain.retention import answer_due
from storage.accounts import Accounts
from storage.consents import Consents
from storage.erasing import Erasing
from storage.records import as_record, columns, new_id
from storage.search_words import keep_words_of_account
from storage.tables import (
    accounts,
    activations,
    dossiers,
    erasure_requests,
    letters,
    merged_accounts,
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
        self._erasing = Erasing(connection)

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
        await Accounts(self._db).hold_alone(account_id)
        never_sent = select(dossiers.c.id).where(
            dossiers.c.account_id == account_id, dossiers.c.submitted_at.is_(None)
        )
        ids = (await self._db.execute(never_sent)).scalars().all()
        await self._erasing.words_of(ids, at)
        # What was merged into it is the same person, under another address.
        merged = select(merged_accounts.c.account_id).where(merged_accounts.c.into_id == account_id)
        query = select(accounts.c.id, accounts.c.email).where(
            or_(accounts.c.id == account_id, accounts.c.id.in_(merged))
        )
        for row in (await self._db.execute(query)).all():
            # The words stay as proofs; nobody shows a child whose guardian has left.
            await Consents(self._db).take_all_back(row.id, at)
            await self._forget_letters(row.id, row.email, ids)
            await self._erasing.ways_in(row.id, row.email)
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


_IS_WAITING = (erasure_requests.c.cancelled_at.is_(None), erasure_requests.c.done_at.is_(None))
