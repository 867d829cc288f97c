"""Looking at documents: facts from the limited process, the judgement from the domain."""

import time
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path

from temporalio import activity

from activities.antivirus import Antivirus
from activities.inspection.inspector import Inspector
from activities.inspection.jobs import LONG, SHORT, THUMBNAIL, Patience
from domain.documents import Facts, Limits, Scan, Verdict, judge
from domain.errors import Unavailable
from domain.messages import InspectDocument
from domain.remarks import Remark
from domain.states import Actor, State
from storage.acts import APPLIED
from storage.clock import now
from storage.documents import PENDING, REFUSED, STATEMENT, Document
from storage.dossiers import Dossier
from storage.files import Files, chunks_of
from storage.store import OpenStore, Store

_A_STATEMENT = Verdict("good", (Remark("sworn_statement"),))


@dataclass(frozen=True)
class _Seen:
    """What was found of one document, and the names of the images drawn of it."""

    facts: Facts
    scan: Scan = Scan.UNSCANNED
    images: tuple[str, ...] = ()


class DocumentActivities:
    """The inspection of what families give."""

    def __init__(
        self,
        open_store: OpenStore,
        files: Files,
        inspector: Inspector,
        antivirus: Antivirus,
        limits: Limits,
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._inspector = inspector
        self._antivirus = antivirus
        self._limits = limits

    @activity.defn
    async def inspect(self, message: InspectDocument) -> bool | None:
        """Look at one document and write what was found; refused bytes are erased.

        Any file whatever is answered: a document that cannot be read is a finding, not a failure.
        True when a short try did not reach the end: nothing is written yet, and a long one must
        follow (`message.is_long`).
        Twice: the second look finds the same and writes it again; once refused, nothing is left to
        look at and nothing changes.
        """
        async with self._open_store() as store:
            document = await store.documents.find(message.document_id)
        if document is None or document.removed_at is not None or document.status != PENDING:
            await self._settle(message, document)
            if document is not None and document.status == REFUSED:
                await self._files.remove(document.id)
            return False
        if document.form == STATEMENT:
            await self._note(message, document, _A_STATEMENT, _Seen(Facts(size_bytes=0)))
            return False
        seen = await self._look(document, LONG if message.is_long else SHORT)
        if seen is None:
            return True
        verdict = judge(seen.facts, self._limits)
        await self._note(message, document, verdict, seen)
        if verdict.is_refused:  # the row first: erased bytes could not be looked at again
            await self._files.remove(document.id)
        return False

    async def _look(self, document: Document, patience: Patience) -> _Seen | None:
        """What was seen; None when a short try was cut."""
        async with self._files.bench(document.id) as bench:
            scan = await self._scan(bench.original)
            if scan is Scan.INFECTED:  # nobody opens it, not even the limited process
                return _Seen(Facts(size_bytes=document.size_bytes, is_infected=True), scan)
            began = time.monotonic()
            facts = await self._inspector.look(bench.original, bench.pages, patience)
            if facts.failure == "timeout" and patience is SHORT:
                return None
            if judge(facts, self._limits).is_refused:
                return _Seen(facts, scan)
            rest = patience if patience is SHORT else patience.after(time.monotonic() - began)
            drawing = await self._inspector.draw(bench.original, bench.pages, facts, rest)
            if drawing.was_cut and patience is SHORT:
                return None
            images = (*drawing.pages, *([THUMBNAIL] if drawing.thumbnail else []))
            await bench.keep(images)
        return _Seen(drawing.complete(facts), scan, images)

    async def _scan(self, original: Path) -> Scan:
        """The family never waits for an antivirus that is away: its document goes on without."""
        try:
            async with aclosing(chunks_of(original)) as chunks:
                return await self._antivirus.scan(chunks)
        except Unavailable:
            return Scan.PENDING

    async def _note(
        self, message: InspectDocument, document: Document, verdict: Verdict, seen: _Seen
    ) -> None:
        facts = seen.facts
        async with self._open_store() as store:
            # Held: the state read below is still the dossier's when what was found is written.
            await store.dossiers.hold(document.dossier_id)
            await store.documents.note_inspection(
                document.id,
                status=verdict.grade,
                media_type=facts.media_type.value if facts.media_type else "",
                pages=facts.pages,
                page_images=seen.images,
                remarks=[asdict(remark) for remark in verdict.remarks],
                scan=seen.scan,
                at=now(),
            )
            await _settle_act(store, message, document)
            if facts.is_infected:
                dossier = await store.dossiers.find(document.dossier_id)
                await tell_infected(store, dossier, document)

    async def _settle(self, message: InspectDocument, document: Document | None) -> None:
        async with self._open_store() as store:
            await _settle_act(store, message, document)


async def _settle_act(store: Store, message: InspectDocument, document: Document | None) -> None:
    """The act that gave this document is done; once the dossier is sent, its timeline says so."""
    await store.acts.settle(f"add-{message.document_id}", APPLIED, now())
    if document is None:
        return
    dossier = await store.dossiers.find(document.dossier_id)
    if dossier.state is not State.DRAFT:
        await store.documents.unmark(document.dossier_id, document.piece)
        act = await store.acts.find(f"add-{document.id}")
        await store.events.add(
            document.dossier_id,
            f"document:{document.id}",
            at=document.given_at,
            what="document_added",
            actor=act.actor if act else Actor.PARENT,
            actor_id=document.given_by,
            state=dossier.state,
            detail={"piece": document.piece},
        )


async def tell_infected(store: Store, dossier: Dossier, document: Document) -> None:
    """One line in the dossier's timeline, for the staff and for the family. Twice: one line."""
    await store.events.add(
        dossier.id,
        f"infected:{document.id}",
        at=now(),
        what="document_infected",
        actor=Actor.PORTAL,
        actor_id=None,
        state=dossier.state,
        detail={"piece": document.piece},
    )
