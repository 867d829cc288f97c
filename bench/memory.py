"""What the worker holds in memory as dossiers pile up: the engine's library keeps 1,000 of them."""

import time
from collections.abc import Sequence
from typing import Final

from bench.crowd import add_families
from bench.place import Place, memory_mib
from bench.table import Row, at_most
from storage.clock import now
from storage.store import Store

FEW: Final = 100
MANY: Final = 3_000
_MOST_MIB: Final = 250


def measured(place: Place) -> Sequence[Row]:
    """Open dossiers written as rows and started by the reconciler, as after the loss of the engine.

    Each then waits in the worker for its agent, with its history and its clocks.
    """
    worker = place.town.pid("worker")
    idle = memory_mib(worker)
    _start(place, FEW, "peu")
    few = memory_mib(worker)
    began = time.monotonic()
    _start(place, MANY - FEW, "beaucoup")
    seconds = time.monotonic() - began
    many = memory_mib(worker)
    more = f"{idle:.0f} MiB idle, {few:.0f} with {FEW} open dossiers, {many:.0f} with {MANY:,}"
    return (
        at_most("Growth of the worker’s memory", many - few, _MOST_MIB, " MiB", more=more),
        Row(
            "Open dossiers started again from storage, per second", f"{(MANY - FEW) / seconds:.0f}"
        ),
    )


def _start(place: Place, count: int, prefix: str) -> None:
    async def fill(store: Store) -> None:
        await add_families(store, count, now(), prefix=prefix, open_ones=count)

    place.asks(fill)
    place.reconciles()
