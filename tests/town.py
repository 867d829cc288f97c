"""A whole town for one test: every part a real process, in a folder of its own, on free ports."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from deploy.engine import PROGRAM, engine_command

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 90.0
STOPPED_WITHIN = 60.0


def free_ports(count: int) -> list[int]:
    """Different ports nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def free_port() -> int:
    """A port nobody listens on now."""
    return free_ports(1)[0]


def wait_until(question: Callable[[], Any], *, seconds: float, what: str) -> None:
    """Return once the answer is truthy; fail with `what` after so many seconds."""
    limit = time.monotonic() + seconds
    while not question():
        if time.monotonic() > limit:
            raise AssertionError(f"after {seconds:g} s, still not: {what}")
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether the process is there and is not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


@dataclass(frozen=True)
class Engine:
    """A running Temporal dev server. Tests share it: task queues and ids must be their own."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def running_engine(folder: Path) -> Iterator[Engine]:
    """Temporal's dev server in memory, on a free port, its log in the folder."""
    port = free_port()
    update = [str(PROGRAM), "operator", "namespace", "update", "--namespace", "default"]
    update += ["--retention", "9600h", "--address", f"127.0.0.1:{port}"]
    with (folder / "engine.log").open("wb") as log:
        process = subprocess.Popen(
            engine_command(port=port, ui_port=None, database=None), stdout=log, stderr=log
        )
        try:
            wait_until(
                lambda: subprocess.run(update, check=False, capture_output=True).returncode == 0,
                seconds=30,
                what="the engine answers",
            )
            yield Engine(port=port, pid=process.pid)
        finally:
            process.terminate()
            process.wait(STOPPED_WITHIN)


class RunningTown:
    """The town of `make run`, started by `deploy.local` without its example families.

    Use it in a `with`; started again on the same folder, it goes on from where it was.
    """

    def __init__(self, home: Path, *, with_examples: bool = False, **settings: str) -> None:
        self.home = home
        site, engine, engine_ui, catcher = free_ports(4)
        self._variables = {
            "RIBAMBELLE_HOME": str(home),
            "RIBAMBELLE_PORT": str(site),
            "RIBAMBELLE_TEMPORAL_PORT": str(engine),
            "RIBAMBELLE_TEMPORAL_UI_PORT": str(engine_ui),
            "RIBAMBELLE_SMTP_PORT": str(catcher),
            **settings,
        }
        self._options = [] if with_examples else ["--without-examples"]
        self.base_url = f"http://localhost:{site}"
        self.engine_address = f"127.0.0.1:{engine}"
        self.smtp_port = catcher
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a command run by hand beside this town."""
        return {**os.environ, **self._variables}  # noqa: TID251  (handed on)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return once the town says that it is ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "screen.txt").open("ab") as screen:
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local", *self._options],
                cwd=ROOT,
                env=self.variables,
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

        def settled() -> bool:
            if process.poll() is not None:
                raise AssertionError(f"the town did not start:\n{self.screen}\n{self.logs}")
            status = self.status
            # A town that was killed leaves its last word: only this process's own counts.
            is_own = status.get("pids", {}).get("supervisor") == process.pid
            return bool(is_own and status["state"] == "ready")

        try:
            wait_until(settled, seconds=READY_WITHIN, what="the town is ready")
        except AssertionError as late:
            late.add_note(f"{self.screen}\n{self.logs}")
            self.stop()
            raise

    def stop(self) -> None:
        """Ask for a clean end, and wait for it. Twice: the second does nothing."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._process = None

    def kill(self, part: str) -> int:
        """`kill -9` a part (site, worker, engine, catcher or supervisor). Returns its number."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        if part == "supervisor" and self._process is not None:
            self._process.wait()
            self._process = None
        return pid

    def wait_for_return_of(self, part: str, *, killed: int, seconds: float = 30) -> None:
        """Return once the part runs under another number and is ready again."""

        def is_back() -> bool:
            status = self.status
            return status["pids"][part] not in (None, killed) and bool(status["ready"][part])

        wait_until(is_back, seconds=seconds, what=f"{part} is back")

    def pid(self, part: str) -> int:
        """The process number of a part that runs now."""
        wait_until(lambda: self.status["pids"][part], seconds=30, what=f"{part} runs")
        return int(self.status["pids"][part])

    @property
    def status(self) -> dict[str, Any]:
        """What `town.json` says; empty before the first start and after the last stop."""
        try:
            found: dict[str, Any] = json.loads((self.home / "town.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found

    @property
    def screen(self) -> str:
        """Everything the town printed, over all its starts."""
        return (self.home / "screen.txt").read_text("utf-8")

    @property
    def logs(self) -> str:
        """The end of each part's log, for the person who reads a failed test."""
        logs = sorted((self.home / "logs").glob("*.log"))
        return "\n".join(f"--- {log.name}\n{_end_of(log)}" for log in logs)


def _end_of(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-3000:]
