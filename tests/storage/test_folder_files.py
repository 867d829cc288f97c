"""The folder of documents: what only a disk can do wrong."""

import os
import resource
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import Unavailable
from storage.folder_files import FolderFiles
from tests.living_town import in_one


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path / "files")


async def test_a_disk_that_takes_nothing_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(Unavailable) as refused:
        await FolderFiles(tmp_path / "files").keep(in_one(b"x"), limit_bytes=9)
    assert refused.value.code == "files_away"


async def test_a_full_disk_leaves_nothing_and_says_so(files: FolderFiles, tmp_path: Path) -> None:
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, largest[1]))
    try:
        with pytest.raises(Unavailable):
            await files.keep(in_one(b"x" * 4000), limit_bytes=9000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, largest)
        signal.signal(signal.SIGXFSZ, before)
    assert left_in(tmp_path) == []


async def test_a_document_has_its_name_only_once_it_is_whole(
    files: FolderFiles, tmp_path: Path
) -> None:
    seen: list[set[str]] = []

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"
            seen.append({path.name for path in left_in(tmp_path)})

    kept = await files.keep(slowly(), limit_bytes=9)
    assert seen == [{"arriving.tmp"}] * 3
    assert left_in(tmp_path) == [files.original(kept.document_id)]


async def test_a_document_that_changed_on_the_disk_is_told(files: FolderFiles) -> None:
    kept = await files.keep(in_one(b"une piece"), limit_bytes=100)
    files.original(kept.document_id).write_bytes(b"autre chose")
    assert await files.digest(kept.document_id) not in {None, kept.sha256}


async def test_the_age_of_a_document_is_that_of_its_folder(files: FolderFiles) -> None:
    old, new = [await files.keep(in_one(b"x"), limit_bytes=9) for _ in range(2)]
    long_ago = datetime.fromtimestamp(1_700_000_000, UTC)
    os.utime(files.folder_of(old.document_id), (long_ago.timestamp(),) * 2)
    assert await files.older_than(long_ago + timedelta(hours=1)) == {old.document_id}
    assert await files.older_than(long_ago - timedelta(hours=1)) == frozenset()
    assert files.folder_of(new.document_id).is_dir()
