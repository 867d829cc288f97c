"""The bytes of documents: all there, or nothing at all."""

import hashlib
import os
import resource
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.files import Files, TooLarge


async def stream(*chunks: bytes, then_cut: bool = False) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if then_cut:
        raise ConnectionError("the phone went into a tunnel")


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


async def test_what_is_kept_is_what_came(files: Files) -> None:
    kept = await files.keep(stream(b"un ", b"deux"), limit_bytes=7)
    assert files.original(kept.document_id).read_bytes() == b"un deux"
    assert kept.size_bytes == 7
    assert kept.sha256 == hashlib.sha256(b"un deux").hexdigest()
    assert len(left_in(files.folder_of(kept.document_id))) == 1


async def test_the_same_file_twice_is_two_documents(files: Files) -> None:
    first, second = [await files.keep(stream(b"x"), limit_bytes=9) for _ in range(2)]
    assert first.document_id != second.document_id


async def test_a_cut_upload_leaves_nothing(files: Files, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError):
        await files.keep(stream(b"un ", then_cut=True), limit_bytes=7)
    assert left_in(tmp_path) == []
    assert list(files.older_than(datetime.max.replace(tzinfo=UTC))) == []


async def test_a_disk_that_takes_nothing_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(Unavailable) as refused:
        await Files(tmp_path / "files").keep(stream(b"x"), limit_bytes=9)
    assert refused.value.code == "files_away"


async def test_a_full_disk_leaves_nothing_and_says_so(files: Files, tmp_path: Path) -> None:
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, largest[1]))
    try:
        with pytest.raises(Unavailable):
            await files.keep(stream(b"x" * 4000), limit_bytes=9000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, largest)
        signal.signal(signal.SIGXFSZ, before)
    assert left_in(tmp_path) == []


async def test_a_file_too_large_is_not_read_to_its_end_and_leaves_nothing(
    files: Files, tmp_path: Path
) -> None:
    read: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(b"x" * 1000)
            yield read[-1]

    with pytest.raises(TooLarge) as refused:
        await files.keep(endless(), limit_bytes=2500)
    assert len(read) == 3
    assert refused.value.facts == {"limit_bytes": 2500}
    assert left_in(tmp_path) == []


async def test_a_file_of_exactly_the_limit_is_kept(files: Files) -> None:
    assert (await files.keep(stream(b"x" * 10), limit_bytes=10)).size_bytes == 10


async def test_a_document_has_its_name_only_once_it_is_whole(files: Files, tmp_path: Path) -> None:
    seen: list[set[str]] = []

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"
            seen.append({path.name for path in left_in(tmp_path)})

    kept = await files.keep(slowly(), limit_bytes=9)
    assert seen == [{"arriving.tmp"}] * 3
    assert left_in(tmp_path) == [files.original(kept.document_id)]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "a/b", "a\\b", "a.b", "a b", "é", "\x00"]
)
def test_a_document_id_that_would_escape_is_refused(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a document id"):
        files.original(name)


@pytest.mark.parametrize("name", ["../original", "..", ".", "", "a/b.webp", "/etc/passwd"])
def test_a_page_name_that_would_escape_is_refused(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        files.page("a" * 32, name)


def test_a_plain_page_name_is_found_beside_its_document(files: Files) -> None:
    assert files.page("a" * 32, "page-1.webp") == files.pages("a" * 32) / "page-1.webp"


async def test_erasing_twice_is_erasing_once(files: Files) -> None:
    kept = await files.keep(stream(b"x"), limit_bytes=9)
    files.remove(kept.document_id)
    files.remove(kept.document_id)
    assert not files.folder_of(kept.document_id).exists()


async def test_only_folders_untouched_for_long_are_swept(files: Files) -> None:
    old, new = [await files.keep(stream(b"x"), limit_bytes=9) for _ in range(2)]
    yesterday = datetime.fromtimestamp(1_700_000_000, UTC)
    os.utime(files.folder_of(old.document_id), (yesterday.timestamp(),) * 2)
    assert list(files.older_than(yesterday + timedelta(hours=1))) == [old.document_id]
    assert list(files.older_than(yesterday - timedelta(hours=1))) == []
    assert new.document_id not in list(files.older_than(yesterday + timedelta(hours=1)))


def test_an_empty_town_has_nothing_to_sweep(files: Files) -> None:
    assert list(files.older_than(datetime.max.replace(tzinfo=UTC))) == []


async def test_what_is_kept_can_be_compared_with_what_was_given(files: Files) -> None:
    kept = await files.keep(stream(b"une piece"), limit_bytes=100)
    assert await files.digest(kept.document_id) == kept.sha256
    files.original(kept.document_id).write_bytes(b"autre chose")
    assert await files.digest(kept.document_id) not in {None, kept.sha256}
    files.remove(kept.document_id)
    assert await files.digest(kept.document_id) is None
