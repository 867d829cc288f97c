"""The data folder of a town on one machine: one town at a time, its logs and its `town.json`."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOG_LIMIT_BYTES = 5 * 1024 * 1024
LOGS_KEPT = timedelta(days=183)
"""How long technical logs stay (CNIL: six to twelve months)."""


class HomeIsTakenError(Exception):
    """Another town already runs in this folder; `pid` is its supervisor, when it is known."""

    def __init__(self, pid: str) -> None:
        super().__init__(pid)
        self.pid = pid


class Home:
    """The folder `RIBAMBELLE_HOME`, as the supervisor sees it: nothing of the dossiers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.mails = self.folder / "mails"
        self.engine_database = self.folder / "temporal.db"
        self._logs = self.folder / "logs"
        self._status = self.folder / "town.json"

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the folder for one town. The lock leaves with the process, however it ends.

        Raises:
            HomeIsTakenError: a town already runs there.
            OSError: the folder cannot be made or written.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self.folder / "town.lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                lock.seek(0)
                raise HomeIsTakenError(lock.read().strip()) from taken
            # A supervisor that was killed could not take its last word back.
            self._status.unlink(missing_ok=True)
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)
                self._status.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        """The log of a part."""
        return self._logs / f"{name}.log"

    def tidy_logs(self, at: datetime) -> None:
        """Begin each log anew that grew over 5 MiB or is of another month; erase the old ones.

        A log that was put aside is erased six months after its last line. The parts go on writing
        meanwhile: they add to the end, wherever it is. Twice: nothing more.
        """
        this_month, month = f"{at:%Y-%m}", self._logs / "month"
        is_new_month = month.exists() and month.read_text(encoding="utf-8") != this_month
        for log in self._logs.glob("*.log"):
            size = log.stat().st_size
            if size > LOG_LIMIT_BYTES or (size and is_new_month):
                shutil.copy2(log, log.with_suffix(f".log.{at:%Y-%m-%dT%H%M%S}"))
                os.truncate(log, 0)
        month.write_text(this_month, encoding="utf-8")
        for old in self._logs.glob("*.log.*"):
            if at - datetime.fromtimestamp(old.stat().st_mtime, UTC) > LOGS_KEPT:
                old.unlink(missing_ok=True)

    def write_status(self, status: dict[str, object]) -> None:
        """Replace `town.json` in one step: a reader sees the old one or the new one, whole."""
        unfinished = self._status.with_suffix(".tmp")
        unfinished.write_text(json.dumps(status, indent=2, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(self._status)
