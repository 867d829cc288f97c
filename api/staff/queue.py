"""The list of dossiers: one queue at a time, searched and read page by page."""

from math import ceil

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Agent
from api.dependencies import Now, PagesDep, Reading
from api.staff.away import away_of
from api.staff.rows import table_rows
from api.staff.trail import QUEUES, SOON, Trail, TrailDep
from domain.french import plural
from domain.rights import departments_of
from storage.records import new_id
from storage.selections import Queue

router = APIRouter()

PER_PAGE = 25


@router.get("/agent/dossiers")
async def list_dossiers(
    request: Request,
    visitor: Agent,
    store: Reading,
    now: Now,
    pages: PagesDep,
    trail: TrailDep,
    page: str = "1",
) -> HTMLResponse:
    """Show a page of a queue. A page that is not there is the nearest one that is."""
    departments = departments_of(visitor.account.duties)
    selection = trail.selection(departments, now)
    counts = await store.queues.counts(departments, now + SOON, trail.q)
    found = counts[trail.words.queue]
    last = max(1, ceil(found / PER_PAGE))
    # Nine digits are more pages than there are; thousands of them are no number for Python.
    asked = int(page[:9]) if page.isascii() and page.isdigit() else 1
    number = min(max(1, asked), last)
    lines = await store.queues.page(selection, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    is_ready = trail.words.queue is Queue.READY
    changed = (
        await store.dossiers.changed_since_opening([one.id for one in lines]) if is_ready else {}
    )
    rows = table_rows(lines, trail, now, await away_of(store, lines, visitor.account.id, now))
    return pages.render(
        request,
        "staff/queue.html",
        trail=trail,
        tabs=[
            {
                "label": words.label,
                "href": Trail(file, trail.q).queue_href(),
                "count": counts[words.queue],
                "current": file == trail.file,
            }
            for file, words in QUEUES.items()
        ],
        rows=[
            {**row, "id": one.id, "version": one.version, "changed": _changed(changed.get(one.id))}
            for row, one in zip(rows, lines, strict=True)
        ],
        is_ready=is_ready,
        act_id=new_id(),
        found=found,
        page_url=trail.queue_href() + "&page={page}",
        number=number,
        last=last,
    )


def _changed(count: int | None) -> str:
    """What a dossier changes in what the town knew, in a few words; "" for one that began empty."""
    if count is None:
        return ""
    return plural(count, "réponse changée", "réponses changées") if count else "rien n’a changé"
