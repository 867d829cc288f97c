"""Founds a living town: database, engine, worker, inspection and mail server, and its people."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.antivirus import Antivirus, NoAntivirus
from activities.inspection.inspector import Inspector
from activities.journal_watch import JournalWatch
from activities.letter_writer import LetterWriter, Sender
from activities.letters import MailServer as Server
from activities.reconciler import Reconciler
from activities.rescan import Rescan
from api.gateway import Gateway, connect
from domain.documents import Limits
from storage.files import Files
from storage.folder_files import FolderFiles
from storage.store import connect as connect_database
from storage.store import store_opener
from tests.builders import KEYS, Someone, a_town, an_account
from tests.living_town import LivingTown
from tests.mail_server import running_mail_server
from worker import Parts


@asynccontextmanager
async def living_town(
    address: str,
    folder: Path,
    *,
    sql_url: str,
    files: Files | None = None,
    antivirus: Antivirus | None = None,
) -> AsyncIterator[LivingTown]:
    """A town on this engine, in this folder, with this empty migrated database.

    Its documents are in a folder and nobody scans them, unless told otherwise.
    """
    async with AsyncExitStack() as stack:
        engine = connect_database(sql_url)
        stack.push_async_callback(engine.dispose)
        open_store = store_opener(engine, KEYS)
        client: Client = await connect(address, "default", lazy=False)
        skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
        gateway = Gateway(skipper.client, open_store)
        mail = stack.enter_context(running_mail_server())
        files = files or FolderFiles(folder / "files")
        antivirus = antivirus or NoAntivirus()
        writer = LetterWriter(Sender("http://valbourg.example", "p@valbourg.example", "s" * 40))
        parts = Parts(
            client=client,
            open_store=open_store,
            files=files,
            inspector=await stack.enter_async_context(Inspector()),
            antivirus=antivirus,
            writer=writer,
            mail=Server("127.0.0.1", mail.port, pauses=(timedelta(seconds=1),), timeout_seconds=3),
            limits=Limits(),
            reconciler=Reconciler(
                open_store,
                files,
                gateway,
                Rescan(open_store, files, antivirus),
                JournalWatch(open_store, writer),
                patience=timedelta(),
            ),
        )
        async with open_store() as store:
            await a_town(store)
            now = datetime.now(UTC)  # noqa: TID251
            parent, sophie, karim = [
                await an_account(store, Someone(email, role, name), now)
                for email, role, name in (
                    ("claire.martin@exemple.fr", "parent", "Claire Martin"),
                    ("sophie@v.example", "agent", "Sophie Garnier"),
                    ("karim@v.example", "agent", "Karim Benali"),
                )
            ]
        town = LivingTown(parts, gateway, skipper, mail, parent, sophie, karim, _running=[])
        town.worker_starts()
        yield town
        await _end_all(client)
        await town.worker_stops()


async def _end_all(client: Client) -> None:
    """The engine is shared: leave no dossier behind for the next town's worker to trip over."""
    async for one in client.list_workflows("ExecutionStatus='Running'"):
        with suppress(RPCError):  # it may have ended by itself meanwhile
            await client.get_workflow_handle(one.id).terminate("the test is over")
