"""A cable between two parts of the town that can be cut, frozen, slowed and half closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.town import free_port

_AT_ONCE = 65_536


class Wire:
    """Listens on `port` and passes on to `to_port`, both ways, as it is told.

    `cuts` counts the connections it has cut. While it is `down`, whoever calls is hung up on;
    while it is `frozen`, calls are taken and nothing comes through, as behind a firewall that
    forgot a connection; `delay` is in seconds, each way.
    """

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self.cuts = 0
        self.down = False
        self.delay = 0.0
        self._to_port = to_port
        self._flows = asyncio.Event()
        self._flows.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._calls: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Everybody who talks is cut off at once; new calls come through."""
        for writer in list(self._open):
            self.cuts += 1
            writer.transport.abort()

    def freeze(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._flows.clear()

    def thaw(self) -> None:
        """What was held comes through now."""
        self._flows.set()

    def half_close(self) -> None:
        """Tell both ends that the other will say nothing more, and keep listening to them."""
        for writer in list(self._open):
            with suppress(OSError):
                writer.write_eof()

    async def carry(self, near: asyncio.StreamReader, near_end: asyncio.StreamWriter) -> None:
        """One connection, until its end."""
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        if self.down:
            near_end.transport.abort()
            self._calls.discard(task)
            return
        ends = [near_end]
        try:
            far, far_end = await asyncio.open_connection("127.0.0.1", self._to_port)
            ends.append(far_end)
            self._open |= set(ends)
            await asyncio.gather(self._pass_on(near, far_end), self._pass_on(far, near_end))
        except OSError:
            pass
        finally:
            self._open -= set(ends)
            self._calls.discard(task)
            for end in ends:
                end.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while content := await reader.read(_AT_ONCE):
            await asyncio.sleep(self.delay)
            await self._flows.wait()
            writer.write(content)
            await writer.drain()
        with suppress(OSError):
            writer.write_eof()

    async def ends(self) -> None:
        """Hang up on everybody, for good."""
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)


@asynccontextmanager
async def wire(to_port: int) -> AsyncIterator[Wire]:
    """A wire to this port of this machine, in good order."""
    made = Wire(to_port)
    server = await asyncio.start_server(made.carry, "127.0.0.1", made.port)
    try:
        yield made
    finally:
        server.close()
        await made.ends()
