"""A part that neither answers nor falls for half a minute, while people go on."""

import os
import signal
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.faults.breakable import BreakableTown, breakable_town
from tests.faults.ledger import Ledger
from tests.faults.reckoning import held_against_everything
from tests.faults.storm import a_stream

FROZEN_SECONDS = 30.0
PARTS = ("worker", "site", "engine")


def freeze(town: BreakableTown, part: str) -> None:
    """Stop its process where it stands, and let it go on; its supervisor may have replaced it."""
    pid = town.town.pid(part)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(FROZEN_SECONDS)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


@pytest.mark.fault
async def test_a_part_that_freezes_for_half_a_minute_costs_time_and_nothing_else(
    tmp_path: Path, ledger: Ledger
) -> None:
    waited: dict[str, float] = {}
    async with breakable_town(tmp_path / "town") as town:
        async with a_stream(town, families=2, seed=5) as stream:
            for part in PARTS:
                waited[part] = await stream.survives(partial(freeze, town, part))
        found = await held_against_everything(town, stream)
    ledger.note(
        fault="F3",
        what="worker, site and engine frozen for 30 s each, one by one, under a stream",
        rounds=len(waited),
        acknowledged=found.acknowledged,
        lost=len(found.lost),
        doubled=len(found.doubled),
        seconds=max(waited.values()),
    )
    assert found.wrong == []
