"""The worker's end of the line to the nursery: starts it, sends jobs, hears replies."""

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from activities.inspection.jobs import Job, network

NURSERY: Final = [sys.executable, "-I", "-m", "activities.inspection.nursery"]
_START_SECONDS: Final = 30.0
_GRACE_SECONDS: Final = 2.0


class CannotInspectError(RuntimeError):
    """The machine's fault, not the document's: no nursery, a full disk. Trying again helps."""


class LostError(Exception):
    """The nursery died, or fell silent, before it answered."""


class Link:
    """One nursery at a time, started when needed and again after it died.

    `commands` are the ways to start it, the safest first; the first that works is kept.
    """

    def __init__(self, commands: Sequence[Sequence[str]] | None = None) -> None:
        self._commands = _commands() if commands is None else commands
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any] | None]] = {}
        self._starting = asyncio.Lock()
        self._count = 0
        self.is_isolated = False

    @property
    def pid(self) -> int | None:
        """The process id of the nursery, while there is one."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the nursery unless it lives, without network when the system allows it.

        Raises:
            CannotInspectError: it did not start, with or without the network.
        """
        async with self._starting:
            if self._hearing is not None and not self._hearing.done():
                return
            await self._stop()
            for command in self._commands:
                if await self._starts(command):
                    return
            raise CannotInspectError

    async def ask(self, job: Job) -> dict[str, Any]:
        """Have the job done, and return its outcome.

        Raises:
            LostError: the nursery died or fell silent meanwhile; the job may be asked again.
            CannotInspectError: there is no nursery and none could be started.
        """
        await self.start()
        self._count += 1
        number = self._count
        reply: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            await self._send({"number": number, "job": asdict(job)})
            async with asyncio.timeout(job.wall_seconds + _GRACE_SECONDS):
                outcome = await reply
        except (TimeoutError, ConnectionError) as error:
            await self._discard()
            raise LostError from error
        finally:
            self._waiting.pop(number, None)
        if outcome is None:
            raise LostError
        return outcome

    async def close(self) -> None:
        """End the nursery and whatever it is doing. Twice: the second changes nothing."""
        async with self._starting:
            await self._stop()

    async def _starts(self, command: Sequence[str]) -> bool:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={"LC_ALL": "C.UTF-8"},  # none of the worker's secrets
            start_new_session=True,  # Ctrl-C is for the worker, which lets inspections end
        )
        self._process = process
        try:
            async with asyncio.timeout(_START_SECONDS):
                hello = json.loads(await _stdout(process).readline())
        except (TimeoutError, ValueError):
            await self._stop()
            return False
        self.is_isolated = hello["network"] not in ("", network())
        self._hearing = asyncio.create_task(self._hear(process))
        return True

    async def _send(self, message: dict[str, Any]) -> None:
        if self._process is None or self._process.stdin is None:
            raise LostError
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        await self._process.stdin.drain()

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        while line := await _stdout(process).readline():
            message = json.loads(line)
            reply = self._waiting.get(message["number"])
            if reply is not None and not reply.done():
                reply.set_result(message["outcome"])
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_result(None)

    async def _discard(self) -> None:
        """Kill a nursery that no longer answers, and wait until its other jobs know."""
        process, hearing = self._process, self._hearing
        if process is not None and hearing is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.wait([hearing])

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()  # its sign to end, with its children
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._hearing is not None:
            await self._hearing
            self._hearing = None


def _commands() -> list[list[str]]:
    unshare = shutil.which("unshare")
    return [[unshare, "-rn", *NURSERY], NURSERY] if unshare else [NURSERY]


def _stdout(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise LostError
    return process.stdout
