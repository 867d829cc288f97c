"""Reading a form: small, without files, and only if it came from one of our own pages."""

import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from api.access.sessions import GUEST, Guest, forms_of_before, guest_of
from api.house import house_of
from domain.errors import DomainError, NotAllowed

MOST_FIELDS = 200
_AUTOSAVE = "/brouillon"
"""Ends the address that keeps a page of answers while it is being filled in."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, but for tabs and ends of lines, and those that turn the reading around."""
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class Unreadable(DomainError):  # noqa: N818
    """What was sent is not a form of ours: too many fields, a file where none is asked, garbage."""

    def __init__(self) -> None:
        super().__init__("unreadable_form")


class Form(Mapping[str, str]):
    """The fields of a form: the last value of each name; `getlist` gives them all."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields
        self._last = dict(fields)

    def __getitem__(self, name: str) -> str:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def getlist(self, name: str) -> list[str]:
        """Every value of this name, in the order of the page: ticked boxes."""
        return [value for field, value in self._fields if field == name]


async def checked_form(request: Request, guest: Annotated[Guest, GUEST]) -> Form:
    """Read the form of this request.

    Raises:
        NotAllowed: it did not come from our own page (`foreign_page`), or its token is not the
            one of this session (`stale_form`).
        Unreadable: it is not a form of ours.
        TooLarge, TooSlow, TooManySendings: see `api/bodies.py`.
    """
    check_origin(request)
    form = await read_form(request)
    request.state.form = form
    # On a visit, that of the visit.
    check_token(guest_of(request), form.get("csrf", ""), *forms_of_before(request))
    if guest.session is not None and guest.session.has_kept_forms:
        async with house_of(request).writing() as store:
            action = request.url.path.removesuffix(_AUTOSAVE)
            await store.kept_forms.forget(guest.session.id, action)
    return form


async def read_form(request: Request) -> Form:
    """Read the fields, unchecked. Signs that nobody sees and that could mislead are left out."""
    if not request.headers.get("content-type", "").startswith(_FORM_TYPES):
        # A button without any field sends an empty form, and no type.
        return Form([])
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as data:
            fields = list(data.multi_items())
    except (HTTPException, MultiPartException, UnicodeError) as wrong:
        raise Unreadable from wrong
    if any(isinstance(value, UploadFile) or not _is_text(value) for _, value in fields):
        raise Unreadable
    return Form([(name, without_unseen(str(value))) for name, value in fields])


def without_unseen(text: str) -> str:
    """The text without the signs that nobody sees and that could mislead."""
    return _UNSEEN.sub("", text)


def _is_text(value: str) -> bool:
    """Whether it can be written down; an odd charset makes signs that are none."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_origin(request: Request) -> None:
    """Refuse what another site made the browser send.

    Raises:
        NotAllowed: `foreign_page`.
    """
    fetched_from = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched_from not in (None, "same-origin", "none"):
        raise NotAllowed("foreign_page")
    # A page that sends no referrer (a link with a secret) sends "null" as its origin: then what
    # the browser says of the site decides, and the form's token in any case.
    is_hidden = origin == "null" and (fetched_from == "same-origin" or not _has_https(request))
    if origin is not None and not is_hidden and origin not in own_origins(request):
        raise NotAllowed("foreign_page")


def check_token(guest: Guest, token: str, *before: str) -> None:
    """Refuse a form whose token is not the one of this session, nor one of `before`.

    Raises:
        NotAllowed: `stale_form`: most often the session ended while the page was open.
    """
    known = [one.encode() for one in (guest.csrf, *before) if one]
    if not any(hmac.compare_digest(one, token.encode()) for one in known):
        raise NotAllowed("stale_form")


def own_origins(request: Request) -> frozenset[str]:
    """The origins of our own pages: the portal's address; on one machine also the one it is at."""
    settings = house_of(request).settings
    origins = {settings.site_url}
    if settings.is_local:
        origins.add(f"http://{request.headers.get('host', '')}")
    return frozenset(origins)


def _has_https(request: Request) -> bool:
    return house_of(request).settings.has_https
