"""A change of keys: every sealed text of the town, found and sealed again under the newest one.

`SEALED` names each column that holds sealed texts; a test finds one that is missing here. The place
of a text is its table, the key of its row and its column, everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, and_, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealed import CannotUnsealError, Keys, Place, key_id_of
from storage.tables import (
    answers,
    children,
    court_rulings,
    federated_sessions,
    health_records,
    kept_forms,
    second_factors,
    snapshots,
)

SEALED: Sequence[Column[str]] = (
    answers.c.sealed,
    snapshots.c.sealed,
    second_factors.c.secret,
    second_factors.c.pending,
    kept_forms.c.fields,
    federated_sessions.c.id_token,
    health_records.c.content,
    court_rulings.c.content,
    children.c.custody,
)


@dataclass(frozen=True)
class Batch:
    """What became of some texts of one column. `last` is where the next batch begins after.

    `done` are under the newest key now, `closed` were not opened by any; `last` is None at the end
    of the column.
    """

    done: int
    closed: int
    last: tuple[Any, ...] | None


class Resealing:
    """Questions and writes about all that is sealed, whatever it is."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def some(
        self, column: Column[str], after: tuple[Any, ...] | None, *, limit: int
    ) -> Batch:
        """Seal again what is under an older key in the rows after this one, in their order.

        Beside a running site: a text that was written meanwhile stays as it was written.
        """
        keys = list(column.table.primary_key.columns)
        query = select(*keys, column.label("kept")).where(self._is_old(column))
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*after))
        rows = (await self._db.execute(query.order_by(*keys).limit(limit))).all()
        done = closed = 0
        for row in rows:
            of_row, kept = tuple(row[:-1]), str(row[-1])
            place: Place = (column.table.name, *map(str, of_row), column.name)
            try:
                sealed = self._keys.resealed(kept, place)
            except CannotUnsealError:
                closed += 1
                continue
            same = and_(*(key == value for key, value in zip(keys, of_row, strict=True)))
            written = await self._db.execute(
                update(column.table).where(same, column == kept).values({column.name: sealed})
            )
            done += written.rowcount
        return Batch(done, closed, tuple(rows[-1][:-1]) if len(rows) == limit else None)

    async def by_key(self) -> Mapping[str, int]:
        """How many sealed texts there are under each key id, the newest key's among them."""
        found: dict[str, int] = {}
        for column in SEALED:
            head = func.substr(column, 1, 11)
            query = select(head, func.count()).where(column != "").group_by(head)
            for beginning, count in await self._db.execute(query):
                key_id = key_id_of(str(beginning))
                found[key_id] = found.get(key_id, 0) + count
        return found

    def _is_old(self, column: Column[str]) -> Any:
        newest = f"1.{self._keys.newest}."
        head = func.substr(column, 1, len(newest))
        return and_(column != "", or_(head < newest, head > newest))
