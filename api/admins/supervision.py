"""What is stuck and why, what waits for whom, and whether the portal's own parts are well."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Admin
from api.admins.picture import take_picture
from api.admins.rows import groups, interventions, waiting_rows
from api.admins.wellbeing import alarms, parts
from api.dependencies import Now, PagesDep, Reading
from api.house import house_of
from domain.audit import MANY, WITHIN

router = APIRouter()


@router.get("/supervision", response_class=HTMLResponse)
async def show(
    _: Admin,
    request: Request,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> HTMLResponse:
    """Show what somebody should look at first, or that everything goes on."""
    picture = await take_picture(store, house_of(request), now)
    found = parts(picture, now)
    curious = await store.journal.curious(since=now - WITHIN, more_than=MANY)
    return pages.render(
        request,
        "admins/supervision.html",
        groups=groups(picture, now),
        waiting=waiting_rows(picture, now),
        parts=found,
        alarms=alarms(found),
        unheard=picture.unheard,
        curious=curious,
        letters=picture.letters,
        open_count=picture.open_count,
        blocked=picture.blocked,
        retrying=picture.retrying,
        interventions=interventions(await store.supervision.interventions(limit=10), now),
        now=now,
    )
