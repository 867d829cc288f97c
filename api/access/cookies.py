"""Cookies: HttpOnly, Lax, over https Secure and of this host alone (`__Host-`).

`api/security.py` puts them on the answer.
"""

from collections.abc import Iterable
from urllib.parse import quote, unquote

from fastapi import Request

from api.house import house_of
from settings import Settings

_THIS_HOST = "__Host-"


def set_cookie(request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    """Have the answer set a cookie; an empty value removes it. Twice: the last one counts."""
    age = "; Max-Age=0" if not value else f"; Max-Age={seconds}" if seconds is not None else ""
    name, secure = _named(request, name), "; Secure" if _has_https(request) else ""
    if not hasattr(request.state, "cookies"):
        request.state.cookies = {}
    request.state.cookies[name] = (
        f"{name}={quote(value, safe='')}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"
    )


def cookie(request: Request, name: str) -> str:
    """What the browser sent for this name, or nothing. Anybody may have written it."""
    return unquote(request.cookies.get(_named(request, name), ""))


def _named(request: Request, name: str) -> str:
    is_plain = not name.startswith(_THIS_HOST)
    return f"{_THIS_HOST}{name}" if _has_https(request) and is_plain else name


def _has_https(request: Request) -> bool:
    return house_of(request).settings.has_https


def cookies_to_set(request: Request) -> Iterable[str]:
    """The headers of the cookies which this request's answer sets."""
    cookies: dict[str, str] = getattr(request.state, "cookies", {})
    return cookies.values()


def kept_cookie(settings: Settings) -> str:
    """The cookie by which a browser finds again what was sent after the end of a session."""
    return "__Host-ecrit" if settings.has_https else "ecrit"


def has_kept_forms(request: Request) -> bool:
    """Whether this browser says that something waits there for whoever wrote it."""
    return bool(cookie(request, kept_cookie(house_of(request).settings)))
