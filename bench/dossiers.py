"""What a dossier costs, everything real: pages, uploads, inspection, letters, the engine's file."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Final

from temporalio.client import Client

from api.gateway import connect
from bench import family
from bench.noop import noop_worker, per_second
from bench.place import Place
from bench.table import Row, at_least, at_most
from bench.visitor import Visitor

AT_ONCE: Final = 8
ROUNDS: Final = 3
_DOSSIERS: Final = 16
_NO_OPS: Final = 150
_MOST_EVENTS: Final = 80
_MOST_TASKS: Final = 13
_LEAST_SHARE: Final = 0.10


@dataclass(frozen=True)
class Round:
    """One round, per second: dossiers, dossiers whose every page is read, and no-op workflows.

    `cpu_ms` is what one dossier of the first sort made each part compute.
    """

    dossiers: float
    with_pages: float
    no_ops: float
    cpu_ms: dict[str, float]


def measured(place: Place, *, rounds: int = ROUNDS) -> Sequence[Row]:
    """Events and workflow tasks of a dossier, and dossiers per second beside no-op workflows."""
    agent = place.agent()
    (first,) = place.parents(1, "premier")
    events, tasks = asyncio.run(_history(place.town.engine_address, _lived(first, agent)))
    found = _rounds(place, rounds)
    speed, slow, no_ops = (
        median(getattr(one, name) for one in found) for name in ("dossiers", "with_pages", "no_ops")
    )
    cpu = {part: median(r.cpu_ms[part] for r in found) for part in found[0].cpu_ms}
    spent = ", ".join(f"{part} {ms:.0f} ms" for part, ms in cpu.items())
    each = f"{speed:.2f} against {no_ops:.1f} per second, {AT_ONCE} at once"
    return (
        at_most(
            "Events in the history of a dossier with three documents", events, _MOST_EVENTS, ""
        ),
        at_most("Its workflow tasks", tasks, _MOST_TASKS, ""),
        at_least(
            "Such dossiers per second (acts, uploads, inspection, letters) against no-op workflows",
            speed / no_ops,
            _LEAST_SHARE,
            "",
            more=each,
        ),
        Row("CPU of one such dossier", spent),
        Row("Dossiers per second when every page is read as well", f"{slow:.2f}"),
    )


def _lived(parent: Visitor, agent: Visitor) -> str:
    return _rest(parent, agent, family.opens(parent))


def _rest(parent: Visitor, agent: Visitor, dossier_id: str) -> str:
    family.gives(parent, dossier_id, family.papers())
    family.sends(parent, dossier_id)
    family.approves(agent, dossier_id)
    return dossier_id


async def _history(address: str, dossier_id: str) -> tuple[int, int]:
    client = await connect(address, "default", lazy=False)
    handle = client.get_workflow_handle(f"dossier-{dossier_id}")
    await handle.result()
    events = (await handle.fetch_history()).events
    tasks = [e for e in events if e.HasField("workflow_task_completed_event_attributes")]
    return len(events), len(tasks)


def _rounds(place: Place, rounds: int) -> Sequence[Round]:
    with noop_worker(place.town.engine_address):
        _no_ops(place, 20)
        return [_round(place, number) for number in range(rounds)]


def _round(place: Place, number: int) -> Round:
    before = place.cpu_seconds()
    speed = _per_second(
        place, lambda one, agent: _rest(one, agent, family.opens_unread(one)), f"{number}a"
    )
    after = place.cpu_seconds()
    cpu = {part: 1000 * (after[part] - before[part]) / _DOSSIERS for part in before}
    no_ops = _no_ops(place, _NO_OPS)
    return Round(speed, _per_second(place, _lived, f"{number}b"), no_ops, cpu)


def _per_second(place: Place, live: Callable[[Visitor, Visitor], str], prefix: str) -> float:
    parents = place.parents(_DOSSIERS, f"tour{prefix}-")
    agents = [place.agent() for _ in parents]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as families:
        list(families.map(live, parents, agents))
    seconds = time.perf_counter() - began
    for visitor in (*parents, *agents):
        visitor.leaves()
    return _DOSSIERS / seconds


def _no_ops(place: Place, count: int) -> float:
    async def run() -> float:
        client = await Client.connect(place.town.engine_address)
        return await per_second(client, count, at_once=AT_ONCE)

    return asyncio.run(run())
