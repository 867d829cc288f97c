"""Writes that stay right when two people make them at the same instant, on both databases.

A question followed by a write is two statements: on PostgreSQL somebody else may write in between.
What must be there once is therefore written in one statement, by its key; what has no row yet to
hold is done in turn.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.databases import is_postgresql
from storage.tables import counters


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT to which ON CONFLICT can be added, in the words of this database."""
    insert = postgresql.insert if is_postgresql(connection) else sqlite.insert
    return insert(table)


async def add_once(connection: AsyncConnection, table: Table, **values: Any) -> bool:
    """Write a row unless one with its key is there; False when it was, and nothing is written.

    Whoever is writing the same row is waited for: after False, the row can be read.
    """
    done = await connection.execute(
        insert_into(connection, table).values(**values).on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},
    )
    return done.rowcount == 1


async def put(
    connection: AsyncConnection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    first: Mapping[str, Any] | None = None,
) -> None:
    """Write a row, or replace what the one of this (unique) key says: the last word stands.

    `first` is written with a new row only.
    """
    await connection.execute(
        insert_into(connection, table)
        .values(**key, **values, **(first or {}))
        .on_conflict_do_update(index_elements=list(key), set_=dict(values))
    )


async def count_up(connection: AsyncConnection, name: str) -> int:
    """The next number of this counter, from 1 on: two who ask at once get two numbers."""
    first = insert_into(connection, counters).values(name=name, last=1)
    next_ = first.on_conflict_do_update(index_elements=["name"], set_={"last": counters.c.last + 1})
    return int((await connection.execute(next_.returning(counters.c.last))).scalar_one())


async def take_turn(connection: AsyncConnection, what: str) -> None:
    """Until this transaction ends, whoever else takes the turn of the same name waits.

    On SQLite those who write wait for each other anyway.
    """
    if is_postgresql(connection):
        number = func.hashtextextended(what, 0)
        await connection.execute(select(func.pg_advisory_xact_lock(number)))
