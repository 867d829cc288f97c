"""The documents of a dossier: one card per piece; add, see what was found, take away."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier, groups_of
from api.bodies import body_up_to
from api.dependencies import CheckedForm, FilesDep, Now, PagesDep, Reading, SettingsDep, Tell
from api.form_acts import act_id_of
from api.house import house_of, now
from api.parents.dependencies import ParentActs
from api.parents.journey import DOCUMENTS, journey_of
from api.parents.piece_cards import card_of, cards_of, may_change
from api.parents.words import done, problems_of, told_of
from api.pieces import piece_of, pieces_of, worth_showing
from api.reserved import pieces_for
from api.uploads import Received, Reception, largest_sending
from domain.deadlines import paris_day
from domain.documents import announcement
from domain.errors import NotFound, TransitionNotAllowed
from domain.states import Action, State, why_not
from storage.dossiers import Dossier
from storage.records import new_id

router = APIRouter()


@router.get("/dossiers/{dossier_id}/documents")
async def show(
    request: Request,
    dossier: OwnDossier,
    store: Reading,
    pages: PagesDep,
    settings: SettingsDep,
    at: Now,
) -> Response:
    """Every document asked for, with why, and what was found in what was given."""
    journey = await journey_of(store, dossier, paris_day(at))
    every = await pieces_of(store, dossier, journey.answers, at)
    pieces = pieces_for(every, groups_of(request, dossier))
    step, steps = journey.step(DOCUMENTS)
    return pages.render(
        request,
        "parents/documents.html",
        dossier=dossier,
        cards=cards_of(dossier, worth_showing(dossier, pieces)),
        limits=announcement(settings.limits),
        is_draft=dossier.state is State.DRAFT,
        may_answer=dossier.state is State.AWAITING_FAMILY,
        awaited=[one for one in pieces if one.is_awaited],
        act_id=new_id(),
        back=journey.before(DOCUMENTS) if dossier.state is State.DRAFT else journey.address(),
        step=step if dossier.state is State.DRAFT else 0,
        steps=steps,
    )


@router.get("/dossiers/{dossier_id}/documents/{piece}/etat")
async def state(
    request: Request,
    dossier: OwnDossier,
    piece: str,
    store: Reading,
    pages: PagesDep,
    settings: SettingsDep,
    at: Now,
) -> Response:
    """One card, asked again by the page while a document is being looked at."""
    found = await piece_of(store, dossier, piece, at)
    (found,) = pieces_for([found], groups_of(request, dossier)) or [found]
    return pages.render(
        request,
        "parents/piece.html",
        card=card_of(dossier, found),
        limits=announcement(settings.limits),
    )


@router.post("/dossiers/{dossier_id}/documents/{piece}", dependencies=[body_up_to(largest_sending)])
async def add(
    request: Request,
    dossier: OwnDossier,
    piece: str,
    store: Reading,
    acts: ParentActs,
    files: FilesDep,
    settings: SettingsDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Take the files of one sending; what is refused is said file by file, the others are kept."""
    found = await piece_of(store, dossier, piece, at)
    _refuse_if_closed(dossier)
    await store.release()  # a telephone may send for minutes
    reception = Reception(
        files,
        acts,
        settings.limits,
        dossier_id=dossier.id,
        piece=found.code,
        there=found.own,
    )
    received = await reception.take_all(request)
    if request.headers.get("x-fragment"):
        return await _fragment(request, dossier, found.code, received)
    await tell(*told_of(received))
    return RedirectResponse(f"/dossiers/{dossier.id}/documents#piece-{found.code}", 303)


async def _fragment(
    request: Request, dossier: Dossier, code: str, received: Sequence[Received]
) -> Response:
    """The card alone, for the script: what was refused is said in it."""
    house = house_of(request)
    error = problems_of(received)
    async with house.reading() as store:
        piece = await piece_of(store, dossier, code, now(request))
    (piece,) = pieces_for([piece], groups_of(request, dossier)) or [piece]
    return house.pages.render(
        request,
        "parents/piece.html",
        status_code=422 if error else 200,
        card=card_of(dossier, piece, error=error),
        limits=announcement(house.settings.limits),
    )


def _refuse_if_closed(dossier: Dossier) -> None:
    if not may_change(dossier):
        raise TransitionNotAllowed(
            why_not(dossier.state, Action.ADD_DOCUMENT),
            dossier_id=dossier.id,
            next_href=f"/dossiers/{dossier.id}",
        )


@router.post("/dossiers/{dossier_id}/documents/{piece}/retirer")
async def remove(
    dossier: OwnDossier, piece: str, form: CheckedForm, store: Reading, acts: ParentActs, tell: Tell
) -> Response:
    """Take a document away; adding it again undoes it. Twice: once."""
    document = await store.documents.find(form.get("document_id", ""))
    if document is None or document.dossier_id != dossier.id or document.piece != piece:
        raise NotFound
    if document.removed_at is None:
        outcome = await acts.give(
            Action.REMOVE_DOCUMENT, dossier.id, act_id=act_id_of(form), subject=document.id
        )
        name = f"« {document.original_name} »" if document.original_name else "La déclaration"
        words = f"{name} : retiré. Pour revenir en arrière, ajoutez-le de nouveau."
        await tell(*done(outcome, words))
    return RedirectResponse(f"/dossiers/{dossier.id}/documents#piece-{piece}", 303)
