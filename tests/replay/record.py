"""Live a scenario for real and keep its history: `make history NAME=approved`, or NAME=all.

A history that is kept is never edited: a new path gets a new name (docs/adr, "how a living workflow
changes").
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.databases import Databases, SqliteFiles
from tests.founding import living_town
from tests.replay.scenarios import SCENARIOS
from tests.town import running_engine

HISTORIES = Path(__file__).parent / "histories"


async def record(name: str, address: str, folder: Path, databases: Databases) -> None:
    """Live the scenario and write its history."""
    with databases.empty(folder) as sql_url:
        await _live(name, address, folder, sql_url)


async def _live(name: str, address: str, folder: Path, sql_url: str) -> None:
    async with living_town(address, folder, sql_url=sql_url) as town:
        dossier = await SCENARIOS[name](town)
        await town.is_over(dossier)
        history = await town.handle(dossier).fetch_history()
    (HISTORIES / f"{name}.json").write_text(history.to_json(), encoding="utf-8")


def main(names: list[str]) -> None:
    """Record these scenarios; refuses to write over a history that is kept."""
    kept = [name for name in names if (HISTORIES / f"{name}.json").exists()]
    if kept:
        sys.exit(f"Already kept, and a history is never edited: {', '.join(kept)}")
    with tempfile.TemporaryDirectory() as base:
        databases = SqliteFiles(Path(base))
        with running_engine(Path(base)) as engine:
            for name in names:
                folder = Path(base) / name
                folder.mkdir()
                asyncio.run(record(name, engine.address, folder, databases))


if __name__ == "__main__":
    main(list(SCENARIOS) if sys.argv[1:] == ["all"] else sys.argv[1:])
