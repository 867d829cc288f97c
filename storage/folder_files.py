"""Documents in one folder per document: original, page images. For a town on one machine.

Bytes in a temporary file, fsync, rename, fsync of the folder: only then is a file kept.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from domain.errors import NotFound, Unavailable
from storage.files import (
    ORIGINAL,
    PAGES,
    Bench,
    Content,
    Counted,
    Files,
    KeptFile,
    chunks_of,
    page_place,
    place_of,
)
from storage.records import new_id


class FolderFiles(Files):
    """The folder of the town's documents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def folder_of(self, document_id: str) -> Path:
        """Where a document's files are."""
        return self._folder / place_of(document_id)

    def original(self, document_id: str) -> Path:
        """Where the bytes are as they were given."""
        return self.folder_of(document_id) / ORIGINAL

    def pages(self, document_id: str) -> Path:
        """The folder of what the inspection drew: page images, thumbnail."""
        return self.folder_of(document_id) / PAGES

    def page(self, document_id: str, name: str) -> Path:
        """Where one drawn file is."""
        return self._folder / page_place(document_id, name)

    async def keep(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> KeptFile:
        """See `Files.keep`."""
        document_id = new_id()
        folder = self.folder_of(document_id)
        temporary = folder / "arriving.tmp"
        counted = Counted(chunks, limit_bytes)
        try:
            await asyncio.to_thread(folder.mkdir, parents=True)
            with temporary.open("xb") as file:
                async for chunk in counted:
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(_flush, file.fileno())
            await asyncio.to_thread(_settle, temporary, folder / ORIGINAL)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError) and not isinstance(error, ConnectionError):
                raise Unavailable("files_away") from error
            raise
        return counted.as_kept(document_id)

    async def read_original(self, document_id: str) -> Content:
        """See `Files.read_original`."""
        return await asyncio.to_thread(_content, self.original(document_id))

    async def read_page(self, document_id: str, name: str) -> Content:
        """See `Files.read_page`."""
        return await asyncio.to_thread(_content, self.page(document_id, name))

    @asynccontextmanager
    async def bench(self, document_id: str) -> AsyncIterator[Bench]:
        """See `Files.bench`. The folder is its own bench: what is drawn is kept already."""
        original, pages = self.original(document_id), self.pages(document_id)
        await asyncio.to_thread(original.stat)
        await asyncio.to_thread(shutil.rmtree, pages, ignore_errors=True)
        await asyncio.to_thread(pages.mkdir)
        yield Bench(original, pages, _already)

    async def remove(self, document_id: str) -> None:
        """See `Files.remove`."""
        await asyncio.to_thread(shutil.rmtree, self.folder_of(document_id), ignore_errors=True)

    async def older_than(self, moment: datetime) -> frozenset[str]:
        """See `Files.older_than`: the age is that of the document's folder."""
        return await asyncio.to_thread(_untouched, self._folder, moment.timestamp())

    async def sweep_benches(self, moment: datetime) -> None:
        """See `Files.sweep_benches`: there is nothing apart from the documents' own folders."""

    async def answers(self) -> bool:
        """See `Files.answers`: an empty town has no folder yet, and needs none."""
        folder = self._folder if self._folder.exists() else self._folder.parent
        return await asyncio.to_thread(os.access, folder, os.R_OK | os.W_OK | os.X_OK)


async def _already(_names: Sequence[str]) -> None:
    """What was drawn in place is kept."""


def _content(path: Path) -> Content:
    if not path.is_file():
        raise NotFound
    return Content(path.stat().st_size, chunks_of(path))


def _untouched(folder: Path, since: float) -> frozenset[str]:
    return frozenset(
        one.name for one in folder.glob("??/*") if one.is_dir() and one.stat().st_mtime < since
    )


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _settle(temporary: Path, final: Path) -> None:
    """Give the file its name, and make the name itself survive a power cut."""
    temporary.rename(final)
    for folder in final.parents[:3]:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
