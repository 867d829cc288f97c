"""French pages: the templates, what each of them may count on, and the answer sent back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from api.static_files import StaticFiles
from domain import french

TEMPLATES = Path(__file__).parent / "templates"

Shared = Callable[[Request], Mapping[str, Any]]


@dataclass(frozen=True)
class TownHall:
    """What every page says about the town hall. `phone` and `mail` may be empty."""

    name: str
    phone: str = ""
    mail: str = ""


NOTHING_SHARED: Mapping[str, Any] = {
    "layout": "public/layout.html",
    "csrf": "",
    "own_csrf": "",
    "visit": None,
    "visited": "",
    "person": None,
    "flash": None,
    "ends_in": 0,
    "is_kept": False,
    "kept_words": (),
}


def _nothing_shared(_request: Request) -> Mapping[str, Any]:
    return {}


class Pages:
    """The pages of the portal.

    Every template receives `request`, `path` (of this request), `town`, `csrf`, `person` (who is
    signed in, or None: `.name` is shown), `layout` (of the person's room, for the pages that all
    rooms share), `flash` (None, or `kind` and `text`), `ends_in` (seconds until the session ends, 0
    for nobody), `is_kept` and `kept_words` (what was sent after the session before had ended) and
    `is_local`. The function `shared` says, per request, what all of these but the last are, and
    may give another `town`.
    A name that a template uses and nobody gave is an error, never an empty word.
    """

    def __init__(
        self,
        town: TownHall,
        *,
        static_files: StaticFiles | None = None,
        shared: Shared = _nothing_shared,
        is_local: bool = False,
    ) -> None:
        self.static_files = static_files or StaticFiles()
        self._shared = shared
        self._environment = environment(self.static_files)
        self._environment.globals |= {"town": town, "is_local": is_local}

    def render(
        self, request: Request, name: str, /, *, status_code: int = 200, **context: Any
    ) -> HTMLResponse:
        """Answer with the page `name`, for example `parents/home.html`.

        Raises:
            jinja2.TemplateNotFound: there is no such page.
            jinja2.UndefinedError: the page uses a name that nobody gave.
        """
        page = {**NOTHING_SHARED, **self._shared(request), **context}
        text = self._environment.get_template(name).render(
            request=request, path=request.url.path, **page
        )
        return HTMLResponse(text, status_code=status_code)

    def ask(
        self,
        request: Request,
        name: str,
        /,
        *,
        errors: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """Answer with a page that asks something; again (422) when `errors` say what to correct."""
        status = 422 if errors else 200
        return self.render(request, name, status_code=status, errors=errors or {}, **context)


_NUMBER = re.compile(r"\b(?:\d{4}-\d{4}|[LR]\d{2,4}-\d+)\b")
"""The number of a dossier, a school year, an article of law: a line never ends at their hyphen."""


def unbroken(text: str) -> Markup:
    """The text as HTML, its numbers whole on one line."""
    return Markup(_NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(escape(text))))  # noqa: S704


class _Compiled(BytecodeCache):
    """What each template was compiled to, for all sites of a process: a town has one, tests many.

    A template that changed since is compiled again.
    """

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()


def environment(static_files: StaticFiles) -> Environment:
    """Build the Jinja environment: everything escaped, nothing undefined, French filters."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    jinja.globals["static"] = static_files.url
    jinja.globals |= {"plural": french.plural, "ago": french.ago, "remaining": french.remaining}
    jinja.filters |= {
        "day": french.day,
        "short_day": french.short_day,
        "moment": french.moment,
        "hour": french.hour,
        "size": french.size,
        "of": french.of,
        "unbroken": unbroken,
    }
    return jinja
