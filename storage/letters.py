"""Every mail the portal sends: a row first, then a mail; kept, and shown in the portal too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, new_id
from storage.tables import dossiers, letters
from storage.writes import add_once

TO_SEND, ACCEPTED, RETRYING, REFUSED = "to_send", "accepted", "retrying", "refused"
TO_PRINT, PRINTED = "to_print", "printed"
ON_PAPER = frozenset({TO_PRINT, PRINTED})
"""How letters go to people without a mail address: they have no `to_address`."""


@dataclass(frozen=True)
class Letter:
    """A letter. `status` says what is known: `accepted` means handed to the mail server, not read.

    `code` is the last answer that refused it (`smtp_550`, `unreachable`…). A letter with a link to
    sign in (`link_id`) keeps a mark in its text where the secret goes: the secret is not kept.
    """

    id: str
    key: str
    dossier_id: str | None
    account_id: str | None
    kind: str
    n: int
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    link_id: str | None
    status: str
    attempts: int
    code: str
    created_at: datetime
    accepted_at: datetime | None
    printed_at: datetime | None


@dataclass(frozen=True)
class RefusedLetter:
    """A letter about a dossier that the mail server refused for good: somebody must act."""

    id: str
    number: str
    kind: str
    code: str
    attempts: int
    created_at: datetime


class Letters:
    """The outbox."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def find(self, letter_id: str) -> Letter | None:
        """One letter."""
        query = select(*columns(letters, Letter)).where(letters.c.id == letter_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Letter, row) if row else None

    async def add(
        self,
        *,
        key: str,
        kind: str,
        n: int,
        to_address: str,
        subject: str,
        text: str,
        html: str,
        host: str,
        at: datetime,
        dossier_id: str | None = None,
        account_id: str | None = None,
        link_id: str | None = None,
    ) -> str:
        """Write a letter to send and give its id. Twice with the same key: the first one's id.

        Without `to_address` it is one to print.

        The Message-ID is fixed here, so that every try of this letter carries the same.
        """
        letter_id = new_id()
        is_new = await add_once(
            self._db,
            letters,
            id=letter_id,
            key=key,
            dossier_id=dossier_id,
            account_id=account_id,
            kind=kind,
            n=n,
            to_address=to_address,
            subject=subject,
            text=text,
            html=html,
            message_id=f"<{letter_id}@{host}>",
            link_id=link_id,
            status=TO_SEND if to_address else TO_PRINT,
            created_at=at,
        )
        if is_new:
            return letter_id
        query = select(letters.c.id).where(letters.c.key == key)
        return str((await self._db.execute(query)).scalar_one())

    async def again(self, letter_id: str, to_address: str, *, host: str, at: datetime) -> str:
        """A deliberate resend: a new letter with the same words and the next `n`.

        To be asked while the letter's dossier is held: two at once must not take the same `n`.
        """
        first = await self.find(letter_id)
        if first is None:
            raise LookupError(letter_id)
        stem = first.key.rsplit(":", 1)[0]
        query = select(func.max(letters.c.n)).where(
            letters.c.key.startswith(f"{stem}:", autoescape=True)
        )
        n = ((await self._db.execute(query)).scalar() or first.n) + 1
        return await self.add(
            key=f"{stem}:{n}",
            kind=first.kind,
            n=n,
            to_address=to_address,
            subject=first.subject,
            text=first.text,
            html=first.html,
            host=host,
            at=at,
            dossier_id=first.dossier_id,
            account_id=first.account_id,
            link_id=first.link_id,
        )

    async def follow(self, account_id: str, before: str, address: str) -> None:
        """Have the letters that still wait go to the new address of their account."""
        await self._db.execute(
            update(letters)
            .where(
                letters.c.account_id == account_id,
                letters.c.to_address == before,
                letters.c.status.in_((TO_SEND, RETRYING)),
            )
            .values(to_address=address)
        )

    async def note_try(self, letter_id: str, status: str, code: str, at: datetime) -> None:
        """Write what a try gave. A letter already accepted stays accepted."""
        values: dict[str, object] = {
            "status": status,
            "code": code,
            "attempts": letters.c.attempts + 1,
        }
        if status == ACCEPTED:
            values["accepted_at"] = at
        await self._db.execute(
            update(letters)
            .where(letters.c.id == letter_id, letters.c.status != ACCEPTED)
            .values(**values)
        )

    async def of_dossier(self, dossier_id: str) -> Sequence[Letter]:
        """The letters of a dossier, newest first."""
        query = (
            select(*columns(letters, Letter))
            .where(letters.c.dossier_id == dossier_id)
            .order_by(letters.c.created_at.desc(), letters.c.n.desc())
        )
        return [as_record(Letter, row) for row in (await self._db.execute(query)).mappings()]

    async def of_account(self, account_id: str, *, limit: int, offset: int = 0) -> Sequence[Letter]:
        """The letters to a family about its dossiers, newest first; not those to sign in."""
        mine = select(dossiers.c.id).where(dossiers.c.account_id == account_id)
        query = (
            select(*columns(letters, Letter))
            .where(letters.c.dossier_id.in_(mine))
            .order_by(letters.c.created_at.desc(), letters.c.id)
        )
        rows = await self._db.execute(query.limit(limit).offset(offset))
        return [as_record(Letter, row) for row in rows.mappings()]

    async def outbox(
        self, *, status: str = "", limit: int = 50, offset: int = 0
    ) -> Sequence[Letter]:
        """All letters, newest first, of one status if given."""
        query = select(*columns(letters, Letter)).order_by(letters.c.created_at.desc())
        if status:
            query = query.where(letters.c.status == status)
        rows = await self._db.execute(query.limit(limit).offset(offset))
        return [as_record(Letter, row) for row in rows.mappings()]

    async def refused_for_good(self, *, limit: int = 50) -> Sequence[RefusedLetter]:
        """The letters about dossiers that were refused and not sent again since, oldest first."""
        again = letters.alias("again")
        sent_again = (
            select(again.c.id)
            .where(
                again.c.dossier_id == letters.c.dossier_id,
                again.c.kind == letters.c.kind,
                again.c.n > letters.c.n,
                again.c.text == letters.c.text,
            )
            .exists()
        )
        query = (
            select(letters.c.id, letters.c.code, letters.c.kind, letters.c.attempts)
            .add_columns(letters.c.created_at, dossiers.c.number)
            .join(dossiers, dossiers.c.id == letters.c.dossier_id)
            .where(letters.c.status == REFUSED, ~sent_again)
            .order_by(letters.c.created_at)
            .limit(limit)
        )
        rows = (await self._db.execute(query)).mappings()
        return [as_record(RefusedLetter, row) for row in rows]

    async def counts(self) -> dict[str, int]:
        """How many letters per status."""
        query = select(letters.c.status, func.count().label("total")).group_by(letters.c.status)
        return {row.status: row.total for row in await self._db.execute(query)}

    async def unsent(
        self, *, alone_before: datetime, about_dossiers_before: datetime, limit: int = 200
    ) -> Sequence[Letter]:
        """Letters never tried though written before then, oldest first: their errand was lost.

        A letter about a dossier is first of all its workflow's errand, which survives most things:
        it is given more time, so that nobody else sends it at the same moment.
        """
        is_alone = letters.c.dossier_id.is_(None)
        query = (
            select(*columns(letters, Letter))
            .where(
                letters.c.status == TO_SEND,
                (is_alone & (letters.c.created_at <= alone_before))
                | (~is_alone & (letters.c.created_at <= about_dossiers_before)),
            )
            .order_by(letters.c.created_at)
            .limit(limit)
        )
        return [as_record(Letter, row) for row in (await self._db.execute(query)).mappings()]

    async def unsent_about(self, dossier_id: str) -> tuple[str, ...]:
        """The letters about a dossier that were never tried: what its rebuilt workflow sends."""
        query = (
            select(letters.c.id)
            .where(letters.c.dossier_id == dossier_id, letters.c.status == TO_SEND)
            .order_by(letters.c.created_at)
        )
        return tuple((await self._db.execute(query)).scalars())
