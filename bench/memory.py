"""What the worker holds in memory as dossiers pile up: the engine's library keeps 1,000 of them."""

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from bench.crowd import add_families
from bench.place import Place, memory_mib
from bench.table import Row, at_most
from storage.clock import now
from storage.store import Store
from tests.town import ROOT, wait_until

FEW: Final = 100
MANY: Final = 3_000
_MOST_MIB: Final = 250
_PATIENCE: Final = 300.0
_STILL: Final = 3.0


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
    reconcile(place)


def reconcile(place: Place) -> None:
    """Run `ribambelle reconcile` beside the town, then wait until its worker has nothing to do."""
    command = [sys.executable, "-m", "cli", "reconcile"]
    subprocess.run(
        command, check=True, cwd=ROOT, env=place.town.variables, stdout=subprocess.DEVNULL
    )
    wait_until(lambda: _is_still(place), seconds=_PATIENCE, what="the worker has nothing to do")


def _is_still(place: Place) -> bool:
    before = place.cpu_seconds()["worker"]
    time.sleep(_STILL)
    return place.cpu_seconds()["worker"] - before < _STILL / 20
