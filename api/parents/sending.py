"""Checking everything once more, sending the dossier, and the receipt."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier, Parent, groups_of
from api.answers_view import groups
from api.confirmed import gone_children, unconfirmed
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.form_acts import act_id_of
from api.house_rules import house_rules_of, keep_accepted
from api.pages import Pages
from api.parents.dependencies import ParentActs
from api.parents.journey import VERIFY, Journey, journey_of
from api.parents.piece_cards import cards_of
from api.parents.recap import is_as_known, recap_of
from api.parents.waiting import is_waiting
from api.pieces import pieces_of
from api.reserved import pieces_for
from api.standing import standing_of
from domain import french
from domain.deadlines import ends, last_day, paris_day
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.records import new_id
from storage.store import Store

router = APIRouter()

_NOT_CONFIRMED = "Relisez avec la personne, puis cochez la case."


@router.get("/dossiers/{dossier_id}/verifier")
async def verify(
    request: Request, dossier: OwnDossier, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Every answer and every document, with the way to correct each."""
    if dossier.state is not State.DRAFT:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    return await _recap(request, dossier, store, pages, at=at)


async def _recap(
    request: Request,
    dossier: Dossier,
    store: Store,
    pages: Pages,
    *,
    at: datetime,
    has_changed: bool = False,
    is_refused: bool = False,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    told = await store.dossiers.answers_told(dossier.id)
    journey = await journey_of(store, dossier, paris_day(at), told.now)
    read = groups_of(request, dossier)
    pieces = pieces_for(await pieces_of(store, dossier, journey.answers, at), read)
    starts_filled = journey.rules.starts_filled
    before = told.before if starts_filled else None
    all_groups = groups(
        journey.rules,
        journey.answers,
        journey.lists,
        today=journey.today,
        read=read,
        compared_with=before,
    )
    all_groups = [one for one in all_groups if one.code in {page.code for page in journey.pages}]
    left = await unconfirmed(store, dossier, journey.answers)
    step, steps = journey.step(VERIFY)
    return pages.render(
        request,
        "parents/verify.html",
        status_code=409 if has_changed else 422 if is_refused or errors else 200,
        errors=errors or {},
        dossier=dossier,
        recaps=[
            {
                **recap_of(one, journey.address(one.code), is_short=starts_filled),
                "is_as_known": before is not None and is_as_known(one),
            }
            for one in all_groups
        ],
        unfinished=[one for one in all_groups if not one.is_filled],
        unconfirmed=[one for one in all_groups if one.is_filled and one.code in left],
        gone=await gone_children(store, dossier, journey.answers) if is_refused else (),
        house_rules=await house_rules_of(store, dossier, journey.answers, journey.today),
        values=typed or {},
        pieces=cards_of(dossier, pieces),
        missing=[one for one in pieces if one.is_missing],
        until=french.day(last_day(ends(at, dossier.terms.complement_delay))),
        act_id=new_id(),
        has_changed=has_changed,
        is_refused=is_refused,
        is_kept=await is_waiting(store, dossier, Action.SUBMIT, at),
        back=journey.before(VERIFY),
        step=step,
        steps=steps,
    )


@router.post("/dossiers/{dossier_id}/verifier")
async def send(
    request: Request,
    visitor: Parent,
    dossier: OwnDossier,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    acts: ParentActs,
    pages: PagesDep,
    at: Now,
) -> Response:
    """Send the dossier to the town. Twice with the same form: once.

    Missing documents do not forbid it (CRPA L114-5), missing answers do. An agent at the desk says
    that the person has read it.
    """
    if await store.acts.find(act_id_of(form)) is not None:
        await acts.give(Action.SUBMIT, dossier.id, act_id=act_id_of(form))
        return RedirectResponse(f"/dossiers/{dossier.id}/recu", 303)
    if dossier.submitted_at is not None:
        return RedirectResponse(f"/dossiers/{dossier.id}/recu", 303)
    if dossier.state is State.DRAFT and form.get("version", "") != str(dossier.version):
        return await _recap(request, dossier, store, pages, at=at, has_changed=True, typed=form)
    journey = await journey_of(store, dossier, paris_day(at))
    if dossier.state is State.DRAFT and await _lacks_something(store, journey):
        return await _recap(request, dossier, store, pages, at=at, is_refused=True, typed=form)
    rules = await house_rules_of(store, dossier, journey.answers, journey.today)
    errors = {"accepted": rules.problem(form)} if rules and rules.problem(form) else {}
    if visitor.behind is not None and "confirmed" not in form:
        errors["confirmed"] = _NOT_CONFIRMED
    if errors and dossier.state is State.DRAFT:
        return await _recap(request, dossier, store, pages, at=at, errors=errors, typed=form)
    version = dossier.version
    if rules is not None and dossier.state is State.DRAFT:
        version = await keep_accepted(writing, dossier, rules, at)
    await acts.give(Action.SUBMIT, dossier.id, act_id=act_id_of(form), version_seen=version)
    return RedirectResponse(f"/dossiers/{dossier.id}/recu", 303)


async def _lacks_something(store: Store, journey: Journey) -> bool:
    """Whether answers are missing, or pages to be looked at, or a child left meanwhile."""
    return bool(
        journey.unfinished
        or await unconfirmed(store, journey.dossier, journey.answers)
        or await gone_children(store, journey.dossier, journey.answers)
    )


@router.get("/dossiers/{dossier_id}/recu")
async def receipt(
    request: Request, dossier: OwnDossier, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The number, the day, what happens next and by when."""
    is_kept = await is_waiting(store, dossier, Action.SUBMIT, at)
    if dossier.submitted_at is None and not is_kept:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    request_ = await store.requests.current(dossier.id)
    department = await store.town.department(dossier.department)
    letters = await store.letters.of_dossier(dossier.id)
    asked = len(request_.items) if request_ else 0
    return pages.render(
        request,
        "parents/receipt.html",
        dossier=dossier,
        is_kept=is_kept,
        department=department,
        standing=standing_of(dossier, department=department.name, asked=asked, at=at),
        letter=next((one for one in letters if one.kind == "acknowledgement"), None),
        is_settling=is_kept or dossier.state is State.CHECKING,
    )
