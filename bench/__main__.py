"""`make bench`: every figure of one run in one table, within ten minutes.

`ROWS=dossiers,pages` measures some subjects only; `WRITE=1` puts the table into
docs/performance.md. Rounds are interleaved with their yardsticks and medians are shown: read the
ratios on a machine that does other things as well.
"""

import argparse
import os
import platform
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

from bench import campaign, dossiers, inspection, lists, memory, pages, rights, sign_ins, start
from bench.place import Place, running_place
from bench.table import Row, markdown, write_into
from storage.clock import now
from tests.town import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"


class _Ground:
    """A folder, and one running town for all the subjects that need one."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._place: Place | None = None
        self.start_seconds = 0.0

    def place(self) -> Place:
        """The town, started when it is first asked for."""
        if self._place is None:
            began = time.monotonic()
            running: AbstractContextManager[Place] = running_place(self.folder / "town")
            self._place = self._stack.enter_context(running)
            self.start_seconds = time.monotonic() - began
        return self._place


def _set_up(ground: _Ground) -> Sequence[Row]:
    return start.set_up(ground.folder, os.environ)  # noqa: TID251  (handed on)


def _start(ground: _Ground) -> Sequence[Row]:
    ground.place()
    return (start.started(ground.start_seconds),)


def _campaign(ground: _Ground) -> Sequence[Row]:
    # A town of its own: its families would be in every list.
    with running_place(ground.folder / "campaign") as place:
        return campaign.measured(place)


def _memory(ground: _Ground) -> Sequence[Row]:
    # A town of its own: this is about every dossier that its worker knows.
    with running_place(ground.folder / "memory") as place:
        return memory.measured(place)


SUBJECTS: Final[dict[str, Callable[[_Ground], Sequence[Row]]]] = {
    "setup": _set_up,
    "start": _start,
    "dossiers": lambda ground: dossiers.measured(ground.place()),
    "inspection": lambda _: inspection.measured(),
    "lists": lambda ground: lists.measured(ground.folder / "lists"),
    "pages": lambda ground: pages.measured(ground.place()),
    "rights": lambda ground: rights.measured(ground.place()),
    "sign-ins": lambda ground: sign_ins.measured(ground.place()),
    "memory": _memory,
    "campaign": _campaign,
}


def main() -> None:
    """Measure what is asked for, and print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", default="", help=", ".join(SUBJECTS))
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    asked = parser.parse_args()
    wanted = [one for one in asked.rows.split(",") if one] or list(SUBJECTS)
    if unknown := set(wanted) - set(SUBJECTS):
        parser.error(f"no such rows: {', '.join(sorted(unknown))}")
    # Ended by anybody, it still ends the towns that it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began, rows = time.monotonic(), list[Row]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ground = _Ground(folder, stack)
        for name in (one for one in SUBJECTS if one in wanted):
            sys.stderr.write(f"{name}…\n")
            rows += _measured(name, ground)
    seconds = time.monotonic() - began
    table = f"{markdown(rows)}\n\n{_about(seconds)}"
    print(table)
    if asked.write:
        write_into(PAGE, table)


def _measured(name: str, ground: _Ground) -> Sequence[Row]:
    """The rows of a subject. One that cannot be measured is said, and does not cost the others."""
    try:
        return SUBJECTS[name](ground)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        return [Row(name, f"not measured: {type(error).__name__}", is_met=False)]


def _about(seconds: float) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Run of {now():%Y-%m-%d}, {seconds / 60:.0f} min, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, load at the end {load}."
    )


if __name__ == "__main__":
    main()
