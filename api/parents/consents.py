"""Images of a child: what this guardian allows this school year, and takes back in one click."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.kept_forms import typed_before
from api.access.notices import mail_afterwards
from api.access.rules import OwnChild, Parent
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.house import House
from api.pages import Pages
from domain import french
from domain.audit import What
from domain.consents import CELLS, MEDIA, USES, Cell, Medium, Use, given_in
from domain.deadlines import paris_day
from domain.school_years import last_day_of, school_year_of
from domain.texts import Code
from storage.consents import ImageRights
from storage.family_record import FollowedChild
from storage.store import Store

router = APIRouter()

_UNDO_WITHIN = timedelta(minutes=10)
_MOST_LETTERS, _LETTERS_WITHIN = 20, timedelta(days=1)
"""Who goes back and forth more often than that writes to the department no more that day."""


def page_href(child: FollowedChild) -> str:
    """The page of these choices."""
    return f"/famille/enfants/{child.id}/autorisations"


@router.get("/famille/enfants/{child_id}/autorisations")
async def show(
    request: Request,
    visitor: Parent,
    child: OwnChild,
    store: Reading,
    pages: PagesDep,
    at: Now,
) -> Response:
    """What is allowed today, what this guardian said, and whose word is missing."""
    rights = await store.consents.of_child(child.id, at)
    typed = typed_before(request, page_href(child))
    return await _page(request, store, pages, child, rights, visitor.account.id, at, typed=typed)


@router.post("/famille/enfants/{child_id}/autorisations")
async def choose(
    request: Request,
    visitor: Parent,
    child: OwnChild,
    form: CheckedForm,
    house: HouseDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Say yes to what is ticked and no to the rest. Twice: once.

    What was said in another window meanwhile is shown beside what was ticked here (409), and
    nothing is written.
    """
    me, year, given = visitor.account.id, _year(at), given_in(form)
    async with house.writing() as store:
        await store.consents.take_turn(child.id)
        before = await store.consents.of_child(child.id, at)
        seen = str(before.version(me, year))
        if form.get("version", "") != seen and given != _given(before, me, year):
            return await _page(
                request, store, pages, child, before, me, at, typed=form, has_changed=True
            )
        said = {cell: cell in given for cell in CELLS}
        letter_id = await _say(request, house, store, child, before, me, said, at)
    mail_afterwards(request, letter_id)
    await tell("success", "Vos choix sont enregistrés.")
    return RedirectResponse(page_href(child), 303)


@router.post("/famille/enfants/{child_id}/autorisations/retirer")
async def take_back(
    request: Request,
    visitor: Parent,
    child: OwnChild,
    form: CheckedForm,
    house: HouseDep,
    at: Now,
) -> Response:
    """Take back one yes, or (`cell` is "all") every one. Twice: once. It is never too late."""
    me, wanted = visitor.account.id, form.get("cell", "")
    async with house.writing() as store:
        await store.consents.take_turn(child.id)
        before = await store.consents.of_child(child.id, at)
        given = _given(before, me, _year(at))
        said = {cell: False for cell in given if wanted in {cell.code, "all"}}
        letter_id = await _say(request, house, store, child, before, me, said, at)
    mail_afterwards(request, letter_id)
    return RedirectResponse(page_href(child), 303)


@router.post("/famille/enfants/{child_id}/autorisations/remettre")
async def undo(
    request: Request,
    visitor: Parent,
    child: OwnChild,
    form: CheckedForm,
    house: HouseDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Say yes again to what was taken back just now. Twice: once; nothing once it is long ago."""
    del form
    me = visitor.account.id
    async with house.writing() as store:
        await store.consents.take_turn(child.id)
        before = await store.consents.of_child(child.id, at)
        said = dict.fromkeys(_just_taken_back(before, me, at), True)
        await _say(request, house, store, child, before, me, said, at)
    if said:
        await tell("success", "Votre accord est rétabli.")
    return RedirectResponse(page_href(child), 303)


async def _say(
    request: Request,
    house: House,
    store: Store,
    child: FollowedChild,
    before: ImageRights,
    account_id: str,
    said: Mapping[Cell, bool],
    at: datetime,
) -> str:
    """Write it, with its lines; the id of the letter that tells the department what ends, or ""."""
    year, given = _year(at), _given(before, account_id, _year(at))
    new = await store.consents.say(child.id, account_id, year, said, at)
    for what, cells in (
        (What.IMAGES_ALLOWED, {cell for cell in new if said[cell]}),
        (What.IMAGES_TAKEN_BACK, {cell for cell in new if cell in given}),
    ):
        if cells:
            await store.audit.add(
                line_of(
                    request, what, dossier_id=child.dossier_id or "", subject=child.id, year=year
                )
            )
    now = await store.consents.of_child(child.id, at)
    return await _tell_department(
        house, store, child, before.allowed(year) - now.allowed(year), account_id, at
    )


async def _tell_department(
    house: House,
    store: Store,
    child: FollowedChild,
    ended: Collection[Cell],
    account_id: str,
    at: datetime,
) -> str:
    """Structures are told of what is allowed no longer; nothing when that changes nothing."""
    since = at - _LETTERS_WITHIN
    if not ended:
        return ""
    sent = await store.audit.count(What.IMAGES_TAKEN_BACK, actor_id=account_id, since=since)
    if sent > _MOST_LETTERS:
        return ""
    known = [one.department for one in await store.town.every_procedure()]
    code = child.department or next(iter(known), "")
    if not code:
        return ""
    department = await store.town.department(code)
    return await house.writer.to_address(
        store,
        department.email,
        "images_taken_back",
        path="/agent/droit-image",
        at=at,
        child=child.name,
        of_child=french.of(child.first_name or "un enfant"),
        school=child.school or child.other_school,
        ended="\n".join(f"- {cell.label}" for cell in CELLS if cell in ended),
    )


def _year(at: datetime) -> str:
    return school_year_of(paris_day(at))


def _given(rights: ImageRights, account_id: str, year: str) -> frozenset[Cell]:
    said = rights.said_by(account_id, year)
    return frozenset(cell for cell, word in said.items() if word.is_given)


def _just_taken_back(rights: ImageRights, account_id: str, at: datetime) -> Sequence[Cell]:
    """What was a yes ten minutes ago: a no that is not the first word follows a yes."""
    said = rights.said_by(account_id, _year(at))
    return [
        cell
        for cell in CELLS
        if (word := said.get(cell))
        and not word.is_given
        and word.n > 1
        and at - word.at <= _UNDO_WITHIN
    ]


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    child: FollowedChild,
    rights: ImageRights,
    account_id: str,
    at: datetime,
    *,
    typed: Mapping[str, str],
    has_changed: bool = False,
) -> Response:
    year = _year(at)
    given, allowed = _given(rights, account_id, year), rights.allowed(year)
    ticked = given_in(typed) if typed else given
    notice = await store.texts.in_force(Code.IMAGE_NOTICE, paris_day(at))
    return pages.render(
        request,
        "parents/consents.html",
        status_code=409 if has_changed else 200,
        child=child,
        here=page_href(child),
        year=year,
        last_day=french.day(last_day_of(year)),
        given=[_row(cell, cell in allowed) for cell in CELLS if cell in given],
        uses=_choices(ticked),
        version=rights.version(account_id, year),
        has_answered=bool(rights.said_by(account_id, year)),
        taken_back=[cell.label for cell in _just_taken_back(rights, account_id, at)],
        waits_for_others=bool(given - allowed),
        is_shared=len(rights.guardians) > 1,
        has_changed=has_changed,
        notice=notice,
    )


def _row(cell: Cell, is_allowed: bool) -> Mapping[str, Any]:
    return {
        "code": cell.code,
        "label": cell.label,
        "badge": ("ok", "✓", "Autorisé") if is_allowed else ("waiting", "…", "Pas encore autorisé"),
    }


def _choices(ticked: Collection[Cell]) -> Sequence[Mapping[str, Any]]:
    """The boxes to tick, use by use."""
    return [
        {
            "title": USES[use],
            "boxes": [
                {
                    "name": Cell(use, medium).code,
                    "label": _begin(MEDIA[medium]),
                    "is_ticked": Cell(use, medium) in ticked,
                }
                for medium in Medium
            ],
        }
        for use in Use
    ]


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
