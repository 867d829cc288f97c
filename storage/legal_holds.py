"""Dossiers whose erasing an admin has suspended: while one stands, nothing of it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, new_id
from storage.tables import accounts, dossiers, legal_holds
from storage.writes import take_turn


@dataclass(frozen=True)
class LegalHold:
    """Why a dossier stays, since when, and who said so."""

    id: str
    dossier_id: str
    reason: str
    begun_at: datetime
    ended_at: datetime | None
    number: str
    begun_by_name: str


class LegalHolds:
    """What is suspended."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def begin(self, dossier_id: str, reason: str, *, by: str, at: datetime) -> bool:
        """Suspend the erasing of a dossier; False when it is already, and nothing is written."""
        await take_turn(self._db, f"legal hold:{dossier_id}")
        standing = select(legal_holds.c.id).where(
            legal_holds.c.dossier_id == dossier_id, legal_holds.c.ended_at.is_(None)
        )
        if (await self._db.execute(standing)).first() is not None:
            return False
        await self._db.execute(
            insert(legal_holds).values(
                id=new_id(), dossier_id=dossier_id, reason=reason, begun_by=by, begun_at=at
            )
        )
        return True

    async def find(self, hold_id: str) -> LegalHold | None:
        """One of them, ended or not."""
        row = (await self._db.execute(_QUERY.where(legal_holds.c.id == hold_id))).mappings().first()
        return as_record(LegalHold, row) if row else None

    async def end(self, hold_id: str, *, by: str, at: datetime) -> bool:
        """Take it back; False when it was already."""
        done = await self._db.execute(
            update(legal_holds)
            .where(legal_holds.c.id == hold_id, legal_holds.c.ended_at.is_(None))
            .values(ended_by=by, ended_at=at)
        )
        return done.rowcount == 1

    async def standing(self, *, limit: int = 100) -> Sequence[LegalHold]:
        """Those that stand, the oldest first."""
        query = _QUERY.where(legal_holds.c.ended_at.is_(None))
        rows = await self._db.execute(query.order_by(legal_holds.c.begun_at).limit(limit))
        return [as_record(LegalHold, row) for row in rows.mappings()]

    async def dossier_numbered(self, number: str) -> str:
        """The id of the dossier of this number, "" when there is none."""
        query = select(dossiers.c.id).where(dossiers.c.number == number)
        return (await self._db.execute(query)).scalar() or ""


_QUERY = (
    select(
        *columns(legal_holds, LegalHold), dossiers.c.number, accounts.c.name.label("begun_by_name")
    )
    .join(dossiers, dossiers.c.id == legal_holds.c.dossier_id)
    .join(accounts, accounts.c.id == legal_holds.c.begun_by)
)
