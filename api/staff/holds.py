"""How an agent settles what holds a decision: an objection, a signature that never came."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import CheckedForm, PagesDep, Tell
from api.form_acts import act_id_of
from api.pages import Pages
from api.staff.afterwards import of_child, said
from api.staff.desk_view import Desk, desk_page
from api.staff.look import Look
from api.staff.room import AgentActs, DeskOfForm, see
from domain.states import Action

router = APIRouter()

_SAY_HOW = "Dites à l’autre parent comment ce désaccord est réglé."
_SAY_WHY = "Dites pourquoi la mairie se passe de son accord."


@router.post("/agent/dossiers/{dossier_id}/desaccord/lever")
async def lift(
    request: Request,
    desk: DeskOfForm,
    form: CheckedForm,
    acts: AgentActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Lift an objection, with words for whoever objected. Twice with the same form: once."""
    words = _words(form)
    if not words:
        return _again(request, pages, desk, form, _SAY_HOW)
    outcome = await acts.give(
        Action.LIFT_OBJECTION,
        desk.dossier.id,
        act_id=act_id_of(form),
        subject=form.get("guardian", ""),
        words=words,
    )
    settled = f"Le désaccord sur le dossier {of_child(desk.dossier)} est levé."
    await tell(*said(outcome, desk.dossier, settled))
    return see(desk.trail.desk_href(desk.dossier.id))


@router.post("/agent/dossiers/{dossier_id}/accord/passer-outre")
async def waive(
    request: Request,
    desk: DeskOfForm,
    form: CheckedForm,
    acts: AgentActs,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Do without the other guardian's signature once its time is over, and say why. Twice: once."""
    words = _words(form)
    if not words:
        return _again(request, pages, desk, form, _SAY_WHY)
    outcome = await acts.give(
        Action.WAIVE_COSIGNATURE, desk.dossier.id, act_id=act_id_of(form), words=words
    )
    await tell(*said(outcome, desk.dossier, "La mairie se passe de l’accord de l’autre parent."))
    return see(desk.trail.desk_href(desk.dossier.id))


def _words(form: Mapping[str, str]) -> str:
    return form.get(f"settle-{form.get('card', '')}", "").strip()


def _again(
    request: Request, pages: Pages, desk: Desk, form: Mapping[str, str], problem: str
) -> Response:
    field = f"settle-{form.get('card', '')}"
    look = Look(form.get("piece", ""), values=form, errors={field: problem})
    return pages.render(request, "staff/desk.html", status_code=422, **desk_page(desk, look))
