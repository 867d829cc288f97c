"""The parts of a town on one machine: what each runs, when it is ready, how one sees it is well."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from deploy.engine import engine_command, engine_is_alive, engine_ready, last_call_of_worker
from deploy.parts import Part
from deploy.probes import mailbox_answers, page_answers, until
from settings import Settings
from storage.clock import now

# A worker finishes the step it is in; the site finishes the pages being sent.
WORKER_GRACE = 30.0
SITE_GRACE = 10.0
# A worker asks for work at least every minute; later than this, it is frozen.
WORKER_CALLS_WITHIN = timedelta(seconds=75)


def engine_part(settings: Settings, database: Path) -> Part:
    """Temporal's dev server; it keeps all in this file, unless the settings say: in memory."""
    return Part(
        name="engine",
        title="Le moteur",
        command=engine_command(
            port=settings.temporal_port,
            ui_port=settings.temporal_ui_port,
            database=None if settings.temporal_in_memory else database,
        ),
        ready=lambda: engine_ready(settings.temporal_port),
        is_alive=lambda: engine_is_alive(settings.temporal_ui_port),
    )


def catcher_part(settings: Settings) -> Part:
    """Whatever the town mails ends here."""
    port = settings.smtp_port
    return Part(
        name="catcher",
        title="Le receveur de courriers",
        command=(sys.executable, "-m", "deploy.mail_catcher"),
        ready=lambda: until(lambda: mailbox_answers(port)),
        is_alive=lambda: mailbox_answers(port),
    )


def worker_part(settings: Settings, pid: Callable[[], int | None]) -> Part:
    """The worker; `pid` gives the number under which it runs now: the engine knows it by that."""
    port = settings.temporal_ui_port

    async def has_called() -> bool:
        return await last_call_of_worker(port, pid()) is not None

    async def calls() -> bool:
        called = await last_call_of_worker(port, pid())
        return called is None or now() - called < WORKER_CALLS_WITHIN

    return Part(
        name="worker",
        title="L’ouvrier des dossiers",
        command=(sys.executable, "-m", "worker"),
        ready=lambda: until(has_called),
        is_alive=calls,
        grace=WORKER_GRACE + 5,
    )


def site_part(settings: Settings) -> Part:
    """The site, one process; it is ready once it reaches its database."""
    host, port = settings.host, settings.port
    command = [sys.executable, "-m", "uvicorn", "api.app:create_app", "--factory"]
    command += ["--host", host, "--port", str(port), "--workers", "1"]
    command += ["--http", "api.patience:PatientProtocol"]
    command += ["--timeout-graceful-shutdown", str(int(SITE_GRACE)), "--no-server-header"]
    # Links to sign in carry a secret in their address: it has no place in a log.
    command += ["--no-access-log"]
    # Who is believed about addresses is a setting of the town: see `api/app.py`.
    command += ["--no-proxy-headers"]
    return Part(
        name="site",
        title="Le site",
        command=tuple(command),
        ready=lambda: until(lambda: page_answers(port, "/readyz", host=host)),
        is_alive=lambda: page_answers(port, "/healthz", host=host),
        grace=SITE_GRACE + 5,
    )
