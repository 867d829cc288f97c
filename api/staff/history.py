"""What happened to a dossier, who did it, and every letter with how far it went."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dependencies import PagesDep, Reading
from api.reserved import LETTER as RESERVED_LETTER
from api.reserved import is_letter_closed
from api.staff.readings import readings_of
from api.staff.room import ReadGroups, SentDossier
from api.staff.trail import TrailDep
from api.timeline import lines
from domain.errors import NotFound
from domain.french import moment
from storage.letters import ACCEPTED, PRINTED, REFUSED, RETRYING, TO_PRINT, Letter

router = APIRouter()

_STATES = {
    ACCEPTED: ("ok", "✓", "Remis au serveur de mail"),
    REFUSED: ("alert", "!", "Refusé par le serveur de mail"),
    RETRYING: ("waiting", "…", "Pas encore remis, nouvel essai prévu"),
    TO_PRINT: ("waiting", "…", "À imprimer"),
    PRINTED: ("ok", "✓", "Imprimé"),
}
_TO_SEND = ("waiting", "…", "En attente d’envoi")


@router.get("/agent/dossiers/{dossier_id}/historique")
async def show_history(
    request: Request, dossier: SentDossier, store: Reading, pages: PagesDep, trail: TrailDep
) -> HTMLResponse:
    """Show the whole timeline, newest first, the letters, and who opened what."""
    events = lines(dossier, await store.events.of(dossier.id), "staff")
    letters = await store.letters.of_dossier(dossier.id)
    subjects = {letter.id: letter.subject for letter in letters}
    readings = await readings_of(store, dossier.id)
    return pages.render(
        request,
        "staff/history.html",
        dossier=dossier,
        desk_href=trail.desk_href(dossier.id),
        readings=readings,
        events=[
            {
                "when": moment(event.at),
                "who": event.who or "le portail",
                "what": event.text,
                "detail": event.detail,
                "letters": [
                    {"subject": subjects[one], "href": trail.under(dossier.id, f"lettres/{one}")}
                    for one in event.letters
                    if one in subjects
                ],
            }
            for event in reversed(events)
        ],
        letters=[
            {
                "subject": letter.subject,
                "href": trail.under(dossier.id, f"lettres/{letter.id}"),
                **_sending(letter),
            }
            for letter in letters
        ],
    )


@router.get("/agent/dossiers/{dossier_id}/lettres/{letter_id}")
async def show_letter(
    request: Request,
    dossier: SentDossier,
    letter_id: str,
    groups: ReadGroups,
    store: Reading,
    pages: PagesDep,
    trail: TrailDep,
) -> HTMLResponse:
    """Show a letter as the family got it."""
    letter = await store.letters.find(letter_id)
    if letter is None or letter.dossier_id != dossier.id:
        raise NotFound
    return pages.render(
        request,
        "staff/letter.html",
        dossier=dossier,
        history_href=trail.under(dossier.id, "historique"),
        letter={
            "subject": letter.subject,
            "to": letter.to_address,
            "text": RESERVED_LETTER
            if await is_letter_closed(store, dossier, letter, groups)
            else letter.text,
            **_sending(letter),
        },
    )


def _sending(letter: Letter) -> dict[str, Any]:
    """How far a letter went: the mail server took it, which does not say that it was read."""
    state: Sequence[str] = _STATES.get(letter.status, _TO_SEND)
    return {
        "sent": moment(letter.printed_at or letter.accepted_at or letter.created_at),
        "state": state,
    }
