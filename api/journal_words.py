"""The lines of the journal in French: who, what, to which dossier; names as they are today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.timeline import staff_words
from domain.audit import WORDS, What
from domain.kinds.catalogue import RULES
from domain.retention import PERIODS
from storage.journal import Entry, Person
from storage.store import Store

_ROLES = {"parent": "parent", "agent": "agent", "admin": "administration", "system": "logiciel"}
_SAID = {
    ("how", "original"): "fichier téléchargé",
    ("how", "page"): "à l’écran",
    ("how", "album"): "toutes les pages en PDF",
    ("how", "password"): "par mot de passe",
    ("how", "link"): "par un lien reçu par mail",
    ("how", "code"): "avec le code du téléphone",
    ("how", "recovery_code"): "avec un code de secours",
    ("how", "france_connect"): "par FranceConnect",
    ("mode", "view"): "pour voir comme la famille",
    ("mode", "desk"): "pour saisir à l’accueil",
    ("why", "time"): "le temps était passé",
    ("why", "another"): "pour une autre famille",
    ("why", "left"): "",
    ("why", "unknown"): "aucun dossier à cette identité",
    ("why", "identity"): "identité non comprise",
    ("why", "busy"): "trop de demandes en ce moment",
    ("why", "away"): "pas de réponse",
    ("why", "not_allowed"): "l’autorisation de la mairie est refusée",
    ("why", "expired"): "accord trop ancien",
    ("why", "somebody_else"): "une autre identité que celle du compte",
    ("step", "first"): "le code est encore attendu",
    ("step", "second"): "",
    ("step", "whole"): "",
    ("groups", "custody"): "séparation, décisions de justice",
    ("groups", "custody,health"): "séparation, décisions de justice, santé",
    ("groups", "health"): "santé",
    **{("category", one.code.value): one.what for one in PERIODS},
}
_LABELS = {
    "lines": "lignes",
    "documents": "documents",
    "token": "jeton",
    "scopes": "permissions",
    "reason": "motif",
    "role": "rôle",
    "on": "à partir du",
    "left": "codes restants",
    "du": "du",
    "au": "au",
    "acte": "sur",
}
_UNTOLD = frozenset({"page"})
_CODES = {
    "not_found": "n’existe pas, ou n’est pas à cette personne",
    "stale_form": "formulaire d’une autre session",
    "scope_missing": "permission que le jeton n’a pas",
}
_NOBODY = "Personne inconnue"
_GONE = "Compte effacé"
_PIECES = {rule.piece.code: rule.piece.title for rules in RULES.values() for rule in rules.pieces}


@dataclass(frozen=True)
class Told:
    """One line as people read it. `whom`: to whom it was done, or in whose name.

    `sentence` is who and what together; `piece` which piece of the dossier was opened, if one was.
    """

    at: datetime
    who: str
    who_id: str
    role: str
    what: str
    sentence: str
    whom: str
    piece: str
    detail: str
    number: str
    place: str


async def told(store: Store, entries: Sequence[Entry]) -> Sequence[Told]:
    """These lines in words, with today's names: two questions, however many they are."""
    ids = {one for entry in entries for one in (entry.actor_id, entry.behind_id, entry.subject)}
    people = await store.journal.people(ids)
    numbers = await store.supervision.numbers(
        sorted({one.dossier_id for one in entries if one.dossier_id})
    )
    return [_told(entry, people, numbers) for entry in entries]


def what_words(entry: Entry) -> str:
    """What was done, after the name of whoever did it; a timeline's words stand by themselves."""
    if entry.is_act:
        return staff_words(entry.what)
    try:
        return WORDS[What(entry.what)]
    except ValueError:  # a kind of line that this version does not know any more
        return entry.what


def _told(entry: Entry, people: Mapping[str, Person], numbers: Mapping[str, str]) -> Told:
    who_id = entry.behind_id or entry.actor_id
    who, what, person = name_of(who_id, people), what_words(entry), people.get(who_id)
    return Told(
        at=entry.at,
        who=who,
        who_id=who_id,
        role=_ROLES.get(person.role, "") if person else "",
        what=what,
        sentence=f"{who} : {what}" if entry.is_act else f"{who} {what}",
        whom=_whom(entry, people),
        piece=_PIECES.get(str(entry.detail.get("piece", "")), ""),
        detail=_detail(entry),
        number=numbers.get(entry.dossier_id, ""),
        place=entry.place,
    )


def name_of(account_id: str, people: Mapping[str, Person]) -> str:
    """The name of this account today, or its address when it has no name."""
    if not account_id:
        return _NOBODY
    person = people.get(account_id)
    return (person.name or person.email) if person else _GONE


def _whom(entry: Entry, people: Mapping[str, Person]) -> str:
    if entry.behind_id:
        return name_of(entry.actor_id, people)
    if entry.subject in people and entry.subject != entry.actor_id:
        return name_of(entry.subject, people)
    return ""


def _detail(entry: Entry) -> str:
    """The codes of a line, in words where there are some."""
    if entry.is_act:
        return ""
    said = {name: str(value) for name, value in entry.detail.items() if name not in _UNTOLD}
    parts = [_PIECES.get(said.pop("piece", ""), "")]
    code = said.pop("code", "")
    parts += [_CODES.get(code, code)]
    parts += [" ".join(said.pop(name, "") for name in ("method", "route")).strip()]
    parts += [
        _SAID.get((name, value), f"{_LABELS.get(name, name)} : {value}")
        for name, value in sorted(said.items())
        if value
    ]
    return ", ".join(part for part in parts if part)
