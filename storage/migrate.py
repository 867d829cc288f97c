"""Bring a database to today's tables, and notice when tables and migrations drift apart."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.store import connect
from storage.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def migrate(sql_url: str) -> None:
    """Apply every migration not applied yet. Twice: nothing more. Creates the SQLite file."""
    if sql_url.startswith("sqlite"):
        Path(sql_url.split(":///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    engine = connect(sql_url)
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))
        await connection.commit()
    await engine.dispose()


async def drift(sql_url: str) -> list[Any]:
    """What differs between a migrated database and `storage.tables`; empty when nothing does."""
    engine = connect(sql_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    await engine.dispose()
    return list(found)


async def write_migration(sql_url: str, name: str) -> None:
    """Write a new migration from the drift of a migrated database. Read it before you commit it."""
    engine = connect(sql_url)
    async with engine.connect() as connection:
        await connection.run_sync(
            lambda sync: command.revision(_config(sync), message=name, autogenerate=True)
        )
    await engine.dispose()
