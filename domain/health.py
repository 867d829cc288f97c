"""A child's health record: what is asked, and what is missing before it may go to activities.

What is not needed is not asked: a diet comes from a closed list (a religion is never written down),
a handicap says only that somebody must help, and a care plan (PAI) only whether it changed: it
holds for the whole time at a school (circulaire of 10 February 2021), nobody renews it every year.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from domain.deadlines import add_months, paris_day
from domain.questions import Choice, Field, Section, Values, as_day, read
from domain.rights import FieldGroup
from domain.school_years import last_day_of, school_year_of
from domain.vaccinations import Doses, Due, missing, missing_since, ordinal

_NO_RELIGION = r"(?is)(?!.*\b(?:halal|hallal|casher|kasher|kosher|ramadan)\b).*"
_CHOOSE_A_DIET = (
    "La mairie ne note jamais de religion. Pour les repas, choisissez dans la liste, par exemple "
    "« Sans porc »."
)
_CARE = ("concern", "yes")
_PAI_MISSING = (
    "Un PAI nouveau ou changé est annoncé, et son document manque : joignez-le à l’actualisation "
    "du dossier, ou remettez-le au service."
)
PAI_PAPER = "care_plan"
"""The code of the care plan among the papers of a child."""

DIETS = (
    Choice("ordinary", "Repas ordinaire"),
    Choice("no_pork", "Sans porc"),
    Choice("no_meat", "Sans viande, avec poisson"),
    Choice("vegetarian", "Végétarien, sans viande ni poisson"),
    Choice("no_gluten", "Sans gluten, selon le PAI"),
    Choice("allergy", "Adapté à une allergie, selon le PAI"),
    Choice("packed", "Panier-repas de la famille, selon le PAI"),
)
"""The meals that the town serves: a closed list."""
WITH_PAI = frozenset({"no_gluten", "allergy", "packed"})
"""The meals that rest on a care plan."""


def _text(
    name: str, label: str, hint: str = "", *, only_if: tuple[str, str] | None = None
) -> Field:
    return Field(
        name,
        label,
        "long_text",
        required=False,
        hint=hint,
        only_if=only_if,
        max_length=600,
        pattern=_NO_RELIGION,
        pattern_message=_CHOOSE_A_DIET,
        group=FieldGroup.HEALTH,
    )


FIELDS: tuple[Field, ...] = (
    Field(
        "concern",
        "Votre enfant a-t-il une allergie ou un PAI (projet d’accueil individualisé) ?",
        "choice",
        choices=(
            Choice("no", "Aucune allergie, aucun PAI"),
            Choice("yes", "Oui, une allergie ou un PAI"),
        ),
        group=FieldGroup.HEALTH,
    ),
    _text("allergies", "À quoi est-il allergique ?", only_if=_CARE),
    _text("conduct", "Que faire en cas de réaction ?", only_if=_CARE),
    Field(
        "pai",
        "Votre enfant a-t-il un PAI ?",
        "choice",
        choices=(
            Choice("none", "Pas de PAI"),
            Choice("same", "Oui, il n’a pas changé"),
            Choice("changed", "Oui, il est nouveau ou il a changé"),
        ),
        hint="Un PAI reste valable : rien à refaire tant qu’il ne change pas.",
        only_if=_CARE,
        group=FieldGroup.HEALTH,
    ),
    Field(
        "pai_on",
        "Date du PAI",
        "date",
        required=False,
        only_if=_CARE,
        group=FieldGroup.HEALTH,
    ),
    Field("diet", "Ses repas à la cantine", "choice", choices=DIETS, group=FieldGroup.HEALTH),
    Field(
        "vaccines",
        "Ses vaccins obligatoires sont-ils à jour ?",
        "choice",
        choices=(
            Choice("yes", "Oui, d’après son carnet de santé"),
            Choice("no", "Pas encore, ou je ne sais pas"),
            Choice("exempt", "Un médecin a certifié une contre-indication"),
        ),
        group=FieldGroup.HEALTH,
    ),
    Field(
        "vaccines_on",
        "Date de la dernière vaccination notée dans le carnet",
        "date",
        only_if=("vaccines", "yes"),
        group=FieldGroup.HEALTH,
    ),
    Field("doctor", "Son médecin", required=False, group=FieldGroup.HEALTH),
    Field("doctor_phone", "Téléphone du médecin", "tel", required=False, group=FieldGroup.HEALTH),
    _text("emergency", "Consignes en cas d’urgence"),
    Field(
        "support",
        "Une situation de handicap demande un accompagnement",
        "checkbox",
        required=False,
        hint="La mairie n’a pas à savoir lequel : n’écrivez nulle part de quoi il s’agit.",
        group=FieldGroup.HEALTH,
    ),
)
"""The questions of a health record, reserved each: also those of `sante-1`, `sante-2`…"""
INTRO = (
    "Lu seulement par les agents qui s’occupent de la santé des enfants. Chaque lecture est notée."
)
SECTION = Section("sante", "La santé de l’enfant", FIELDS, intro=INTRO)


@dataclass(frozen=True)
class HealthRecord:
    """What a family told of a child's health; `version` counts its changes from 1.

    `checked_at` is when a guardian last said that all of it is true, or None.
    """

    child_id: str
    version: int
    changed_at: datetime
    changed_by: str
    checked_at: datetime | None = None
    values: Values = field(default_factory=dict)
    doses: Doses = field(default_factory=dict)


class GatedChild(Protocol):
    """The child as the gate knows it; `birth_date` is a civil day, ISO."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def birth_date(self) -> str:
        """The day of its birth."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a code, a sentence for the family, and where to put it right."""

    code: str
    sentence: str
    href: str
    action: str

    @property
    def is_of_vaccines(self) -> bool:
        """Whether it is about the vaccines: for those, school gives three months."""
        return self.code in {"vaccines_missing", "vaccines_unsaid"}


def told(values: Values) -> dict[str, str]:
    """The answers of a record that count: none of another list, none to a closed question."""
    return {one.name: values.get(one.name, "") for one in FIELDS if one.asked(values)}


def told_before(values: Values) -> dict[str, str]:
    """The answers as a new update proposes them: a care plan that was new is now the same.

    So that "Tout est exact" never asks again for what does not change.
    """
    said = told(values)
    return {**said, "pai": "same"} if announces_pai(said) else said


def problems_of(values: Values, today: date) -> dict[str, str]:
    """What is to be corrected in these answers, by field, in French; empty when they are right."""
    return {**contradictions(values), **read(SECTION, values, {}, today=today)[1]}


def contradictions(values: Values) -> dict[str, str]:
    """What answers that are right by themselves do not say together, by field, in French."""
    has_pai = values.get("concern") == "yes" and values.get("pai") in {"same", "changed"}
    problems = {}
    if (
        values.get("concern") == "yes"
        and values.get("pai") == "none"
        and not values.get("allergies")
    ):
        problems["allergies"] = (
            "Dites à quoi l’enfant est allergique, ou répondez « Aucune allergie, aucun PAI »."
        )
    if values.get("diet") in WITH_PAI and not has_pai:
        problems["diet"] = (
            "Ce repas demande un PAI : indiquez-le plus haut, ou choisissez un autre."
        )
    return problems


def is_checked(checked_at: datetime | None, today: date) -> bool:
    """Whether what a guardian confirmed then (None: never) counts for the school year of today.

    What was confirmed from six months before the year begins counts: families are asked in spring.
    """
    if checked_at is None:
        return False
    begins = add_months(last_day_of(school_year_of(today)), -12)
    return paris_day(checked_at) > add_months(begins, -6)


def vaccines_missing(record: HealthRecord, born: date | None, today: date) -> tuple[Due, ...]:
    """The doses that are missing today, as far as the family told: days first, else the booklet."""
    if born is None or record.values.get("vaccines") == "exempt":
        return ()
    by_days = missing(born, record.doses, today)
    seen = as_day(record.values.get("vaccines_on", ""))
    if not by_days or record.values.get("vaccines") != "yes" or seen is None:
        return by_days
    since = {(one.vaccine.code, one.n) for one in missing_since(born, seen, today)}
    return tuple(one for one in by_days if (one.vaccine.code, one.n) in since)


def gate(
    child: GatedChild,
    record: HealthRecord | None,
    today: date,
    *,
    papers: Collection[str] = (),
) -> Sequence[Missing]:
    """What is missing before this child may be enrolled in activities; empty when all is there.

    School never waits for it: see `domain.vaccinations.PROVISIONAL_MONTHS`. `papers` are the codes
    of the papers of this child that hold today.
    """
    page = f"/famille/enfants/{child.id}/sante"
    if record is None:
        sentence = "La fiche santé n’est pas remplie."
        return (Missing("no_record", sentence, f"{page}/modifier", "Remplir la fiche santé"),)
    found = []
    if problems_of(record.values, today):
        sentence = "La fiche santé n’est pas complète."
        found.append(Missing("incomplete", sentence, f"{page}/modifier", "Compléter la fiche"))
    elif not is_checked(record.checked_at, today):
        year = school_year_of(today)
        sentence = f"La fiche santé n’est pas vérifiée pour l’année scolaire {year}."
        found.append(Missing("not_checked", sentence, page, "Vérifier la fiche santé"))
    found += _vaccines(record, as_day(child.birth_date), today, page)
    if announces_pai(record.values) and PAI_PAPER not in papers:
        found.append(Missing("pai_paper", _PAI_MISSING, "/documents", "Voir vos documents"))
    return tuple(found)


def _vaccines(record: HealthRecord, born: date | None, today: date, page: str) -> Sequence[Missing]:
    doses = vaccines_missing(record, born, today)
    answer = record.values.get("vaccines", "")
    if answer == "yes" and not doses:
        return ()
    href, action = f"{page}/vaccins", "Noter les vaccins"
    if doses and (answer == "yes" or record.doses):
        names = ", ".join(f"{one.vaccine.name} ({ordinal(one.n)} dose)" for one in doses)
        return (
            Missing("vaccines_missing", f"Vaccins à faire ou à noter : {names}.", href, action),
        )
    if answer == "exempt" or (record.doses and not doses):
        return ()
    if answer == "no":
        sentence = "Les vaccins obligatoires ne sont pas encore à jour."
        return (Missing("vaccines_missing", sentence, href, action),)
    return (Missing("vaccines_unsaid", "Les vaccins ne sont pas indiqués.", href, action),)


def announces_pai(values: Mapping[str, str]) -> bool:
    """Whether the family said that there is a new care plan; one that has not changed is known."""
    return values.get("concern") == "yes" and values.get("pai") == "changed"
