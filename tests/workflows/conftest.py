"""The whole life of dossiers on a real engine, where time is skipped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.living_town import LivingTown, an_empty_database, living_town
from tests.town import Engine


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_empty_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
async def town(engine: Engine, tmp_path: Path, empty: Path) -> AsyncIterator[LivingTown]:
    async with living_town(engine.address, tmp_path, empty=empty) as town:
        yield town
