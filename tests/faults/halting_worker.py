"""The town's real worker, which stops dead at one kind of step: `python -m … KIND BARRIER`.

The step has done all its work and has not told the engine yet: whoever kills the worker now makes
the step run twice. The barrier is a file that appears at that moment.

`remove:3` is another moment: when the bytes of a third document are to be erased, and are not.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.client import Interceptor as ClientInterceptor
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput
from temporalio.worker import Interceptor as WorkerInterceptor

from settings import Settings
from storage.folder_files import FolderFiles
from worker import built, workers


class Halt(ClientInterceptor, WorkerInterceptor):
    """Lets one kind of step end, and its answer wait for ever."""

    def __init__(self, kind: str, barrier: Path) -> None:
        self._kind = kind
        self._barrier = barrier

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Halted(next, self._kind, self._barrier)


class _Halted(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, kind: str, barrier: Path) -> None:
        super().__init__(inner)
        self._kind = kind
        self._barrier = barrier

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        result = await super().execute_activity(input)
        if input.fn.__name__ == self._kind:
            self._barrier.touch()
            await asyncio.Event().wait()
        return result


class HaltingFiles(FolderFiles):
    """Documents of which some are erased, and then no more."""

    def __init__(self, folder: Path, until: int, barrier: Path) -> None:
        super().__init__(folder)
        self._left = until
        self._barrier = barrier

    async def remove(self, document_id: str) -> None:
        self._left -= 1
        if self._left <= 0:
            self._barrier.touch()
            await asyncio.Event().wait()
        await super().remove(document_id)


async def main(kind: str, barrier: Path) -> None:
    kind, _, number = kind.partition(":")
    async with built(Settings()) as parts:
        files = HaltingFiles(Settings().files_folder, int(number), barrier) if number else None
        config = parts.client.config()
        config["interceptors"] = [Halt(kind, barrier)]
        halting = replace(parts, client=Client(**config), files=files or parts.files)
        await asyncio.gather(*(one.run() for one in workers(halting)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
