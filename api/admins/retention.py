"""How long what is kept: how much goes today and soon, what holds it back, what the nights did."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.rules import Admin
from api.admins.erasures import waiting_rows
from api.admins.reasons import LONGEST, reason_problem
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.gateway import Gateway
from api.pages import Pages
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.retention import CATEGORIES, PERIODS, PRESUMED, Category, Period, Subject
from storage.erasure_nights import Night, NightLine
from storage.records import is_id
from storage.retention import Listed
from storage.store import Store

router = APIRouter(prefix="/donnees")

_HERE = "/admin/donnees"
_MOST_LISTED, _MOST_NIGHTS, _MOST_LINES = 200, 7, 40
_UNKNOWN = "Aucun dossier n’a ce numéro."
_ALREADY = "L’effacement de ce dossier est déjà suspendu."
_HELD: Mapping[str, str] = {
    "legal_hold": "L’effacement est suspendu",
    "erasure_request": "Une demande d’effacement attend une réponse",
    "open_dossier": "La famille a un dossier en cours",
    "ruling": "Une décision de justice de ce dossier compte encore",
}
"""Why something whose time is over is left where it is, by the codes of storage."""
_WHOSE = {Subject.CHILD: "Un enfant", Subject.ACCOUNT: "Un compte", Subject.DOSSIER: "Un dossier"}


@router.get("")
async def show(
    _: Admin, request: Request, store: Reading, pages: PagesDep, house: HouseDep, now: Now
) -> Response:
    """Show the requests that wait, what goes by itself, what is suspended, and the last nights."""
    return await _page(request, pages, store, house.gateway, paris_day(now))


@router.get("/durees/{code}")
async def show_category(
    _: Admin, request: Request, code: str, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what of one category has run out, and why some of it stays: numbers, no content."""
    period = CATEGORIES.get(Category(code)) if code in {*Category} else None
    if period is None or period.subject is Subject.ROWS:
        raise NotFound
    today = paris_day(now)
    listed = await store.retention.listing(period.code, today, limit=_MOST_LISTED + 1)
    return pages.render(
        request,
        "admins/retention_category.html",
        period=period,
        presumed=PRESUMED if period.subject is Subject.CHILD else "",
        rows=[_row(one, period, today) for one in listed[:_MOST_LISTED]],
        most=_MOST_LISTED if len(listed) > _MOST_LISTED else 0,
    )


@router.post("/suspensions")
async def suspend(
    visitor: Admin,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Keep a dossier from being erased, for a reason that is written down. Twice: once."""
    number, reason = form.get("number", "").strip(), form.get("reason", "").strip()
    errors = {name: text for name, text in (("reason", reason_problem(reason)),) if text}
    dossier_id = await store.legal_holds.dossier_numbered(number)
    if not dossier_id:
        errors = {"number": _UNKNOWN, **errors}
    if not errors:
        async with house.writing() as unit:
            is_new = await unit.legal_holds.begin(dossier_id, reason, by=visitor.account.id, at=now)
            if is_new:
                line = line_of(request, What.ERASING_SUSPENDED, dossier_id=dossier_id)
                await unit.audit.add(line)
        if is_new:
            await tell("success", f"Rien du dossier n°\u00a0{number} ne sera effacé.")
            return RedirectResponse(_HERE, 303)
        errors = {"number": _ALREADY}
    today, gateway = paris_day(now), house.gateway
    return await _page(request, pages, store, gateway, today, values=form, errors=errors)


@router.post("/suspensions/{hold_id}/lever")
async def resume(
    visitor: Admin,
    request: Request,
    hold_id: str,
    form: CheckedForm,
    _: Confirmed,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Let the time of a dossier count again. Twice: once."""
    del form
    async with writing() as store:
        hold = await store.legal_holds.find(hold_id) if is_id(hold_id) else None
        if hold is None:
            raise NotFound
        if await store.legal_holds.end(hold.id, by=visitor.account.id, at=now):
            line = line_of(request, What.ERASING_RESUMED, dossier_id=hold.dossier_id)
            await store.audit.add(line)
    await tell("success", f"La durée du dossier n°\u00a0{hold.number} compte de nouveau.")
    return RedirectResponse(_HERE, 303)


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    gateway: Gateway,
    today: date,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    amounts = await store.retention.amounts(today)
    planned = await gateway.nights.read()
    nights = await store.erasure_nights.latest(limit=_MOST_NIGHTS)
    lines = await store.erasure_nights.lines(limit=_MOST_LINES)
    return pages.render(
        request,
        "admins/retention.html",
        status_code=422 if errors else 200,
        requests=await waiting_rows(store, today),
        periods=[
            {
                "href": f"{_HERE}/durees/{one.code}" if one.subject is not Subject.ROWS else "",
                "period": one,
                "amount": amounts[one.code],
            }
            for one in PERIODS
        ],
        presumed=PRESUMED,
        holds=await store.legal_holds.standing(),
        planned=planned,
        nights=[_night(one, lines) for one in nights],
        values=values or {},
        errors=errors or {},
        longest=LONGEST,
    )


def _night(night: Night, lines: Sequence[NightLine]) -> Mapping[str, Any]:
    mine = [one for one in lines if one.night == night.night]
    return {
        "day": french.day(night.night),
        "is_over": night.ended_at is not None,
        "erased": [_told(one.category, one.erased) for one in mine if one.erased],
        "warned": sum(one.warned for one in mine),
    }


def _told(category: str, count: int) -> str:
    known = category in {*Category}
    return f"{CATEGORIES[Category(category)].what if known else category} : {count}"


def _row(one: Listed, period: Period, today: date) -> Mapping[str, str]:
    if one.held:
        when = _HELD[one.held]
    elif not period.warns:
        when = "À la prochaine nuit"
    elif one.erases_on is None:
        when = "La famille sera prévenue"
    else:
        when = f"À partir du {french.day(max(one.erases_on, today))}"
    return {
        "title": f"Dossier n°\u00a0{one.number}" if one.number else _WHOSE[period.subject],
        "href": f"/admin/journal?dossier={one.number}" if one.number else "",
        "when": when,
        "held": one.held,
    }
