"""How long the site itself may take for an answer, whatever part of the town falls silent.

A database or a store of files that is frozen, or behind a cut cable, answers nothing and refuses
nothing: whoever waits for it waits for ever. After its time a person reads that the portal is away,
and what was begun is left alone: the act in the form is one act, however often it is sent.
"""

import asyncio
from contextlib import suppress

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import FORM_LIMIT_BYTES
from api.errors import tell_no_answer

SECONDS, SECONDS_FOR_A_FILE = 8.0, 40.0
_LOOKS_EVERY = 0.5


class OwnTime:
    """The middleware that holds the site to its time. What the browser takes is not counted."""

    def __init__(self, app: ASGIApp, seconds: float = SECONDS) -> None:
        self._app = app
        self._seconds = seconds
        self._left_alone: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in time, with an apology if need be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        talk = _Talk(receive, send)
        request = Request(scope)
        work = asyncio.create_task(_run(self._app, scope, talk))
        try:
            while not work.done() and talk.own_seconds < self._limit(request):
                left = self._limit(request) - talk.own_seconds
                await asyncio.wait({work}, timeout=max(left, _LOOKS_EVERY))
        finally:
            if not work.done():
                self._leave_alone(work)
        if work.done():
            work.result()
            return
        talk.is_over = True
        if not talk.has_answered:
            answer = await tell_no_answer(request, TimeoutError())
            await answer(scope, receive, send)

    def _limit(self, request: Request) -> float:
        takes_files = getattr(request.state, "body_limit", 0) > FORM_LIMIT_BYTES
        return max(self._seconds, SECONDS_FOR_A_FILE) if takes_files else self._seconds

    def _leave_alone(self, work: asyncio.Task[None]) -> None:
        """Ask it to stop, without waiting: what hangs may not hear it before the part is back."""
        work.cancel()
        self._left_alone.add(work)
        work.add_done_callback(self._forget)

    def _forget(self, work: asyncio.Task[None]) -> None:
        self._left_alone.discard(work)
        with suppress(asyncio.CancelledError):
            work.exception()  # nobody is left to read it


async def _run(app: ASGIApp, scope: Scope, talk: "_Talk") -> None:
    await app(scope, talk.receive, talk.send)


class _Talk:
    """What a request and its answer say to the browser, and how long that takes."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._elsewhere = 0.0
        self._away_since: float | None = None
        self.has_answered = self.is_over = False

    @property
    def own_seconds(self) -> float:
        """How long the site has been at work, without what it waited for the browser."""
        until = self._clock() if self._away_since is None else self._away_since
        return until - self._began - self._elsewhere

    async def receive(self) -> Message:
        self._away_since = self._clock()
        try:
            return await self._receive()
        finally:
            self._back()

    async def send(self, message: Message) -> None:
        if self.is_over:
            return
        self.has_answered = True
        self._away_since = self._clock()
        try:
            await self._send(message)
        finally:
            self._back()
        # Each piece of a long answer has the site's whole time: a sign of life, and no more.
        self._began, self._elsewhere = self._clock(), 0.0

    def _back(self) -> None:
        if self._away_since is not None:
            self._elsewhere += self._clock() - self._away_since
            self._away_since = None
