"""Asking clamd about a file. It knows bytes and answers; neither documents nor who gave them.

The protocol is INSTREAM: lengths and bytes, then one line. Whatever clamd does instead of answering
ends within `seconds`.
"""

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from domain.documents import Scan
from domain.errors import Unavailable

_SECONDS: Final = 8.0
_REST: Final = 60.0
_TO_ANSWER: Final = 1.0
_LONGEST_LINE: Final = 1024
_NO_ANSWER: Final = (OSError, EOFError, asyncio.LimitOverrunError)


class Antivirus(Protocol):
    """What looks for malicious software in a file."""

    async def scan(self, chunks: AsyncIterator[bytes]) -> Scan:
        """What it says of these bytes; `PENDING` when it answered that it could not tell.

        Raises:
            Unavailable: nobody answers (`antivirus_away`), or the bytes themselves ended too early.
        """

    async def answers(self) -> bool | None:
        """Whether it can be asked now; None when the town has none."""


class NoAntivirus(Antivirus):
    """A town without one: nothing is said of any file."""

    async def scan(self, chunks: AsyncIterator[bytes]) -> Scan:  # noqa: ARG002
        """Always `UNSCANNED`."""
        return Scan.UNSCANNED

    async def answers(self) -> bool | None:
        """None: there is nobody to ask."""
        return None


class Clamd(Antivirus):
    """clamd at `host:port` or `unix:/path`.

    One that lets a file wait for `seconds` is left alone for `rest` seconds: the files that come
    meanwhile must not wait as well.
    """

    def __init__(self, address: str, *, seconds: float = _SECONDS, rest: float = _REST) -> None:
        self._address = address
        self._seconds = seconds
        self._rest = rest
        self._alone_until = 0.0

    async def scan(self, chunks: AsyncIterator[bytes]) -> Scan:
        """See `Antivirus.scan`."""
        if time.monotonic() < self._alone_until:
            raise Unavailable("antivirus_away")
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._instream(chunks)
        except TimeoutError:
            self._alone_until = time.monotonic() + self._rest
            raise Unavailable("antivirus_away") from None
        except _NO_ANSWER:
            raise Unavailable("antivirus_away") from None
        return _said(answer)

    async def answers(self) -> bool | None:
        """See `Antivirus.answers`; it takes a second at most."""
        try:
            async with asyncio.timeout(_TO_ANSWER), self._line() as (reader, writer):
                writer.write(b"zPING\0")
                return await reader.readuntil(b"\0") == b"PONG\0"
        except _NO_ANSWER:
            return False

    async def _instream(self, chunks: AsyncIterator[bytes]) -> bytes:
        async with self._line() as (reader, writer):
            # Listened to from the start: given too much, it says so and hangs up while we speak.
            answer = asyncio.ensure_future(reader.readuntil(b"\0"))
            try:
                writer.write(b"zINSTREAM\0")
                with suppress(ConnectionError):
                    await _speak(writer, chunks)
                return await answer
            finally:
                answer.cancel()
                await asyncio.gather(answer, return_exceptions=True)

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        kind, _, path = self._address.partition(":")
        if kind == "unix":
            reader, writer = await asyncio.open_unix_connection(path, limit=_LONGEST_LINE)
        else:
            host, _, port = self._address.rpartition(":")
            reader, writer = await asyncio.open_connection(
                host.strip("[]"), int(port), limit=_LONGEST_LINE
            )
        try:
            yield reader, writer
        finally:
            writer.transport.abort()  # closing would wait for one that never reads


def antivirus_at(address: str, *, seconds: float = _SECONDS) -> Antivirus:
    """The town's antivirus, which has so long for a file; "" for a town that has none."""
    return Clamd(address, seconds=seconds) if address else NoAntivirus()


async def _speak(writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        writer.write(struct.pack("!L", len(chunk)) + chunk)
        await writer.drain()
    writer.write(struct.pack("!L", 0))
    await writer.drain()


def _said(answer: bytes) -> Scan:
    if answer == b"stream: OK\0":
        return Scan.CLEAN
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
        return Scan.INFECTED
    if answer.endswith(b"ERROR\0"):
        return Scan.PENDING
    raise Unavailable("antivirus_away")
