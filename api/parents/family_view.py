"""The family's file in words: rows, people, and what waits for the town."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts

from api.school_words import class_of, first_day_in_words, grade_of
from domain import french
from domain.consents import CELLS
from domain.deadlines import last_day
from domain.french import plural
from domain.kinds.change_subjects import PAGES, WORDS, Subject
from domain.kinds.registration_questions import SECTIONS
from domain.paper import has_mail
from domain.questions import Field, Lists, Section, Values, as_day, shown
from domain.school_years import school_year_of
from domain.states import State
from storage.changes import AskedChange
from storage.consents import ImageRights
from storage.family_record import (
    Contact,
    FamilyRecord,
    FollowedChild,
    RecordedChild,
    RecordedGuardian,
)

HERE = "/famille"
_RELATION = SECTIONS[0].field("relation")
_CUSTODY = next(one for one in PAGES if one.code == Subject.CUSTODY.value)
_MORE = (
    ("/documents", "Documents"),
    ("/quotient", "Quotient familial"),
    ("/reglements", "Règlements et conditions"),
)
_MORE_OF_CHILD = (
    ("/famille/enfants/{child_id}/autorisations", "Droit à l’image et autorisations"),
)


def address_of(record: FamilyRecord) -> str:
    """The address on one line; empty where the town knows none."""
    town = f"{record.postal_code} {record.city}".strip()
    return ", ".join(part for part in (record.street, town, record.country) if part)


def person_rows(who: RecordedGuardian) -> Sequence[tuple[str, str]]:
    """What a guardian reads of themself."""
    mail = who.email if has_mail(who.email) else ""
    return [
        ("Téléphone", who.phone or "Non indiqué"),
        ("Adresse mail", mail or "Aucune : vos courriers sont à l’accueil de la mairie"),
        ("Profession", who.profession or "Non indiquée"),
    ]


def relation_of(who: RecordedGuardian) -> str:
    """`Mère`, `Père`… as it was answered."""
    return shown(_RELATION, who.relation, {})


def payers_of(record: FamilyRecord) -> str:
    """Who receives the bills, by their names."""
    return " et ".join(one.name for one in record.guardians if one.is_payer)


def child_rows(child: RecordedChild | FollowedChild) -> Sequence[tuple[str, str]]:
    """The child itself; what is not known is left out."""
    born = as_day(child.birth_date)
    rows = (
        ("Prénom et nom", child.name),
        ("Date de naissance", f"{born:%d/%m/%Y}" if born else ""),
        ("Lieu de naissance", child.birth_place),
    )
    return [row for row in rows if row[1]]


def school_rows(child: RecordedChild | FollowedChild) -> Sequence[tuple[str, str]]:
    """Where the child goes to school, and will go: of a child as it is on a day (`Pupil.on`)."""
    return [
        ("École", child.other_school or child.school or "Non indiquée"),
        ("Classe", grade_of(child.grade) or "Non indiquée"),
        *((f"À partir du {first_day_in_words(one)}", class_of(one)) for one in child.years),
    ]


def images_in_words(rights: ImageRights, account_id: str, today: date) -> str:
    """What may be done with images of a child this school year, as this guardian reads it."""
    year = school_year_of(today)
    allowed = len(rights.allowed(year))
    if allowed:
        return f"{plural(allowed, 'usage autorisé', 'usages autorisés')} sur {len(CELLS)}"
    if rights.said_by(account_id, year):
        return "Aucun usage autorisé"
    return "Vous n’avez pas encore répondu\u00a0: aucun usage n’est autorisé"


def custody_rows(values: Values) -> Sequence[tuple[str, str]]:
    """What was said of the custody, for the family that said it."""
    return [
        (one.label, shown(one, values[one.name], {}))
        for one in _CUSTODY.fields
        if values.get(one.name)
    ]


def contact_cards(contacts: Sequence[Contact], today: date) -> Sequence[Mapping[str, Any]]:
    """Who counts today or later, in the order of the family's list."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "link": one.link,
            "phone": one.phone,
            "roles": roles_of(one),
            "days": days_of(one, today),
            "is_to_come": one.since is not None and one.since > today,
        }
        for one in contacts
        if not one.has_ended(today)
    ]


def ended_rows(contacts: Sequence[Contact], today: date) -> Sequence[str]:
    """Who was taken off the list, with the last day."""
    return [
        f"{one.name}, jusqu’au {french.day(one.until)}"
        for one in contacts
        if one.until is not None and one.has_ended(today)
    ]


def roles_of(one: Contact) -> Sequence[str]:
    """What this person may do, in words; never nothing."""
    roles = []
    if one.may_pick_up:
        roles.append("Peut venir chercher l’enfant")
    if one.is_emergency:
        roles.append("À appeler en cas d’urgence")
    return roles or ["Ne peut pas venir chercher l’enfant"]


def days_of(one: Contact, today: date) -> str:
    """From when and until when, where that is said and still matters."""
    parts = []
    if one.since is not None and one.since > today:
        parts.append(f"à partir du {french.day(one.since)}")
    if one.until is not None:
        parts.append(f"jusqu’au {french.day(one.until)} compris")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def waiting_rows(asked: Sequence[AskedChange], at: datetime) -> Sequence[Mapping[str, Any]]:
    """What waits, and what was refused lately, as the macro `waiting_changes` draws it."""
    return [_row(one, at) for one in asked if one.subject in set(Subject)]


def _row(one: AskedChange, at: datetime) -> Mapping[str, Any]:
    what = WORDS[Subject(one.subject)].what
    row = {
        "subject": one.subject,
        "child_id": one.child_id,
        "contact_id": one.contact_id,
        "what": what,
        "href": f"/dossiers/{one.dossier_id}",
        "withdraw": f"/dossiers/{one.dossier_id}/retirer" if one.is_waiting else "",
        "is_settling": one.is_settling,
    }
    return {**row, **_standing(one, at)}


def _standing(one: AskedChange, at: datetime) -> Mapping[str, Any]:
    if one.state is State.DRAFT:
        return {"badge": ("neutral", "–", "À finir"), "words": "Commencé, pas encore envoyé."}
    if one.state is State.REFUSED:
        when = french.day(one.decided_at) if one.decided_at else ""
        return {"badge": ("alert", "X", "Refusé"), "words": f"Refusé le {when}. Rien n’a changé."}
    if one.state is State.AWAITING_FAMILY:
        limit = f" avant la fin du {french.day(last_day(one.due_at))}" if one.due_at else ""
        return {
            "badge": ("alert", "!", "À compléter"),
            "words": f"La mairie attend de vous{limit}.",
        }
    sent = french.ago(at, one.submitted_at) if one.submitted_at else ""
    by = f" Réponse au plus tard le {french.day(last_day(one.due_at))}." if one.due_at else ""
    if one.is_settling:
        words = f"Envoyé {sent}. Quelques secondes suffisent."
        return {"badge": ("waiting", "…", "Le portail vérifie"), "words": words}
    return {"badge": ("waiting", "?", "En attente de la mairie"), "words": f"Envoyé {sent}.{by}"}


def links_of(request: Request, child_id: str = "") -> Sequence[tuple[str, str]]:
    """The other pages of the family's file, or of a child's, that this portal has."""
    known = _paths(request.app)
    wanted = _MORE_OF_CHILD if child_id else _MORE
    return [(words, path.format(child_id=child_id)) for path, words in wanted if path in known]


def _paths(app: FastAPI) -> frozenset[str]:
    if not hasattr(app.state, "paths"):
        app.state.paths = frozenset(str(one.path) for one in iter_route_contexts(app.routes))
    paths: frozenset[str] = app.state.paths
    return paths


def page_with_today(section: Section, known: Values, lists: Lists) -> Section:
    """The page with the value of today beside each question that has one."""

    def beside(one: Field) -> Field:
        today = known.get(one.name, "")
        if not today or one.kind == "hidden":
            return one
        words = f"Aujourd’hui : {shown(one, today, lists)}."
        return replace(one, hint=f"{words} {one.hint}".strip())

    return replace(section, fields=tuple(beside(one) for one in section.fields))
