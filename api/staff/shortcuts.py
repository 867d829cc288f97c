"""The keyboard shortcuts of the desk: the list, and the switch that turns them off."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Agent
from api.dependencies import PagesDep

router = APIRouter()

_KEYS = (
    ("j", "Dossier suivant de la file"),
    ("k", "Dossier précédent de la file"),
    ("1 à 9", "Ouvrir la pièce de ce numéro"),
    ("c", "Marquer la pièce conforme"),
    ("x", "Marquer la pièce à remplacer"),
    ("r", "Tourner le document d’un quart de tour"),
    ("v", "Valider le dossier"),
    ("m", "Ouvrir la demande de complément"),
    ("?", "Ouvrir cette page"),
)


@router.get("/agent/raccourcis")
async def show_shortcuts(request: Request, visitor: Agent, pages: PagesDep) -> HTMLResponse:
    """List the shortcuts. Each is a link or a button first; none works while a field has focus."""
    del visitor
    return pages.render(request, "staff/shortcuts.html", keys=_KEYS)
