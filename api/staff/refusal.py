"""Refusing: the reason in law and in fact, then the letter as it will leave, then the decision."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.access.kept_forms import typed_before
from api.dependencies import CheckedForm, HouseDep, PagesDep, Reading, Tell
from api.form_acts import act_id_of, version_seen
from api.reviewing import refusal_problems
from api.staff.afterwards import is_stale, next_href, of_child, said, stale_page
from api.staff.desk_view import Desk
from api.staff.room import AgentActs, DeskOfForm, OpenDesk, see
from domain.errors import TransitionNotAllowed
from domain.reasons import REFUSALS
from domain.states import Action, why_not
from storage.records import new_id

router = APIRouter()


@router.get("/agent/dossiers/{dossier_id}/refuser")
async def show_refusal(request: Request, desk: OpenDesk, pages: PagesDep) -> HTMLResponse:
    """Ask for the reason. Nothing is decided here."""
    _still_possible(desk)
    here = f"/agent/dossiers/{desk.dossier.id}/refuser"
    before = typed_before(request, here, f"{here}/verifier")
    return pages.render(request, "staff/refusal.html", **_context(desk, before, {}))


@router.post("/agent/dossiers/{dossier_id}/refuser/verifier")
async def show_letter(
    request: Request,
    desk: DeskOfForm,
    form: CheckedForm,
    store: Reading,
    house: HouseDep,
    pages: PagesDep,
) -> HTMLResponse:
    """Show the letter as it will leave. Nothing is decided here either."""
    _still_possible(desk)
    errors = _problems(form)
    if errors or form.get("then") == "edit":
        context = _context(desk, form, {} if form.get("then") == "edit" else errors)
        status = 422 if context["errors"] else 200
        return pages.render(request, "staff/refusal.html", status_code=status, **context)
    subject, text = await house.writer.foresee_refusal(
        store,
        desk.dossier,
        reason_code=form["reason"],
        words=form["words"].strip(),
        by=desk.agent_id,
        at=desk.now,
    )
    letter = {"subject": subject, "text": text, "to": desk.place.current.owner_email}
    return pages.render(
        request,
        "staff/refusal_letter.html",
        **_context(desk, form, {}),
        letter={**letter, "sent": "dès que vous confirmez"},
    )


@router.post("/agent/dossiers/{dossier_id}/refuser")
async def refuse(
    request: Request,
    desk: DeskOfForm,
    store: Reading,
    form: CheckedForm,
    acts: AgentActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Refuse the dossier with its reason, then open the next one."""
    if is_stale(desk, form, Action.REFUSE):
        return await stale_page(request, pages, store, desk, form)
    errors = _problems(form)
    if errors:
        context = _context(desk, form, errors)
        return pages.render(request, "staff/refusal.html", status_code=422, **context)
    onward = await next_href(store, desk)
    outcome = await acts.give(
        Action.REFUSE,
        desk.dossier.id,
        act_id=act_id_of(form),
        version_seen=version_seen(form),
        reason_code=form["reason"],
        words=form["words"].strip(),
    )
    await tell(*said(outcome, desk.dossier, f"Dossier {of_child(desk.dossier)} refusé."))
    return see(onward)


def _still_possible(desk: Desk) -> None:
    code = why_not(desk.dossier.state, Action.REFUSE)
    if code:
        raise TransitionNotAllowed(code, **desk.facts)


def _problems(form: Mapping[str, str]) -> dict[str, str]:
    return refusal_problems(form.get("reason", ""), form.get("words", ""))


def _context(desk: Desk, values: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    dossier, trail = desk.dossier, desk.trail
    version = values.get("version") or str(dossier.version)
    return {
        "dossier": dossier,
        "of_child": of_child(dossier),
        "values": dict(values),
        "errors": dict(errors),
        "reasons": [{"value": code, "label": words} for code, words in REFUSALS.items()],
        "fields": {**trail.fields, "act_id": values.get("act_id") or new_id(), "version": version},
        "root": f"/agent/dossiers/{dossier.id}",
        "desk_href": trail.desk_href(dossier.id),
    }
