"""Live a campaign for real and keep its history: `python -m tests.replay.record_campaign NAME`.

Planned, opened in two batches, paused, resumed, extended, ended by its last day. A history that is
kept is never written over: a new path gets a new name.
"""

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from domain.campaigns import CampaignState
from tests.databases import SqliteFiles
from tests.founding import living_town
from tests.living_campaigns import DAY, families_of, opened
from tests.town import running_engine

HISTORIES = Path(__file__).parent / "campaigns"


async def a_campaign(address: str, folder: Path, sql_url: str) -> str:
    """Live it, and give its history."""
    async with living_town(address, folder, sql_url=sql_url) as town:
        await families_of(town, 3)
        run = await opened(town, batch_size=2)
        await run.says("pause", state=CampaignState.PAUSED)
        await run.says("resume", state=CampaignState.RUNNING)
        plan = (await run.campaign()).plan
        await run.says("extend", plan=replace(plan, closes_on=plan.closes_on + DAY))
        await run.waits(14 * DAY)
        return (await run.handle.fetch_history()).to_json()


def main() -> None:
    """Record it under a name that is not taken."""
    [name] = sys.argv[1:]
    kept = HISTORIES / f"{name}.json"
    if kept.exists():
        sys.exit(f"Already kept, and a history is never edited: {name}")
    with tempfile.TemporaryDirectory() as base:
        databases = SqliteFiles(Path(base))
        with running_engine(Path(base)) as engine, databases.empty(Path(base)) as sql_url:
            history = asyncio.run(a_campaign(engine.address, Path(base), sql_url))
    kept.write_text(history, encoding="utf-8")


if __name__ == "__main__":
    main()
