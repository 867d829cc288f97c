"""What a dossier asks, one subject per page: the shape of the questions and how an answer is read.

A kind (`domain/kinds/…`) lists its sections; pages, recap, the agent's view, the comparison "what
changed" and the JSON facade all read the same list. Answers are plain texts, kept as
`{section code: {field name: text}}`; reading never loses what was typed, even when it is wrong.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from domain.rights import FieldGroup

Values = Mapping[str, str]
Answers = Mapping[str, Values]

FieldKind = Literal[
    "text", "tel", "email", "date", "choice", "select", "checkbox", "long_text", "fixed", "hidden"
]
WRITTEN_BY_THE_PORTAL: frozenset[FieldKind] = frozenset({"fixed", "hidden"})
"""Answers that nobody types: shown as they are (`fixed`), or nowhere (`hidden`)."""


def always(_answers: Answers) -> bool:
    """The condition of what does not depend on any answer."""
    return True


def never(_values: Values) -> bool:
    """The condition of what no answer brings about."""
    return False


def nothing_else(_values: Values) -> Mapping[str, str]:
    """The check of a page whose answers are right together when each is right by itself."""
    return {}


@dataclass(frozen=True)
class Choice:
    """One possible answer: what is kept, and what is read on the screen."""

    value: str
    label: str


YES_NO = (Choice("yes", "Oui"), Choice("no", "Non"))


@dataclass(frozen=True)
class Field:
    """One question.

    `only_if` names another field of the same section and the value it must have for this question
    to count. `choices_from` names a list that the town keeps (its schools), given when reading.
    `autocomplete` is the WCAG 1.3.5 token. A `spaceless` answer is kept without the spaces typed
    inside it ("47 240"). An answer of a `group` is read by the family and by who has that group.
    `when` tells from all answers of the dossier whether the question is there at all. `is_free`
    tells from those of its page that it may be empty and of any shape (a postal code abroad).
    A date is a child's birth date; one that may be `any_day` may be to come, or long past.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = True
    hint: str = ""
    autocomplete: str = "off"
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    only_if: tuple[str, str] | None = None
    max_length: int = 120
    pattern: str = ""
    pattern_message: str = ""
    spaceless: bool = False
    group: FieldGroup | None = None
    when: Callable[[Answers], bool] = always
    is_free: Callable[[Values], bool] = never
    any_day: bool = False

    def asked(self, values: Values) -> bool:
        """Whether this question counts, given the other answers of its page."""
        return self.only_if is None or values.get(self.only_if[0], "") == self.only_if[1]


@dataclass(frozen=True)
class Section:
    """One page of questions. `code` is its place in the URL, in French.

    `groups` are titles by the beginning of field names: questions of the same person, together.
    `when` tells from the answers whether the page is there at all (`Rules.sections_for`). One that
    comes `with_sending` is asked where the dossier is sent. In its texts `{page.name}` stands for
    that answer, and `{de page.name}` for it after « de ». `check` says what answers that are right
    by themselves do not say together, by field.
    """

    code: str
    title: str
    fields: tuple[Field, ...]
    intro: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    when: Callable[[Answers], bool] = always
    with_sending: bool = False
    check: Callable[[Values], Mapping[str, str]] = nothing_else

    @property
    def written_by_the_portal(self) -> frozenset[str]:
        """The names of the answers that nobody types."""
        return frozenset(one.name for one in self.fields if one.kind in WRITTEN_BY_THE_PORTAL)

    @property
    def reserved(self) -> frozenset[str]:
        """The names of the questions whose answers are of a reserved group."""
        return frozenset(one.name for one in self.fields if one.group is not None)

    def field(self, name: str) -> Field:
        """The question of that name; KeyError when there is none."""
        return {one.name: one for one in self.fields}[name]


Lists = Mapping[str, Sequence[Choice]]
"""The lists the town keeps, by name: `{"schools": (Choice("…", "École Jean-Moulin"), …)}`."""


def choices_of(question: Field, lists: Lists) -> Sequence[Choice]:
    """What can be answered to this question in this town."""
    return lists.get(question.choices_from, ()) if question.choices_from else question.choices


def read(
    section: Section, raw: Values, lists: Lists, *, today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Read what was typed on one page.

    Returns:
        The texts to keep (trimmed, cut at nothing: an over-long text is an error, never shortened)
        and, for each field that cannot be accepted, one French sentence saying what to do.
    """
    values = {one.name: _tidy(one, raw.get(one.name, "")) for one in section.fields}
    for one in section.fields:
        if one.spaceless and one.is_free(values):
            values[one.name] = _tidy(replace(one, spaceless=False), raw.get(one.name, ""))
    problems = {
        one.name: problem
        for one in section.fields
        if one.asked(values)
        and not (one.is_free(values) and len(values[one.name]) <= one.max_length)
        and (problem := _problem(one, values[one.name], lists, today))
    }
    together = section.check(values).items()
    return values, problems | {k: v for k, v in together if k in values and k not in problems}


def _tidy(question: Field, text: str) -> str:
    if question.kind == "checkbox":
        return "yes" if text.strip() not in {"", "no"} else ""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if question.kind == "long_text":
        return text.strip()
    text = re.sub(r"\s+", "" if question.spaceless else " ", text).strip()
    return _TRUNK_ZERO.sub(r"\1 ", text) if question.kind == "tel" else text


# "+33 (0)6 12…": the zero in brackets is dialled inside the country only.
_TRUNK_ZERO = re.compile(r"^(\+\d{1,3}) ?\(0\) ?")

_PHONE = re.compile(r"^(?:\+\d{1,3}|0)(?:[ .\-/]?\d){8,14}$")
# Around the area: "(0262) 12 34 56", "+1 (415) 555-2671".
_AREA = re.compile(r"\((\d{1,5})\) ?")
_EMAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,24}$")


def is_email(text: str) -> bool:
    """Whether this can be a mail address: one @, no space, a dot in the domain, ≤ 254 signs."""
    return len(text) <= 254 and bool(_EMAIL.match(text)) and text.isprintable()  # noqa: PLR2004


_YEARS = range(1900, 2200)


def as_day(text: str) -> date | None:
    """A day from a date field: ISO as browsers send it, or dd/mm/yyyy as people type it.

    None for what is no day, or none that a town deals with: what follows a day must have room.
    """
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    parts = match.groups() if match else ()
    if not match and (typed := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", text)):
        parts = typed.groups()[::-1]
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _problem(question: Field, text: str, lists: Lists, today: date) -> str:
    if not text:
        return _missing(question) if question.required else ""
    if len(text) > question.max_length:
        return f"Raccourcissez cette réponse : {question.max_length} caractères au plus."
    if question.kind in {"choice", "select"} and text not in {
        choice.value for choice in choices_of(question, lists)
    }:
        return "Choisissez une réponse de la liste."
    if question.pattern and not re.fullmatch(question.pattern, text):
        return question.pattern_message
    if question.any_day:
        return "" if as_day(text) else _NO_DAY
    return _KIND_PROBLEMS[question.kind](text, today) if question.kind in _KIND_PROBLEMS else ""


def _missing(question: Field) -> str:
    if question.kind in {"choice", "select"}:
        return f"Choisissez une réponse : « {question.label} »."
    if question.kind == "checkbox":
        return f"Cochez la case : « {question.label} »."
    label = question.label.rstrip("  ?")
    return f"Indiquez : {label[:1].lower()}{label[1:]}."


def _phone_problem(text: str, _today: date) -> str:
    if _PHONE.match(_AREA.sub(r"\1", text)):
        return ""
    return "Écrivez un numéro de téléphone, par exemple 06 12 34 56 78."


def _email_problem(text: str, _today: date) -> str:
    return (
        "" if is_email(text) else "Écrivez une adresse mail complète, par exemple nom@exemple.fr."
    )


_NO_DAY = "Écrivez une date qui existe, par exemple 12/03/2021."


def is_of_age(born: date, today: date) -> bool:
    """Whether somebody born that day is eighteen; born on a 29 February, from 1 March on."""
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday) >= 18  # noqa: PLR2004


def _birth_problem(text: str, today: date) -> str:
    day = as_day(text)
    if day is None:
        return _NO_DAY
    if day > today:
        return "Cette date est dans le futur. Vérifiez l’année."
    if is_of_age(day, today):
        return "Cette date est trop ancienne pour un enfant. Vérifiez l’année."
    return ""


_KIND_PROBLEMS = {"tel": _phone_problem, "email": _email_problem, "date": _birth_problem}


def shown(question: Field, text: str, lists: Lists) -> str:
    """An answer as it is read in the recap: the label of a choice, "12/03/2021" for a day."""
    if question.kind in {"choice", "select"}:
        return next((c.label for c in choices_of(question, lists) if c.value == text), text)
    if question.kind == "checkbox":
        return "Oui" if _tidy(question, text) else "Non"
    if question.kind == "date" and (day := as_day(text)):
        return f"{day:%d/%m/%Y}"
    return text


def unfinished(
    sections: Sequence[Section], answers: Answers, lists: Lists, *, today: date
) -> tuple[str, ...]:
    """The codes of the pages that are not filled in, or not correctly, in their order."""
    return tuple(
        section.code
        for section in sections
        if section.code not in answers
        or read(section, answers[section.code], lists, today=today)[1]
    )


def changed(before: Answers, now: Answers) -> tuple[tuple[str, str], ...]:
    """Which questions were answered otherwise: (section, field) pairs in a stable order."""
    codes = sorted({*before, *now})
    return tuple(
        (code, name)
        for code in codes
        for name in sorted({*before.get(code, {}), *now.get(code, {})})
        if before.get(code, {}).get(name, "") != now.get(code, {}).get(name, "")
    )
