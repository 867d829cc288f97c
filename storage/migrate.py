"""Bring a database to today's tables, and notice when tables and migrations drift apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

from storage.databases import connect, is_postgresql
from storage.sealed import Keys
from storage.tables import metadata
from storage.writes import take_turn


def _config(connection: Connection | None = None, keys: Keys | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["keys"] = keys or Keys()
    return config


async def migrate(sql_url: str, keys: Keys | None = None) -> None:
    """Apply every migration not applied yet, all or none. Creates the SQLite file.

    `keys` seal what becomes reserved; `CannotUnsealError` where that is needed and there are none.

    Twice: nothing more. Two processes at once: the second waits for the first, however long it
    takes. A table that somebody else keeps busy is waited for five seconds, then OperationalError.
    """
    if sql_url.startswith("sqlite"):
        Path(sql_url.split(":///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    async with _connected(sql_url) as connection:
        transaction = await _wait_for_others(connection)
        await connection.run_sync(lambda sync: command.upgrade(_config(sync, keys), "head"))
        await transaction.commit()


async def _wait_for_others(connection: AsyncConnection) -> AsyncTransaction:
    """Begin a transaction that may last, once nobody else migrates."""
    if not is_postgresql(connection):
        await connection.run_sync(_be_patient)
    transaction = await connection.begin()
    if is_postgresql(connection):
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SET LOCAL lock_timeout = 0"))
        await take_turn(connection, "migrate")
        # What it holds stops every page that wants it: it must not queue for it in front of them.
        await connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    return transaction


def _be_patient(connection: Connection) -> None:
    # Before the transaction begins, so not by way of it.
    connection.connection.cursor().execute("PRAGMA busy_timeout = 120000")


async def drift(sql_url: str) -> list[Any]:
    """What differs between a migrated database and `storage.tables`; empty when nothing does."""
    async with _connected(sql_url) as connection:
        found = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    return list(found)


async def write_migration(sql_url: str, name: str) -> None:
    """Write a new migration from the drift of a migrated database. Read it before you commit it."""
    async with _connected(sql_url) as connection:
        await connection.run_sync(
            lambda sync: command.revision(_config(sync), message=name, autogenerate=True)
        )


@asynccontextmanager
async def _connected(sql_url: str) -> AsyncIterator[AsyncConnection]:
    engine = connect(sql_url)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
