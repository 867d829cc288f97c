"""Whole towns that live inside a test, to be hurt. What costs minutes is marked `fault`."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.faults.halted import HaltingWorker
from tests.founding import living_town
from tests.living_town import LivingTown
from tests.town import Engine


@pytest.fixture
async def town(engine: Engine, tmp_path: Path, sql_url: str) -> AsyncIterator[LivingTown]:
    async with living_town(engine.address, tmp_path, sql_url=sql_url) as town:
        yield town


@pytest.fixture
def halting(
    town: LivingTown, engine: Engine, sql_url: str, tmp_path: Path
) -> Iterator[HaltingWorker]:
    worker = HaltingWorker(town, engine, sql_url, tmp_path)
    yield worker
    worker.is_killed()
