"""One dossier on the desk: its documents, what was declared, the checks, and the decision."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.access.kept_forms import typed_before
from api.access.rules import Agent
from api.dependencies import CheckedForm, Now, PagesDep, Tell, Writing
from api.pieces import REPLACE
from api.reserved import note_reading
from api.staff.desk_view import desk_page
from api.staff.look import Look, zoom_from
from api.staff.review import GOOD_MARK, MARKABLE, next_unseen
from api.staff.room import DeskOfForm, OpenDesk, SentDossier, see
from api.staff.trail import trail_from
from domain.errors import Invalid, TransitionNotAllowed
from domain.states import Action, Actor, why_not
from storage.documents import Mark

router = APIRouter()

_MARKS = {"conform": GOOD_MARK, "to_replace": REPLACE}


@router.get("/agent/dossiers/{dossier_id}")
async def show_desk(
    request: Request, desk: OpenDesk, pages: PagesDep, piece: str = "", zoom: str = ""
) -> HTMLResponse:
    """Show a dossier as it stands, with the queue it was opened from."""
    before = typed_before(request, f"/agent/dossiers/{desk.dossier.id}/complement")
    look = Look(piece=piece, zoom=zoom_from(zoom), values=before)
    await note_reading(request, desk.dossier, desk.answers, desk.read)
    return pages.render(request, "staff/desk.html", **desk_page(desk, look))


@router.post("/agent/dossiers/{dossier_id}/avis")
async def say_of_a_piece(desk: DeskOfForm, form: CheckedForm, writing: Writing) -> Response:
    """Mark a piece as good or to be replaced, and go on to the next one nobody looked at.

    A plain row, not an act: the last word stands until the decision. Twice the same: once.
    """
    dossier = desk.dossier
    if dossier.state not in MARKABLE:
        raise TransitionNotAllowed(why_not(dossier.state, Action.APPROVE), **desk.facts)
    code, mark = form.get("piece", ""), _MARKS.get(form.get("mark", ""))
    before = {one.code: one.mark for one in desk.pieces if not one.is_reserved}
    if code not in before or mark is None:
        raise Invalid({"mark": "Choisissez « Conforme » ou « À remplacer »."})
    known = before[code]
    if known is None or known.mark != mark:
        async with writing() as store:
            said = Mark(code, mark, "", "", by=desk.agent_id, at=desk.now)
            await store.documents.mark(dossier.id, said)
    return see(desk.trail.desk_href(dossier.id, piece=next_unseen(desk.pieces, code)))


@router.post("/agent/dossiers/{dossier_id}/suivre")
async def follow(
    visitor: Agent,
    dossier: SentDossier,
    writing: Writing,
    form: CheckedForm,
    now: Now,
    tell: Tell,
) -> Response:
    """Take the dossier up. The first to do so stays; the others read that somebody did."""
    me = visitor.account.id
    async with writing() as store:
        await store.dossiers.follow(dossier.id, me)
        fresh = await store.dossiers.find(dossier.id)
        if fresh.followed_by == me:
            await store.events.add(
                dossier.id,
                f"followed:{me}",
                at=now,
                what="followed",
                actor=Actor.AGENT,
                actor_id=me,
                state=fresh.state,
            )
    if fresh.followed_by != me:
        await tell("attention", "Ce dossier vient d’être pris en charge par une autre personne.")
    return see(trail_from(form).desk_href(dossier.id, piece=form.get("piece", "")))
