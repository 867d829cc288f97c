"""Are the promises kept? Compares rows, files and engine, and names what is broken.

Nothing is changed: what is found is for a person, or for the reconciler. The town may live on
meanwhile: what moves while it is looked at is looked at again before it is called broken.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from domain.breaches import Breach
from domain.errors import NotFound, Unavailable
from domain.messages import Situation
from domain.states import State
from storage.breaches import MOST, OpenDossier
from storage.clock import now
from storage.files import Files
from storage.store import OpenStore

PATIENCE = timedelta(minutes=15)
"""How long an act, a check or a letter may take before somebody should know why."""

_PAGE = 200
_SWEPT_AFTER = timedelta(hours=1, minutes=5)
_LOOKS = 3
_BETWEEN_LOOKS = 0.7


class Engine(Protocol):
    """What the check asks of the gateway. Each raises Unavailable when the engine is away."""

    async def shown_states(self, dossier_ids: Sequence[str]) -> Mapping[str, str]:
        """The state dossiers show in the engine's lists, which lag; those that run only."""

    def running_and_open(self) -> AsyncIterator[str]:
        """The dossiers that run and show an open state in the engine's lists."""

    async def is_running(self, dossier_id: str) -> bool | None:
        """Whether a dossier's workflow runs at this moment; None when its last run failed."""

    async def situation(self, dossier_id: str) -> Situation | None:
        """What the dossier says of itself, if it answers within a second."""

    async def failing(self) -> Sequence[str]:
        """The dossiers whose own code fails now."""


class Checker:
    """Looks at a whole town, page by page; of all that it holds, only ids are kept in memory."""

    def __init__(
        self, open_store: OpenStore, files: Files, engine: Engine, *, patience: timedelta = PATIENCE
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._engine = engine
        self._patience = patience
        self._looked_twice = 0

    async def run(self) -> AsyncIterator[Breach]:
        """Every broken promise that is found, at most some hundreds of a kind.

        Raises what the database or the files raise; an engine that is away is a breach of its own.
        """
        async with self._open_store() as store:
            found = await store.breaches.found(late=now() - self._patience)
        for breach in found:
            yield breach
        async for breach in self._of_files():
            yield breach
        try:
            async for breach in self._of_engine():
                yield breach
        except Unavailable:
            yield Breach("engine_away")

    # Documents and files --------------------------------------------------------------------------

    async def _of_files(self) -> AsyncIterator[Breach]:
        last = ""
        while True:
            async with self._open_store() as store:
                page = await store.breaches.kept_documents(after=last, limit=_PAGE)
            if not page:
                break
            last = page[-1].id
            for document in page:
                digest = await self._digest(document.id)
                if digest != document.sha256 and await self._still_keeps(document.id):
                    code = "file_changed" if digest else "file_missing"
                    yield Breach(code, document.dossier_id, document.id)
        async for breach in self._without_document():
            yield breach

    async def _digest(self, document_id: str) -> str:
        """The SHA-256 of the bytes that are kept; "" when there are none."""
        digest = hashlib.sha256()
        try:
            async for chunk in (await self._files.read_original(document_id)).chunks:
                digest.update(chunk)
        except NotFound:
            return ""
        return digest.hexdigest()

    async def _still_keeps(self, document_id: str) -> bool:
        """Refused or removed while we looked: then its bytes may be gone."""
        async with self._open_store() as store:
            return bool(await store.documents.with_bytes([document_id]))

    async def _without_document(self) -> AsyncIterator[Breach]:
        old = sorted(await self._files.older_than(now() - _SWEPT_AFTER))
        for begin in range(0, len(old), _PAGE):
            page = old[begin : begin + _PAGE]
            async with self._open_store() as store:
                kept = await store.documents.with_bytes(page)
            for document_id in sorted(set(page) - kept):
                yield Breach("file_without_document", subject=document_id)

    # Dossiers and engine --------------------------------------------------------------------------

    async def _of_engine(self) -> AsyncIterator[Breach]:
        for workflow_id in await self._engine.failing():
            yield Breach("dossier_stuck", workflow_id.removeprefix("dossier-"))
        last = ""
        while True:
            async with self._open_store() as store:
                page = await store.breaches.open_dossiers(after=last, limit=_PAGE)
            if not page:
                break
            last = page[-1].id
            shown = await self._engine.shown_states([one.id for one in page])
            for dossier in page:
                if shown.get(dossier.id) != dossier.state and (code := await self._why(dossier.id)):
                    yield Breach(code, dossier.id)
        async for breach in self._running_though_closed():
            yield breach

    async def _running_though_closed(self) -> AsyncIterator[Breach]:
        page: list[str] = []
        async for dossier_id in self._engine.running_and_open():
            page.append(dossier_id)
            if len(page) == _PAGE:
                for breach in await self._closed_among(page):
                    yield breach
                page = []
        for breach in await self._closed_among(page):
            yield breach

    async def _closed_among(self, page: Sequence[str]) -> Sequence[Breach]:
        async with self._open_store() as store:
            closed = await store.breaches.closed_among(page)
        codes = {dossier_id: await self._why(dossier_id) for dossier_id in sorted(closed)}
        return [Breach(code, dossier_id) for dossier_id, code in codes.items() if code]

    async def _why(self, dossier_id: str) -> str:
        """How the engine and the rows disagree about a dossier; "" when they only seemed to.

        The engine's lists lag, and a dossier may move while it is looked at: it is asked itself,
        and again. Only the first `MOST` are: where so many disagree, the lists are believed.
        """
        self._looked_twice += 1
        looks = _LOOKS if self._looked_twice <= MOST else 1
        code = ""
        for look in range(looks):
            await asyncio.sleep(_BETWEEN_LOOKS if look else 0)
            async with self._open_store() as store:
                state = (await store.dossiers.find(dossier_id)).state
            code = await self._disagreement(OpenDossier(dossier_id, state))
            if not code:
                break
        return code

    async def _disagreement(self, dossier: OpenDossier) -> str:
        runs = await self._engine.is_running(dossier.id)
        if dossier.state.is_closed and not runs:
            return ""
        if not runs:
            return "dossier_failed" if runs is None else "dossier_not_running"
        situation = await self._engine.situation(dossier.id)
        told: State | None = situation.state if situation else None
        return "" if told is dossier.state else "engine_tells_otherwise"
