"""The decision panel: what an agent may do now with a dossier, and the letter it would send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.pieces import Piece
from api.reviewing import DEADLINES, STILL_RESERVED, to_ask, unread_by_others
from api.staff.labels import for_agents
from api.staff.look import Look
from api.staff.review import unseen
from api.staff.trail import Trail
from api.standing import reason_of
from domain.deadlines import Delay, Terms, ends, last_day
from domain.french import day, plural, short_day
from domain.holds import HoldKind
from domain.reasons import COMPLEMENTS
from domain.states import State
from storage.dossiers import Dossier
from storage.queue_lines import Line
from storage.records import new_id

USUAL = "usual"
_WAITING = {
    "approve": "La validation est gardée",
    "refuse": "Le refus est gardé",
    "ask_to_complete": "La demande de complément est gardée",
    "cancel_request": "L’annulation de la demande est gardée",
}


def decision_panel(
    dossier: Dossier,
    line: Line,
    pieces: Sequence[Piece],
    trail: Trail,
    look: Look,
    now: datetime,
) -> dict[str, Any]:
    """What the macro `decision_panel` needs.

    Every form gets an id of its own: sent twice, it is one act; sent by another page, another one.
    """
    root = f"/agent/dossiers/{dossier.id}"
    asked = to_ask(pieces)
    seen = {**trail.fields, "piece": look.piece, "version": dossier.version}
    return {
        "approve": f"{root}/valider",
        "approve_fields": {**seen, "act_id": new_id()},
        "approve_blocked": _held(line) or (STILL_RESERVED if unread_by_others(pieces) else ""),
        "approve_note": _unseen_words(pieces),
        "ask": f"{root}/complement",
        "fields": {**seen, "act_id": new_id()},
        "to_replace": [_asked(piece) for piece in asked],
        "deadlines": deadline_choices(dossier.terms, now),
        "refuse": "" if line.held == HoldKind.OBJECTION else trail.under(dossier.id, "refuser"),
        "cancel": f"{root}/annuler-la-demande" if dossier.state is State.AWAITING_FAMILY else "",
        "cancel_fields": {**seen, "act_id": new_id()},
        "values": {"deadline": usual_deadline(dossier.terms), **look.values},
        "errors": {n: why for n, why in look.errors.items() if not n.startswith("settle-")},
        "locked": _locked(dossier, line),
        "reasons": reason_of(dossier).splitlines(),
        "asked": [
            {"name": for_agents(piece.title), "words": piece.request_words}
            for piece in pieces
            if piece.asked is not None
        ],
    }


def deadline_choices(terms: Terms, now: datetime) -> Sequence[tuple[str, str]]:
    """The delays to choose from, each with the last day it gives."""
    choices = [
        (str(days), f"{days} jours ({short_day(last_day(ends(now, Delay(days=days))))})")
        for days in DEADLINES
    ]
    if usual_deadline(terms) == USUAL:
        last = short_day(last_day(ends(now, terms.complement_delay)))
        choices.insert(0, (USUAL, f"Délai habituel ({last})"))
    return choices


def usual_deadline(terms: Terms) -> str:
    """The choice that the procedure's own delay is."""
    usual = terms.complement_delay
    is_offered = usual in [Delay(days=days) for days in DEADLINES]
    return str(usual.days) if is_offered else USUAL


def deadline_of(choice: str, now: datetime) -> datetime | None:
    """The end of the delay chosen; None for the procedure's own."""
    return ends(now, Delay(days=int(choice))) if choice in map(str, DEADLINES) else None


def _asked(piece: Piece) -> dict[str, Any]:
    mark = piece.mark
    if piece.is_reserved and mark is not None:
        return {"name": for_agents(piece.title), "reason": "motif réservé, écrit par un collègue"}
    return {
        "name": for_agents(piece.title),
        "id": piece.code,
        "reasons": list(COMPLEMENTS.items()),
        "reason": mark.reason_code if mark else "missing",
        "words": mark.words if mark else "",
    }


def _unseen_words(pieces: Sequence[Piece]) -> str:
    sentences = []
    if count := len(unseen(pieces)):
        verb = "n’est pas encore marquée" if count == 1 else "ne sont pas encore marquées"
        sentences.append(f"{plural(count, 'pièce')} {verb}.")
    sentences += [
        f"{for_agents(one.title)} : pièce facultative et réservée, que personne n’a encore marquée."
        for one in pieces
        if one.is_reserved and not one.is_mandatory and one.given and one.mark is None
    ]
    return " ".join(sentences)


def _held(line: Line) -> str:
    if line.held == HoldKind.OBJECTION:
        return "L’autre parent n’est pas d’accord : rien ne se décide avant que ce soit réglé."
    if line.held == HoldKind.COSIGNATURE:
        return "L’accord de l’autre parent n’est pas encore là."
    return ""


def _locked(dossier: Dossier, line: Line) -> str:
    if line.waiting_action:
        return (
            f"{_WAITING[line.waiting_action]}. Cela s’appliquera dès que le service est rétabli : "
            "vous n’avez rien à refaire."
        )
    if dossier.state is State.UNDER_REVIEW:
        return ""
    if dossier.state is State.AWAITING_FAMILY and dossier.due_at is not None:
        last = day(last_day(dossier.due_at))
        return (
            f"La famille a jusqu’au {last} pour répondre. Sans réponse, le dossier sera classé "
            "sans suite ; elle en est prévenue avant."
        )
    if dossier.state is State.CHECKING:
        return "Les contrôles sont en cours. La décision sera possible dans quelques instants."
    return "Ce dossier est clos : il se lit, il ne change plus."
