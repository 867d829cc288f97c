"""Composition root of the worker: what runs the dossiers, looks at documents and sends letters."""

import asyncio
import contextlib
import itertools
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.activation_letters import ActivationLetters
from activities.antivirus import Antivirus, antivirus_at
from activities.attempts import Attempts
from activities.campaign_watch import CampaignWatch
from activities.campaigns import CampaignActivities
from activities.documents import DocumentActivities
from activities.dossiers import DossierActivities
from activities.inspection.inspector import Inspector
from activities.journal_watch import JournalWatch
from activities.letter_writer import LetterWriter, Sender
from activities.letters import LetterActivities, MailServer
from activities.reconciler import Reconciler
from activities.rescan import AT_LENGTH, Rescan
from activities.retention import RetentionActivities
from activities.retention_letters import RetentionLetters
from api.engine_nights import EngineNights
from api.gateway import QUEUE, Gateway, connect, worker_identity
from api.logs import log_as_json
from domain.documents import Limits
from domain.errors import Unavailable
from settings import Settings
from storage.files import Files
from storage.keepers import files_at
from storage.store import OpenStore, store_opener
from storage.store import connect as connect_database
from workflows.actualisation import Actualisation
from workflows.campaign import Campaign
from workflows.change import Change
from workflows.letter import LetterDelivery
from workflows.registration import Registration
from workflows.retention import NightlyRetention

_log = logging.getLogger("ribambelle.worker")
INSPECTION_QUEUE = "inspection"
LONG_INSPECTION_QUEUE = "inspection-long"
LETTERS_QUEUE = "letters"
_LETTERS_AT_ONCE = 4
_STICKY = timedelta(seconds=2)  # a killed worker's dossiers answer after 3.5 s instead of 12
_GRACE = timedelta(seconds=30)
_TURN_SECONDS, _TURNS_A_RUN = 10.0, 6


@dataclass(frozen=True)
class Parts:
    """What the worker is made of, built once."""

    client: Client
    open_store: OpenStore
    files: Files
    inspector: Inspector
    antivirus: Antivirus
    writer: LetterWriter
    mail: MailServer
    limits: Limits
    reconciler: Reconciler


def sender(settings: Settings) -> Sender:
    """Who signs the letters of this town."""
    secret, *before = settings.secrets
    return Sender(settings.site_url, settings.mail_from, secret, tuple(before))


def mail_server(settings: Settings) -> MailServer:
    """The town's mail server."""
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_username,
        settings.smtp_password.get_secret_value(),
        start_tls=settings.smtp_start_tls,
    )


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[Parts]:
    """Everything the worker needs, and its orderly end."""
    async with AsyncExitStack() as stack:
        engine = connect_database(settings.sql_url)
        stack.push_async_callback(engine.dispose)
        open_store = store_opener(engine, settings.sealing_keys)
        inspector = await stack.enter_async_context(Inspector())
        client = await _connected(settings)
        files = files_at(settings.files_folder, settings.bucket)
        gateway = Gateway(client, open_store)
        writer = LetterWriter(sender(settings))
        yield Parts(
            client=client,
            open_store=open_store,
            files=files,
            inspector=inspector,
            antivirus=antivirus_at(settings.clamd),
            writer=writer,
            mail=mail_server(settings),
            limits=settings.limits,
            reconciler=Reconciler(
                open_store,
                files,
                gateway,
                Rescan(open_store, files, antivirus_at(settings.clamd, seconds=AT_LENGTH)),
                JournalWatch(open_store, writer),
                activations=ActivationLetters(open_store, writer),
                campaigns=CampaignWatch(open_store, gateway),
            ),
        )


async def _connected(settings: Settings) -> Client:
    """A client of the engine, however long the engine takes to come."""
    while True:
        try:
            return await connect(settings.engine_address, settings.temporal_namespace, lazy=False)
        except RuntimeError:
            _log.info("waiting for the engine")
            await asyncio.sleep(1)


def workers(parts: Parts, *, runner: WorkflowRunner | None = None) -> tuple[Worker, ...]:
    """The worker of the dossiers, and those of the inspection and of the letters with few slots.

    Documents have two slots for short tries, and one for those that need longer.

    A mail server that falls silent, or takes one letter a second, holds its own few slots: never
    those where decisions are written, and never with a hundred connections at once.

    The sandbox guards against workflow code that is not deterministic. It is on wherever that code
    is proved (tests and replay give their own `runner`), and off where it runs: there it would load
    the workflows' modules anew for every dossier. docs/performance.md has the figures.
    """
    dossiers = DossierActivities(parts.open_store, parts.writer)
    letters = LetterActivities(parts.open_store, parts.mail, parts.writer)
    documents = DocumentActivities(
        parts.open_store, parts.files, parts.inspector, parts.antivirus, parts.limits
    )
    attempts = Attempts(parts.open_store)
    gateway = Gateway(parts.client, parts.open_store)
    campaigns = CampaignActivities(parts.open_store, parts.writer, gateway.send_letter)
    nights = RetentionActivities(
        parts.open_store,
        parts.files,
        RetentionLetters(parts.writer),
        post=gateway.send_letter,
        forget=EngineNights(parts.client).forget,
    )
    return (
        Worker(
            parts.client,
            task_queue=QUEUE,
            workflows=[
                Registration,
                Actualisation,
                Change,
                LetterDelivery,
                Campaign,
                NightlyRetention,
            ],
            workflow_runner=runner or UnsandboxedWorkflowRunner(),
            activities=[
                dossiers.record,
                dossiers.remind,
                dossiers.last_saved,
                dossiers.acts_given_before,
                dossiers.note_unheard,
                campaigns.take_turn,
                nights.begin_night,
                nights.warn_families,
                nights.erase_overdue,
                nights.end_night,
                letters.send,  # what was asked for before letters had a queue of their own
                letters.give_up,
            ],
            interceptors=[attempts],
            sticky_queue_schedule_to_start_timeout=_STICKY,
            graceful_shutdown_timeout=_GRACE,
        ),
        *(
            Worker(
                parts.client,
                task_queue=queue,
                activities=[documents.inspect],
                identity=worker_identity(is_isolated=parts.inspector.is_isolated),
                interceptors=[attempts],
                max_concurrent_activities=slots,
                graceful_shutdown_timeout=_GRACE,
            )
            for queue, slots in ((INSPECTION_QUEUE, 2), (LONG_INSPECTION_QUEUE, 1))
        ),
        Worker(
            parts.client,
            task_queue=LETTERS_QUEUE,
            activities=[letters.send],
            interceptors=[attempts],
            max_concurrent_activities=_LETTERS_AT_ONCE,
            graceful_shutdown_timeout=_GRACE,
        ),
    )


async def reconcile_for_ever(reconciler: Reconciler, *, turn: float = _TURN_SECONDS) -> None:
    """At start, then every minute; every ten seconds, only what people gave and is not applied.

    What fails now is tried again at the next turn.
    """
    for number in itertools.count():
        try:
            await (reconciler.hurry() if number % _TURNS_A_RUN else reconciler.run())
        except Exception as error:  # noqa: BLE001  the turn is lost, the next one is not
            _log.warning("reconciling failed", extra={"facts": {"error": type(error).__name__}})
        await asyncio.sleep(turn)


async def plan_the_nights(nights: EngineNights, *, turn: float = _TURN_SECONDS) -> None:
    """See, for ever, that the engine starts each night's work: an engine may lose its file."""
    plan: Callable[[], Awaitable[object]] = nights.keep
    while True:
        try:
            await plan()
        except Unavailable:
            _log.info("waiting for the engine to plan the nights")
            await asyncio.sleep(turn)
        else:
            plan = nights.plan_if_lost
            await asyncio.sleep(turn * _TURNS_A_RUN)


async def main(settings: Settings) -> None:
    """Work until told to stop (SIGTERM, SIGINT), then finish what is under way, 30 s at most."""
    log_as_json()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with built(settings) as parts:
        crew = workers(parts)
        running = [asyncio.create_task(worker.run()) for worker in crew]
        running.append(asyncio.create_task(reconcile_for_ever(parts.reconciler)))
        _log.info("worker started", extra={"facts": {"isolated": parts.inspector.is_isolated}})
        planning = asyncio.create_task(plan_the_nights(EngineNights(parts.client)))
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*(worker.shutdown() for worker in crew if worker.is_running))
        for errand in (running[-1], stopping, planning):
            errand.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running[-1]
        for task in done - {stopping}:
            task.result()  # a fatal error of the worker must end the process, to be seen


if __name__ == "__main__":
    asyncio.run(main(Settings()))
