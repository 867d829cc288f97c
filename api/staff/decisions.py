"""What an agent decides of a dossier: approve it, ask for what is missing, take a request back."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import CheckedForm, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of, version_seen
from api.reviewing import mark_what_is_asked, why_not_yet
from api.staff.afterwards import is_stale, next_href, of_child, said, stale_page
from api.staff.complement import read_complement
from api.staff.desk_view import desk_page
from api.staff.look import Look
from api.staff.room import AgentActs, DeskOfForm, see
from domain.states import Action, State

router = APIRouter()


@router.post("/agent/dossiers/{dossier_id}/valider")
async def approve(
    request: Request,
    desk: DeskOfForm,
    store: Reading,
    form: CheckedForm,
    acts: AgentActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Approve the dossier, then open the next one. Refused while a piece is to be replaced."""
    if is_stale(desk, form, Action.APPROVE):
        return await stale_page(request, pages, store, desk, form)
    is_open = desk.dossier.state is State.UNDER_REVIEW
    if is_open and (why := why_not_yet(desk.pieces)):
        look = Look(form.get("piece", ""), errors={"form": why})
        return pages.render(request, "staff/desk.html", status_code=422, **desk_page(desk, look))
    onward = await next_href(store, desk)
    outcome = await acts.give(
        Action.APPROVE, desk.dossier.id, act_id=act_id_of(form), version_seen=version_seen(form)
    )
    await tell(*said(outcome, desk.dossier, f"Dossier {of_child(desk.dossier)} validé."))
    return see(onward)


@router.post("/agent/dossiers/{dossier_id}/complement")
async def ask_to_complete(
    request: Request,
    desk: DeskOfForm,
    store: Reading,
    writing: Writing,
    form: CheckedForm,
    acts: AgentActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Ask the family for all that is missing in one letter, then open the next dossier."""
    if is_stale(desk, form, Action.ASK_TO_COMPLETE):
        return await stale_page(request, pages, store, desk, form)
    asked = read_complement(form, desk)
    if asked.errors:
        look = Look(form.get("piece", ""), values=asked.typed, errors=asked.errors)
        return pages.render(request, "staff/desk.html", status_code=422, **desk_page(desk, look))
    await mark_what_is_asked(writing, desk.dossier, asked.items, by=desk.agent_id, at=desk.now)
    onward = await next_href(store, desk)
    outcome = await acts.give(
        Action.ASK_TO_COMPLETE,
        desk.dossier.id,
        act_id=act_id_of(form),
        version_seen=version_seen(form),
        words=asked.words,
        items=asked.items,
        until=asked.until,
    )
    words = f"Complément demandé pour le dossier {of_child(desk.dossier)}."
    await tell(*said(outcome, desk.dossier, words))
    return see(onward)


@router.post("/agent/dossiers/{dossier_id}/annuler-la-demande")
async def cancel_request(
    desk: DeskOfForm, form: CheckedForm, acts: AgentActs, tell: Tell
) -> Response:
    """Take the open request back: the review goes on where it was."""
    outcome = await acts.give(Action.CANCEL_REQUEST, desk.dossier.id, act_id=act_id_of(form))
    words = "La demande de complément est annulée. La famille en est prévenue."
    await tell(*said(outcome, desk.dossier, words))
    return see(desk.trail.desk_href(desk.dossier.id))
