"""A town of processes, a steady stream of people, and somebody who kills its parts at random.

    async with a_stream(town, families=3) as stream:
        for _ in range(20):
            await stream.survives(kill)

`survives` waits until a page, an upload and a decision have each succeeded again, all begun after
the kill, and nobody lends a hand: the town's own supervisor starts its processes again, and the
database is started as the machine's init system would.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex
from typing import TypeVar

from api.gateway import connect as connect_engine
from domain.states import State
from storage.clock import now
from tests import samples
from tests.faults.breakable import BreakableTown
from tests.faults.people import Agent, Away, Family, Told, insist

T = TypeVar("T")
IDENTITY, GUARDIAN, DOMICILE = "child_identity", "guardian_identity", "proof_of_address"
_THINKING_SECONDS = 1.0
_STOCK = 4
"""How many dossiers under review the families keep ready for who has to decide one at once."""


@dataclass
class Stream:
    """Families and agents who never stop. `everybody` is what they were told."""

    town: BreakableTown
    everybody: list[Told] = field(default_factory=list)
    decided: int = 0
    _reviewed: asyncio.Queue[Told] = field(default_factory=asyncio.Queue)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _ends: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0

    # The people -----------------------------------------------------------------------------------

    async def newcomer(self) -> Family:
        self._count += 1
        name = f"famille{self._count}"
        family = await self._in_database(lambda: self.town.family(name))
        self.everybody.append(family.told)
        return family

    async def families(self, seed: int) -> None:
        """One family after the other, each with one dossier, until the end is asked for."""
        chance = random.Random(seed)
        while not self._ends.is_set():
            family = await self.newcomer()
            await family.begins()
            await _thinks()
            await family.gives(IDENTITY, a_paper())
            await _thinks()
            if chance.random() < 0.3:
                await family.takes_away(await family.gives(GUARDIAN, a_paper()))
                await _thinks()
            await family.gives(GUARDIAN, a_paper())
            await _thinks()
            await family.declares(DOMICILE)
            await _thinks()
            await family.submits()
            await self._is_under_review(family.told)
            if chance.random() < 0.25:
                await self._complements(family)
            await self._reviewed.put(family.told)
            await family.leaves()
            while (  # noqa: ASYNC110  until somebody decides
                self._reviewed.qsize() > 2 * _STOCK and not self._ends.is_set()
            ):
                await asyncio.sleep(0.2)

    async def _complements(self, family: Family) -> None:
        agent = await self._in_database(self.town.agent)
        await agent.asks(family.told, IDENTITY)
        await agent.leaves()
        await family.finds(family.place, f"{family.place}/repondre")
        await family.gives(IDENTITY, a_paper())
        await family.answers()
        await self._is_under_review(family.told)

    async def _is_under_review(self, told: Told) -> None:
        """What was only kept, because the engine was down, is applied within a minute or two."""

        async def once() -> None:
            state = await self._in_database(lambda: self.town.state(told.dossier_id))
            if state is not State.UNDER_REVIEW:
                raise Away(state)

        await insist(once, "see a dossier under review", seconds=180)

    async def agents(self, seed: int) -> None:
        """Decide what is there, but for the stock that the killer's own decisions need."""
        chance = random.Random(seed)
        agent = await self._in_database(self.town.agent)
        while not self._ends.is_set():
            if self._reviewed.qsize() > _STOCK:
                await self._decides(agent, chance.random() < 0.3)
            await _thinks()
        await agent.leaves()

    async def _decides(self, agent: Agent, is_no: bool) -> Told:
        told = await self._reviewed.get()
        await (agent.refuses(told) if is_no else agent.approves(told))
        self.decided += 1
        return told

    async def _in_database(self, question: Callable[[], Awaitable[T]]) -> T:
        """What no page is made for; the database may be down."""

        async def once() -> T:
            try:
                return await question()
            except Exception as error:  # whatever the driver of a killed database throws
                raise Away(type(error).__name__) from error

        return await insist(once, "reach the database")

    # The killer -----------------------------------------------------------------------------------

    async def survives(self, kill: Callable[[], None]) -> float:
        """Kill, and give the seconds until a page, an upload and a decision succeeded again."""
        clock = asyncio.get_running_loop().time
        began = clock()
        killing = asyncio.create_task(asyncio.to_thread(kill))
        await asyncio.sleep(0.05)
        await asyncio.gather(self._a_page(), self._an_upload(), self._a_decision())
        await killing
        self._fail_with_who_failed()
        return clock() - began

    async def _a_page(self) -> None:
        await self._prober.opens("/")

    async def _an_upload(self) -> None:
        """Given, looked at, and taken away again."""
        given = await self._prober.gives(IDENTITY, a_paper())
        await self._prober.takes_away(given)

    async def _a_decision(self) -> None:
        """Given and applied, not only kept."""
        agent = await self._in_database(self.town.agent)
        told = await self._decides(agent, is_no=False)
        await agent.leaves()

        async def is_applied() -> None:
            if await self._in_database(lambda: self.town.state(told.dossier_id)) != told.decided:
                raise Away("not applied yet")

        await insist(is_applied, "see a decision applied")

    def _fail_with_who_failed(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()

    # Beginning and end ----------------------------------------------------------------------------

    async def begin(self, *, families: int, seed: int) -> None:
        self._prober = await self.newcomer()
        await self._prober.begins()
        for number in range(families):
            self._tasks.append(asyncio.create_task(self.families(seed + number)))
        self._tasks.append(asyncio.create_task(self.agents(seed)))
        while families and self._reviewed.qsize() < _STOCK:
            await asyncio.sleep(0.2)
            self._fail_with_who_failed()

    async def end(self) -> None:
        """Let everybody finish what they began."""
        self._ends.set()
        await asyncio.gather(*self._tasks)
        await self._prober.leaves()

    async def give_up(self) -> None:
        """Leave at once, whatever is unfinished."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def at_rest(self, *, seconds: float = 150) -> None:
        """Wait until no act, document, check or letter waits for anybody."""
        limit = asyncio.get_running_loop().time() + seconds
        while await self._waiting():
            if asyncio.get_running_loop().time() > limit:
                return  # what still waits is for the reckoning to tell
            await asyncio.sleep(0.5)

    async def _waiting(self) -> int:
        async with self.town.open_store() as store:
            acts = await store.acts.undelivered(given_before=now())
            checks = await store.supervision.slow_checks(since_before=now())
            letters = await store.letters.counts()
        return (
            len(acts)
            + len(checks)
            + sum(n for status, n in letters.items() if status != "accepted")
        )

    async def ends_of_workflows(self) -> list[str]:
        """The decided dossiers whose workflow did not end, or ended otherwise."""
        client = await connect_engine(self.town.town.engine_address, "default", lazy=False)
        wrong = []
        for told in self.everybody:
            if told.decided:
                handle = client.get_workflow_handle(f"dossier-{told.dossier_id}")
                ended = await asyncio.wait_for(handle.result(), 60)
                if ended != told.decided:
                    wrong.append(f"{told.dossier_id[:8]}: {ended} instead of {told.decided}")
        return wrong


@asynccontextmanager
async def a_stream(
    town: BreakableTown, *, families: int = 2, seed: int = 1
) -> AsyncIterator[Stream]:
    """People at work; at the end they finish what they began, and the town comes to rest."""
    stream = Stream(town)
    try:
        await stream.begin(families=families, seed=seed)
        yield stream
        await stream.end()
        await stream.at_rest()
    finally:
        await stream.give_up()


async def _thinks() -> None:
    """People are slower than programs; and the machine is to be broken, not worn out."""
    await asyncio.sleep(_THINKING_SECONDS)


def a_paper() -> bytes:
    """A small document like no other: what stands after its end changes nothing but its digest."""
    return _sheet() + f"\n% {token_hex(8)}\n".encode()


@cache
def _sheet() -> bytes:
    return samples.pdf()
