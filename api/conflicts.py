"""Who came first: what to say to somebody whose act no longer applies to a dossier.

The errors carry facts (`api/acts.py`); here they become the words of the 409 page, with the way to
the dossier. What a page says by itself stands.
"""

from collections.abc import Mapping
from datetime import datetime

from domain.deadlines import paris_day
from domain.errors import DomainError, Stale, TransitionNotAllowed
from domain.french import day, hour
from domain.states import State

_NOT_APPLIED = (
    "Ce que vous venez de faire n’a pas été appliqué : un dossier se décide une seule fois."
)
_NOT_NOW = "Ce que vous venez de faire n’a pas été appliqué : le dossier n’en est plus là."
_CLOSED = {
    State.WITHDRAWN: "La demande a été retirée",
    State.CLOSED_WITHOUT_ACTION: "Ce dossier a été classé sans suite",
    State.ABANDONED: "Ce brouillon a été fermé sans envoi",
}
_OPEN = {
    State.DRAFT: "Ce dossier n’est pas encore envoyé",
    State.CHECKING: "Les documents de ce dossier sont en cours de contrôle",
    State.UNDER_REVIEW: "Ce dossier est à l’étude",
    State.AWAITING_FAMILY: "Un complément est déjà demandé pour ce dossier",
}
_HELD = {
    "objection_open": (
        "L’autre parent n’est pas d’accord : la décision est suspendue",
        "Ce que vous venez de faire n’a pas été appliqué : ce désaccord se règle d’abord.",
    ),
    "cosignature_missing": (
        "L’accord de l’autre parent manque encore",
        "Ce que vous venez de faire n’a pas été appliqué : il faut l’accord des deux parents.",
    ),
    "cosignature_not_due": (
        "L’autre parent a encore le temps de répondre",
        "La mairie ne peut se passer de son accord qu’à la fin du délai.",
    ),
    "already_objected": (
        "C’est déjà dit : vous n’êtes pas d’accord",
        "La décision est suspendue. Le service va prendre contact avec vous.",
    ),
    "nothing_to_lift": ("Ce désaccord est déjà réglé", "Il n’y a plus rien à lever."),
    "nothing_to_sign": ("Aucun accord n’est attendu", "Il est donné, ou la mairie s’en passe."),
}
_OF_GUARDIANS = frozenset({"already_objected", "nothing_to_lift", "nothing_to_sign"})


def conflict_words(error: DomainError, *, role: str, now: datetime) -> Mapping[str, object]:
    """What the page of this error must say beside its usual words; nothing for other errors."""
    dossier_id = error.facts.get("dossier_id")
    if not isinstance(error, TransitionNotAllowed | Stale) or not dossier_id:
        return {}
    is_guardian = role == "parent" and error.code in _OF_GUARDIANS
    room = "/agent/dossiers" if role == "agent" else "/enfants" if is_guardian else "/dossiers"
    way: dict[str, object] = {
        "next_href": f"{room}/{dossier_id}",
        "next_words": "Voir le dossier",
    }
    if error.code in _HELD:
        title, happened = _HELD[error.code]
        way |= {"title": title, "happened": happened}
    elif isinstance(error, TransitionNotAllowed):
        way |= _what_happened(error.facts, now)
    return way | dict(error.facts)


def _what_happened(facts: Mapping[str, object], now: datetime) -> Mapping[str, object]:
    state, decided_at, since = facts.get("state"), facts.get("decided_at"), facts.get("since")
    if not isinstance(state, State):
        return {}
    if state in (State.APPROVED, State.REFUSED):
        moment = _when(decided_at, now) if isinstance(decided_at, datetime) else ""
        return {"title": f"{_decision(state, facts)}{moment}", "happened": _NOT_APPLIED}
    if state in _CLOSED:
        moment = _when(since, now) if isinstance(since, datetime) else ""
        return {"title": f"{_CLOSED[state]}{moment}", "happened": _NOT_NOW}
    return {"title": _OPEN[state], "happened": _NOT_NOW}


def _decision(state: State, facts: Mapping[str, object]) -> str:
    verb = "validé" if state is State.APPROVED else "refusé"
    if facts.get("decided_by"):
        return f"{facts['decided_by']} a {verb} ce dossier"
    return f"Ce dossier est {verb} depuis la fin du délai de réponse"


def _when(moment: datetime, now: datetime) -> str:
    """` à 9 h 14` today, ` le lundi 4 janvier 2027 à 9 h 14` on another day."""
    at = f" à {hour(moment)}"
    return at if paris_day(moment) == paris_day(now) else f" le {day(moment)}{at}"
