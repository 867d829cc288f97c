"""The site holds itself to its time, and leaves the browser all of its own."""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from api.own_time import OwnTime
from tests.site import Site


async def asks(site: Site, app: Any, *, browser_takes: float = 0) -> list[Message]:
    """What a browser hears that is so slow to send its body."""
    heard: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(browser_takes)
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Message) -> None:
        heard.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/compte",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "app": site.app,
        "state": {},
    }
    async with asyncio.timeout(20):
        await OwnTime(app, seconds=0.2)(scope, receive, send)
    return heard


async def hangs(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


async def answers(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def falls_silent_while_answering(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.Event().wait()


async def test_what_hangs_is_answered_with_an_apology(site: Site) -> None:
    heard = await asks(site, hangs)
    assert heard[0]["status"] == 503
    assert "momentanément indisponible" in heard[1]["body"].decode()


async def test_a_slow_browser_is_waited_for(site: Site) -> None:
    heard = await asks(site, answers, browser_takes=1)
    assert heard[0]["status"] == 200


async def test_an_answer_that_stops_in_the_middle_is_not_followed_by_another(site: Site) -> None:
    heard = await asks(site, falls_silent_while_answering)
    assert [message["type"] for message in heard] == ["http.response.start"]


async def takes_its_time_for_each_piece(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _piece in range(60):
        await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def test_a_long_answer_is_not_cut_while_its_pieces_come(site: Site) -> None:
    heard = await asks(site, takes_its_time_for_each_piece)
    assert b"".join(message.get("body", b"") for message in heard) == b"x" * 60
    assert "more_body" not in heard[-1]
