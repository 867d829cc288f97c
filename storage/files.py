"""The bytes of the documents: what every keeper of them promises, in a folder or in a bucket.

The order that loses nothing: bytes first, whole and safe, then the row, then the act. What is left
of an upload that was cut is swept by the reconciler. Both keepers use the same names, an original
and its pages below `<first two characters>/<document id>/`, so that a town moves by copying.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from domain.errors import DomainError, NotFound

ORIGINAL: Final = "original"
PAGES: Final = "pages"
_CHUNK: Final = 256 * 1024


class TooLarge(DomainError):  # noqa: N818
    """More bytes came than the limit: reading stopped there and nothing is kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__("too_large", limit_bytes=limit_bytes)


@dataclass(frozen=True)
class Bucket:
    """A bucket that speaks S3, and where in it. `endpoint` is "" for Amazon's own."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class KeptFile:
    """A file that is safely kept."""

    document_id: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """Bytes on their way out: how many, and the bytes themselves, once.

    A stream that breaks raises `Unavailable`: it never ends as if it were whole.
    """

    size_bytes: int
    chunks: AsyncGenerator[bytes, None]

    async def whole(self) -> bytes:
        """All of it, for what is small."""
        return b"".join([chunk async for chunk in self.chunks])


@dataclass(frozen=True)
class Bench:
    """Local paths for who looks at a document: the original, and a folder to draw pages into.

    What was drawn is kept by `keep(names)` only. Twice: the same names again.
    """

    original: Path
    pages: Path
    keep: Callable[[Sequence[str]], Awaitable[None]]


class Files(Protocol):
    """Keeps the bytes of documents. Every call ends within seconds.

    Raises, wherever the disk or the bucket does not do what it is asked:
        Unavailable: `files_away`; nothing half-made is ever seen.
    And ValueError for an id or a name that could lead elsewhere.
    """

    async def keep(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> KeptFile:
        """Keep a stream as a new document's original.

        Raises:
            TooLarge: more than `limit_bytes` came; reading stopped, nothing is kept.
        """

    async def read_original(self, document_id: str) -> Content:
        """The bytes as they were given.

        Raises:
            NotFound: there are none.
        """

    async def read_page(self, document_id: str, name: str) -> Content:
        """One drawn image.

        Raises:
            NotFound: nothing of that name was drawn.
        """

    def bench(self, document_id: str) -> AbstractAsyncContextManager[Bench]:
        """A document's original at hand, and an empty folder for its pages.

        Raises:
            FileNotFoundError: there is no original.
        """

    async def digest(self, document_id: str) -> str | None:
        """The SHA-256 of a document's original as it is kept now; None when it is not there."""
        try:
            content = await self.read_original(document_id)
        except NotFound:
            return None
        digest = hashlib.sha256()
        async for chunk in content.chunks:
            digest.update(chunk)
        return digest.hexdigest()

    async def remove(self, document_id: str) -> None:
        """Erase a document's bytes and pages. Twice: nothing more."""

    async def older_than(self, moment: datetime) -> frozenset[str]:
        """The ids of the documents whose bytes nobody has touched since then."""

    async def sweep_benches(self, moment: datetime) -> None:
        """Erase what a killed process has left on its bench before then."""

    async def answers(self) -> bool:
        """Whether documents can be kept and read now."""


def place_of(document_id: str) -> str:
    """Where a document is; ValueError on anything that is not an opaque id."""
    if not (document_id.isascii() and document_id.isalnum()):
        raise ValueError("not a document id")
    return f"{document_id[:2]}/{document_id}"


def page_place(document_id: str, name: str) -> str:
    """Where a drawn file is; ValueError when its name is not a plain one."""
    if Path(name).name != name or name in {"", ".", ".."}:
        raise ValueError("not a file name")
    return f"{place_of(document_id)}/{PAGES}/{name}"


class Counted:
    """A stream on its way in: counted, hashed, and stopped at its limit."""

    def __init__(self, chunks: AsyncIterator[bytes], limit_bytes: int) -> None:
        self._chunks = chunks
        self._limit = limit_bytes
        self._digest = hashlib.sha256()
        self._size = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The chunks; TooLarge as soon as they are too many."""
        async for chunk in self._chunks:
            self._size += len(chunk)
            if self._size > self._limit:
                raise TooLarge(self._limit)
            self._digest.update(chunk)
            yield chunk

    def as_kept(self, document_id: str) -> KeptFile:
        """What came, under this id."""
        return KeptFile(document_id, self._size, self._digest.hexdigest())


async def chunks_of(path: Path) -> AsyncGenerator[bytes, None]:
    """The bytes of a local file, read beside the event loop."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
