"""The quotients of families: each that was given stays, with what the town said of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.quotient import Quotient, Source, Verdict
from storage.records import as_record, columns
from storage.tables import quotients
from storage.writes import add_once

_MOST = 100


class Quotients:
    """What families' incomes are said to be."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_account(self, account_id: str) -> Sequence[Quotient]:
        """Every quotient of a family, the last given first."""
        query = select(*columns(quotients, Quotient)).where(quotients.c.account_id == account_id)
        query = query.order_by(quotients.c.declared_at.desc(), quotients.c.id).limit(_MOST)
        return [_quotient(row) for row in (await self._db.execute(query)).mappings()]

    async def give(self, account_id: str, quotient: Quotient, *, by: str) -> bool:
        """Keep a quotient. Twice with the same id: once, False."""
        values = {one.name: getattr(quotient, one.name) for one in columns(quotients, Quotient)}
        return await add_once(self._db, quotients, **values, account_id=account_id, declared_by=by)

    async def judge(
        self, account_id: str, quotient_id: str, verdict: Verdict, *, by: str, at: datetime
    ) -> bool:
        """The town says what it thinks of a quotient; False when it had said so before."""
        done = await self._db.execute(
            update(quotients)
            .where(
                quotients.c.id == quotient_id,
                quotients.c.account_id == account_id,
                quotients.c.verdict != verdict.value,
            )
            .values(verdict=verdict.value, verified_at=at, verified_by=by)
        )
        return done.rowcount == 1


def _quotient(row: Mapping[Any, Any]) -> Quotient:
    return as_record(Quotient, row, source=Source(row["source"]), verdict=Verdict(row["verdict"]))
