"""Looking at documents: facts from the limited process, the judgement from the domain."""

from dataclasses import asdict, replace

from temporalio import activity

from activities.inspection.inspector import Inspector
from activities.inspection.jobs import THUMBNAIL
from domain.documents import Facts, Limits, judge
from domain.messages import InspectDocument
from domain.states import Actor, State
from storage.acts import APPLIED
from storage.clock import now
from storage.documents import PENDING, REFUSED, STATEMENT, Document
from storage.files import Files
from storage.store import OpenStore, Store


class DocumentActivities:
    """The inspection of what families give."""

    def __init__(
        self, open_store: OpenStore, files: Files, inspector: Inspector, limits: Limits
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._inspector = inspector
        self._limits = limits

    @activity.defn
    async def inspect(self, message: InspectDocument) -> None:
        """Look at one document and write what was found; refused bytes are erased.

        Any file whatever is answered: a document that cannot be read is a finding, not a failure.
        Twice: the second look finds the same and writes it again; once refused, nothing is left to
        look at and nothing changes.
        """
        async with self._open_store() as store:
            document = await store.documents.find(message.document_id)
        if document is None or document.removed_at is not None or document.status != PENDING:
            await self._settle(message, document)
            if document is not None and document.status == REFUSED:
                await self._files.remove(document.id)
            return
        if document.form == STATEMENT:
            await self._note(
                message,
                document,
                "good",
                [{"code": "sworn_statement", "values": {}}],
                pages=0,
                images=(),
            )
            return
        facts, images = await self._look(document)
        verdict = judge(facts, self._limits)
        media_type = facts.media_type.value if facts.media_type else ""
        remarks = [asdict(remark) for remark in verdict.remarks]
        await self._note(
            message,
            replace(document, media_type=media_type),
            verdict.grade,
            remarks,
            pages=facts.pages or 0,
            images=images,
        )
        if verdict.is_refused:  # the row first: erased bytes could not be looked at again
            await self._files.remove(document.id)

    async def _look(self, document: Document) -> tuple[Facts, tuple[str, ...]]:
        async with self._files.bench(document.id) as bench:
            facts = await self._inspector.look(bench.original, bench.pages)
            if judge(facts, self._limits).is_refused:
                return facts, ()
            drawing = await self._inspector.draw(bench.original, bench.pages, facts)
            images = (*drawing.pages, *([THUMBNAIL] if drawing.thumbnail else []))
            await bench.keep(images)
        return drawing.complete(facts), images

    async def _note(
        self,
        message: InspectDocument,
        document: Document,
        status: str,
        remarks: list[dict[str, object]],
        *,
        pages: int,
        images: tuple[str, ...],
    ) -> None:
        async with self._open_store() as store:
            await store.documents.note_inspection(
                document.id,
                status=status,
                media_type=document.media_type,
                pages=pages,
                page_images=images,
                remarks=remarks,
                at=now(),
            )
            await _settle_act(store, message, document)

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
        await store.events.add(
            document.dossier_id,
            f"document:{document.id}",
            at=document.given_at,
            what="document_added",
            actor=Actor.PARENT,
            actor_id=document.given_by,
            state=dossier.state,
            detail={"piece": document.piece},
        )
