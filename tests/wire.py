"""The site on a real port, spoken to byte by byte, as only programs and attackers do."""

import asyncio
import socket
import time
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from api.patience import PatientProtocol


class HastyProtocol(PatientProtocol):
    """The site's own protocol, for a test that has less time."""

    head_seconds = 1.0
    linger_seconds = 0.5


@dataclass(frozen=True)
class Answer:
    """What came back. `status` 0: the connection was closed without a word."""

    status: int
    text: str
    seconds: float
    bytes_sent: int


@dataclass(frozen=True)
class Wire:
    """A site that listens on a port of this machine."""

    port: int

    def head(self, first_line: str, *lines: str, cookie: str = "") -> bytes:
        """The head of a request, complete, with our own origin."""
        named = [f"Host: localhost:{self.port}", f"Origin: http://localhost:{self.port}"]
        named += [f"Cookie: {cookie}"] if cookie else []
        return "\r\n".join([first_line, *named, *lines, "", ""]).encode("latin-1")

    async def says(
        self, *parts: bytes, body: AsyncIterable[bytes] | None = None, seconds: float = 60
    ) -> Answer:
        """Send this, then read the first answer, however early it comes."""
        began, sent = time.monotonic(), 0
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        reading = asyncio.create_task(_read(reader))
        try:
            with suppress(ConnectionError):
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    sent += len(part)
                if body is not None:
                    async for chunk in body:
                        if reading.done():
                            break
                        writer.write(chunk)
                        await writer.drain()
                        sent += len(chunk)
            async with asyncio.timeout(seconds):
                status, text = await reading
        finally:
            reading.cancel()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        return Answer(status, text, time.monotonic() - began, sent)


async def _read(reader: asyncio.StreamReader) -> tuple[int, str]:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        size = [line for line in head.split("\r\n") if line.lower().startswith("content-length:")]
        body = await reader.readexactly(int(size[0].split(":")[1])) if size else b""
        return int(head.split(" ")[1]), head + body.decode("utf-8", "replace")
    return 0, ""


@asynccontextmanager
async def on_the_wire(
    app: FastAPI, protocol: type[PatientProtocol] = HastyProtocol
) -> AsyncIterator[Wire]:
    """Serve this site on a free port until the end of the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=protocol, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    try:
        yield Wire(listening.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
