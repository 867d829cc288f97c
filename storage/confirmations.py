"""Which pages of a dossier its family has looked at, when the town had filled them in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns
from storage.tables import confirmations
from storage.writes import put


@dataclass(frozen=True)
class Confirmation:
    """Somebody said of a page, as it was then, that it is right; `by` is their account."""

    section: str
    at: datetime
    by: str


class Confirmations:
    """What was confirmed, page by page."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, dossier_id: str) -> Mapping[str, Confirmation]:
        """The last confirmation of each page that has one, by its code."""
        query = select(*columns(confirmations, Confirmation)).where(
            confirmations.c.dossier_id == dossier_id
        )
        found = [as_record(Confirmation, row) for row in (await self._db.execute(query)).mappings()]
        return {one.section: one for one in found}

    async def add(self, dossier_id: str, sections: Iterable[str], at: datetime, by: str) -> None:
        """Say that these pages are right. Twice: the last time counts."""
        for section in sections:
            mine = {"dossier_id": dossier_id, "section": section}
            await put(self._db, confirmations, mine, {"at": at, "by": by})
