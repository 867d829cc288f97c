"""What every request goes through: its host, size, incident number, headers and log line.

One middleware around everything, so that an answer without the headers cannot exist, errors
included. A route that takes more than an ordinary form says so: `dependencies=[body_up_to(…)]`.
"""

import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.cookies import cookies_to_set
from api.errors import error_page
from api.logs import note_failure, note_request
from settings import Settings
from storage.files import TooLarge

FORM_LIMIT_BYTES = 1024 * 1024
_NOBODY_LISTENS = 499
_UNTOLD_ADDRESSES = "/activation/"
_SIGNS_OF_LIFE = ("/healthz", "/readyz")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""On every answer, unless the route has set its own value (a document's sandbox, for example)."""


class Guard:
    """The middleware around the whole site."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = HEADERS | (
            {"Strict-Transport-Security": "max-age=31536000"} if settings.has_https else {}
        )
        self._hosts = {urlsplit(settings.site_url).hostname}
        if settings.is_local:
            self._hosts |= {"localhost", "127.0.0.1"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see to it that something is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request = Request(scope, receive)
        request.state.incident = token_hex(4)
        request.state.body_limit = FORM_LIMIT_BYTES
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(request, MutableHeaders(scope=message))
            await send(message)

        try:
            if not self._is_our_host(request):
                await error_page(request, 400, "foreign_host")(scope, receive, send_guarded)
                return
            await self._app(scope, _counted(request, receive), send_guarded)
        except ClientDisconnect:
            # A telephone in a tunnel: no failure of ours, and nobody is left to read a page.
            if status == 0:
                await Response(status_code=_NOBODY_LISTENS)(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001  (the last place that can answer)
            note_failure(request, error)
            if status == 0:
                await error_page(request, 500)(scope, receive, send_guarded)
        finally:
            note_request(request, status, time.perf_counter() - began)

    def _is_our_host(self, request: Request) -> bool:
        if request.url.path in _SIGNS_OF_LIFE:
            return True
        named = (request.headers.get(name) for name in ("host", "x-forwarded-host"))
        return all(_name_in(host) in self._hosts for host in named if host)

    def _add_headers(self, request: Request, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if request.url.path.startswith(_UNTOLD_ADDRESSES):
            headers["Referrer-Policy"] = "no-referrer"
        for cookie in cookies_to_set(request):
            headers.append("set-cookie", cookie)


def _name_in(host: str) -> str | None:
    """The name in a Host header; None when there is none that could be ours."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # half a bracket
        return None


def _counted(request: Request, receive: Receive) -> Receive:
    """Stop reading a body as soon as it is larger than its route takes."""
    seen = 0
    announced = Headers(scope=request.scope).get("content-length", "")

    async def receive_counted() -> Message:
        nonlocal seen
        limit: int = request.state.body_limit
        if announced.isascii() and announced.isdigit() and int(announced) > limit:
            raise TooLarge(limit)
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge(limit)
        return message

    return receive_counted


def body_up_to(limit_of: Callable[[Settings], int]) -> Any:
    """Let a route take a larger body, for example `body_up_to(lambda s: s.photo_limit_bytes)`."""

    def _declare(request: Request) -> None:
        settings: Settings = request.app.state.house.settings
        request.state.body_limit = limit_of(settings)

    return Depends(_declare)
