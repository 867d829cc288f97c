"""The letters of the example town, as its families would find them in their mailbox."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.access.rules import ANYONE, Anyone
from api.dependencies import Now, PagesDep, SettingsDep
from api.local.caught_mails import CaughtMail, caught_mails
from domain.errors import NotFound
from settings import Settings

router = APIRouter(prefix="/dev")

_PER_PAGE = 12
_OF_A_LETTER = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@router.get("/letters", response_class=HTMLResponse)
async def show(
    _: Anyone,
    request: Request,
    settings: SettingsDep,
    pages: PagesDep,
    now: Now,
    to: str = "",
    page: Annotated[int, Query(ge=1, le=100)] = 1,
) -> HTMLResponse:
    """Show the caught mails, newest first; those of one address if asked."""
    mails = _mails(settings, to)
    shown = mails[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    return pages.render(
        request,
        "local/letters.html",
        mails=shown,
        total=len(mails),
        to=to,
        now=now,
        page=page,
        pages=-(-len(mails) // _PER_PAGE),
    )


@router.get("/letters.json", dependencies=[ANYONE])
async def as_json(settings: SettingsDep, to: str = "") -> JSONResponse:
    """Give the caught mails, newest first, for programs that read their links."""
    return JSONResponse([_as_json(mail) for mail in _mails(settings, to)])


@router.get("/letters/{name}/html", response_class=HTMLResponse, dependencies=[ANYONE])
async def show_html(name: str, settings: SettingsDep) -> HTMLResponse:
    """Show the HTML part of one mail, where nothing in it can run or load."""
    mail = next((one for one in _mails(settings) if one.name == name), None)
    if mail is None or not mail.html:
        raise NotFound
    return HTMLResponse(mail.html, headers={"Content-Security-Policy": _OF_A_LETTER})


def _mails(settings: Settings, to: str = "") -> Sequence[CaughtMail]:
    wanted = to.strip().lower()
    mails = caught_mails(settings.home / "mails")
    return [one for one in mails if not wanted or wanted in ", ".join(one.to).lower()]


def _as_json(mail: CaughtMail) -> dict[str, Any]:
    return {
        "to": list(mail.to),
        "subject": mail.subject,
        "text": mail.text,
        "links": list(mail.links),
        "received_at": mail.received_at.isoformat(),
        "message_id": mail.message_id,
    }
