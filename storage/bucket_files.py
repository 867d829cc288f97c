"""Documents in a bucket that speaks S3: the same names as in the folder, one object per file.

Bytes arrive in a nameless local file, which no kill leaves behind, and go to the bucket in one
request that creates and never overwrites: there, an object is whole or not at all. Every request
has its limit, so that a bucket that stalls keeps nobody waiting.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Final, Literal

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from domain.errors import NotFound, Unavailable
from storage.files import (
    ORIGINAL,
    PAGES,
    Bench,
    Bucket,
    Content,
    Counted,
    Files,
    KeptFile,
    page_place,
    place_of,
)
from storage.records import new_id

if TYPE_CHECKING:
    from obstore import GetResult

_log = logging.getLogger("ribambelle.files")
_PATIENCE: Final = timedelta(seconds=20)
_AT_MOST: Final = timedelta(hours=1)
"""Of a whole download: a telephone may take its time. `patience` sees to it that nobody stalls."""
_SLOWEST: Final = 250_000
"""Bytes a second to the bucket, below which it counts as away."""
_TO_CONNECT: Final = timedelta(seconds=2)
_TO_ANSWER: Final = 1.0
_CHUNK: Final = 256 * 1024
_NO_BUCKET: Final = "NoSuchBucket"


class BucketFiles(Files):
    """The bucket of the town's documents.

    `benches` is a private local folder for what is being looked at. `patience` limits each call,
    and each silence in the middle of a download; an upload has more, by its size.
    """

    def __init__(self, bucket: Bucket, benches: Path, *, patience: timedelta = _PATIENCE) -> None:
        self._benches = benches.absolute()
        self._patience = patience.total_seconds()
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            endpoint=bucket.endpoint or f"https://s3.{bucket.region}.amazonaws.com",
            region=bucket.region,
            access_key_id=bucket.access_key,
            secret_access_key=bucket.secret_key,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "connect_timeout": _TO_CONNECT,
                "timeout": _AT_MOST,
            },
            retry_config={
                "max_retries": 2,
                "retry_timeout": patience / 2,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=1),
                },
            },
        )

    async def keep(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> KeptFile:
        """See `Files.keep`."""
        document_id = new_id()
        counted = Counted(chunks, limit_bytes)
        try:
            await asyncio.to_thread(_private, self._benches)
            with TemporaryFile(dir=self._benches) as file:
                async for chunk in counted:
                    await asyncio.to_thread(file.write, chunk)
                await self._create(f"{place_of(document_id)}/{ORIGINAL}", file)
        except OSError as error:
            if isinstance(error, ConnectionError):
                raise  # it is the family's that was cut
            raise Unavailable("files_away") from error
        return counted.as_kept(document_id)

    async def read_original(self, document_id: str) -> Content:
        """See `Files.read_original`."""
        return await self._served(f"{place_of(document_id)}/{ORIGINAL}")

    async def read_page(self, document_id: str, name: str) -> Content:
        """See `Files.read_page`."""
        return await self._served(page_place(document_id, name))

    @asynccontextmanager
    async def bench(self, document_id: str) -> AsyncIterator[Bench]:
        """See `Files.bench`. The bench is erased at the end; `keep` puts pages into the bucket."""
        place = place_of(document_id)
        _private(self._benches)
        with TemporaryDirectory(dir=self._benches) as name:
            folder = Path(name)
            original, pages = folder / ORIGINAL, folder / PAGES
            pages.mkdir()
            content = await self._read(f"{place}/{ORIGINAL}")
            with original.open("xb") as file:
                async for chunk in content.chunks:
                    await asyncio.to_thread(file.write, chunk)

            async def keep(names: Sequence[str]) -> None:
                for name in names:
                    with (pages / name).open("rb") as file:
                        await self._put(page_place(document_id, name), file)

            yield Bench(original, pages, keep)

    async def remove(self, document_id: str) -> None:
        """See `Files.remove`."""
        prefix = f"{place_of(document_id)}/"
        with _calls():
            async with asyncio.timeout(self._patience):
                listed = await obstore.list(self._store, prefix).collect_async()
                if listed:
                    await obstore.delete_async(self._store, [one["path"] for one in listed])

    async def older_than(self, moment: datetime) -> frozenset[str]:
        """See `Files.older_than`: the age is that of the last object written."""
        touched: dict[str, datetime] = {}
        with _calls():
            pages = obstore.list(self._store, chunk_size=1000)
            while True:
                async with asyncio.timeout(self._patience):
                    page = await anext(pages, None)
                if page is None:
                    break
                for one in page:
                    document_id = _document_of(one["path"])
                    last = touched.get(document_id, one["last_modified"])
                    touched[document_id] = max(last, one["last_modified"])
        return frozenset(one for one, last in touched.items() if one and last < moment)

    async def sweep_benches(self, moment: datetime) -> None:
        """See `Files.sweep_benches`."""
        await asyncio.to_thread(_sweep, self._benches, moment.timestamp())

    async def answers(self) -> bool:
        """See `Files.answers`; it takes a second at most."""
        try:
            with _calls():
                async with asyncio.timeout(_TO_ANSWER):
                    await anext(obstore.list(self._store, chunk_size=1), None)
        except Unavailable:
            return False
        return True

    async def _create(self, place: str, file: IO[bytes]) -> None:
        size = file.tell()
        try:
            await self._put(place, file, is_new=True)
        except AlreadyExistsError:
            # The id is ours alone: an answer was lost, and what it told of is there, whole.
            with _calls():
                async with asyncio.timeout(self._patience):
                    there = await obstore.head_async(self._store, place)
            if there["size"] != size:
                raise Unavailable("files_away") from None

    async def _put(self, place: str, file: IO[bytes], *, is_new: bool = False) -> None:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        mode: Literal["create", "overwrite"] = "create" if is_new else "overwrite"
        with _calls():
            async with asyncio.timeout(self._patience + size / _SLOWEST):
                await obstore.put_async(self._store, place, file, mode=mode, use_multipart=False)

    async def _served(self, place: str) -> Content:
        try:
            return await self._read(place)
        except FileNotFoundError:
            raise NotFound from None
        except Unavailable:
            raise Unavailable("files_unread") from None

    async def _read(self, place: str) -> Content:
        with _calls(is_there=False):
            async with asyncio.timeout(self._patience):
                found = await obstore.get_async(self._store, place)
        return Content(found.meta["size"], self._stream(found))

    async def _stream(self, found: "GetResult") -> AsyncGenerator[bytes, None]:
        stream = found.stream(min_chunk_size=_CHUNK)
        while True:
            with _calls():
                async with asyncio.timeout(self._patience):
                    chunk = await anext(stream, None)
            if chunk is None:
                return
            yield bytes(chunk)


@contextmanager
def _calls(*, is_there: bool = True) -> Iterator[None]:
    """What a bucket does wrong, in the town's terms; its own words name places and stay here.

    `is_there`: that a thing is missing is wrong as well.
    """
    try:
        yield
    except AlreadyExistsError:
        raise
    except (BaseError, OSError, TimeoutError) as error:
        if isinstance(error, FileNotFoundError) and not is_there and _NO_BUCKET not in str(error):
            raise FileNotFoundError from None
        _log.warning("the bucket failed", extra={"facts": {"error": type(error).__name__}})
        raise Unavailable("files_away") from None


def _private(benches: Path) -> None:
    """A folder that nobody else may open."""
    benches.mkdir(mode=0o700, parents=True, exist_ok=True)


def _document_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""  # noqa: PLR2004


def _sweep(benches: Path, since: float) -> None:
    for one in benches.glob("*"):
        if one.stat().st_mtime < since:
            shutil.rmtree(one, ignore_errors=True)
