"""The lines of the supervision page, in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from api.admins.picture import Picture, Trouble
from api.causes import Cause, cause_of, letter_words, server_number, step_words
from domain import french
from domain.life import waits_for
from domain.states import Actor, State
from storage.supervision import Intervention, Waiting

Row = Mapping[str, Any]

_WHO: Final = {Actor.PARENT: "La famille", Actor.AGENT: "La mairie", Actor.PORTAL: "Le portail"}
_STATES: Final[Mapping[State, str]] = {
    State.DRAFT: "Brouillons, pas encore envoyés",
    State.CHECKING: "Contrôles en cours",
    State.UNDER_REVIEW: "À vérifier",
    State.AWAITING_FAMILY: "Complément demandé",
}
_DONE: Final[Mapping[str, str]] = {
    "step_retried": "Étape relancée",
    "letter_sent_again": "Courrier renvoyé",
    "address_corrected": "Adresse mail corrigée",
}
_RESULTS: Final[Mapping[str, str]] = {
    "moved_on": "l’état avait changé, rien à faire",
    "engine_away": "le moteur ne répondait pas",
}


def groups(picture: Picture, now: datetime) -> Sequence[Row]:
    """The troubles by cause, those that wait for somebody first."""
    by_cause: dict[Cause, list[Trouble]] = {}
    for trouble in picture.troubles:
        by_cause.setdefault(cause_of(trouble.code), []).append(trouble)
    ordered = sorted(
        by_cause.items(), key=lambda item: all(one.kind == "retrying" for one in item[1])
    )
    return [
        {
            "title": cause.title,
            "advice": cause.what_to_do,
            "rows": [trouble_row(one, now) for one in troubles],
        }
        for cause, troubles in ordered
    ]


def trouble_row(trouble: Trouble, now: datetime) -> Row:
    """One line: which dossier, which step, since when, how often, and when next."""
    href = ""
    if trouble.letter_id:
        href = f"/admin/mails/{trouble.letter_id}"
    elif trouble.incident_id:
        href = f"/admin/supervision/{trouble.incident_id}"
    return {
        "href": href,
        "dossier": f"Dossier {trouble.number}" if trouble.number else "Courrier sans dossier",
        "step": letter_words(trouble.letter_kind)
        if trouble.letter_kind
        else step_words(trouble.step),
        "kind": trouble.kind,
        "cause": _server_words(trouble.code),
        "since": french.ago(now, trouble.since),
        "attempts": trouble.attempts,
        "next_try": next_try(trouble, now),
    }


def _server_words(code: str) -> str:
    """What a mail server said; the other codes are on the page of the step."""
    number = server_number(code)
    return f"Réponse {number} du serveur" if number else ""


def next_try(trouble: Trouble, now: datetime) -> str:
    """When the step is tried next; empty when nothing happens unless somebody acts."""
    if trouble.is_running:
        return "en cours"
    if trouble.letter_id or trouble.code == "workflow_failing":
        return ""
    at = trouble.next_try_at
    if at is None:
        return "dès qu’un worker est là"
    if at <= now:
        return "dans un instant"
    day = "" if french.day(at) == french.day(now) else f"{french.short_day(at)} "
    return f"{day}à {french.hour(at)}"


def waiting_rows(picture: Picture, now: datetime) -> Sequence[Row]:
    """Who is waited for: by state, how many, since when, how many too long."""
    return [_waiting_row(one, now) for one in picture.waiting]


def _waiting_row(waiting: Waiting, now: datetime) -> Row:
    who = waits_for(waiting.state)
    return {
        "state": _STATES.get(waiting.state, str(waiting.state)),
        "who": _WHO[who] if who else "Personne",
        "count": waiting.count,
        "oldest": french.ago(now, waiting.oldest_since) if waiting.oldest_since else "–",
        "overdue": waiting.overdue,
    }


def interventions(found: Sequence[Intervention], now: datetime) -> Sequence[Row]:
    """What admins did, newest first."""
    return [
        {
            "when": french.ago(now, one.at),
            "who": one.admin_name,
            "what": _DONE.get(one.what, one.what)
            + (f" ({_RESULTS[one.result]})" if one.result in _RESULTS else ""),
            "detail": f"Raison : {one.reason}",
        }
        for one in found
    ]
