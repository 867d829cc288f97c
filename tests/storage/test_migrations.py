import asyncio
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.migrate import _config, drift, migrate
from storage.sealed import CannotUnsealError
from storage.store import connect, store_opener
from storage.tables import metadata
from tests.builders import KEYS
from tests.databases import KINDS
from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parents[2]
A_CHILD_OF_YESTERDAY = """
INSERT INTO accounts (id, email, role, name, title, duties, created_at)
    VALUES ('a', 'a@exemple.fr', 'parent', '', '', '[]', '2026-11-20 09:00:00+00:00');
INSERT INTO families (id, account_id, street, postal_code, city, created_at)
    VALUES ('f', 'a', '', '', '', '2026-11-20 09:00:00+00:00');
INSERT INTO departments (code, name, address, email, phone)
    VALUES ('d', '', '', '', '');
INSERT INTO procedures (id, slug, kind, title, school_year, department, terms, is_open, intro)
    VALUES ('p', '', '', '', '', 'd', '{}', TRUE, '');
INSERT INTO dossiers (id, number, kind, procedure_id, department, account_id, terms,
    state, state_since, version, opened_at, last_saved_at, decision_basis, reason_code,
    reason_words, draft_notices, child_name, child_first_name, sort_key)
    VALUES ('o', '1',
    'registration', 'p', 'd', 'a', '{}', 'approved', '2026-11-20 09:00:00+00:00', 1, '2026-11-20
    09:00:00+00:00', '2026-11-20 09:00:00+00:00', '', '', '', 0, '', '', '');
INSERT INTO children (id, family_id, dossier_id, first_name, last_name, sort_key, birth_date,
    birth_place, grade)
    VALUES ('c', 'f', 'o', '', '', '', '', '', '');
INSERT INTO guardians (id, family_id, first_name, last_name, sort_key, relation, phone, email,
    is_payer)
    VALUES ('g', 'f', '', '', '', '', '', '', TRUE);
INSERT INTO guardianships (child_id, guardian_id)
    VALUES ('c', 'g');
INSERT INTO contacts (id, child_id, position, name, phone, link, may_pick_up, is_emergency)
    VALUES ('t', 'c', 1, '', '', '', TRUE, FALSE)
"""


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


async def test_children_of_yesterday_keep_their_guardians_and_contacts(
    sql_url: str, database: AsyncEngine
) -> None:
    async with database.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "9e41c7d2ab60"))
    async with database.begin() as connection:
        for row in A_CHILD_OF_YESTERDAY.split(";"):
            await connection.execute(text(row))
    await migrate(sql_url)
    async with database.connect() as connection:
        for table in ("children", "guardianships", "contacts"):
            found = await connection.execute(text(f"SELECT count(*) FROM {table}"))
            assert found.scalar() == 1


async def test_reserved_answers_of_yesterday_are_sealed_and_still_read(
    sql_url: str, database: AsyncEngine
) -> None:
    async with database.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "40a575cfc1df"))
    said = '{"separated": "yes", "court_ruling": "", "hosted": "yes"}'
    async with database.begin() as connection:
        # Its key is a dossier's: what else the row has does not matter here.
        for row in [
            *A_CHILD_OF_YESTERDAY.split(";")[:5],
            f"""INSERT INTO answers (dossier_id, section, "values", saved_at)
                VALUES ('o', 'situation', '{said}', '2026-11-20 09:00:00+00:00')""".replace(
                ": ", r"\: "
            ),
            f"""INSERT INTO snapshots (dossier_id, version, answers, at) VALUES ('o', 1,
                '{{"situation": {said}, "vous": {{}}}}', '2026-11-20 09:00:00+00:00')""".replace(
                ": ", r"\: "
            ),
        ]:
            await connection.execute(text(row))
    with pytest.raises(CannotUnsealError, match="no_key"):
        await migrate(sql_url)
    await migrate(sql_url, KEYS)
    async with store_opener(database, KEYS)() as store:
        kept = await store.connection.execute(text("SELECT * FROM answers, snapshots"))
        assert "separated" not in str(kept.all())
        expected = {"separated": "yes", "court_ruling": "", "hosted": "yes"}
        assert (await store.dossiers.answers("o"))["situation"] == expected
        ((_, sent),) = await store.dossiers.sent_answers("o")
        assert sent == {"situation": expected, "vous": {}}
    async with database.begin() as connection:
        await connection.run_sync(
            lambda sync: command.downgrade(_config(sync, KEYS), "40a575cfc1df")
        )
        kept = await connection.execute(text('SELECT answers, "values" FROM answers, snapshots'))
        assert str(kept.all()).count("separated") == 2
