"""An archive is sent while it is made: never more of it in memory than a piece."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from api.zip_stream import Entry, text_entry, zipped

AT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
PIECE = 64 * 1024


async def pieces_of_a_file(count: int, sent: list[int]) -> AsyncIterator[bytes]:
    for number in range(count):
        sent.append(number)
        yield bytes([number % 256]) * PIECE


async def test_each_piece_leaves_before_the_next_is_read() -> None:
    read: list[int] = []

    async def entries() -> AsyncIterator[Entry]:
        yield Entry("photo.jpg", pieces_of_a_file(100, read), is_compressed=True)
        yield text_entry("donnees.json", "{}")

    whole, largest, ahead = b"", 0, 0
    async for piece in zipped(entries(), AT):
        whole += piece
        largest = max(largest, len(piece))
        ahead = max(ahead, len(read) * PIECE - len(whole))
    assert largest < 2 * PIECE
    assert ahead < 2 * PIECE
    archive = zipfile.ZipFile(io.BytesIO(whole))
    assert archive.testzip() is None
    assert len(archive.read("photo.jpg")) == 100 * PIECE
    # In Paris, where the person lives.
    assert archive.getinfo("photo.jpg").date_time == (2026, 11, 23, 23, 30, 0)


async def test_half_an_archive_is_never_taken_for_a_whole() -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x" * PIECE
        raise OSError("the disk is gone")

    async def entries() -> AsyncIterator[Entry]:
        yield Entry("photo.jpg", breaks())

    received = bytearray()

    async def receive() -> None:
        async for piece in zipped(entries(), AT):
            received.extend(piece)

    with pytest.raises(OSError, match="gone"):
        await receive()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(received))
