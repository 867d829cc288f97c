"""The site and a bare page, in one process under one uvicorn, so that both meet the same machine.

`uvicorn bench.served:create_app --factory`. Every answer says how many SQL statements it took
(`X-Statements`) and what this process computed for it (`X-Cpu-Ms`). `/bare/{lines}` is a page of
FastAPI and Jinja with so many lines, and nothing else: no session, no storage, no guard.
"""

import time
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app as create_site

BARE: Final = "/bare/"
_PAGE: Final = """<!doctype html>
<html lang="fr">
  <head><meta charset="utf-8"><title>{{ title }}</title></head>
  <body>
    <h1>{{ title }}</h1>
    <ul>
    {% for line in lines %}
      <li><a href="/dossiers/{{ line.id }}">{{ line.child }}</a> <span>{{ line.words }}</span></li>
    {% endfor %}
    </ul>
  </body>
</html>
"""


def create_app() -> ASGIApp:
    """Build both; the environment's settings are the site's."""
    return _Counting(_Either(create_site(), _bare()))


def _bare() -> FastAPI:
    app = FastAPI(openapi_url=None)
    page = Environment(autoescape=True).from_string(_PAGE)

    @app.get(BARE + "{lines}")
    async def show(lines: int) -> HTMLResponse:
        """So many lines, a little over a hundred bytes each."""
        rows = [
            {"id": f"{n:032x}", "child": "Anaïs Durand", "words": "à vérifier, le 3 décembre"}
            for n in range(lines)
        ]
        return HTMLResponse(page.render(title="Dossiers", lines=rows))

    return app


class _Either:
    """The bare page under its own address, the site everywhere else."""

    def __init__(self, site: ASGIApp, bare: ASGIApp) -> None:
        self._site = site
        self._bare = bare

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_bare = scope["type"] == "http" and scope["path"].startswith(BARE)
        await (self._bare if is_bare else self._site)(scope, receive, send)


class _Counting:
    """Says what an answer took; right as long as one page is asked at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._statements = 0
        self._computed = time.process_time()
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _k: Any, statement: str, *_: Any) -> None:
        # Opening a transaction asks nothing.
        self._statements += not statement.startswith("BEGIN")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._statements = 0

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                cpu_ms = 1000 * (time.process_time() - self._computed)
                said = [
                    (b"x-statements", str(self._statements).encode()),
                    (b"x-cpu-ms", f"{cpu_ms:.3f}".encode()),
                ]
                message = {**message, "headers": [*message["headers"], *said]}
            await send(message)

        await self._app(scope, receive, counted)
        # From here on the next request is read: that is a part of what it costs.
        self._computed = time.process_time()
