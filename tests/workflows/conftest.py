"""The whole life of dossiers on a real engine, where time is skipped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.founding import living_town
from tests.living_town import LivingTown
from tests.town import Engine


@pytest.fixture
async def town(engine: Engine, tmp_path: Path, sql_url: str) -> AsyncIterator[LivingTown]:
    async with living_town(engine.address, tmp_path, sql_url=sql_url) as town:
        yield town
