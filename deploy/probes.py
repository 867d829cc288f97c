"""Small questions to a part of the town: does this port, this page, this mailbox answer?"""

import asyncio
import http
import http.client
import socket
from collections.abc import Awaitable, Callable

ANSWER_WITHIN = 3.0

# A server that listens everywhere is asked on the machine itself.
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # As servers do: a port whose last connections are still closing counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def next_free_port(host: str, port: int, *, besides: set[int]) -> int:
    """The first port after this one where a server may listen, to be suggested to a person."""
    after = range(port + 1, 65536)
    return next(one for one in after if one not in besides and is_free(host, one))


async def page(port: int, path: str, *, host: str = "127.0.0.1") -> bytes | None:
    """What the page says, within 3 seconds; None when it fails or nobody answers."""
    return await asyncio.to_thread(_page, EVERY_ADDRESS.get(host, host), port, path)


async def page_answers(port: int, path: str, *, host: str = "127.0.0.1") -> bool:
    """Whether the page answers with a success within 3 seconds."""
    return await page(port, path, host=host) is not None


def _page(host: str, port: int, path: str) -> bytes | None:
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read() if answer.status < http.HTTPStatus.BAD_REQUEST else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


async def mailbox_answers(port: int) -> bool:
    """Whether a mail server greets within 3 seconds."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            greeting = await reader.readline()
            writer.close()
    except OSError:
        return False
    return greeting.startswith(b"220")


async def until(question: Callable[[], Awaitable[bool]], *, every: float = 0.1) -> None:
    """Return once the answer is yes; the caller sets the limit."""
    while not await question():  # noqa: ASYNC110  (another process: no event to wait for)
        await asyncio.sleep(every)
