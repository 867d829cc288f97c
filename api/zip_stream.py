"""A ZIP archive that is sent while it is made: whatever its size, a piece of it in memory."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from domain.french import PARIS


@dataclass(frozen=True)
class Entry:
    """A file of the archive. `name` is a path of ours, plain ASCII; its bytes come once.

    What is compressed already (photos, PDF) is stored as it is.
    """

    name: str
    chunks: AsyncIterator[bytes]
    is_compressed: bool = False


def text_entry(name: str, text: str) -> Entry:
    """A file with this text, in UTF-8."""

    async def once() -> AsyncIterator[bytes]:
        yield text.encode()

    return Entry(name, once())


async def zipped(entries: AsyncIterator[Entry], at: datetime) -> AsyncIterator[bytes]:
    """The archive, entry after entry, each dated `at`.

    A file that breaks on its way breaks the whole answer: half an archive never looks whole.
    """
    pipe = _Pipe()
    moment = at.astimezone(PARIS).timetuple()[:6]
    with zipfile.ZipFile(pipe, "w") as archive:
        async for entry in entries:
            info = zipfile.ZipInfo(entry.name, date_time=moment)
            info.compress_type = zipfile.ZIP_STORED if entry.is_compressed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                async for chunk in entry.chunks:
                    file.write(chunk)
                    if piece := pipe.taken():
                        yield piece
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What `ZipFile` writes into, and nobody seeks in."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep it until it is taken."""
        self._bytes += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since last time."""
        piece = bytes(self._bytes)
        self._bytes.clear()
        return piece
