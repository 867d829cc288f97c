from datetime import timedelta
from typing import Any

from domain.documents import Scan
from storage.documents import DOUBTFUL, FILE, GOOD, PENDING, REFUSED, Document, Mark, Scans, Volume
from storage.dossiers import Dossier
from storage.store import Store
from tests.storage.conftest import NOW, Valbourg

MINUTE = timedelta(minutes=1)


def a_document(dossier: Dossier, id_: str, minutes: int = 0, **more: Any) -> Document:
    values: dict[str, Any] = {
        "id": id_,
        "dossier_id": dossier.id,
        "piece": "child_identity",
        "form": FILE,
        "status": PENDING,
        "original_name": "livret.pdf",
        "media_type": "application/pdf",
        "size_bytes": 9,
        "sha256": "0" * 64,
        "given_at": NOW + minutes * MINUTE,
        "given_by": dossier.account_id,
        **more,
    }
    return Document(**values)


async def found(store: Store, document_id: str) -> Document:
    document = await store.documents.find(document_id)
    assert document is not None
    return document


async def test_a_document_is_kept_once(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    document = a_document(dossier, "a")
    async with valbourg.open_store() as store:
        assert await store.documents.add(document) is True
        assert await store.documents.add(a_document(dossier, "a", piece="other")) is False
        assert await found(store, "a") == document
        assert await store.documents.find("b") is None


async def test_documents_come_in_the_order_given_without_the_removed_ones(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for id_, minutes in (("c", 3), ("a", 1), ("b", 2)):
            await store.documents.add(a_document(dossier, id_, minutes))
        await store.documents.remove("b", NOW)
        assert [one.id for one in await store.documents.of(dossier.id)] == ["a", "c"]
        everything = await store.documents.of(dossier.id, removed=True)
        assert [one.id for one in everything] == ["a", "b", "c"]
        assert await store.documents.pending_ids(dossier.id) == ("a", "c")


async def test_the_first_removal_of_a_document_counts(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.documents.add(a_document(dossier, "a"))
        await store.documents.remove("a", NOW)
        await store.documents.remove("a", NOW + MINUTE)
        assert (await found(store, "a")).removed_at == NOW


async def test_what_was_found_is_noted_and_noted_again_the_same(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    remarks: list[dict[str, Any]] = [{"code": "readable_pages", "values": {"pages": 2}}]
    async with valbourg.open_store() as store:
        await store.documents.add(a_document(dossier, "a"))
        await store.documents.add(a_document(dossier, "b"))
        seen = []
        for _ in range(2):
            await store.documents.note_inspection(
                "a",
                status=GOOD,
                media_type="application/pdf",
                pages=2,
                page_images=("page-1.webp", "page-2.webp"),
                remarks=remarks,
                scan=Scan.CLEAN,
                at=NOW,
            )
            seen.append(await found(store, "a"))
        assert seen[0] == seen[1]
        assert (seen[0].status, seen[0].pages, seen[0].remarks) == (GOOD, 2, remarks)
        assert (seen[0].scan, seen[0].scan_tried_at) == (Scan.CLEAN, NOW)
        assert seen[0].page_images == ["page-1.webp", "page-2.webp"]
        assert await store.documents.pending_ids(dossier.id) == ("b",)


async def test_bytes_are_kept_for_documents_that_count_only(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        for status in (PENDING, GOOD, DOUBTFUL, REFUSED):
            await store.documents.add(a_document(dossier, status, status=status))
        await store.documents.add(a_document(dossier, "gone", status=GOOD))
        await store.documents.remove("gone", NOW)
        asked = (PENDING, GOOD, DOUBTFUL, REFUSED, "gone", "never-was")
        assert await store.documents.with_bytes(asked) == {PENDING, GOOD, DOUBTFUL}
        everything = await store.documents.of(dossier.id, removed=True)
        assert {one.id for one in everything if one.counts} == {PENDING, GOOD, DOUBTFUL}


async def test_four_quarter_turns_are_none(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    turns = []
    async with valbourg.open_store() as store:
        await store.documents.add(a_document(dossier, "a"))
        for _ in range(4):
            await store.documents.turn("a")
            turns.append((await found(store, "a")).rotation)
    assert turns == [1, 2, 3, 0]


async def test_the_last_word_on_a_piece_stands_until_it_changes(valbourg: Valbourg) -> None:
    dossier, by = await valbourg.dossier(), valbourg.sophie.id
    good = Mark("child_identity", "good", "", "", by, NOW)
    bad = Mark("child_identity", "replace", "unreadable", "Floue", by, NOW + MINUTE)
    other = Mark("proof_of_address", "good", "", "", by, NOW)
    async with valbourg.open_store() as store:
        for mark in (good, other, bad):
            await store.documents.mark(dossier.id, mark)
        assert await store.documents.marks_of(dossier.id) == {
            "child_identity": bad,
            "proof_of_address": other,
        }
        await store.documents.unmark(dossier.id, "child_identity")
        assert await store.documents.marks_of(dossier.id) == {"proof_of_address": other}


async def test_what_waits_for_the_antivirus_waits_in_line(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    waiting: dict[str, Any] = {"status": GOOD, "scan": Scan.PENDING}
    async with valbourg.open_store() as store:
        for document in (
            a_document(dossier, "tried-before", -1, **waiting, scan_tried_at=NOW + MINUTE),
            a_document(dossier, "tried-just-now", -1, **waiting, scan_tried_at=NOW + 2 * MINUTE),
            a_document(dossier, "never-tried", **waiting),
            a_document(dossier, "not-looked-at", scan=Scan.PENDING),
            a_document(dossier, "refused", status=REFUSED, scan=Scan.PENDING),
            a_document(dossier, "taken-away", **waiting, removed_at=NOW),
            a_document(dossier, "clean", status=GOOD, scan=Scan.CLEAN),
            a_document(dossier, "without", status=GOOD),
        ):
            await store.documents.add(document)
        again = await store.documents.to_scan_again(tried_before=NOW + MINUTE)
        assert [one.id for one in again] == ["never-tried", "tried-before"]
        assert await store.documents.scans(found_since=NOW) == Scans(waiting=3, infected=0)


async def test_the_first_word_of_the_antivirus_stands(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.documents.add(a_document(dossier, "a", status=GOOD, scan=Scan.PENDING))
        assert await store.documents.note_scan("a", Scan.PENDING, NOW)
        assert await store.documents.note_scan("a", Scan.INFECTED, NOW, status=REFUSED)
        assert not await store.documents.note_scan("a", Scan.CLEAN, NOW + MINUTE)
        document = await found(store, "a")
        assert (document.scan, document.status) == (Scan.INFECTED, REFUSED)
        assert await store.documents.scans(found_since=NOW) == Scans(waiting=0, infected=1)
        assert await store.documents.scans(found_since=NOW + MINUTE) == Scans(0, 0)


async def test_what_a_family_has_given_is_counted_over_all_its_dossiers(
    valbourg: Valbourg,
) -> None:
    first, second = await valbourg.dossier(), await valbourg.dossier()
    async with valbourg.open_store() as store:
        for dossier, id_, minutes, more in (
            (first, "a", 0, {}),
            (first, "b", 50, {"status": REFUSED}),
            (second, "c", 60, {"size_bytes": 20}),
            (second, "d", 70, {}),
            (second, "e", 80, {"form": "statement", "size_bytes": 0}),
        ):
            await store.documents.add(a_document(dossier, id_, minutes, **more))
        await store.documents.remove("d", NOW)
        volume = await store.documents.volume(first.id, NOW + 30 * MINUTE)
        assert volume == Volume(files_since=3, bytes_kept=29)
        assert await store.documents.volume(second.id, NOW + 30 * MINUTE) == volume
        assert await store.documents.volume("nowhere", NOW) == Volume(0, 0)


async def test_a_town_may_have_more_documents_than_a_question_has_room_for(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier()
    never_were = [f"{number:032x}" for number in range(66_000)]
    async with valbourg.open_store() as store:
        await store.documents.add(a_document(dossier, "a"))
        assert await store.documents.with_bytes([*never_were, "a"]) == {"a"}
