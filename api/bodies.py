"""The bodies of requests: how large they may be, how slow, and how many at once.

The rule of pace: whoever sends must bring 64 kB in every 30 s of waiting, or come to the end. A
telephone at 20 kB/s brings nine times that; a connection that only wants to stay open is cut.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Depends, Request
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from domain.errors import DomainError
from settings import Settings
from storage.files import TooLarge

FORM_LIMIT_BYTES = 1024 * 1024
PACE_BYTES = 64 * 1024
MOST_OF_A_SESSION, MOST_FROM_A_PLACE = 12, 48


class TooSlow(DomainError):  # noqa: N818
    """Almost nothing came for half a minute: reading stopped there."""

    def __init__(self) -> None:
        super().__init__("too_slow")


class TooManySendings(DomainError):  # noqa: N818
    """This session, or this place, sends as many bodies as it may at once."""

    def __init__(self) -> None:
        super().__init__("too_many_sendings")


class Crowd:
    """Who is sending just now. A browser opens six connections; a school shares one address."""

    def __init__(self) -> None:
        self._sending: Counter[str] = Counter()

    def enter(self, session: str, place: str) -> Sequence[str]:
        """Count one more body, and give what to hand to `leave` once it is over.

        Raises:
            TooManySendings: it would be one too many; nothing was counted.
        """
        limits = {f"session {session}": MOST_OF_A_SESSION, f"place {place}": MOST_FROM_A_PLACE}
        if not session:
            limits.pop("session ")
        if any(self._sending[who] >= most for who, most in limits.items()):
            raise TooManySendings
        self._sending.update(limits.keys())
        return tuple(limits)

    def leave(self, counted: Sequence[str]) -> None:
        """One body less."""
        self._sending.subtract(counted)
        self._sending += Counter()  # forgets whoever sends nothing any more


class Body:
    """The body of one request, watched while it is read."""

    def __init__(
        self, request: Request, receive: Receive, crowd: Crowd, session: str, *, pace: float
    ) -> None:
        self._pace = pace
        self._request = request
        self._receive = receive
        self._crowd = crowd
        self._session = session
        self._counted: Sequence[str] = ()
        self._seen = self._since_pace = 0
        self._waited = 0.0
        self._is_whole = False
        request.state.body_limit = FORM_LIMIT_BYTES

    async def receive(self) -> Message:
        """The next message, as the server gives it.

        Raises:
            TooLarge: the body is larger than its route takes, or says so.
            TooSlow: it does not keep the pace.
            TooManySendings: too many others arrive from there.
        """
        if self._is_whole:
            return await self._receive()
        limit: int = self._request.state.body_limit
        announced = Headers(scope=self._request.scope).get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > limit:
            raise TooLarge(limit)
        message = await self._in_time()
        arrived = len(message.get("body", b""))
        self._seen += arrived
        if self._seen > limit:
            raise TooLarge(limit)
        self._keep_pace(arrived)
        self._is_whole = not message.get("more_body", False)
        if self._is_whole:
            self.end()
        elif not self._counted:
            client = self._request.client
            self._counted = self._crowd.enter(self._session, client.host if client else "")
        return message

    def end(self) -> None:
        """It is over, whole or not. Twice: nothing more."""
        self._crowd.leave(self._counted)
        self._counted = ()

    async def _in_time(self) -> Message:
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            # Only waiting counts: what the portal does with the bytes is not the sender's time.
            async with asyncio.timeout(self._pace - self._waited):
                return await self._receive()
        except TimeoutError as late:
            raise TooSlow from late
        finally:
            self._waited += clock() - began

    def _keep_pace(self, arrived: int) -> None:
        self._since_pace += arrived
        if self._since_pace >= PACE_BYTES:
            self._since_pace, self._waited = 0, 0.0


def body_up_to(limit_of: Callable[[Settings], int]) -> Any:
    """Let a route take a larger body, for example `body_up_to(lambda s: s.photo_limit_bytes)`."""

    def _declare(request: Request) -> None:
        settings: Settings = request.app.state.house.settings
        request.state.body_limit = limit_of(settings)

    return Depends(_declare)
