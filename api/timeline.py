"""What happened to a dossier, in French: one line per event, for the family or for the staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from domain.french import plural
from domain.kinds.catalogue import RULES
from domain.kinds.words import KIND_WORDS
from domain.questions import Answers
from domain.states import Action, Actor, State
from storage.dossiers import Dossier
from storage.events import Event

Audience = Literal["parent", "staff"]


@dataclass(frozen=True)
class Line:
    """One event: when, what, who (empty for the portal itself), and the letters it caused."""

    at: datetime
    text: str
    who: str
    detail: str = ""
    letters: tuple[str, ...] = ()


_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # what: (for the family, for the staff)
    "opened": ("Dossier commencé", "Dossier commencé"),
    "submit": ("Dossier envoyé", "Dossier envoyé par la famille"),
    "answer": ("Vous avez répondu à la mairie", "Complément envoyé par la famille"),
    "find_complete": ("Documents contrôlés", "Contrôles terminés"),
    "find_incomplete": ("Documents contrôlés", "Contrôles terminés"),
    "ask_to_complete": ("La mairie demande un complément", "Complément demandé"),
    "cancel_request": ("La mairie a annulé sa demande de complément", "Demande annulée"),
    "approve": ("Inscription validée", "Dossier validé"),
    "refuse": ("Inscription refusée", "Dossier refusé"),
    "approve_by_rule": (
        "Acceptée automatiquement : le dossier est complet",
        "Accepté par la règle de la démarche",
    ),
    "deem_approved": ("Acceptée, faute de réponse de la mairie à temps", "Accepté par silence"),
    "deem_refused": ("Refusée, faute de réponse de la mairie à temps", "Refusé par silence"),
    "withdraw": ("Vous avez retiré la demande", "Demande retirée par la famille"),
    "close_without_action": ("Dossier classé sans suite", "Classé sans suite"),
    "abandon": ("Brouillon fermé sans envoi", "Brouillon fermé sans envoi"),
    "document_added": ("Document ajouté", "Document ajouté par la famille"),
    "document_infected": (
        "Document refusé : l’antivirus y a trouvé un logiciel malveillant",
        "Document infecté, refusé par l’antivirus et effacé",
    ),
    "documents_erased": (
        "Documents effacés : leur durée est passée",
        "Documents effacés : leur durée est passée",
    ),
    "remove_document": ("Document retiré", "Document retiré par la famille"),
    "draft_reminder": ("Rappel envoyé : dossier à finir", "Rappel envoyé : brouillon"),
    "draft_warning": ("Dernier rappel envoyé : dossier à finir", "Dernier rappel : brouillon"),
    "complement_reminder": ("Rappel envoyé : complément attendu", "Rappel envoyé : complément"),
    "letter_refused": ("", "Courrier refusé par le serveur de mail"),
    "letter_sent_again": ("Courrier envoyé de nouveau", "Courrier renvoyé par l’administration"),
    "address_corrected": ("Adresse mail corrigée par la mairie", "Adresse mail corrigée"),
    "step_retried": ("", "Étape relancée par l’administration"),
    "followed": ("", "Pris en charge"),
    "letter_printed": ("", "Courrier imprimé à l’accueil"),
    "attached": ("Adresse mail ajoutée", "Adresse mail confirmée : la famille suit elle-même"),
    "seen_as_family": ("", "Pages de la famille consultées, sans rien changer"),
    "families_merged": (
        "Dossier réuni avec les autres dossiers de la famille",
        "Compte fusionné : dossier venu d’un autre compte de la famille",
    ),
    "family_grew": ("", "Compte fusionné : un autre compte de la famille a rejoint celui-ci"),
    "object": (
        "L’autre parent n’est pas d’accord : décision suspendue",
        "Désaccord de l’autre parent : décision suspendue",
    ),
    "lift_objection": ("Le désaccord de l’autre parent est levé", "Désaccord levé"),
    "cosign": ("L’autre parent a donné son accord", "Accord de l’autre parent"),
    "waive_cosignature": (
        "La mairie se passe de l’accord de l’autre parent",
        "Accord de l’autre parent : passé outre",
    ),
    "cosign_reminder": ("L’autre parent a reçu un rappel", "Rappel envoyé : accord attendu"),
    "cosign_overdue": ("", "Service appelé : l’accord de l’autre parent manque"),
    "silence_alert": ("", "Alerte envoyée au service : réponse à donner"),
    "decision_unheard": ("", "Décision reçue d’un autre système, sans effet"),
}  # fmt: skip
_BY_THE_FAMILY: Final = " par la famille"
_DROPPED: Final = ("Vous avez abandonné votre brouillon", "Brouillon abandonné par la famille")
"""A withdrawal of what the town never had."""


_FOR_THE_OTHER: Final[Mapping[str, str]] = {
    "submit": "Dossier envoyé à la mairie",
    "answer": "Complément envoyé à la mairie",
    "ask_to_complete": "La mairie demande un complément",
    "cancel_request": "La mairie a annulé sa demande de complément",
    "approve_by_rule": "Acceptée automatiquement : le dossier est complet",
    "deem_approved": "Acceptée, faute de réponse de la mairie à temps",
    "deem_refused": "Refusée, faute de réponse de la mairie à temps",
    "object": "Un parent n’est pas d’accord : décision suspendue",
    "lift_objection": "Désaccord levé",
    "cosign": "Accord de l’autre parent donné",
    "waive_cosignature": "La mairie se passe de l’accord de l’autre parent",
    "withdraw": "Demande retirée",
    "close_without_action": "Dossier classé sans suite",
}
"""For a guardian who did not send the dossier: what happened, without who, nor with which paper."""


def lines_for_the_other(kind: str, events: Sequence[Event]) -> Sequence[Line]:
    """The events that concern the child, in the order given: no name, no detail, no letter."""
    words = KIND_WORDS[kind]
    decided = {Action.APPROVE.value: words.approved, Action.REFUSE.value: words.refused}
    told = {**_FOR_THE_OTHER, **decided}
    return [
        Line(at=event.at, text=told[event.what], who="") for event in events if event.what in told
    ]


def lines(
    dossier: Dossier, events: Sequence[Event], audience: Audience, *, answers: Answers | None = None
) -> Sequence[Line]:
    """The events in words, in the order given. What does not concern the family is left out.

    With the family's `answers`, the pieces of one of its children say whose they are.
    """
    titles = RULES[dossier.kind].titles(answers or {})
    return [line for event in events if (line := _line(dossier, event, audience, titles))]


def staff_words(what: str) -> str:
    """What an event is called on the staff's pages; its own name where they do not tell it."""
    return _WORDS.get(what, ("", ""))[1] or what


def _line(
    dossier: Dossier, event: Event, audience: Audience, titles: Mapping[str, str]
) -> Line | None:
    for_family, for_staff = _WORDS.get(event.what, ("", event.what))
    if event.what == Action.WITHDRAW and dossier.submitted_at is None:
        for_family, for_staff = _DROPPED
    if event.what in {Action.APPROVE, Action.REFUSE}:
        words = KIND_WORDS[dossier.kind]
        for_family = words.approved if event.what == Action.APPROVE else words.refused
    text = for_family if audience == "parent" else for_staff
    if event.actor == Actor.DESK:
        text = text.removesuffix(_BY_THE_FAMILY)
    if not text:
        return None
    return Line(
        at=event.at,
        text=text,
        who=_who(event, audience),
        detail=_detail(event, titles),
        letters=tuple(event.detail.get("letters") or ()),
    )


def _who(event: Event, audience: Audience) -> str:
    if event.actor == Actor.PORTAL:
        return ""
    if event.actor == Actor.PARENT:
        return "vous" if audience == "parent" else event.actor_name or "la famille"
    if event.actor == Actor.DESK:
        by_whom = event.actor_name if audience == "staff" else ""
        return ", ".join(part for part in (by_whom, "saisi par l’accueil") if part)
    if event.actor == Actor.GUARDIAN:
        return event.actor_name if audience == "staff" else "l’autre parent"
    return event.actor_name or "la mairie"


def _detail(event: Event, titles: Mapping[str, str]) -> str:
    known: Mapping[str, Any] = event.detail
    if piece := known.get("piece"):
        return titles.get(str(piece), str(piece))
    missing = [titles.get(str(code), str(code)) for code in known.get("missing") or ()]
    if not missing or event.state != State.AWAITING_FAMILY:
        return ""
    return (
        f"{plural(len(missing), 'document attendu', 'documents attendus')} : {', '.join(missing)}"
    )
