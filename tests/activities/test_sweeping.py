"""Erasing the bytes that no document needs, and none that one needs."""

import os
from datetime import timedelta

from activities.antivirus import NoAntivirus
from activities.journal_watch import JournalWatch
from activities.reconciler import Reconciler
from activities.rescan import Rescan
from storage.acts import KeptAct
from storage.clock import now
from storage.documents import GOOD, REFUSED
from tests.living_town import in_one
from tests.office import NOW, Office


class _NothingToDeliver:
    """An engine in which everything is as it should be."""

    async def deliver(self, act: KeptAct) -> bool:  # noqa: ARG002
        return True

    async def missing(self, dossier_ids: frozenset[str]) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    async def rebuild(self, dossier_id: str) -> None:
        """Nobody is missing."""

    async def send_letter(self, letter_id: str) -> None:
        """No letter waits."""


def a_reconciler(office: Office) -> Reconciler:
    rescan = Rescan(office.open_store, office.files, NoAntivirus())
    watch = JournalWatch(office.open_store, office.writer)
    return Reconciler(office.open_store, office.files, _NothingToDeliver(), rescan, watch)


async def bytes_of(office: Office, *, hours_ago: int) -> str:
    """Bytes that came so long ago, with no row."""
    kept = await office.files.keep(in_one(b"x"), limit_bytes=9)
    at = (now() - timedelta(hours=hours_ago)).timestamp()
    os.utime(office.files.folder_of(kept.document_id), (at, at))
    return kept.document_id


async def test_what_no_document_needs_is_erased_after_an_hour(office: Office) -> None:
    dossier = await office.dossier()
    needed, refused, removed, cut = [await bytes_of(office, hours_ago=2) for _ in range(4)]
    arriving = await bytes_of(office, hours_ago=0)
    await office.gives(dossier, "child_identity", status=GOOD, id=needed)
    await office.gives(dossier, "child_identity", status=REFUSED, id=refused)
    await office.gives(dossier, "child_identity", status=GOOD, id=removed)
    async with office.open_store() as store:
        await store.documents.remove(removed, NOW)
    assert (await a_reconciler(office).run()).swept == 3
    assert [office.files.folder_of(one).exists() for one in (needed, arriving)] == [True, True]
    assert not any(office.files.folder_of(one).exists() for one in (refused, removed, cut))


async def test_the_bytes_are_looked_through_now_and_then_only(office: Office) -> None:
    reconciler = a_reconciler(office)
    await reconciler.run()
    cut = await bytes_of(office, hours_ago=2)
    assert (await reconciler.run()).swept == 0
    assert (await a_reconciler(office).run()).swept == 1
    assert not office.files.folder_of(cut).exists()
