"""What an admin writes to plan a campaign, read into a plan, or into what has to be corrected."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from api.forms import Form
from domain.campaigns import LETTERS, Audience, Plan, Position
from domain.kinds.registration_questions import GRADES
from domain.questions import as_day
from storage.accounts import PARENT
from storage.store import Store
from storage.town import Facility, Procedure

ALL, BY_GRADE, BY_SCHOOL, CHOSEN = "all", "grades", "schools", "chosen"
WHO: Final = (
    (ALL, "Toutes les familles avec un enfant à l’école"),
    (BY_GRADE, "Les familles de certaines classes"),
    (BY_SCHOOL, "Les familles de certaines écoles"),
    (CHOSEN, "Quelques familles, par leur adresse mail"),
)
LETTER_WORDS: Final[Mapping[str, str]] = {
    "invitation": "Invitation",
    Position.NOT_BEGUN.value: "Rappel à qui n’a pas commencé",
    Position.BEGUN.value: "Rappel à qui a commencé sans envoyer",
    Position.MISSING.value: "Rappel à qui doit encore un document",
    "last": "Dernier rappel",
}
REMINDERS: Final = (Position.NOT_BEGUN, Position.BEGUN, Position.MISSING)
DEFAULTS: Final[Mapping[str, str]] = {
    "who": ALL,
    "last_days": "3",
    "batch_size": "50",
    "batch_pause": "60",
}
_LONGEST_TITLE, _LONGEST_WORDS, _MOST_CHOSEN = 120, 600, 200
LONGEST = timedelta(days=366)
"""How far away the last day of a campaign may be."""
_NUMBERS: Final = {
    "last_days": (0, 30, "Écrivez un nombre de jours, de 0 à 30."),
    "batch_size": (1, 500, "Écrivez un nombre de courriers, de 1 à 500."),
    "batch_pause": (10, 3600, "Écrivez un nombre de secondes, de 10 à 3600."),
}


@dataclass(frozen=True)
class Choices:
    """What the form lets choose from."""

    procedures: Sequence[Procedure]
    schools: Sequence[Facility]

    def context(self) -> Mapping[str, Any]:
        """The lists as the form's template wants them."""
        return {
            "procedures": [(one.id, one.title) for one in self.procedures],
            "who": [{"value": code, "label": words} for code, words in WHO],
            "grades": [{"value": one.value, "label": one.label} for one in GRADES],
            "schools": [{"value": one.id, "label": one.name} for one in self.schools],
            "letters": [(letter, LETTER_WORDS[letter]) for letter in LETTERS],
            "reminders": [(one.value, LETTER_WORDS[one.value]) for one in REMINDERS],
        }


@dataclass(frozen=True)
class Wish:
    """A campaign as it was asked for, with every word in order."""

    title: str
    procedure: Procedure
    plan: Plan


async def choices_of(store: Store) -> Choices:
    """What the form lets choose from, now."""
    return Choices(await store.town.procedures_of_kind("actualisation"), await store.town.schools())


async def read_wish(
    store: Store, form: Form, choices: Choices, today: date
) -> tuple[Wish | None, Mapping[str, str]]:
    """The campaign that was asked for, or what to correct, by field."""
    errors: dict[str, str] = {}
    title = " ".join(form.get("title", "").split())
    if not title or len(title) > _LONGEST_TITLE:
        errors["title"] = f"Écrivez un titre, de {_LONGEST_TITLE} signes au plus."
    procedure = next((one for one in choices.procedures if one.id == form.get("procedure")), None)
    if procedure is None:
        errors["procedure"] = "Choisissez la démarche que les familles feront."
    opens_on, closes_on = _read_days(form, today, errors)
    audience = await _read_audience(store, form, choices, errors)
    numbers = {name: _read_number(form, name, errors) for name in _NUMBERS}
    words = _read_words(form, errors)
    reminders = {who: _read_reminders(form, who, opens_on, closes_on, errors) for who in REMINDERS}
    if errors or procedure is None or opens_on is None or closes_on is None:
        return None, errors
    plan = Plan(opens_on, closes_on, audience, reminders, words, **numbers)
    return Wish(title, procedure, plan), {}


def read_day(form: Mapping[str, str], name: str) -> date | None:
    """The day of this field; None when it is none."""
    return as_day(form.get(name, "").strip())


def _read_days(form: Form, today: date, errors: dict[str, str]) -> tuple[date | None, date | None]:
    opens_on, closes_on = read_day(form, "opens"), read_day(form, "closes")
    if opens_on is None:
        errors["opens"] = "Écrivez le premier jour, par exemple 01/12/2026."
    elif opens_on < today:
        errors["opens"] = "Ce jour est passé : choisissez aujourd’hui ou un jour à venir."
    if closes_on is None:
        errors["closes"] = "Écrivez le dernier jour, par exemple 31/01/2027."
    elif opens_on and not opens_on < closes_on <= opens_on + LONGEST:
        errors["closes"] = "Le dernier jour vient après le premier, et dans l’année."
    return opens_on, closes_on


async def _read_audience(
    store: Store, form: Form, choices: Choices, errors: dict[str, str]
) -> Audience:
    who = form.get("who", "")
    if who == BY_GRADE:
        known = {one.value for one in GRADES}
        grades = tuple(one for one in form.getlist("grades") if one in known)
        if not grades:
            errors["grades"] = "Choisissez au moins une classe."
        return Audience(grades=grades)
    if who == BY_SCHOOL:
        schools = {one.id for one in choices.schools}
        chosen = tuple(one for one in form.getlist("schools") if one in schools)
        if not chosen:
            errors["schools"] = "Choisissez au moins une école."
        return Audience(schools=chosen)
    if who == CHOSEN:
        return await _read_chosen(store, form, errors)
    if who != ALL:
        errors["who"] = "Dites à quelles familles écrire."
    return Audience()


async def _read_chosen(store: Store, form: Form, errors: dict[str, str]) -> Audience:
    addresses = list(dict.fromkeys(re.split(r"[\s,;]+", form.get("addresses", "").lower())))
    addresses = [one for one in addresses if one]
    if not addresses or len(addresses) > _MOST_CHOSEN:
        errors["addresses"] = f"Écrivez de 1 à {_MOST_CHOSEN} adresses mail, une par ligne."
        return Audience()
    chosen: list[str] = []
    for address in addresses:
        account = await store.accounts.by_email(address)
        if account is None or account.role != PARENT or account.disabled_at is not None:
            errors["addresses"] = f"Aucune famille n’a cette adresse : {address[:80]}"
            return Audience()
        chosen.append(account.id)
    return Audience(chosen=tuple(dict.fromkeys(chosen)))


def _read_number(form: Form, name: str, errors: dict[str, str]) -> int:
    low, high, problem = _NUMBERS[name]
    text = form.get(name, "").strip()
    number = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else -1
    if not low <= number <= high:
        errors[name] = problem
    return number


def _read_words(form: Form, errors: dict[str, str]) -> Mapping[str, str]:
    words = {letter: form.get(f"words_{letter}", "").strip() for letter in LETTERS}
    for letter, text in words.items():
        if len(text) > _LONGEST_WORDS:
            errors[f"words_{letter}"] = f"Raccourcissez : {_LONGEST_WORDS} signes au plus."
    return {letter: text.replace("\r\n", "\n") for letter, text in words.items() if text}


def _read_reminders(
    form: Form,
    who: Position,
    opens_on: date | None,
    closes_on: date | None,
    errors: dict[str, str],
) -> tuple[date, ...]:
    name, days = f"days_{who.value}", set[date]()
    for text in re.split(r"[\s,;]+", form.get(name, "").strip()):
        day = as_day(text)
        if text and day is None:
            errors[name] = f"Ce jour ne se lit pas : {text[:30]}. Par exemple 15/12/2026."
        elif day and opens_on and closes_on and not opens_on < day <= closes_on:
            errors[name] = "Un rappel part après le premier jour, et au plus tard le dernier."
        elif day:
            days.add(day)
    return tuple(sorted(days))
