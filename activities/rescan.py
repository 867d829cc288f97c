"""Showing to the antivirus what it has not been able to look at yet."""

import time
from contextlib import aclosing, suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from activities.antivirus import Antivirus
from activities.documents import tell_infected
from domain.documents import Facts, Limits, Scan, judge
from domain.errors import NotFound, Unavailable
from domain.states import State
from storage.clock import now
from storage.documents import Document
from storage.files import Files
from storage.store import OpenStore, Store

AT_LENGTH: Final = 60.0
"""Seconds for a file that nobody waits for."""
_EVERY: Final = timedelta(minutes=15)
_ROUND: Final = 20.0


class Rescan:
    """Goes through the documents that wait for the antivirus, as long as it answers.

    A round begins no scan after `seconds`: the reconciler has more to do.
    """

    def __init__(
        self, open_store: OpenStore, files: Files, antivirus: Antivirus, *, seconds: float = _ROUND
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._antivirus = antivirus
        self._seconds = seconds

    async def run(self) -> int:
        """Show it what waits, each again after 15 minutes; how many it has judged.

        Those that waited because it was away come first, as soon as it is back. Several may run at
        once: the first answer stands.
        """
        async with self._open_store() as store:
            waiting = await store.documents.to_scan_again(tried_before=now() - _EVERY)
        if not waiting or await self._antivirus.answers() is False:
            return 0
        judged, until = 0, time.monotonic() + self._seconds
        for document in waiting:
            if judged and time.monotonic() > until:
                break  # the others are the first of the next round
            try:
                content = await self._files.read_original(document.id)
                async with aclosing(content.chunks) as chunks:
                    scan = await self._antivirus.scan(chunks)
            except Unavailable:
                # It goes to the end of the line: one file that nobody can scan stops no other.
                await self._note(document, Scan.PENDING)
                return judged
            except NotFound:
                scan = Scan.PENDING
            await self._note(document, scan)
            judged += scan is not Scan.PENDING
        return judged

    async def _note(self, document: Document, scan: Scan) -> None:
        async with self._open_store() as store:
            if scan is Scan.INFECTED:
                await _refuse(store, document)
            else:
                await store.documents.note_scan(document.id, scan, now())
        if scan is Scan.INFECTED:
            with suppress(Unavailable):  # swept later
                await self._files.remove(document.id)


async def _refuse(store: Store, document: Document) -> None:
    """The document does not stand any more: whoever is about to decide must see that first."""
    verdict = judge(Facts(size_bytes=document.size_bytes, is_infected=True), Limits())
    remarks = [asdict(remark) for remark in verdict.remarks]
    dossier = await store.dossiers.hold(document.dossier_id)
    if not await store.documents.note_scan(
        document.id, Scan.INFECTED, now(), status=verdict.grade, remarks=remarks, page_images=[]
    ):
        return
    await tell_infected(store, dossier, document)
    await store.documents.unmark(document.dossier_id, document.piece)
    if dossier.state is State.UNDER_REVIEW:  # a family about to answer is not to be stopped
        await store.dossiers.note_change(document.dossier_id)
