"""What an agent asks of a family, as read from the form of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pieces import REPLACE
from api.reviewing import MOST_WORDS, PIECE_WORDS
from api.staff.decision_view import deadline_choices, deadline_of
from api.staff.desk_view import Desk
from api.staff.labels import for_agents
from domain.reasons import COMPLEMENTS

_REASON, _WORDS = "reason-", "words-"


@dataclass(frozen=True)
class Complement:
    """One letter: the pieces with their reasons, free words, the end of the delay (None: usual).

    `typed` is everything that was typed, `errors` one sentence for each field that is wrong.
    """

    items: list[dict[str, Any]]
    words: str
    until: datetime | None
    typed: Mapping[str, str]
    errors: Mapping[str, str]


def read_complement(form: Mapping[str, str], desk: Desk) -> Complement:
    """Read the letter that the agent had before its eyes: the pieces its form named."""
    titles = {piece.code: for_agents(piece.title) for piece in desk.pieces}
    # What a colleague wrote of a piece that is closed to this agent leaves as it is.
    kept = {code: mark for code, mark in desk.kept.items() if mark.mark == REPLACE}
    items = [
        {"piece": code, "reason": mark.reason_code, "words": mark.words}
        for code, mark in kept.items()
    ]
    asked = [code for code in titles if f"{_REASON}{code}" in form and code not in desk.kept]
    words = form.get("message", "").strip()
    errors = {}
    for code, mark in kept.items():
        if mark.reason_code not in COMPLEMENTS:
            errors["message"] = (
                f"{titles[code]} est réservée et à remplacer : le collègue qui l’a marquée choisit "
                "le motif et envoie la demande."
            )
    for code in asked:
        reason, detail = form[f"{_REASON}{code}"], form.get(f"{_WORDS}{code}", "").strip()
        if reason not in COMPLEMENTS:
            errors[f"{_REASON}{code}"] = f"Choisissez un motif pour : {titles[code]}."
        if len(detail) > PIECE_WORDS:
            errors[f"{_WORDS}{code}"] = f"Raccourcissez : {PIECE_WORDS} caractères au plus."
        items.append({"piece": code, "reason": reason, "words": detail})
    if not items and not words:
        errors["message"] = "Écrivez ce que la famille doit compléter."
    if len(words) > MOST_WORDS:
        errors["message"] = f"Raccourcissez le message : {MOST_WORDS} caractères au plus."
    choice = form.get("deadline", "")
    if choice not in dict(deadline_choices(desk.dossier.terms, desk.now)):
        errors["deadline"] = "Choisissez un délai."
    return Complement(items, words, deadline_of(choice, desk.now), dict(form), errors)
