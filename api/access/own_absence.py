"""An agent's own absences: from when until when, and who stands in."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.absences import absence_rows, colleagues, end_absence, say_absence
from api.access.rules import Agent
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from storage.accounts import Account
from storage.store import Store

OWN_ABSENCES = "/compte/absences"
router = APIRouter(prefix=OWN_ABSENCES)


@router.get("")
async def show(
    visitor: Agent, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what is noted, and how to note more."""
    return await _page(request, pages, store, visitor.account, now)


@router.post("")
async def say(
    visitor: Agent,
    request: Request,
    form: CheckedForm,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Note an absence; the cover gets no reserved group by it. The same form twice: one."""
    account = visitor.account
    async with writing() as store:
        errors = await say_absence(request, store, account, form, by=account, at=now)
    if errors:
        return await _page(request, pages, reading, account, now, values=form, errors=errors)
    await tell("success", "Votre absence est notée.")
    return RedirectResponse(OWN_ABSENCES, 303)


@router.post("/{absence_id}/fin")
async def call_off(
    visitor: Agent,
    absence_id: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    now: Now,
) -> Response:
    """End one's own absence now, or call it off. Twice: once."""
    del form
    async with writing() as store:
        await end_absence(request, store, visitor.account, absence_id, now)
    return RedirectResponse(OWN_ABSENCES, 303)


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    account: Account,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "access/own_absence.html",
        absences=absence_rows(await store.absences.coming(account.id, now), now),
        covers=await colleagues(store, account),
        act_id=act_id_of({}),
        values=values or {},
        errors=errors,
    )
