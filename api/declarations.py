"""The sworn statement, where the law accepts it instead of a document."""

from datetime import datetime

from api.pieces import Piece, piece_of
from domain import french
from domain.errors import NotFound
from storage.dossiers import Dossier
from storage.store import Store


async def declarable(store: Store, dossier: Dossier, code: str, at: datetime) -> Piece:
    """The piece of that code, for which a statement may stand; NotFound otherwise."""
    piece = await piece_of(store, dossier, code, at)
    if not piece.rule.piece.sworn_statement:
        raise NotFound
    return piece


async def declarant(store: Store, dossier: Dossier) -> str:
    """The name of whoever declares, as the dossier says it; empty before it does."""
    you = (await store.dossiers.answers(dossier.id)).get("vous", {})
    return f"{you.get('first_name', '')} {you.get('last_name', '')}".strip()


def declaration(piece: Piece, name: str, at: datetime) -> str:
    """What is declared, by whom and on which day."""
    day = french.day(at)
    who = f"{name}, le {day} : " if name else f"Le {day} : "
    return f"{who}{piece.rule.piece.sworn_statement}"
