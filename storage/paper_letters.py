"""Letters on paper: to people without a mail address, printed by somebody at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.letters import PRINTED, TO_PRINT, TO_SEND
from storage.records import as_record
from storage.tables import accounts, dossiers, families, letters


@dataclass(frozen=True)
class PaperLetter:
    """A letter that somebody has to print; `dossier_id` is empty for one about none."""

    id: str
    dossier_id: str
    number: str
    child_name: str
    owner_name: str
    kind: str
    subject: str
    created_at: datetime


class PaperLetters:
    """What waits to be printed, and what becomes of it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def waiting(
        self,
        *,
        departments: Sequence[str] | None = None,
        limit: int = 50,
    ) -> Sequence[PaperLetter]:
        """Those that wait, oldest first: about dossiers of these departments (None: all).

        One about no dossier is for whoever is at the desk.
        """
        query = (
            select(letters.c.id, letters.c.kind, letters.c.subject, letters.c.created_at)
            .add_columns(
                *(
                    func.coalesce(column, "").label(column.name)
                    for column in (letters.c.dossier_id, dossiers.c.number, dossiers.c.child_name)
                )
            )
            .add_columns(accounts.c.name.label("owner_name"))
            .select_from(
                letters.outerjoin(dossiers, dossiers.c.id == letters.c.dossier_id).join(
                    accounts,
                    accounts.c.id == func.coalesce(dossiers.c.account_id, letters.c.account_id),
                )
            )
            .where(letters.c.status == TO_PRINT)
            .order_by(letters.c.created_at)
            .limit(limit)
        )
        if departments is not None:
            mine = dossiers.c.department.in_(departments)
            query = query.where(mine | letters.c.dossier_id.is_(None))
        rows = (await self._db.execute(query)).mappings()
        return [as_record(PaperLetter, row) for row in rows]

    async def address_of(self, account_id: str) -> Sequence[str]:
        """The lines of a family's address, its name first, as an envelope shows them."""
        query = (
            select(accounts.c.name, families.c.street, families.c.postal_code, families.c.city)
            .outerjoin(families, families.c.account_id == accounts.c.id)
            .where(accounts.c.id == account_id)
        )
        name, street, code, city = (await self._db.execute(query)).one()
        lines = (name, street or "", f"{code or ''} {city or ''}")
        return [line.strip() for line in lines if line.strip()]

    async def has_address(self, account_id: str) -> bool:
        """Whether the town knows where to send a letter to this family."""
        query = select(families.c.city).where(families.c.account_id == account_id)
        return bool((await self._db.execute(query)).scalar())

    async def note_printed(self, letter_id: str, at: datetime) -> bool:
        """It is on paper. False when it was already, or is no letter to print."""
        done = await self._db.execute(
            update(letters)
            .where(letters.c.id == letter_id, letters.c.status == TO_PRINT)
            .values(status=PRINTED, printed_at=at)
        )
        return done.rowcount == 1

    async def mail_instead(self, account_id: str, address: str) -> Sequence[str]:
        """The person has a mail address now: what waits to be printed is to be mailed; its ids.

        Twice: nothing more.
        """
        waiting = select(letters.c.id).where(
            letters.c.account_id == account_id, letters.c.status == TO_PRINT
        )
        ids = (await self._db.execute(waiting.order_by(letters.c.created_at))).scalars().all()
        await self._db.execute(
            update(letters)
            .where(letters.c.id.in_(ids), letters.c.status == TO_PRINT)
            .values(status=TO_SEND, to_address=address)
        )
        return ids
