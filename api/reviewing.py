"""What an agent must have said before a decision counts, by a page or by a program."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.answers_view import Groups
from api.pieces import REPLACE, Piece, pieces_of
from api.reserved import pieces_for
from domain.errors import Invalid
from domain.reasons import REFUSALS
from domain.states import State
from storage.documents import Mark
from storage.dossiers import Dossier
from storage.store import OpenStore, Store

MOST_WORDS = 2000
"""The longest message of a request to complete, in characters."""
PIECE_WORDS = 300
"""The longest words about one piece of such a request, in characters."""
DEADLINES = (15, 30, 60)
"""The delays an agent may give a family, in days."""
LEAST_REFUSAL_WORDS, MOST_REFUSAL_WORDS = 10, 4000
STILL_TO_REPLACE = (
    "Une pièce est à remplacer ou manque : demandez un complément, ou changez d’avis."
)

STILL_RESERVED = (
    "Une pièce obligatoire est réservée : un collègue qui a cet accès doit d’abord la regarder."
)


def to_ask(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """What a letter must ask for: marked to be replaced, or missing and not accepted without."""
    return [
        one
        for one in pieces
        if (one.mark.mark == REPLACE if one.mark is not None else one.is_missing)
    ]


def unread_by_others(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Mandatory pieces that were given, that are reserved to others, and that nobody marked yet."""
    return [
        one
        for one in pieces
        if one.is_reserved and one.is_mandatory and one.given and one.mark is None
    ]


def why_not_yet(pieces: Sequence[Piece]) -> str:
    """Why the dossier cannot be approved while its pieces are so; empty when it can."""
    if to_ask(pieces):
        return STILL_TO_REPLACE
    return STILL_RESERVED if unread_by_others(pieces) else ""


async def refuse_while_to_ask(store: Store, dossier: Dossier, groups: Groups) -> None:
    """Do not let a dossier be approved while a letter about its pieces is due.

    Raises:
        Invalid: a piece is missing or to be replaced, or reserved to others who have not looked at
            it; `fields` name each.
    """
    answers = await store.dossiers.answers(dossier.id)
    pieces = pieces_for(await pieces_of(store, dossier, answers, None), groups)
    if dossier.state is not State.UNDER_REVIEW:
        return
    due = {one.code: STILL_TO_REPLACE for one in to_ask(pieces)}
    if due := due | {one.code: STILL_RESERVED for one in unread_by_others(pieces)}:
        raise Invalid(due)


async def mark_what_is_asked(
    writing: OpenStore,
    dossier: Dossier,
    items: Sequence[Mapping[str, Any]],
    *,
    by: str,
    at: datetime,
) -> None:
    """Write beside each piece what the letter will say of it. Twice: the same.

    The family answers piece by piece: each keeps what was said of it until it does.
    """
    if dossier.state is not State.UNDER_REVIEW:
        return
    async with writing() as store:
        for item in items:
            mark = Mark(item["piece"], REPLACE, item["reason"], item["words"], by=by, at=at)
            await store.documents.mark(dossier.id, mark)


def refusal_problems(reason: str, words: str) -> dict[str, str]:
    """Why these cannot be the grounds of a refusal: one sentence for each of the two."""
    problems, length = {}, len(words.strip())
    if reason not in REFUSALS:
        problems["reason"] = "Choisissez le motif du refus."
    if length < LEAST_REFUSAL_WORDS:
        problems["words"] = "Expliquez à la famille pourquoi, avec les faits de son dossier."
    elif length > MOST_REFUSAL_WORDS:
        problems["words"] = (
            f"Raccourcissez l’explication : {MOST_REFUSAL_WORDS} caractères au plus."
        )
    return problems
