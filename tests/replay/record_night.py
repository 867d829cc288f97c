"""Live a night for real and keep its history: `.venv/bin/python -m tests.replay.record_night NAME`.

As for dossiers, a history that is kept is never edited: a new path gets a new name.
"""

import asyncio
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from api.gateway import QUEUE
from domain.nights import NIGHTS, Stage
from storage.clock import now
from storage.tables import dossiers
from tests.databases import SqliteFiles
from tests.founding import living_town
from tests.living_town import LivingTown
from tests.town import running_engine
from workflows.retention import NightlyRetention

HISTORIES = Path(__file__).parent / "nights"


async def a_night(town: LivingTown) -> str:
    """A night in which a draft goes that was given up three days ago; its history."""
    draft = await town.opens()
    await town.withdraws(draft)
    await town.is_over(draft)
    async with town.open_store() as store:
        before = update(dossiers).values(state_since=now() - timedelta(days=3))
        await store.connection.execute(before)
    handle = await town.parts.client.start_workflow(
        NightlyRetention.run, Stage(), id=NIGHTS, task_queue=QUEUE
    )
    await handle.result()
    async with town.open_store() as store:
        erased = await store.erasure_nights.lines(limit=9)
    if [(one.category, one.erased) for one in erased if one.erased] != [("draft", 1)]:
        raise AssertionError(erased)
    return (await handle.fetch_history()).to_json()


def main(name: str) -> None:
    """Record it; refuses to write over a history that is kept."""
    kept = HISTORIES / f"{name}.json"
    if kept.exists():
        sys.exit(f"Already kept, and a history is never edited: {name}")

    async def live(address: str, folder: Path, sql_url: str) -> None:
        async with living_town(address, folder, sql_url=sql_url) as town:
            kept.write_text(await a_night(town), encoding="utf-8")

    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        with running_engine(folder) as engine, SqliteFiles(folder).empty(folder) as sql_url:
            asyncio.run(live(engine.address, folder, sql_url))


if __name__ == "__main__":
    main(*sys.argv[1:])
