"""A browser that costs next to nothing: it must not weigh on the machine it measures."""

import html
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_FORM: Final = re.compile(r'<form[^>]*action="([^"]*)".*?</form>', re.DOTALL)
_PATIENCE: Final = 60.0
_KEPT_OPEN: Final = 3.0
_SEE_OTHER: Final = 303
_WRONG: Final = 400


class WentWrongError(Exception):
    """The site answered something that no visitor of a measure expects."""


@dataclass(frozen=True)
class Page:
    """An answer, how long it took to arrive whole, and what `bench.served` says that it cost."""

    status: int
    text: str
    location: str
    statements: int
    size_bytes: int
    seconds: float
    cpu_ms: float

    def fields(self, action: str) -> dict[str, str]:
        """The hidden fields of the form of this page that leads to `action`."""
        for form in _FORM.finditer(self.text):
            if html.unescape(form.group(1)) == action:
                found = _HIDDEN.findall(form.group(0))
                return {name: html.unescape(value) for name, value in found}
        raise WentWrongError(f"no form leads to {action}")


@dataclass(frozen=True)
class Key:
    """What opens a signed-in browser: the cookie of its session, and the token of its forms."""

    session: str
    csrf: str


class Visitor:
    """Somebody with this key, on one connection that stays open; `place` is what a proxy says."""

    def __init__(self, port: int, key: Key | None = None, *, place: str = "") -> None:
        self._csrf = key.csrf if key else ""
        self._last_used = 0.0
        self._connection = HTTPConnection("localhost", port, timeout=_PATIENCE)
        self._headers = {"Origin": f"http://localhost:{port}", "Sec-Fetch-Site": "same-origin"}
        if key:
            self._headers["Cookie"] = f"session={key.session}"
        if place:
            self._headers["X-Forwarded-For"] = place

    def opens(self, path: str) -> Page:
        """Look at a page."""
        return self._asks("GET", path)

    def sends(self, page: Page, action: str, **typed: str) -> Page:
        """Fill in the form of a page and send it; follow where it leads, as a browser does."""
        answer = self.posts(action, **{**page.fields(action), **typed})
        return self.opens(answer.location.partition("#")[0])

    def posts(self, action: str, **fields: str) -> Page:
        """Send a form without reading its page, nor the one it leads to."""
        body = urlencode({"csrf": self._csrf, **fields}).encode()
        kind = "application/x-www-form-urlencoded"
        answer = self._asks("POST", action, body, {"Content-Type": kind})
        if answer.status != _SEE_OTHER:
            raise WentWrongError(f"{action} answered {answer.status}")
        return answer

    def uploads(self, action: str, name: str, content: bytes) -> Page:
        """Send one file as the page's script does: the card of the piece comes back."""
        border = uuid4().hex
        parts = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self._csrf}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = parts.encode() + content + f"\r\n--{border}--\r\n".encode()
        kind = f"multipart/form-data; boundary={border}"
        return self._asks("POST", action, body, {"Content-Type": kind, "X-Fragment": "1"})

    def _asks(
        self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> Page:
        began = time.perf_counter()
        if began - self._last_used > _KEPT_OPEN:
            self._connection.close()  # the server may have done so
        self._last_used = began
        self._connection.request(method, path, body, {**self._headers, **(more or {})})
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status >= _WRONG:
            raise WentWrongError(f"{method} {path} answered {answer.status}")
        return Page(
            answer.status,
            content.decode("utf-8", "replace"),
            answer.headers.get("Location", ""),
            int(answer.headers.get("X-Statements", "0")),
            len(content),
            seconds,
            float(answer.headers.get("X-Cpu-Ms", "0")),
        )

    def leaves(self) -> None:
        """Close the connection."""
        self._connection.close()
