"""The back office of a town for one test: real database, files and mail server, no engine."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.dossiers import DossierActivities
from activities.letter_writer import LetterWriter, Sender
from activities.letters import LetterActivities
from activities.letters import MailServer as Server
from domain.deadlines import Terms, ends
from domain.documents import Scan
from domain.messages import Act, InspectDocument, RecordAct, Recorded
from domain.states import Action, Actor, State
from storage.accounts import Account
from storage.acts import KeptAct
from storage.documents import FILE, GOOD, PENDING, Document
from storage.dossiers import Dossier
from storage.folder_files import FolderFiles
from storage.letters import Letter
from storage.records import new_id
from storage.store import OpenStore, connect, store_opener
from storage.tables import metadata
from tests.builders import KEYS, Someone, a_dossier, a_town, an_account
from tests.living_town import ANSWERS, PIECES, in_one
from tests.mail_server import MailServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITE, FROM, SECRET = "https://famille.valbourg.example", "portail@valbourg.example", "s" * 40
_BY = {
    Action.SUBMIT: Actor.PARENT,
    Action.ANSWER: Actor.PARENT,
    Action.WITHDRAW: Actor.PARENT,
    Action.REMOVE_DOCUMENT: Actor.PARENT,
    Action.ASK_TO_COMPLETE: Actor.AGENT,
    Action.CANCEL_REQUEST: Actor.AGENT,
    Action.APPROVE: Actor.AGENT,
    Action.REFUSE: Actor.AGENT,
}


@dataclass
class Office:
    """The parts that activities work with, and who asks for their work."""

    open_store: OpenStore
    mail: MailServer
    files: FolderFiles
    claire: Account
    sophie: Account

    def __post_init__(self) -> None:
        self.writer = LetterWriter(Sender(SITE, FROM, SECRET))
        self.dossiers = DossierActivities(self.open_store, self.writer)

    def letters(self, **server: Any) -> LetterActivities:
        """The way to the mail server, or to one that is told here."""
        known = {"host": "127.0.0.1", "port": self.mail.port, "timeout_seconds": 1.0}
        return LetterActivities(self.open_store, Server(**{**known, **server}), self.writer)

    async def run(self, activity: Callable[..., Any], message: Any, *, attempt: int = 1) -> Any:
        """Run an activity as a worker would, at this attempt."""
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        return await environment.run(activity, message)

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of all tables, moments included: what a second run must not change."""
        found = {}
        async with self.open_store() as store:
            for table in metadata.sorted_tables:
                rows = (await store.connection.execute(select(table))).mappings()
                found[table.name] = sorted((dict(row) for row in rows), key=repr)
        return found

    async def dossier(self, state: State = State.DRAFT, *, terms: Terms | None = None) -> Dossier:
        """A dossier of Claire's with all its answers; once awaited, asked for one piece."""
        async with self.open_store() as store:
            procedure = await store.town.procedure(slug="inscription-scolaire")
            await store.town.put_procedure(replace(procedure, terms=terms or Terms()))
            dossier = await a_dossier(store, self.claire, NOW - timedelta(days=1))
            for section, values in ANSWERS.items():
                await store.dossiers.save_answers(dossier, section, values, NOW)
            if state is not State.DRAFT:
                await store.dossiers.move(dossier.id, (State.DRAFT,), state, NOW, submitted_at=NOW)
            if state is State.AWAITING_FAMILY:
                await store.requests.add(
                    dossier.id,
                    asked_at=NOW,
                    until=ends(NOW, dossier.terms.complement_delay),
                    items=[{"piece": "child_identity", "reason": "unreadable", "words": ""}],
                    asked_by=self.sophie.id,
                )
            return await store.dossiers.find(dossier.id)

    async def gives(
        self, dossier: Dossier, *pieces: str, status: str = GOOD, **more: Any
    ) -> list[str]:
        """Documents with nothing behind them, for these pieces or for all mandatory ones."""
        made = []
        async with self.open_store() as store:
            for piece in pieces or PIECES:
                values: dict[str, Any] = {
                    "id": new_id(),
                    "dossier_id": dossier.id,
                    "piece": piece,
                    "form": FILE,
                    "status": status,
                    "original_name": "x.pdf",
                    "media_type": "application/pdf",
                    "size_bytes": 1,
                    "sha256": "",
                    "given_at": NOW,
                    "given_by": self.claire.id,
                    **more,
                }
                await store.documents.add(Document(**values))
                made.append(values["id"])
        return made

    async def receives(
        self, dossier: Dossier, content: bytes, *, form: str = FILE
    ) -> InspectDocument:
        """A document that has arrived and was not looked at: its bytes, its row, its act."""
        kept = await self.files.keep(in_one(content), limit_bytes=10**8)
        await self.gives(
            dossier,
            "child_identity",
            status=PENDING,
            scan=Scan.PENDING,
            id=kept.document_id,
            form=form,
            size_bytes=kept.size_bytes,
            sha256=kept.sha256,
        )
        act = KeptAct(
            f"add-{kept.document_id}",
            dossier.id,
            Action.ADD_DOCUMENT,
            self.claire.id,
            Actor.PARENT,
            1,
            NOW,
        )
        async with self.open_store() as store:
            await store.acts.add(act)
        return InspectDocument(dossier.id, kept.document_id)

    async def inspects(self, activity: Callable[..., Any], message: InspectDocument) -> None:
        """Look at a document as its workflow does: shortly, then at length if need be."""
        if await self.run(activity, message):
            assert not await self.run(activity, replace(message, is_long=True))

    async def act(self, action: Action, dossier: Dossier, **more: Any) -> RecordAct:
        """The act of the one whose act this is, kept as a row when a person gave it."""
        actor = _BY.get(action, Actor.PORTAL)
        who = {Actor.PARENT: self.claire.id, Actor.AGENT: self.sophie.id}.get(actor, "")
        at = more.pop("at", NOW + timedelta(hours=1))
        kept = KeptAct(new_id(), dossier.id, action, who or None, actor, 1, at, **more)
        if who:
            async with self.open_store() as store:
                await store.acts.add(kept)
        message: Act = kept.message()
        return RecordAct(dossier.id, message, at, dossier.terms)

    async def records(self, action: Action, dossier: Dossier, **more: Any) -> Recorded:
        """Give the act and write it."""
        written = await self.run(self.dossiers.record, await self.act(action, dossier, **more))
        assert isinstance(written, Recorded)
        return written

    async def letter(self, letter_id: str) -> Letter:
        """One letter, which must be there."""
        async with self.open_store() as store:
            found = await store.letters.find(letter_id)
        assert found is not None
        return found

    async def kinds_of_letters(self, dossier: Dossier) -> list[str]:
        """What was written about a dossier, oldest first."""
        async with self.open_store() as store:
            return [one.kind for one in reversed(await store.letters.of_dossier(dossier.id))]

    async def letter_about(self, dossier: Dossier, kind: str, **facts: object) -> Letter:
        """Write a letter of this kind about the dossier as it stands."""
        async with self.open_store() as store:
            dossier = await store.dossiers.find(dossier.id)
            written = await self.writer.about(store, dossier, kind, at=NOW, **facts)
        return await self.letter(written)


@asynccontextmanager
async def an_office(sql_url: str, folder: Path, mail: MailServer) -> AsyncIterator[Office]:
    """The office of a small town, on a migrated database and in a folder of its own."""
    engine = connect(sql_url)
    open_store = store_opener(engine, KEYS)
    async with open_store() as store:
        await a_town(store)
        claire = await an_account(store, Someone("claire@exemple.fr", "parent", "Claire"), NOW)
        sophie = await an_account(
            store, Someone("sophie@v.example", "agent", "Sophie Garnier", "Gestionnaire"), NOW
        )
    try:
        yield Office(open_store, mail, FolderFiles(folder / "files"), claire, sophie)
    finally:
        await engine.dispose()
