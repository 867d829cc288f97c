"""Looking at documents as the activity does, twice: the same finding, the same rows."""

from collections.abc import AsyncIterator

import pytest

from activities.antivirus import NoAntivirus
from activities.documents import DocumentActivities
from activities.inspection.inspector import Inspector
from domain.documents import Limits, Scan
from domain.messages import InspectDocument
from domain.states import State
from storage.acts import APPLIED
from storage.documents import GOOD, PENDING, REFUSED, STATEMENT, Document, Mark
from tests import samples
from tests.office import NOW, Office


@pytest.fixture
async def inspect(office: Office) -> AsyncIterator[DocumentActivities]:
    async with Inspector() as inspector:
        yield DocumentActivities(
            office.open_store, office.files, inspector, NoAntivirus(), Limits()
        )


async def inspected(
    office: Office, inspect: DocumentActivities, message: InspectDocument
) -> Document:
    """Look two times over, and see that the second changed nothing."""
    await office.inspects(inspect.inspect, message)
    rows, files = await office.everything(), everything_on_disk(office, message)
    await office.run(inspect.inspect, message, attempt=2)
    assert await office.everything() == rows
    assert everything_on_disk(office, message) == files
    async with office.open_store() as store:
        document = await store.documents.find(message.document_id)
        act = await store.acts.find(f"add-{message.document_id}")
    assert document is not None
    assert act is not None
    assert act.outcome == APPLIED
    return document


def everything_on_disk(office: Office, message: InspectDocument) -> dict[str, bytes]:
    folder = office.files.folder_of(message.document_id)
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


async def test_a_readable_document_is_found_good_once(
    office: Office, inspect: DocumentActivities
) -> None:
    dossier = await office.dossier()
    message = await office.receives(dossier, samples.pdf(2))
    document = await inspected(office, inspect, message)
    assert (document.status, document.pages, document.media_type) == (GOOD, 2, "application/pdf")
    for name in document.page_images:
        assert office.files.page(document.id, name).is_file()
    async with office.open_store() as store:
        assert await store.events.of(dossier.id) == []


async def test_a_refused_document_keeps_its_row_and_loses_its_bytes(
    office: Office, inspect: DocumentActivities
) -> None:
    message = await office.receives(await office.dossier(), samples.encrypted_pdf("secret"))
    document = await inspected(office, inspect, message)
    assert document.status == REFUSED
    assert [remark["code"] for remark in document.remarks] == ["password"]
    assert document.page_images == []
    assert everything_on_disk(office, message) == {}


async def test_a_sworn_statement_is_good_without_being_opened(
    office: Office, inspect: DocumentActivities
) -> None:
    message = await office.receives(await office.dossier(), b"not a file", form=STATEMENT)
    document = await inspected(office, inspect, message)
    assert (document.status, document.pages) == (GOOD, 0)
    assert [remark["code"] for remark in document.remarks] == ["sworn_statement"]


async def test_a_look_that_was_cut_is_done_again_from_the_start(
    office: Office, inspect: DocumentActivities
) -> None:
    message = await office.receives(await office.dossier(), samples.pdf())
    half_done = office.files.pages(message.document_id)
    half_done.mkdir()
    (half_done / "page-9.webp").write_bytes(b"left by the worker that died")
    document = await inspected(office, inspect, message)
    assert document.status == GOOD
    assert not (half_done / "page-9.webp").exists()


async def test_a_document_taken_away_meanwhile_is_not_looked_at(
    office: Office, inspect: DocumentActivities
) -> None:
    message = await office.receives(await office.dossier(), samples.pdf())
    async with office.open_store() as store:
        await store.documents.remove(message.document_id, NOW)
    assert (await inspected(office, inspect, message)).status == PENDING


async def test_a_document_that_comes_during_the_review_is_told_once_and_unmarks_its_piece(
    office: Office, inspect: DocumentActivities
) -> None:
    dossier = await office.dossier(State.UNDER_REVIEW)
    bad = Mark("child_identity", "replace", "unreadable", "", office.sophie.id, NOW)
    async with office.open_store() as store:
        await store.documents.mark(dossier.id, bad)
    await inspected(office, inspect, await office.receives(dossier, samples.pdf()))
    async with office.open_store() as store:
        assert await store.documents.marks_of(dossier.id) == {}
        (line,) = await store.events.of(dossier.id)
        assert (line.what, line.detail) == ("document_added", {"piece": "child_identity"})


async def test_a_document_nobody_knows_stops_nothing(
    office: Office, inspect: DocumentActivities
) -> None:
    before = await office.everything()
    await office.run(inspect.inspect, InspectDocument("nowhere", "a" * 32))
    assert await office.everything() == before


async def test_a_refusal_that_was_cut_before_its_bytes_were_erased_is_finished(
    office: Office, inspect: DocumentActivities
) -> None:
    message = await office.receives(await office.dossier(), samples.encrypted_pdf("secret"))
    async with office.open_store() as store:
        await store.documents.note_inspection(
            message.document_id,
            status=REFUSED,
            media_type="application/pdf",
            pages=0,
            page_images=(),
            remarks=[{"code": "password", "values": {}}],
            scan=Scan.UNSCANNED,
            at=NOW,
        )
    document = await inspected(office, inspect, message)
    assert document.status == REFUSED
    assert everything_on_disk(office, message) == {}
