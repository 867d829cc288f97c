"""Asking a real clamd, one that stops in the middle, and others that are none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from activities.antivirus import Clamd, antivirus_at
from domain.documents import Scan
from domain.errors import Unavailable
from tests import samples
from tests.clamd import EICAR, RunningClamd
from tests.living_town import in_one

Meeting = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def infected_pdf() -> bytes:
    """A document that opens, with the test file between two of its objects."""
    head, tail = samples.pdf().split(b"endobj", 1)
    return head + b"endobj\n%" + EICAR + b"\n" + tail


def infected_jpeg() -> bytes:
    """A photo that opens, with the test file as its comment."""
    photo = samples.jpeg()
    length = (len(EICAR) + 2).to_bytes(2, "big")
    return photo[:2] + b"\xff\xfe" + length + EICAR + photo[2:]


@asynccontextmanager
async def somebody_else(meets: Meeting) -> AsyncIterator[str]:
    """An address where this answers instead of clamd."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await meets(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_what_is_infected_is_found_wherever_it_hides(clamd: RunningClamd) -> None:
    antivirus = antivirus_at(clamd.address)
    for content in (EICAR, infected_pdf(), infected_jpeg()):
        assert await antivirus.scan(in_one(content)) is Scan.INFECTED
    for content in (samples.pdf(), samples.jpeg(), b""):
        assert await antivirus.scan(in_one(content)) is Scan.CLEAN


async def test_clamd_is_asked_by_its_socket_too(clamd: RunningClamd) -> None:
    antivirus = antivirus_at(clamd.unix)
    assert await antivirus.answers() is True
    assert await antivirus.scan(in_one(EICAR)) is Scan.INFECTED


async def test_what_is_cut_between_two_chunks_is_found(clamd: RunningClamd) -> None:
    async def byte_by_byte() -> AsyncIterator[bytes]:
        for byte in EICAR:
            yield bytes([byte])

    assert await antivirus_at(clamd.address).scan(byte_by_byte()) is Scan.INFECTED


async def test_a_file_larger_than_clamd_takes_is_not_called_clean(clamd: RunningClamd) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield bytes(1024 * 1024)

    assert await antivirus_at(clamd.address).scan(endless()) is Scan.PENDING


async def test_a_killed_clamd_is_away_until_it_is_back(clamd: RunningClamd) -> None:
    antivirus = antivirus_at(clamd.address)
    clamd.dies()
    assert await antivirus.answers() is False
    with pytest.raises(Unavailable):
        await antivirus.scan(in_one(EICAR))
    clamd.starts()
    assert await antivirus.answers() is True
    assert await antivirus.scan(in_one(EICAR)) is Scan.INFECTED


async def test_a_stalled_clamd_keeps_one_file_waiting_and_no_other(clamd: RunningClamd) -> None:
    antivirus = Clamd(clamd.address, seconds=1.0)
    clamd.stalls()
    with pytest.raises(Unavailable):
        await antivirus.scan(in_one(EICAR))
    clamd.goes_on()
    asked: list[bytes] = []

    async def watched() -> AsyncIterator[bytes]:
        asked.append(EICAR)
        yield EICAR

    with pytest.raises(Unavailable):
        await antivirus.scan(watched())
    assert asked == []
    again = Clamd(clamd.address, rest=0)
    assert await again.scan(in_one(EICAR)) is Scan.INFECTED


async def _nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def _hangs_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(10)


async def _nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.write(b"220 mail.valbourg.example ESMTP\0")
    await writer.drain()


async def _endless_line(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"stream: OK " * 1000)
        await writer.drain()


@pytest.mark.parametrize("meets", [_nothing, _hangs_up, _nonsense, _endless_line])
async def test_who_is_no_clamd_says_nothing_of_a_file(meets: Meeting) -> None:
    async with somebody_else(meets) as address:
        antivirus = Clamd(address, seconds=0.5)
        assert await antivirus.answers() is False
        with pytest.raises(Unavailable):
            await antivirus.scan(in_one(samples.pdf()))


async def test_a_town_without_an_antivirus_says_that_nobody_looked() -> None:
    antivirus = antivirus_at("")
    assert await antivirus.answers() is None
    assert await antivirus.scan(in_one(EICAR)) is Scan.UNSCANNED
