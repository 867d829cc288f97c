"""What becomes of a document that is infected, or that the antivirus could not look at yet."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from activities.antivirus import Antivirus, Clamd, NoAntivirus
from activities.documents import DocumentActivities
from activities.inspection.inspector import Inspector
from activities.rescan import Rescan
from domain.documents import Limits, Scan
from domain.errors import Unavailable
from domain.states import State
from storage.clock import now
from storage.documents import GOOD, REFUSED, Document, Mark, Scans
from tests import samples
from tests.clamd import EICAR, RunningClamd
from tests.office import NOW, Office

INFECTED_PDF = samples.pdf() + b"%" + EICAR + b"\n"


@pytest.fixture
async def inspector() -> AsyncIterator[Inspector]:
    async with Inspector() as inspector:
        yield inspector


class _Scans:
    """An office with an antivirus."""

    def __init__(self, office: Office, inspector: Inspector, antivirus: Antivirus) -> None:
        self.office = office
        files, open_store = office.files, office.open_store
        self._inspect = DocumentActivities(open_store, files, inspector, antivirus, Limits())
        self.rescan = Rescan(open_store, files, antivirus)

    async def looked_at(self, content: bytes, state: State = State.UNDER_REVIEW) -> Document:
        """A document of this content, in a new dossier, after its inspection (run twice)."""
        message = await self.office.receives(await self.office.dossier(state), content)
        await self.office.run(self._inspect.inspect, message)
        rows = await self.office.everything()
        await self.office.run(self._inspect.inspect, message, attempt=2)
        assert await self.office.everything() == rows
        return await self.now(message.document_id)

    async def now(self, document_id: str) -> Document:
        async with self.office.open_store() as store:
            document = await store.documents.find(document_id)
        assert document is not None
        return document

    async def told(self, document: Document) -> list[str]:
        async with self.office.open_store() as store:
            return [event.what for event in await store.events.of(document.dossier_id)]

    async def goes_on(self) -> int:
        """Rescan until nothing changes any more; how many were judged."""
        judged = await self.rescan.run()
        rows = await self.office.everything()
        assert await self.rescan.run() == 0
        assert await self.office.everything() == rows
        return judged


@pytest.fixture
def scans(office: Office, inspector: Inspector, clamd: RunningClamd) -> _Scans:
    return _Scans(office, inspector, Clamd(clamd.address, seconds=2, rest=0))


async def test_what_is_infected_is_refused_erased_and_told(scans: _Scans) -> None:
    for content in (EICAR, INFECTED_PDF):
        document = await scans.looked_at(content)
        assert (document.status, document.scan) == (REFUSED, Scan.INFECTED)
        assert [remark["code"] for remark in document.remarks] == ["infected"]
        assert not scans.office.files.folder_of(document.id).exists()
        assert sorted(await scans.told(document)) == ["document_added", "document_infected"]
    async with scans.office.open_store() as store:
        assert await store.documents.scans(found_since=now() - timedelta(days=1)) == Scans(0, 2)


async def test_what_is_clean_may_be_opened_by_the_town(scans: _Scans) -> None:
    document = await scans.looked_at(samples.pdf())
    assert (document.status, document.scan) == (GOOD, Scan.CLEAN)
    assert not document.is_withheld
    assert await scans.goes_on() == 0


async def test_without_an_antivirus_nobody_says_that_a_document_is_sound(
    office: Office, inspector: Inspector
) -> None:
    document = await _Scans(office, inspector, NoAntivirus()).looked_at(INFECTED_PDF)
    assert (document.status, document.scan) == (GOOD, Scan.UNSCANNED)
    assert not document.is_withheld


async def test_an_antivirus_that_is_away_keeps_no_family_waiting(
    scans: _Scans, clamd: RunningClamd
) -> None:
    clamd.dies()
    document = await scans.looked_at(samples.pdf())
    assert (document.status, document.scan) == (GOOD, Scan.PENDING)
    assert document.page_images
    assert document.is_withheld
    assert await scans.goes_on() == 0
    clamd.starts()
    assert await scans.goes_on() == 1
    assert (await scans.now(document.id)).scan == Scan.CLEAN


async def test_what_is_found_late_does_not_stand_any_more(
    scans: _Scans, clamd: RunningClamd
) -> None:
    office = scans.office
    clamd.dies()
    document = await scans.looked_at(INFECTED_PDF)
    async with office.open_store() as store:
        before = await store.dossiers.find(document.dossier_id)
        good = Mark(document.piece, "good", "", "", office.sophie.id, NOW)
        await store.documents.mark(document.dossier_id, good)
    clamd.starts()
    assert await scans.goes_on() == 1
    found = await scans.now(document.id)
    assert (found.status, found.scan, found.page_images) == (REFUSED, Scan.INFECTED, [])
    assert not office.files.folder_of(document.id).exists()
    assert "document_infected" in await scans.told(document)
    async with office.open_store() as store:
        assert await store.documents.marks_of(document.dossier_id) == {}
        # Who decides from a page shown before is told that something has changed.
        assert (await store.dossiers.find(document.dossier_id)).version > before.version


async def test_a_stalled_antivirus_is_asked_again_once_it_goes_on(
    scans: _Scans, clamd: RunningClamd
) -> None:
    clamd.stalls()
    document = await scans.looked_at(INFECTED_PDF, State.DRAFT)
    assert document.is_withheld
    clamd.goes_on()
    assert await scans.goes_on() == 1
    assert (await scans.now(document.id)).status == REFUSED


async def test_a_town_that_gives_its_antivirus_up_opens_what_waited_for_it(
    scans: _Scans, clamd: RunningClamd
) -> None:
    clamd.dies()
    document = await scans.looked_at(samples.pdf())
    rescan = Rescan(scans.office.open_store, scans.office.files, NoAntivirus())
    assert await rescan.run() == 1
    assert (await scans.now(document.id)).scan == Scan.UNSCANNED


class _StopsAt(Antivirus):
    """Falls whenever it is shown this content; clean otherwise."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def scan(self, chunks: AsyncIterator[bytes]) -> Scan:
        if b"".join([chunk async for chunk in chunks]) == self._content:
            raise Unavailable("antivirus_away")
        return Scan.CLEAN

    async def answers(self) -> bool:
        return True


async def test_a_file_that_makes_the_antivirus_fall_keeps_no_other_waiting(
    scans: _Scans, clamd: RunningClamd
) -> None:
    office, poison = scans.office, samples.pdf(2)
    clamd.dies()
    first = await scans.looked_at(poison)
    second = await scans.looked_at(samples.pdf())
    rescan = Rescan(office.open_store, office.files, _StopsAt(poison))
    assert [await rescan.run(), await rescan.run(), await rescan.run()] == [0, 1, 0]
    assert (await scans.now(second.id)).scan == Scan.CLEAN
    waiting = await scans.now(first.id)
    assert waiting.is_withheld
    assert waiting.scan_tried_at is not None
    assert now() - waiting.scan_tried_at < timedelta(minutes=1)


async def test_a_document_whose_bytes_are_gone_stays_withheld(
    scans: _Scans, clamd: RunningClamd
) -> None:
    clamd.dies()
    document = await scans.looked_at(samples.pdf())
    await scans.office.files.remove(document.id)
    clamd.starts()
    assert await scans.goes_on() == 0
    assert (await scans.now(document.id)).is_withheld


async def test_many_documents_are_scanned_in_rounds(scans: _Scans, clamd: RunningClamd) -> None:
    clamd.dies()
    for pages in (1, 2, 3):
        await scans.looked_at(samples.pdf(pages))
    clamd.starts()
    office = scans.office
    short = Rescan(office.open_store, office.files, Clamd(clamd.address), seconds=0)
    assert [await short.run() for _ in range(4)] == [1, 1, 1, 0]


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_FAMILY, State.APPROVED])
async def test_a_late_finding_stops_no_family_and_undoes_no_decision(
    scans: _Scans, clamd: RunningClamd, state: State
) -> None:
    clamd.dies()
    document = await scans.looked_at(INFECTED_PDF, state)
    async with scans.office.open_store() as store:
        before = await store.dossiers.find(document.dossier_id)
    clamd.starts()
    assert await scans.goes_on() == 1
    assert (await scans.now(document.id)).status == REFUSED
    async with scans.office.open_store() as store:
        assert await store.dossiers.find(document.dossier_id) == before
