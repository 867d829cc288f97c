"""The bytes of the documents, in one folder per document: original, clean copy, page images.

The order that loses nothing: bytes in a temporary file, fsync, rename, fsync of the folder; then
the row; then the act. What is left of an upload that was cut is swept by `forgotten`.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from domain.errors import DomainError, Unavailable
from storage.records import new_id

ORIGINAL = "original"


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
    """A file that is safely on disk."""

    document_id: str
    size_bytes: int
    sha256: str


class Files:
    """The folder of the town's documents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def folder_of(self, document_id: str) -> Path:
        """Where a document's files are; ValueError on anything that is not an opaque id."""
        if not (document_id.isascii() and document_id.isalnum()):
            raise ValueError("not a document id")
        return self._folder / document_id[:2] / document_id

    def original(self, document_id: str) -> Path:
        """The bytes as they were given."""
        return self.folder_of(document_id) / ORIGINAL

    def pages(self, document_id: str) -> Path:
        """The folder of what the inspection drew: page images, thumbnail."""
        return self.folder_of(document_id) / "pages"

    def page(self, document_id: str, name: str) -> Path:
        """One drawn file; ValueError when the name is not a plain one."""
        path = self.pages(document_id) / name
        if Path(name).name != name or name in {"", ".", ".."}:
            raise ValueError("not a file name")
        return path

    async def keep(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> KeptFile:
        """Write a stream as a new document's original.

        Raises:
            TooLarge: more than `limit_bytes` came; reading stopped, nothing is left on disk.
            Unavailable: the disk is full, or takes nothing (`files_away`); nothing is left on it.
        """
        document_id = new_id()
        folder = self.folder_of(document_id)
        temporary = folder / "arriving.tmp"
        digest, size = hashlib.sha256(), 0
        try:
            await asyncio.to_thread(folder.mkdir, parents=True)
            with temporary.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    _stop_at(size, limit_bytes)
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_flush, file.fileno())
            await asyncio.to_thread(_settle, temporary, folder / ORIGINAL)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                raise Unavailable("files_away") from error
            raise
        return KeptFile(document_id, size, digest.hexdigest())

    async def digest(self, document_id: str) -> str | None:
        """The SHA-256 of a document's original as it is kept now; None when it is not there."""
        return await asyncio.to_thread(_digest, self.original(document_id))

    def remove(self, document_id: str) -> None:
        """Erase a document's bytes. Twice: nothing more."""
        shutil.rmtree(self.folder_of(document_id), ignore_errors=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        """The ids of the document folders untouched since then."""
        for folder in self._folder.glob("??/*"):
            if folder.is_dir() and folder.stat().st_mtime < moment.timestamp():
                yield folder.name


def _stop_at(size: int, limit_bytes: int) -> None:
    if size > limit_bytes:
        raise TooLarge(limit_bytes)


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _settle(temporary: Path, final: Path) -> None:
    """Give the file its name, and make the name itself survive a power cut."""
    temporary.rename(final)
    for folder in (final.parent, final.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
