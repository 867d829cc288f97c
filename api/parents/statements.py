"""The sworn statement, made on the spot where the law accepts it instead of a document."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier
from api.declarations import declarable, declarant, declaration
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell
from api.pages import Pages
from api.parents.dependencies import ParentActs
from api.parents.piece_cards import may_change
from api.parents.words import done
from api.pieces import Piece
from domain import french
from domain.errors import NotFound
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter()

_NOT_TICKED = "Cochez la case pour déclarer sur l’honneur."


async def _declarable(store: Store, dossier: Dossier, code: str, at: Now) -> Piece:
    piece = await declarable(store, dossier, code, at)
    if not may_change(dossier):
        raise NotFound
    return piece


@router.get("/dossiers/{dossier_id}/documents/{piece}/attestation")
async def show(
    request: Request,
    dossier: OwnDossier,
    piece: str,
    store: Reading,
    pages: PagesDep,
    at: Now,
) -> Response:
    """The text to declare, with who declares and the day."""
    found = await _declarable(store, dossier, piece, at)
    name = await declarant(store, dossier)
    return _page(pages, request, dossier, found, name=name, day=french.day(at))


@router.post("/dossiers/{dossier_id}/documents/{piece}/attestation")
async def declare(
    request: Request,
    dossier: OwnDossier,
    piece: str,
    form: CheckedForm,
    store: Reading,
    acts: ParentActs,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Declare. Twice: one statement stands."""
    found = await _declarable(store, dossier, piece, at)
    name, day = await declarant(store, dossier), french.day(at)
    if not form.get("declared"):
        errors = {"declared": _NOT_TICKED}
        return _page(pages, request, dossier, found, name=name, day=day, errors=errors)
    if found.statement is None:
        text = declaration(found, name, at)
        outcome = await acts.give_statement(dossier.id, found.code, text)
        await tell(*done(outcome, f"{found.title} : vous avez déclaré sur l’honneur."))
    return RedirectResponse(f"/dossiers/{dossier.id}/documents#piece-{found.code}", 303)


def _page(
    pages: Pages,
    request: Request,
    dossier: Dossier,
    piece: Piece,
    *,
    name: str,
    day: str,
    errors: dict[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "parents/statement.html",
        piece=piece,
        name=name,
        day=day,
        errors=errors,
        action=f"/dossiers/{dossier.id}/documents/{piece.code}/attestation",
        back=f"/dossiers/{dossier.id}/documents#piece-{piece.code}",
    )
