"""F3 at its worst: the engine's own file is gone, and all that lived in it is made again."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from api.gateway import Gateway, connect
from domain.states import OPEN
from settings import Settings
from storage.store import OpenStore, store_opener
from storage.store import connect as connect_database
from storage.tables import dossiers, letters
from tests.builders import KEYS
from tests.faults.ledger import Ledger
from tests.living_town import eventually
from tests.town import ROOT, RunningTown, wait_until

FILLED_WITHIN, WHOLE_WITHIN = 600, 180


@dataclass
class Beside:
    """The test's own way to the database and the engine of a running town."""

    open_store: OpenStore
    gateway: Gateway
    address: str

    async def kinds(self) -> dict[str, str]:
        """The kind of each open dossier."""
        query = select(dossiers.c.id, dossiers.c.kind).where(dossiers.c.state.in_(sorted(OPEN)))
        async with self.open_store() as store:
            return {row.id: row.kind for row in await store.connection.execute(query)}

    async def letters(self) -> Counter[tuple[str, ...]]:
        """The letters, by what they are about."""
        about = (letters.c.dossier_id, letters.c.account_id, letters.c.kind, letters.c.n)
        async with self.open_store() as store:
            rows = await store.connection.execute(select(*about))
            return Counter(tuple(str(one) for one in row) for row in rows)

    async def is_whole(self) -> bool:
        """Whether every open dossier, every campaign at work and the nights live in the engine."""
        if await self.gateway.missing(frozenset(await self.kinds())):
            return False
        async with self.open_store() as store:
            at_work = await store.campaigns.at_work()
        nights = await self.gateway.nights.read()
        are_planned = nights is not None and nights.next_at is not None
        living = [await self._lives(f"campaign-{one.id}") for one in at_work]
        return are_planned and bool(living) and all(living)

    async def _lives(self, workflow_id: str) -> bool:
        client = await connect(self.address, "default", lazy=False)
        try:
            found = await client.get_workflow_handle(workflow_id).describe()
        except RPCError:
            return False
        return found.status is WorkflowExecutionStatus.RUNNING


@asynccontextmanager
async def beside(town: RunningTown) -> AsyncIterator[Beside]:
    database = connect_database(Settings(home=town.home).sql_url)
    open_store = store_opener(database, KEYS)
    gateway = await Gateway.connect(town.engine_address, "default", open_store)
    yield Beside(open_store, gateway, town.engine_address)
    await database.dispose()


def breaches(town: RunningTown) -> set[str]:
    """What the check of the promises says, line by line; the example town shows some on purpose."""
    command = [sys.executable, "-m", "cli", "check", "--invariants"]
    checked = subprocess.run(
        command, cwd=ROOT, env=town.variables, capture_output=True, text=True, check=False
    )
    return {line for line in checked.stdout.splitlines() if line.startswith("I")}


@pytest.mark.fault
async def test_a_town_that_lost_its_engine_s_file_is_whole_again(
    tmp_path: Path, ledger: Ledger
) -> None:
    town = RunningTown(tmp_path / "town", with_examples=True)
    with town:
        await asyncio.to_thread(
            wait_until,
            lambda: "est remplie" in town.screen,
            seconds=FILLED_WITHIN,
            what="the example town is filled",
        )
        async with beside(town) as seen:
            await eventually(seen.is_whole, seconds=WHOLE_WITHIN, what="the town is whole")
            open_before, written = await seen.kinds(), await seen.letters()
        wrong = await asyncio.to_thread(breaches, town)
    assert set(open_before.values()) >= {"registration", "actualisation"}
    for file in town.home.glob("temporal.db*"):
        file.unlink()
    with town:
        began = time.monotonic()
        async with beside(town) as seen:
            await eventually(seen.is_whole, seconds=WHOLE_WITHIN, what="the town is whole again")
            seconds = time.monotonic() - began
            open_after, again = await seen.kinds(), await seen.letters()
        lost = await asyncio.to_thread(breaches, town) - wrong
    doubled = [one for one, count in again.items() if count > max(written[one], 1)]
    ledger.note(
        fault="F3",
        what="the engine's file deleted: dossiers of each kind, a campaign, the nights",
        rounds=1,
        acknowledged=len(open_before) + len(written),
        lost=len(lost) + len(set(open_before) - set(open_after)),
        doubled=len(doubled),
        seconds=seconds,
    )
    assert open_after == open_before
    assert lost == set()
    assert doubled == []
