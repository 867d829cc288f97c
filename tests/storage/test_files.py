"""The bytes of documents, in a folder and in a bucket: all there, or nothing at all."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import NotFound
from storage.bucket_files import BucketFiles
from storage.files import Files, TooLarge
from storage.folder_files import FolderFiles
from tests.buckets import BucketServer

THE_END = datetime.max.replace(tzinfo=UTC)


async def stream(*chunks: bytes, then_cut: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if then_cut:
        raise ConnectionError("the phone went into a tunnel")


@pytest.fixture(params=["folder", "bucket", "bucket with a prefix"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return FolderFiles(tmp_path / "files")
    server: BucketServer = request.getfixturevalue("bucket_server")
    prefix = "portail/valbourg" if "prefix" in request.param else ""
    return BucketFiles(server.new_bucket(prefix), tmp_path / "benches")


async def drawn(files: Files, document_id: str, **pages: bytes) -> None:
    """Pages of these contents, as the inspection draws them."""
    async with files.bench(document_id) as bench:
        for name, content in pages.items():
            (bench.pages / name).write_bytes(content)
        await bench.keep(list(pages))


async def test_what_is_kept_is_what_came(files: Files) -> None:
    kept = await files.keep(stream(b"un ", b"deux"), limit_bytes=7)
    content = await files.read_original(kept.document_id)
    assert (content.size_bytes, kept.size_bytes) == (7, 7)
    assert await content.whole() == b"un deux"
    assert kept.sha256 == hashlib.sha256(b"un deux").hexdigest()


async def test_a_large_document_comes_back_whole_piece_by_piece(files: Files) -> None:
    photo = bytes(range(256)) * 60_000
    kept = await files.keep(stream(photo[:9_000_000], photo[9_000_000:]), limit_bytes=len(photo))
    content = await files.read_original(kept.document_id)
    chunks = [chunk async for chunk in content.chunks]
    assert b"".join(chunks) == photo
    assert len(chunks) > 10


async def test_the_same_file_twice_is_two_documents(files: Files) -> None:
    first, second = [await files.keep(stream(b"x"), limit_bytes=9) for _ in range(2)]
    assert first.document_id != second.document_id


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_cut_upload_leaves_nothing(files: Files, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        await files.keep(stream(b"un ", then_cut=True), limit_bytes=7)
    assert left_in(tmp_path) == []
    assert await files.older_than(THE_END) == frozenset()


async def test_a_file_too_large_is_not_read_to_its_end_and_leaves_nothing(files: Files) -> None:
    read: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(b"x" * 1000)
            yield read[-1]

    with pytest.raises(TooLarge) as refused:
        await files.keep(endless(), limit_bytes=2500)
    assert len(read) == 3
    assert refused.value.facts == {"limit_bytes": 2500}
    assert await files.older_than(THE_END) == frozenset()


async def test_a_file_of_exactly_the_limit_is_kept(files: Files) -> None:
    assert (await files.keep(stream(b"x" * 10), limit_bytes=10)).size_bytes == 10


async def test_a_document_is_seen_only_once_it_is_whole(files: Files) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"
            for document_id in await files.older_than(THE_END):
                with pytest.raises(NotFound):
                    await files.read_original(document_id)

    kept = await files.keep(slowly(), limit_bytes=9)
    assert await (await files.read_original(kept.document_id)).whole() == b"xxx"


async def test_a_page_is_read_under_its_name_only(files: Files) -> None:
    kept = await files.keep(stream(b"x"), limit_bytes=9)
    await drawn(files, kept.document_id, page=b"image")
    assert await (await files.read_page(kept.document_id, "page")).whole() == b"image"
    with pytest.raises(NotFound):
        await files.read_page(kept.document_id, "page-2")


async def test_looking_again_puts_the_pages_in_their_place_again(files: Files) -> None:
    kept = await files.keep(stream(b"x"), limit_bytes=9)
    for content in (b"first", b"second"):
        await drawn(files, kept.document_id, page=content)
    assert await (await files.read_page(kept.document_id, "page")).whole() == b"second"


async def test_who_looks_at_a_document_has_it_at_hand_and_nothing_beside_it(files: Files) -> None:
    kept = await files.keep(stream(b"un ", b"deux"), limit_bytes=7)
    await drawn(files, kept.document_id, page=b"image")
    async with files.bench(kept.document_id) as bench:
        assert bench.original.read_bytes() == b"un deux"
        assert list(bench.pages.iterdir()) == []


async def test_a_document_that_is_not_there_is_not_made_up(files: Files) -> None:
    with pytest.raises(NotFound):
        await files.read_original("a" * 32)
    with pytest.raises(FileNotFoundError):
        async with files.bench("a" * 32):
            pass
    assert await files.digest("a" * 32) is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "a/b", "a\\b", "a.b", "a b", "é", "\x00"]
)
async def test_a_document_id_that_would_escape_is_refused(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a document id"):
        await files.read_original(name)
    with pytest.raises(ValueError, match="not a document id"):
        await files.remove(name)


@pytest.mark.parametrize("name", ["../original", "..", ".", "", "a/b.webp", "/etc/passwd"])
async def test_a_page_name_that_would_escape_is_refused(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        await files.read_page("a" * 32, name)


async def test_erasing_twice_is_erasing_once(files: Files) -> None:
    kept, other = [await files.keep(stream(b"x"), limit_bytes=9) for _ in range(2)]
    await drawn(files, kept.document_id, page=b"image")
    await files.remove(kept.document_id)
    await files.remove(kept.document_id)
    assert await files.older_than(THE_END) == {other.document_id}


async def test_only_what_nobody_touched_for_long_is_swept(files: Files) -> None:
    kept = await files.keep(stream(b"x"), limit_bytes=9)
    now = datetime.now(UTC)  # noqa: TID251  the keeper lives in real time
    assert await files.older_than(now - timedelta(hours=1)) == frozenset()
    assert await files.older_than(now + timedelta(hours=1)) == {kept.document_id}


async def test_an_empty_town_has_nothing_to_sweep_and_is_well(files: Files) -> None:
    assert await files.older_than(THE_END) == frozenset()
    assert await files.answers()


async def test_what_is_kept_can_be_compared_with_what_was_given(files: Files) -> None:
    kept = await files.keep(stream(b"une piece"), limit_bytes=100)
    assert await files.digest(kept.document_id) == kept.sha256
    await files.remove(kept.document_id)
    assert await files.digest(kept.document_id) is None
