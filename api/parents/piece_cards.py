"""The card of one document asked for, as the macro `piece_card` draws it."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.pieces import Piece, checks_of, is_refused, lent_words, thumbnail_of
from domain import french
from domain.states import Action, State, after
from storage.documents import PENDING, Document
from storage.dossiers import Dossier
from storage.records import new_id

_CHECKING = "Le portail contrôle vos documents. Vous pourrez en ajouter dans un instant."
_STANDS = {"good", "conform", "given"}


def may_change(dossier: Dossier) -> bool:
    """Whether documents can be added and taken away now."""
    return after(dossier.state, Action.ADD_DOCUMENT) is not None


def cards_of(dossier: Dossier, pieces: Sequence[Piece]) -> Sequence[Mapping[str, Any]]:
    """The cards of all pieces, what the town still waits for first."""
    return [card_of(dossier, one) for one in sorted(pieces, key=lambda one: not one.is_awaited)]


def card_of(dossier: Dossier, piece: Piece, *, error: str = "") -> Mapping[str, Any]:
    """One card. `error` says why files of the last sending were refused."""
    place = f"/dossiers/{dossier.id}/documents/{piece.code}"
    card: dict[str, Any] = {
        "id": piece.code,
        "name": piece.title,
        "why": f"{piece.rule.why} {piece.rule.piece.examples}.".replace(" .", ""),
        "basis": piece.rule.basis,
        "verdict": piece.family_verdict,
        "files": [
            _file(dossier, one, is_alone=len(piece.files) == 1, is_own=one in piece.own)
            for one in piece.files
        ],
        "message": f"Demande de la mairie : {piece.request_words}" if piece.is_awaited else "",
        "error": error,
        "sworn": _sworn(piece),
        "reused": " ".join(dict.fromkeys(lent_words(one) for one in piece.lent)),
    }
    if piece.lent:
        card["upload_words"] = "Le remplacer"
    if piece.is_checking:
        card["poll"] = f"{place}/etat"
    if may_change(dossier):
        card |= {"upload": place, **_statement_ways(piece, place)}
    elif dossier.state is State.CHECKING:
        card["closed"] = _CHECKING
    return card


def _statement_ways(piece: Piece, place: str) -> dict[str, Any]:
    if piece.statement is not None:
        return {
            "sworn_remove": f"{place}/retirer",
            "sworn_fields": {"document_id": piece.statement.id, "act_id": new_id()},
        }
    if piece.rule.piece.sworn_statement and piece.family_verdict not in _STANDS:
        return {"sworn_href": f"{place}/attestation"}
    return {}


def _sworn(piece: Piece) -> str:
    if piece.statement is None:
        return ""
    return f"Vous avez déclaré sur l’honneur le {french.moment(piece.statement.given_at)}."


def _file(
    dossier: Dossier, document: Document, *, is_alone: bool, is_own: bool
) -> Mapping[str, Any]:
    # A file alone has no badge of its own: the piece's says it, and the check lines say why.
    place = (
        f"/dossiers/{dossier.id}/fichiers/{document.id}" if is_own else f"/documents/{document.id}"
    )
    thumbnail = thumbnail_of(document)
    verdict = "checking" if document.status == PENDING else document.status
    file: dict[str, Any] = {
        "name": document.original_name,
        "size": document.size_bytes,
        "pages": document.pages,
        "verdict": "" if is_alone else verdict,
        "checks": checks_of(document),
    }
    if thumbnail:
        file["thumbnail"] = f"{place}/page/{thumbnail}"
    if not is_refused(document):
        file["href"] = place
    if is_own and may_change(dossier):
        file |= {
            "remove": f"/dossiers/{dossier.id}/documents/{document.piece}/retirer",
            "fields": {"document_id": document.id, "act_id": new_id()},
        }
    return file
