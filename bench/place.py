"""The town that is measured: every part a process of its own, in a temporary folder."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Final, TypeVar

from bench.visitor import Key, Visitor
from deploy.example.valbourg import SOPHIE
from domain.tokens import token_hash
from storage.clock import now
from storage.sealed import EXAMPLE_KEYS, Keys
from storage.sessions import Session
from storage.store import Store, connect, store_opener
from tests.town import ROOT, RunningTown, wait_until

T = TypeVar("T")
_CLOCK_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 300.0
_STILL: Final = 3.0


@dataclass(frozen=True)
class Place:
    """A running town, with a way into its storage for what no page is made for."""

    town: RunningTown
    folder: Path

    @cached_property
    def port(self) -> int:
        """The port of the site."""
        return int(self.town.base_url.rpartition(":")[2])

    def asks(self, question: Callable[[Store], Awaitable[T]]) -> T:
        """Ask or write something in the town's own database."""
        return in_store(f"sqlite+aiosqlite:///{self.folder / 'ribambelle.db'}", question)

    def agent(self) -> Visitor:
        """The schools' agent, signed in."""
        return Visitor(self.port, self.asks(lambda store: signs_in(store, SOPHIE.email)))

    def parents(self, count: int, prefix: str = "parent") -> Sequence[Visitor]:
        """So many parents, known and signed in, each with a browser of their own."""

        async def come(store: Store) -> Sequence[Key]:
            return [await signs_in(store, f"{prefix}{n}@exemple.fr") for n in range(count)]

        return [Visitor(self.port, one) for one in self.asks(come)]

    def reconciles(self) -> None:
        """Run `ribambelle reconcile` beside the town; wait until its worker has nothing to do."""
        command = [sys.executable, "-m", "cli", "reconcile"]
        subprocess.run(
            command, check=True, cwd=ROOT, env=self.town.variables, stdout=subprocess.DEVNULL
        )
        wait_until(self._is_still, seconds=_PATIENCE, what="the worker has nothing to do")

    def _is_still(self) -> bool:
        before = self.cpu_seconds()["worker"]
        time.sleep(_STILL)
        return self.cpu_seconds()["worker"] - before < _STILL / 20

    def cpu_seconds(self) -> dict[str, float]:
        """What each part has computed so far, with the processes it started and saw end."""
        parts = ("site", "worker", "engine", "catcher")
        spent = {part: cpu_seconds(self.town.pid(part)) for part in parts}
        below = children_of(self.town.pid("worker"))
        return {**spent, "inspection": sum(cpu_seconds(pid) for pid in below)}


def in_store(sql_url: str, question: Callable[[Store], Awaitable[T]]) -> T:
    """Ask or write something in a database, in one transaction."""

    async def ask() -> T:
        engine = connect(sql_url)
        try:
            async with store_opener(engine, Keys.listed(EXAMPLE_KEYS))() as store:
                return await question(store)
        finally:
            await engine.dispose()

    return asyncio.run(ask())


async def signs_in(store: Store, email: str) -> Key:
    """The key of a new session of this person, who becomes known as a parent if need be."""
    account = await store.accounts.by_email(email)
    account_id = account.id if account else await store.accounts.add(email, "parent", now())
    token, csrf, at = token_hex(32), token_hex(32), now()
    await store.sessions.add(
        Session(
            token_hash=token_hash(token),
            account_id=account_id,
            csrf_token=csrf,
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(hours=8),
        )
    )
    return Key(token, csrf)


def cpu_seconds(pid: int) -> float:
    """What a process and its children that ended have computed."""
    values = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(int(value) for value in values[11:15]) / _CLOCK_TICKS


def children_of(pid: int) -> Sequence[int]:
    """The processes that a process started, and those that they did, as far as they live."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("utf-8").split():
            found += [int(child), *children_of(int(child))]
    return found


def memory_mib(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def running_place(folder: Path) -> Iterator[Place]:
    """A town without example families, started and stopped."""
    with RunningTown(folder) as town:
        yield Place(town, folder)
