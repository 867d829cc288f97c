"""The documents that a family gave once and that serve again: which hold, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Parent, Visitor, covers
from api.answers_view import Groups
from api.dependencies import FilesDep, Now, PagesDep, Reading
from api.document_files import for_staff, original, page_image
from api.openings import note_opening
from api.parents.visited import dossiers_for
from api.pieces import thumbnail_of
from domain import french
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.kinds.rules import Piece
from domain.rights import EVERY_GROUP, FieldGroup, groups_open
from domain.states import State
from domain.wallet import HOLDINGS, Kept, latest, piece_and_place
from storage.dossiers import Dossier
from storage.store import Store
from storage.wallet import Held

router = APIRouter()

_HERE = "/documents"
_FAR = date.max
_SHARED = EVERY_GROUP - {FieldGroup.CUSTODY}
"""What another guardian opens of a shared child: not what a court decided about the other one."""


@router.get(_HERE)
async def show(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Everything the family keeps, what holds no more first."""
    today = paris_day(at)
    own = _for(visitor, await store.wallet.of_account(visitor.account.id))
    shared = await _shared(store, visitor, today)
    places = _places(dossiers_for(visitor, await store.dossiers.of_account(visitor.account.id)))
    return pages.render(
        request,
        "parents/wallet.html",
        items=_items(own, today, places),
        shared=_items(shared, today, {}),
    )


@router.get(_HERE + "/{document_id}")
async def send_original(
    request: Request, visitor: Parent, document_id: str, store: Reading, files: FilesDep, at: Now
) -> Response:
    """The file as it was given."""
    held = await _held(store, visitor, document_id, at)
    answer = await original(files, held.document)
    dossier = await store.dossiers.find(held.document.dossier_id)
    await note_opening(request, dossier, held.document, how="original")
    return answer


@router.get(_HERE + "/{document_id}/page/{name}")
async def send_page(
    request: Request,
    visitor: Parent,
    document_id: str,
    name: str,
    store: Reading,
    files: FilesDep,
    at: Now,
) -> Response:
    """One drawn page."""
    held = await _held(store, visitor, document_id, at)
    answer = await page_image(files, held.document, name)
    dossier = await store.dossiers.find(held.document.dossier_id)
    await note_opening(request, dossier, held.document, how="page", page=name)
    return answer


async def _held(store: Store, visitor: Visitor, document_id: str, at: datetime) -> Held:
    """A document that whoever asks may open; NotFound otherwise, as if there were none."""
    own = _for(visitor, await store.wallet.of_account(visitor.account.id))
    for one in (*own, *await _shared(store, visitor, paris_day(at))):
        if one.document.id == document_id:
            if visitor.behind is not None:
                for_staff(one.document)
            return one
    raise NotFound


def _for(visitor: Visitor, held: Iterable[Held]) -> Sequence[Held]:
    """What whoever is there may open: an agent on a visit, what the duties open of it."""
    agent = visitor.behind
    if agent is None:
        return list(held)
    return [
        one
        for one in held
        if covers(agent, one.department)
        and _is_open(one, groups_open(agent.duties, one.department))
    ]


async def _shared(store: Store, visitor: Visitor, today: date) -> Sequence[Held]:
    """What another family keeps of children that it shares with this guardian.

    Not what says where the first guardian lives: an insurance, a care plan.
    """
    if visitor.behind is not None:
        return ()
    held = await store.wallet.shared_with(visitor.account.id, today)
    return [
        one for one in held if _is_open(one, _SHARED) and not HOLDINGS[one.kept.piece].shows_home
    ]


def _is_open(held: Held, groups: Groups) -> bool:
    group = RULES[held.kind].group_of_piece(held.document.piece)
    return group is None or group in groups


def _places(dossiers: Sequence[Dossier]) -> Mapping[str, str]:
    """The dossiers in which a document can be given now, by what they are: the latest of each."""
    open_ones = (State.DRAFT, State.AWAITING_FAMILY)
    return {
        one.kind: f"/dossiers/{one.id}/documents"
        for one in reversed(dossiers)
        if one.state in open_ones
    }


def _items(
    held: Sequence[Held], today: date, places: Mapping[str, str]
) -> Sequence[Mapping[str, Any]]:
    """One line per piece and child, for what was given last: what holds no more first."""
    by_id = {one.kept.document_id: one for one in held}
    groups = latest(one.kept for one in held).values()
    ordered = sorted(groups, key=lambda some: (_holds(some, today), some[0].valid_until or _FAR))
    return [_item([by_id[one.document_id] for one in some], today, places) for some in ordered]


def _holds(some: Sequence[Kept], today: date) -> bool:
    return any(one.holds_on(today) for one in some)


def _item(held: Sequence[Held], today: date, places: Mapping[str, str]) -> Mapping[str, Any]:
    first = held[0]
    piece = _piece(first)
    is_valid = _holds([one.kept for one in held], today)
    return {
        "id": f"{first.kept.piece}-{first.kept.child_id or 'famille'}",
        "name": piece.title,
        "whose": first.child or "Pour toute la famille",
        "verdict": "conform" if is_valid else "expired",
        "badge": "Valable" if is_valid else "À remplacer",
        "until": _until(first.kept, is_valid=is_valid),
        "why": HOLDINGS[first.kept.piece].why,
        "given": f"Donné le {french.short_day(first.document.given_at)}, dossier {first.number}.",
        "files": [_file(one) for one in held],
        "replace": next(
            (
                f"{place}#piece-{code}"
                for kind, place in places.items()
                for code in (first.document.piece, first.kept.piece)
                if any(rule.piece.code == code for rule in RULES[kind].pieces)
            ),
            "",
        ),
    }


def _piece(held: Held) -> Piece:
    code, _ = piece_and_place(held.document.piece)
    every = {rule.piece.code: rule.piece for rules in RULES.values() for rule in rules.pieces}
    return every.get(held.document.piece) or every[code]


def _until(kept: Kept, *, is_valid: bool) -> str:
    if not kept.is_whole:
        return "La mairie a signalé qu’il n’est plus valable."
    if kept.valid_until is None:
        return "Valable sans limite de date."
    day = french.short_day(kept.valid_until)
    return f"Valable jusqu’au {day}." if is_valid else f"Expiré depuis le {day}."


def _file(held: Held) -> Mapping[str, Any]:
    document, place = held.document, f"{_HERE}/{held.document.id}"
    thumbnail = thumbnail_of(document)
    file: dict[str, Any] = {
        "name": document.original_name,
        "size": document.size_bytes,
        "pages": document.pages,
        "href": place,
    }
    if thumbnail:
        file["thumbnail"] = f"{place}/page/{thumbnail}"
    return file
