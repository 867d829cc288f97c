"""F2 to F5: one part falls, or all at once, while people go on; and what they see meanwhile."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.faults.breakable import PARTS, breakable_town
from tests.faults.ledger import Ledger
from tests.faults.people import Family
from tests.faults.reckoning import held_against_everything
from tests.faults.storm import DOMICILE, GUARDIAN, IDENTITY, a_paper, a_stream

WITHIN = 30.0
ALL_WITHIN = 60.0
ANSWERED_WITHIN = 5.0
"""The site waits 3 s for the engine, then says that the act is kept."""


async def test_a_town_whose_parts_fall_one_by_one_then_all_at_once_comes_back_whole(
    tmp_path: Path, ledger: Ledger
) -> None:
    waited: dict[str, float] = {}
    async with breakable_town(tmp_path / "town") as town:
        async with a_stream(town, families=2) as stream:
            for part in PARTS:
                waited[part] = await stream.survives(partial(town.kill, part))
            waited["all"] = await stream.survives(town.kill_everything)
        found = await held_against_everything(town, stream)
    ledger.note(
        fault="F5",
        what="worker, site, engine and database killed one by one, then all four at once",
        rounds=len(waited),
        acknowledged=found.acknowledged,
        lost=len(found.lost),
        doubled=len(found.doubled),
        seconds=max(waited.values()),
    )
    assert found.wrong == []
    assert waited.pop("all") <= ALL_WITHIN
    assert max(waited.values()) <= WITHIN


@pytest.mark.fault
async def test_a_site_killed_again_and_again_loses_no_upload(
    tmp_path: Path, ledger: Ledger
) -> None:
    chance, kills = random.Random(2), 0
    async with breakable_town(tmp_path / "town") as town:
        async with a_stream(town, families=0) as stream:
            families = [await stream.newcomer() for _ in range(7)]
            giving = [asyncio.create_task(_gives_all(family)) for family in families]
            while not all(task.done() for task in giving):
                killed = town.town.kill("site")
                kills += 1
                await asyncio.to_thread(
                    town.town.wait_for_return_of, "site", killed=killed, seconds=WITHIN
                )
                await _taken(families, giving, chance.randint(4, 15))
                await asyncio.sleep(chance.uniform(0.03, 0.1))
            await asyncio.gather(*giving)
        found = await held_against_everything(town, stream)
    ledger.note(
        fault="F2",
        what="kill -9 of the site at random during 210 uploads",
        rounds=kills,
        acknowledged=found.acknowledged,
        lost=len(found.lost),
        doubled=len(found.doubled),
    )
    assert found.wrong == []
    assert kills >= 3


async def _gives_all(family: Family) -> None:
    """Almost as many files as a dossier may have: one whose answer was cut comes again."""
    await family.begins()
    for piece in (IDENTITY, GUARDIAN, DOMICILE):
        await family.gives(piece, *(a_paper() for _ in range(9)))


async def _taken(
    families: Sequence[Family], giving: Sequence[asyncio.Task[None]], more: int
) -> None:
    """Wait until so many more files were taken, or nobody has one left."""
    before = sum(len(family.told.given) for family in families)
    while sum(len(family.told.given) for family in families) < before + more:
        if all(task.done() for task in giving):
            return
        await asyncio.sleep(0.01)


@pytest.mark.fault
async def test_a_frozen_engine_leaves_the_site_answering_and_loses_nothing(
    tmp_path: Path, ledger: Ledger
) -> None:
    slowest, rounds = 0.0, 3
    async with breakable_town(tmp_path / "town") as town:
        async with a_stream(town, families=1) as stream:
            family = await stream.newcomer()
            await family.begins()
            for _ in range(rounds):
                os.kill(town.town.pid("engine"), signal.SIGSTOP)
                for step in (
                    partial(family.opens, "/"),
                    partial(family.gives, IDENTITY, a_paper()),
                ):
                    began = time.monotonic()
                    await step()
                    slowest = max(slowest, time.monotonic() - began)
                await stream.survives(partial(town.kill, "engine"))
        found = await held_against_everything(town, stream)
    ledger.note(
        fault="F3",
        what="the engine frozen, then killed, under a stream; the time is that of an act meanwhile",
        rounds=rounds,
        acknowledged=found.acknowledged,
        lost=len(found.lost),
        doubled=len(found.doubled),
        seconds=slowest,
    )
    assert found.wrong == []
    assert slowest <= ANSWERED_WITHIN
