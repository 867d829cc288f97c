"""A bucket that is down, slow, closed or cut off: said at once, and never half-believed."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import NotFound, Unavailable
from storage.bucket_files import BucketFiles
from storage.files import Bucket, KeptFile
from tests.buckets import BucketServer, Detour, Trouble
from tests.living_town import in_one

CONTENT = b"une attestation " * 50_000
LASTING = [
    Trouble.REFUSED,
    Trouble.BROKEN,
    Trouble.SILENT,
    Trouble.CUT_ON_THE_WAY_IN,
    Trouble.CUT_ON_THE_WAY_BACK,
]


@pytest.fixture
async def detour(bucket_server: BucketServer) -> AsyncIterator[Detour]:
    async with Detour(bucket_server).open() as detour:
        yield detour


@pytest.fixture
def bucket(bucket_server: BucketServer, detour: Detour) -> Bucket:
    """A bucket reached by the detour."""
    return replace(bucket_server.new_bucket(), endpoint=detour.address)


@pytest.fixture
def files(bucket: Bucket, tmp_path: Path) -> BucketFiles:
    return BucketFiles(bucket, tmp_path / "benches", patience=timedelta(seconds=1))


async def kept_in(files: BucketFiles) -> KeptFile:
    return await files.keep(in_one(CONTENT), limit_bytes=10**7)


@pytest.mark.parametrize("trouble", LASTING)
async def test_a_document_that_cannot_be_kept_is_refused_and_the_next_one_is_not(
    files: BucketFiles, detour: Detour, trouble: Trouble
) -> None:
    detour.trouble = trouble
    with pytest.raises(Unavailable) as refused:
        await kept_in(files)
    assert refused.value.code == "files_away"
    assert not await files.answers()
    detour.trouble = Trouble.NONE
    assert await files.answers()
    kept = await kept_in(files)
    assert await (await files.read_original(kept.document_id)).whole() == CONTENT


@pytest.mark.parametrize("trouble", LASTING)
async def test_a_document_that_cannot_be_read_is_neither_cut_nor_lost(
    files: BucketFiles, detour: Detour, trouble: Trouble
) -> None:
    kept = await kept_in(files)
    detour.trouble = trouble
    with pytest.raises(Unavailable):
        await (await files.read_original(kept.document_id)).whole()
    with pytest.raises(Unavailable):
        async with files.bench(kept.document_id):
            pytest.fail("a bench without the whole document")
    detour.trouble = Trouble.NONE
    assert await files.digest(kept.document_id) == kept.sha256


@pytest.mark.parametrize("trouble", LASTING)
async def test_pages_that_cannot_be_kept_are_not_promised(
    files: BucketFiles, detour: Detour, trouble: Trouble
) -> None:
    kept = await kept_in(files)
    async with files.bench(kept.document_id) as bench:
        (bench.pages / "page").write_bytes(b"image" * 1000)
        detour.trouble = trouble
        with pytest.raises(Unavailable):
            await bench.keep(["page"])


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.BROKEN, Trouble.SILENT])
async def test_nothing_is_said_to_be_erased_or_old_by_a_bucket_that_is_away(
    files: BucketFiles, detour: Detour, trouble: Trouble
) -> None:
    kept = await kept_in(files)
    detour.trouble = trouble
    with pytest.raises(Unavailable):
        await files.remove(kept.document_id)
    with pytest.raises(Unavailable):
        await files.older_than(datetime.max.replace(tzinfo=UTC))
    detour.trouble = Trouble.NONE
    assert await files.digest(kept.document_id) == kept.sha256


async def test_a_document_whose_answer_was_lost_is_kept_once(
    files: BucketFiles, detour: Detour
) -> None:
    detour.trouble = Trouble.ANSWER_LOST_ONCE
    kept = await kept_in(files)
    assert await files.older_than(datetime.max.replace(tzinfo=UTC)) == {kept.document_id}
    assert await files.digest(kept.document_id) == kept.sha256


async def test_a_bucket_that_is_not_there_is_not_an_empty_one(
    bucket: Bucket, tmp_path: Path
) -> None:
    files = BucketFiles(replace(bucket, name="nobody-made-it"), tmp_path / "benches")
    assert not await files.answers()
    with pytest.raises(Unavailable):
        await kept_in(files)
    with pytest.raises(Unavailable):
        await files.read_original("a" * 32)
    with pytest.raises(Unavailable):
        async with files.bench("a" * 32):
            pass


async def test_nobody_listens(bucket: Bucket, tmp_path: Path) -> None:
    files = BucketFiles(replace(bucket, endpoint="http://127.0.0.1:9"), tmp_path / "benches")
    assert not await files.answers()
    with pytest.raises(Unavailable):
        await kept_in(files)


async def test_two_towns_in_one_bucket_do_not_see_each_other(
    bucket: Bucket, tmp_path: Path
) -> None:
    ours, theirs = [
        BucketFiles(replace(bucket, prefix=town), tmp_path / town) for town in ("valbourg", "val")
    ]
    kept = await kept_in(ours)
    with pytest.raises(NotFound):
        await theirs.read_original(kept.document_id)
    assert await theirs.older_than(datetime.max.replace(tzinfo=UTC)) == frozenset()


async def test_a_bench_is_private_and_leaves_nothing(files: BucketFiles, tmp_path: Path) -> None:
    kept = await kept_in(files)
    async with files.bench(kept.document_id) as bench:
        assert bench.original.parent.stat().st_mode & 0o077 == 0
    assert list((tmp_path / "benches").iterdir()) == []


async def test_what_a_killed_worker_left_on_its_bench_is_swept_and_nothing_else(
    files: BucketFiles, tmp_path: Path
) -> None:
    kept = await kept_in(files)
    left = tmp_path / "benches" / "left"
    left.mkdir(parents=True)
    (left / "original").write_bytes(CONTENT)
    os.utime(left, (1_700_000_000,) * 2)
    async with files.bench(kept.document_id) as bench:
        await files.sweep_benches(datetime.fromtimestamp(1_700_000_000, UTC) + timedelta(hours=1))
        assert not left.exists()
        assert bench.original.read_bytes() == CONTENT


async def test_a_slow_bucket_has_more_time_for_what_is_large(
    files: BucketFiles, detour: Detour
) -> None:
    detour.trouble = Trouble.SLOW
    kept = await kept_in(files)
    with pytest.raises(Unavailable):
        await files.keep(in_one(b"small"), limit_bytes=9)
    detour.trouble = Trouble.NONE
    assert await files.digest(kept.document_id) == kept.sha256
