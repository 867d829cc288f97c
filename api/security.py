"""What every request goes through: its host, body, incident number, headers and log line.

One middleware around everything, so that an answer without the headers cannot exist, errors
included. A page that can be read can also be asked for its headers alone (HEAD).
"""

import time
from secrets import token_hex
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.cookies import cookies_to_set
from api.access.sessions import cookie_name
from api.access.vouching import origin_of
from api.bodies import Body, Crowd
from api.errors import error_page
from api.logs import note_failure, note_request
from settings import Settings

_NOBODY_LISTENS = 499
_UNTOLD_ADDRESSES = ("/activation/", "/adresse/", "/connexion/france-connect/")
_SIGNS_OF_LIFE = ("/healthz", "/readyz")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HTTPS_FOR_A_YEAR = "max-age=31536000; includeSubDomains"
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
        # A form may end at FranceConnect: to come in by it, and to leave.
        vouching = f"form-action 'self' {origin_of(settings.franceconnect_issuer)}".rstrip()
        policy = _POLICY.replace("form-action 'self'", vouching)
        self._headers = {**HEADERS, "Content-Security-Policy": policy} | (
            {"Strict-Transport-Security": _HTTPS_FOR_A_YEAR} if settings.has_https else {}
        )
        self._hosts = {urlsplit(settings.site_url).hostname}
        if settings.is_local:
            self._hosts |= {"localhost", "127.0.0.1"}
        self._crowd = Crowd()
        self._pace = settings.slowest_64_kb_seconds
        self._cookie = cookie_name(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see to it that something is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        is_head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET"} if is_head else scope
        request = Request(scope, receive)
        request.state.incident = token_hex(4)
        session = request.cookies.get(self._cookie, "")
        body = Body(request, receive, self._crowd, session, pace=self._pace)
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(request, MutableHeaders(scope=message))
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            refusal = self._refusal(request)
            if refusal is not None:
                await error_page(request, *refusal)(scope, receive, send_guarded)
                return
            await self._app(scope, body.receive, send_guarded)
        except ClientDisconnect:
            # A telephone in a tunnel: no failure of ours, and nobody is left to read a page.
            if status == 0:
                await Response(status_code=_NOBODY_LISTENS)(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001  (the last place that can answer)
            note_failure(request, error)
            if status == 0:
                await error_page(request, 500)(scope, receive, send_guarded)
        finally:
            body.end()
            note_request(request, status, time.perf_counter() - began)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """What is said before anybody looks who is asking, and before a byte of a body is read."""
        if not self._is_our_host(request):
            return 400, "foreign_host"
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return 415, ""
        if "\0" in request.url.path:
            return 404, ""  # no page of ours leads there, and no database can look for it
        if "%00" in request.url.query:
            return 400, ""
        return None

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
