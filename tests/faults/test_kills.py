"""Random kills under a steady stream: nothing told is lost, nothing is done twice."""

import asyncio
import logging
import random
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults.breakable import PARTS, breakable_town
from tests.faults.ledger import Ledger
from tests.faults.reckoning import held_against_everything
from tests.faults.storm import a_stream

_log = logging.getLogger(__name__)
WITHIN = 30.0


@pytest.mark.fault
async def test_whatever_is_killed_nothing_that_was_told_is_lost_or_done_twice(
    tmp_path: Path, ledger: Ledger, pytestconfig: pytest.Config
) -> None:
    rounds, seed = pytestconfig.getoption("--kills"), pytestconfig.getoption("--seed")
    limit = 60 * pytestconfig.getoption("--minutes")
    chance, waited, began = random.Random(seed), list[float](), time.monotonic()
    async with breakable_town(tmp_path / "town") as town:
        async with a_stream(town, seed=seed) as stream:
            while len(waited) < rounds and time.monotonic() - began < limit:
                part = chance.choice(PARTS)
                await asyncio.sleep(chance.uniform(0.0, 1.0))
                seconds = await stream.survives(partial(town.kill, part))
                waited.append(seconds)
                _log.info("%4d %-9s %5.1f s", len(waited), part, seconds)
        found = await held_against_everything(town, stream)
    took = time.monotonic() - began
    _log.info("%d kills in %.0f s, %d decisions", len(waited), took, stream.decided)
    ledger.note(
        fault="F1–F4",
        what="random kill -9 of worker, site, engine or database under a stream of people, "
        f"seed {seed}",
        rounds=len(waited),
        acknowledged=found.acknowledged,
        lost=len(found.lost),
        doubled=len(found.doubled),
        seconds=max(waited),
    )
    assert found.wrong == []
    assert max(waited) <= WITHIN
