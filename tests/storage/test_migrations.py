import asyncio
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.migrate import drift, migrate
from storage.store import connect
from storage.tables import metadata
from tests.databases import KINDS
from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parents[2]


async def tables_of(sql_url: str) -> set[str]:
    engine = connect(sql_url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return set(names)


async def test_a_database_is_made_from_nothing_in_a_folder_that_was_not_there(
    tmp_path: Path,
) -> None:
    sql_url = f"sqlite+aiosqlite:///{tmp_path}/new/folder/ribambelle.db"
    await migrate(sql_url)
    assert await tables_of(sql_url) == {*metadata.tables, "alembic_version"}
    assert await drift(sql_url) == []


@pytest.mark.parametrize("kind", KINDS)
def test_three_processes_that_migrate_at_once_make_one_database(kind: str, tmp_path: Path) -> None:
    with running_postgres() if kind == "postgresql" else nullcontext() as server:
        sql_url = (
            server.url(server.new_database())
            if server
            else f"sqlite+aiosqlite:///{tmp_path}/ribambelle.db"
        )
        command = [sys.executable, "-m", "cli", "migrate"]
        environment = {**os.environ, "RIBAMBELLE_DATABASE_URL": sql_url}  # noqa: TID251  handed on
        running = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(3)]
        assert [one.wait() for one in running] == [0, 0, 0]
        assert asyncio.run(tables_of(sql_url)) == {*metadata.tables, "alembic_version"}
        assert asyncio.run(drift(sql_url)) == []


async def test_migrating_again_keeps_what_is_there(sql_url: str, database: AsyncEngine) -> None:
    async with database.begin() as connection:
        await connection.execute(text("INSERT INTO counters VALUES ('dossiers-2026', 7)"))
    await migrate(sql_url)
    await migrate(sql_url)
    async with database.connect() as connection:
        assert (await connection.execute(text("SELECT last FROM counters"))).scalar() == 7


async def test_tables_and_migrations_say_the_same(sql_url: str) -> None:
    assert await drift(sql_url) == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE counters ADD COLUMN colour VARCHAR(10)",
        "ALTER TABLE letters DROP COLUMN code",
        "DROP TABLE contacts",
        "DROP INDEX ix_letters_status_created_at",
    ],
)
async def test_a_drift_would_be_noticed(sql_url: str, database: AsyncEngine, change: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(change))
    assert await drift(sql_url) != []
