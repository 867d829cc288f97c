"""A server that speaks S3 on this machine, and a detour to it on which everything may go wrong."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from storage.files import Bucket
from storage.records import new_id


@dataclass(frozen=True)
class BucketServer:
    """Makes as many buckets as wanted; `address` is where it listens."""

    address: str

    def new_bucket(self, prefix: str = "") -> Bucket:
        """An empty bucket that nobody else uses."""
        name = f"b{new_id()}"
        urlopen(Request(f"{self.address}/{name}", method="PUT")).close()
        return bucket_at(self.address, name, prefix)


def bucket_at(address: str, name: str, prefix: str = "") -> Bucket:
    """How to reach a bucket, there or not."""
    return Bucket(name, prefix, address, "us-east-1", "valbourg", "not-a-secret")


@contextmanager
def running_bucket_server() -> Iterator[BucketServer]:
    """The server, on a free port, until the end of the block."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield BucketServer(f"http://{host}:{port}")
    finally:
        server.stop()


class Trouble(Enum):
    """What happens on the way to the bucket."""

    NONE = auto()
    REFUSED = auto()  # 403
    BROKEN = auto()  # 500
    SILENT = auto()
    SLOW = auto()
    CUT_ON_THE_WAY_IN = auto()
    CUT_ON_THE_WAY_BACK = auto()
    ANSWER_LOST_ONCE = auto()


_STATUS = {Trouble.REFUSED: b"403 Forbidden", Trouble.BROKEN: b"500 Internal Server Error"}
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Detour:
    """Passes requests on, one by one, as long as nothing is wrong."""

    def __init__(self, server: BucketServer) -> None:
        self.trouble = Trouble.NONE
        self.address = ""
        self._to = urlsplit(server.address)
        self._meetings: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Detour"]:
        """Listen on a free port until the end of the block."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0, limit=2**20)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self
            for meeting in self._meetings:
                meeting.cancel()
            await asyncio.gather(*self._meetings, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meeting = asyncio.current_task()
        assert meeting is not None
        self._meetings.add(meeting)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        length = int(found.group(1)) if found else 0
        if self.trouble is Trouble.CUT_ON_THE_WAY_IN:
            await reader.readexactly(length // 2)
            return
        body = await reader.readexactly(length)
        if self.trouble is Trouble.SILENT:
            await asyncio.Event().wait()
        if status := _STATUS.get(self.trouble):
            writer.write(
                b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        if self.trouble is Trouble.SLOW:
            await asyncio.sleep(1.5)
        answer = await self._pass_on(head, body)
        if self.trouble is Trouble.ANSWER_LOST_ONCE:
            self.trouble = Trouble.NONE
            return
        if self.trouble is Trouble.CUT_ON_THE_WAY_BACK:
            answer = answer[: len(answer) // 2]
        writer.write(answer)
        await writer.drain()

    async def _pass_on(self, head: bytes, body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._to.hostname, self._to.port)
        writer.write(head[:-2] + b"Connection: close\r\n\r\n" + body)
        answer = await reader.read()
        writer.close()
        return answer
