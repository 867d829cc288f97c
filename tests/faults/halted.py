"""A real worker in a process of its own that stops dead at a moment of the test's choice.

See `tests.faults.halting_worker` for the moments.
"""

import signal
import subprocess
import sys
from pathlib import Path

from tests.living_town import LivingTown, eventually
from tests.town import ROOT, Engine


class HaltingWorker:
    """The real worker in a process of its own, which stops dead after one kind of step."""

    def __init__(self, town: LivingTown, engine: Engine, sql_url: str, home: Path) -> None:
        self._barrier = home / "barrier"
        self._command = [sys.executable, "-m", "tests.faults.halting_worker"]
        self._settings = {
            "PYTHONPATH": str(ROOT),
            "RIBAMBELLE_HOME": str(home),
            "RIBAMBELLE_DATABASE_URL": sql_url,
            "RIBAMBELLE_TEMPORAL_PORT": str(engine.port),
            "RIBAMBELLE_SMTP_PORT": str(town.mail.port),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def starts(self, kind: str) -> None:
        self._process = subprocess.Popen(
            [*self._command, kind, str(self._barrier)],
            cwd=ROOT,
            env=self._settings,
            stderr=subprocess.DEVNULL,
        )

    async def is_killed_at_the_barrier(self) -> None:
        async def is_there() -> bool:
            return self._barrier.exists()

        await eventually(is_there, seconds=120, what="the step is done")
        self.is_killed()
        self._barrier.unlink()

    def is_killed(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
