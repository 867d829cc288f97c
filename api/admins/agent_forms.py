"""What an admin writes of a member of staff: who they are, what they may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.access.links import mail_address
from api.forms import Form
from domain.rights import GROUP_WORDS, Duty, FieldGroup
from storage.accounts import Account
from storage.staff import ADMIN, ROLES
from storage.town import Department

ALL = "tous"
"""Stands for all departments, those of tomorrow included."""
_WORK = "work"
_LONGEST = 120
ROLE_WORDS: Mapping[str, str] = {"agent": "agent", ADMIN: "administrateur du portail"}
_ROLE_CHOICES = (
    {"value": "agent", "label": "Agent", "hint": "Traite les dossiers des familles."},
    {
        "value": ADMIN,
        "label": "Administrateur",
        "hint": "Surveille et règle le portail, invite les agents. Ne traite pas les dossiers.",
    },
)


@dataclass(frozen=True)
class Description:
    """Who somebody of the town is, and what they may do. An admin has no duties."""

    name: str
    title: str
    role: str
    duties: tuple[Duty, ...]


def read_description(
    form: Form, departments: Sequence[Department], *, role: str = ""
) -> tuple[Description | None, dict[str, str]]:
    """What a form says, or one sentence for each field that is wrong.

    `role` is set for whoever must not change it; the form's own is then not looked at.
    """
    name, title = (" ".join(form.get(field, "").split()) for field in ("name", "title"))
    role = role or form.get("role", "")
    duties = _duties(form, departments) if role != ADMIN else ()
    errors = {}
    if not name:
        errors["name"] = "Écrivez le prénom et le nom : les courriers les portent."
    for field, text in (("name", name), ("title", title)):
        if len(text) > _LONGEST:
            errors[field] = f"Raccourcissez : {_LONGEST} caractères au plus."
    if role not in ROLES:
        errors["role"] = "Choisissez un rôle."
    elif role != ADMIN and not duties:
        errors[_field(ALL)] = "Choisissez au moins un service : sans service, aucun dossier."
    return (None if errors else Description(name, title, role, duties)), errors


def read_address(form: Form) -> tuple[str, dict[str, str]]:
    """The mail address of whoever is invited, or what is wrong with it."""
    email = mail_address(form.get("email", ""))
    wrong = "Écrivez une adresse mail complète, par exemple prenom.nom@mairie.fr."
    return email, {} if email else {"email": wrong}


def values_of(account: Account) -> Mapping[str, Any]:
    """The fields of the form, as they stand for this person."""
    values: dict[str, Any] = {
        "name": account.name,
        "title": account.title,
        "role": account.role,
        "email": account.email,
    }
    for duty in account.duties:
        values[_field(duty.department or ALL)] = [_WORK, *sorted(duty.fields)]
    return values


def form_choices(departments: Sequence[Department]) -> Mapping[str, Any]:
    """What the form offers: roles, and for each department what can be opened of it."""
    places = [(ALL, "Tous les services"), *((one.code, one.name) for one in departments)]
    return {
        "roles": _ROLE_CHOICES,
        "services": [
            {"field": _field(code), "label": label, "options": _OPTIONS} for code, label in places
        ],
    }


_OPTIONS = (
    {"value": _WORK, "label": "Voir et traiter les dossiers"},
    *({"value": one.value, "label": f"Lire aussi : {GROUP_WORDS[one]}"} for one in FieldGroup),
)


def _duties(form: Form, departments: Sequence[Department]) -> tuple[Duty, ...]:
    found = []
    for code in (ALL, *(one.code for one in departments)):
        ticked = form.getlist(_field(code))
        fields = frozenset(one for one in FieldGroup if one.value in ticked)
        # Whoever reads what is reserved of a department works for it.
        if fields or _WORK in ticked:
            found.append(Duty(None if code == ALL else code, fields))
    return tuple(found)


def _field(code: str) -> str:
    return f"service-{code}"
