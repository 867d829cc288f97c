"""Finding a family: by a name, a number or an address, with the dossiers it has sent."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Agent
from api.dependencies import Now, PagesDep, Reading
from api.staff.away import Away, away_of
from api.staff.rows import table_rows
from api.staff.trail import Trail, trail_from
from domain.paper import NO_ADDRESS
from domain.rights import departments_of
from storage.queue_lines import Line

router = APIRouter()

_MOST = 50


@router.get("/agent/familles")
async def find_families(
    request: Request, visitor: Agent, store: Reading, now: Now, pages: PagesDep, q: str = ""
) -> HTMLResponse:
    """Show the families whose dossiers match, each with those dossiers; none before a search."""
    trail = trail_from({"file": "tous", "q": q})
    found: Sequence[Line] = ()
    if trail.q:
        selection = trail.selection(departments_of(visitor.account.duties), now)
        found = await store.queues.page(selection, limit=_MOST)
    away = await away_of(store, found, visitor.account.id, now)
    return pages.render(
        request,
        "staff/families.html",
        q=trail.q,
        families=_families(found, trail, now, away),
        is_cut=len(found) == _MOST,
    )


def _families(
    found: Sequence[Line], trail: Trail, now: datetime, away: Away
) -> Sequence[dict[str, Any]]:
    by_family = sorted(found, key=lambda line: (line.owner_name, line.owner_id))
    return [
        {
            "name": first.owner_name or first.owner_email or "Famille sans nom",
            "email": first.owner_email or NO_ADDRESS,
            "href": trail.family_href(first.owner_id, search="1"),
            "rows": table_rows([first, *others], Trail("tous"), now, away),
        }
        for first, *others in (
            list(lines) for _, lines in groupby(by_family, key=lambda line: line.owner_id)
        )
    ]
