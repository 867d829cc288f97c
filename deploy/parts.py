"""One process of the town, kept alive: started, watched, started again, stopped."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MISSED_PULSES = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

Say = Callable[[str], None]

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


async def _at_once() -> None:
    """Ready as soon as it runs."""


async def _always() -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """What to run, how to know that it is well, and how long it may take to end.

    `ready` returns once the part can be used; it runs after every start and may finish the
    settings of the part. `is_alive` is asked every `pulse_every` seconds; after three "no", the
    part is killed and started again. `grace` is in seconds, between SIGTERM and SIGKILL.
    """

    name: str
    title: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[None]] = _at_once
    is_alive: Callable[[], Awaitable[bool]] = _always
    grace: float = 10.0
    pulse_every: float = 3.0


class Keeper:
    """Keeps one part running until `stop`, with a longer pause while it never gets ready."""

    def __init__(
        self,
        part: Part,
        *,
        log: Path,
        surroundings: Mapping[str, str],
        folder: Path,
        say: Say,
        changed: Callable[[], None],
    ) -> None:
        self.part = part
        self.log = log
        self.is_ready = asyncio.Event()
        self.restarts = 0
        self._surroundings = surroundings
        self._folder = folder
        self._say = say
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._is_stopping = False
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process number, or None while the part is down."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def start(self) -> None:
        """Start to keep the part. Twice: the second changes nothing."""
        self._task = self._task or asyncio.create_task(self._keep(), name=self.part.name)

    async def stop(self) -> None:
        """End the part: SIGTERM, then SIGKILL after its grace. Twice: the second does nothing."""
        self._is_stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.part.grace)
            except TimeoutError:
                self._say(f"{self.part.title} ne s’arrête pas : arrêt forcé.")
        self.kill()
        if process is not None:
            await process.wait()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def kill(self) -> None:
        """End at once the part and whatever it started itself."""
        if (pid := self.pid) is not None:
            _signal_group(pid, signal.SIGKILL)

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._is_stopping:
            await self._live()
            was_ready = self.is_ready.is_set()
            self.is_ready.clear()
            self._changed()
            if self._is_stopping:
                return
            if was_ready:
                pause = FIRST_PAUSE  # it was well: the fall has another cause, waiting helps nobody
            self._say(
                f"{self.part.title} s’est arrêté ({self._how_it_ended()}) ; "
                f"nouveau départ dans {_seconds(pause)}. Journal : {self.log}"
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self.restarts += 1

    async def _live(self) -> None:
        with self.log.open("ab") as log:
            self._process = process = await asyncio.create_subprocess_exec(
                *self.part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=self._surroundings,
                # Ctrl-C reaches the whole terminal: apart from it, the order of stopping is ours.
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),
            )
        self._changed()
        watch = asyncio.create_task(self._watch())
        try:
            await process.wait()
        finally:
            watch.cancel()
            # What the part started itself must not outlive it, and hold a port or a file.
            _signal_group(process.pid, signal.SIGKILL)

    async def _watch(self) -> None:
        await self.part.ready()
        self.is_ready.set()
        if self.restarts:
            self._say(f"{self.part.title} répond de nouveau.")
        self._changed()
        missed = 0
        while missed < MISSED_PULSES:
            await asyncio.sleep(self.part.pulse_every)
            missed = 0 if await self.part.is_alive() else missed + 1
        self._say(f"{self.part.title} ne répond plus : arrêt forcé.")
        self.kill()

    def _how_it_ended(self) -> str:
        code = self._process.returncode if self._process is not None else None
        if code is not None and code < 0:
            return f"signal {signal.Signals(-code).name}"
        return f"code {code}"


def die_with(parent: int) -> Callable[[], None] | None:
    """Have the kernel end the child when this process is killed: nothing is left running."""
    libc = _libc
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _seconds(pause: float) -> str:
    return f"{pause:g} s".replace(".", ",")
