"""How an agent settles what holds a decision: an objection, a signature that never came."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.dependencies import CheckedForm, PagesDep, Tell
from api.form_acts import act_id_of
from api.staff.afterwards import of_child, said
from api.staff.desk_view import desk_page
from api.staff.look import Look
from api.staff.room import AgentActs, DeskOfForm, see
from domain.holds import NOBODY_LEFT
from domain.states import Action

router = APIRouter()

_SAY_HOW = "Dites à l’autre parent comment ce désaccord est réglé."
_SAY_WHY = "Dites pourquoi la mairie se passe de son accord."


@dataclass(frozen=True)
class _Settling:
    """A card of the desk, sent with the words that settle what it shows."""

    request: Request
    desk: DeskOfForm
    form: CheckedForm
    acts: AgentActs
    pages: PagesDep
    tell: Tell

    async def by(
        self, action: Action, problem: str, settled: str, *, subject: str = "", reason: str = ""
    ) -> Response:
        """Give the act and say that it is `settled`; without words, show the desk with `problem`.

        Twice with the same form: once.
        """
        field = f"settle-{self.form.get('card', '')}"
        words = self.form.get(field, "").strip()
        dossier = self.desk.dossier
        if not words:
            look = Look(self.form.get("piece", ""), values=self.form, errors={field: problem})
            page = desk_page(self.desk, look)
            return self.pages.render(self.request, "staff/desk.html", status_code=422, **page)
        outcome = await self.acts.give(
            action,
            dossier.id,
            act_id=act_id_of(self.form),
            subject=subject,
            reason_code=reason,
            words=words,
        )
        await self.tell(*said(outcome, dossier, settled))
        return see(self.desk.trail.desk_href(dossier.id))


Settling = Annotated[_Settling, Depends()]


@router.post("/agent/dossiers/{dossier_id}/desaccord/lever")
async def lift(settling: Settling) -> Response:
    """Lift an objection, with words for whoever objected. Twice with the same form: once."""
    settled = f"Le désaccord sur le dossier {of_child(settling.desk.dossier)} est levé."
    subject = settling.form.get("guardian", "")
    return await settling.by(Action.LIFT_OBJECTION, _SAY_HOW, settled, subject=subject)


@router.post("/agent/dossiers/{dossier_id}/accord/passer-outre")
async def waive(settling: Settling) -> Response:
    """Do without the other guardian's signature, and say why. Twice: once.

    Once its time is over; before, where nobody is left to sign.
    """
    held = settling.desk.held
    reason = NOBODY_LEFT if held and held.is_alone else ""
    settled = "La mairie se passe de l’accord de l’autre parent."
    return await settling.by(Action.WAIVE_COSIGNATURE, _SAY_WHY, settled, reason=reason)
