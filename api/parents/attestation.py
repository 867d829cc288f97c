"""The attestation that the town's silence accepted a request (CRPA L232-3), to print."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier
from api.dependencies import Now, PagesDep, Reading
from domain import french
from domain.states import State
from storage.dossiers import Dossier

router = APIRouter()


@router.get("/dossiers/{dossier_id}/attestation")
async def attest(
    request: Request, dossier: OwnDossier, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """What was asked, when it came, and since when; a dossier without any leads to its page."""
    if not is_accepted_by_silence(dossier) or dossier.decided_at is None:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    return pages.render(
        request,
        "parents/attestation.html",
        dossier=dossier,
        procedure=await store.town.procedure(id=dossier.procedure_id),
        department=await store.town.department(dossier.department),
        accepted=french.day(dossier.decided_at),
        received=french.day(dossier.submitted_at) if dossier.submitted_at else "",
        delay=french.delay(dossier.terms.silence_delay),
        today=french.day(at),
    )


def is_accepted_by_silence(dossier: Dossier) -> bool:
    """Whether the family may have its attestation."""
    return dossier.state is State.APPROVED and dossier.decision_basis == "silence"
