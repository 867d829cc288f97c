"""The town's forms in PDF: which text or procedure each goes with. The bytes are in `Files`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns
from storage.tables import town_forms


@dataclass(frozen=True)
class TownForm:
    """A form to download, fill in and give back. Its id names its bytes."""

    id: str
    name: str
    size_bytes: int
    sha256: str
    given_by: str
    given_at: datetime
    text_code: str | None = None
    procedure_id: str | None = None
    removed_at: datetime | None = None


class TownForms:
    """The forms of the town."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, form: TownForm) -> None:
        """Keep a form, whose bytes are kept already; it takes the place of the one before."""
        await self._remove(
            form.given_at,
            town_forms.c.text_code == form.text_code
            if form.text_code
            else town_forms.c.procedure_id == form.procedure_id,
        )
        values = {one.name: getattr(form, one.name) for one in columns(town_forms, TownForm)}
        await self._db.execute(insert(town_forms).values(**values))

    async def remove(self, form_id: str, at: datetime) -> bool:
        """Take a form away; False when it was. Its bytes go by the reconciler."""
        return await self._remove(at, town_forms.c.id == form_id)

    async def find(self, form_id: str) -> TownForm | None:
        """One form that is there."""
        return next(iter(await self._those(town_forms.c.id == form_id)), None)

    async def all(self) -> Sequence[TownForm]:
        """Every form that is there, by its name."""
        return await self._those()

    async def of_procedure(self, procedure_id: str) -> TownForm | None:
        """The form of a procedure, if the town gave one."""
        found = await self._those(town_forms.c.procedure_id == procedure_id)
        return found[0] if found else None

    async def _those(self, *which: ColumnElement[bool]) -> Sequence[TownForm]:
        query = select(*columns(town_forms, TownForm)).where(
            town_forms.c.removed_at.is_(None), *which
        )
        rows = await self._db.execute(query.order_by(town_forms.c.name, town_forms.c.id))
        return [as_record(TownForm, row) for row in rows.mappings()]

    async def _remove(self, at: datetime, which: ColumnElement[bool]) -> bool:
        done = await self._db.execute(
            update(town_forms).where(which, town_forms.c.removed_at.is_(None)).values(removed_at=at)
        )
        return done.rowcount >= 1
