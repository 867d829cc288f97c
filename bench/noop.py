"""A workflow that does nothing, and its worker: what the engine itself costs on this machine.

`python -m bench.noop ADDRESS` is the worker; it says "ready" and works until it is ended.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

QUEUE: Final = "no-op"


@workflow.defn
class NoOp:
    """Begins and ends."""

    @workflow.run
    async def run(self, dossier_id: str) -> str:
        """Give back what was given."""
        return dossier_id


@contextmanager
def noop_worker(address: str) -> Iterator[None]:
    """The worker in a process of its own, as the portal's is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.noop", address], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait()


async def per_second(client: Client, count: int, *, at_once: int) -> float:
    """How many no-op workflows the engine starts and ends in a second."""
    waiting = iter(range(count))

    async def go_on() -> None:
        for _ in waiting:
            name = uuid4().hex
            await client.execute_workflow(NoOp.run, name, id=f"no-op-{name}", task_queue=QUEUE)

    began = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(at_once)))
    return count / (time.perf_counter() - began)


async def _work(address: str) -> None:
    client = await Client.connect(address)
    async with Worker(
        client, task_queue=QUEUE, workflows=[NoOp], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
