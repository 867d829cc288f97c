"""The vaccinations that the law asks of a child, by its birth date, and which are missing today.

Sources: code de la santé publique, L3111-2 (which ones), R3111-2 and R3111-2-1 (within the first
eighteen months, at the ages of the vaccination calendar), R3111-8 (admission is provisional for
three months while some are missing).

- Born before 2018: diphtheria, tetanus and poliomyelitis. Boosters against poliomyelitis are
  mandatory until thirteen (service-public.fr F704, from R3111-3 as it was for them); they are given
  at 6 and at 11 to 13 years, in one injection with the two others.
- From 1 January 2018: eleven; boosters at 6 and at 11 to 13 years are recommended only (F704).
- From 1 January 2025: meningococci ACWY in place of C (6 and 12 months), and B (3, 5 and 12):
  décret n° 2024-694 of 5 July 2024, vaccination calendar of December 2024.

Whoever was under eighteen months on that day, born from July 2023 on, has to catch up on ACWY and B
(mesvaccins.net; Le Moniteur des pharmacies, 30 December 2024), by doses that depend on what was
given before and when: that is for their doctor. The portal asks them for C, which an injection
against ACWY is as well.

A child may be ill on the day: nothing is missing before the calendar's age is over. Ages are in
whole months; born on a 29 February, the child reaches one on the last day of a short February.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.deadlines import add_months
from domain.questions import Field, Section, as_day
from domain.rights import FieldGroup

Doses = Mapping[str, Sequence[date]]
"""The days of the doses given, by the code of the vaccine, in their order."""

_COPY = "Recopiez les dates de son carnet de santé. Laissez vide ce qui n’est pas encore fait."
PROVISIONAL_MONTHS = 3
"""How long a school takes a child in whose vaccinations are not up to date (CSP R3111-8)."""


@dataclass(frozen=True)
class Step:
    """One dose: the age of the calendar in words, the age at which it is missing, and the earliest.

    Both ages are in whole months.
    """

    age: str
    due: int
    earliest: int


@dataclass(frozen=True)
class Vaccine:
    """One injection and what it protects from, in French."""

    code: str
    name: str
    diseases: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Due:
    """The `n`th dose of a vaccine (from 1), and the day by which the calendar wants it."""

    vaccine: Vaccine
    n: int
    on: date
    from_day: date


def _at(*months: int) -> tuple[Step, ...]:
    return tuple(Step(f"{one} mois", one + 1, one - 1) for one in months)


_DTP = ("diphtérie", "tétanos", "poliomyélite")
_BEFORE_2018 = (
    Vaccine(
        "dtp",
        "Diphtérie, tétanos, poliomyélite",
        _DTP,
        (*_at(2, 4), Step("11 mois", 18, 9), Step("6 ans", 84, 60), Step("11 à 13 ans", 168, 132)),
    ),
)
_SIX = Vaccine(
    "six",
    "Diphtérie, tétanos, poliomyélite, coqueluche, Hib, hépatite B",
    (*_DTP, "coqueluche", "Haemophilus influenzae b", "hépatite B"),
    _at(2, 4, 11),
)
_PNEUMOCOCCUS = Vaccine("pneumo", "Pneumocoque", ("pneumocoque",), _at(2, 4, 11))
_MENINGOCOCCUS_C = Vaccine(
    "men_c", "Méningocoque C (ou A, C, W, Y)", ("méningocoque C",), _at(5, 12)
)
_MENINGOCOCCI_ACWY = Vaccine(
    "men_acwy", "Méningocoques A, C, W, Y", ("méningocoques A, C, W, Y",), _at(6, 12)
)
_MENINGOCOCCUS_B = Vaccine("men_b", "Méningocoque B", ("méningocoque B",), _at(3, 5, 12))
_MMR = Vaccine(
    "mmr",
    "Rougeole, oreillons, rubéole",
    ("rougeole", "oreillons", "rubéole"),
    (Step("12 mois", 13, 11), Step("16 à 18 mois", 18, 13)),
)
_CALENDARS: Sequence[tuple[date, tuple[Vaccine, ...]]] = (
    (date(2025, 1, 1), (_SIX, _PNEUMOCOCCUS, _MENINGOCOCCUS_B, _MENINGOCOCCI_ACWY, _MMR)),
    (date(2018, 1, 1), (_SIX, _PNEUMOCOCCUS, _MENINGOCOCCUS_C, _MMR)),
    (date.min, _BEFORE_2018),
)


def calendar_of(born: date) -> tuple[Vaccine, ...]:
    """The vaccines that the law asks of a child born on that day."""
    return next(vaccines for since, vaccines in _CALENDARS if born >= since)


def due(born: date, today: date) -> tuple[Due, ...]:
    """The doses whose age is over today, in the order of the calendar."""
    return tuple(one for one in _every(born) if one.on < today)


def missing(born: date, doses: Doses, today: date) -> tuple[Due, ...]:
    """The doses that are due today and have no day."""
    return tuple(one for one in due(born, today) if len(doses.get(one.vaccine.code, ())) < one.n)


def missing_since(born: date, seen: date, today: date) -> tuple[Due, ...]:
    """The doses that have become due since the booklet was up to date, on the day `seen`.

    One that could be given by then was: the booklet was up to date.
    """
    return tuple(one for one in due(born, today) if one.from_day > seen)


def ordinal(n: int) -> str:
    """`1re`, `2e`: the place of a dose."""
    return "1re" if n == 1 else f"{n}e"


def dose_name(vaccine: Vaccine, n: int) -> str:
    """The field of one dose in a form."""
    return f"{vaccine.code}_{n}"


def questions_about(born: date | None, today: date) -> Section:
    """The page of questions on which the days of this child's doses are copied from its booklet.

    Where the birth date is unknown, the latest calendar is asked.
    """
    vaccines = calendar_of(born or today)
    fields = tuple(
        Field(
            dose_name(vaccine, n),
            f"{ordinal(n)} dose (calendrier : {step.age})",
            "date",
            required=False,
            group=FieldGroup.HEALTH,
        )
        for vaccine in vaccines
        for n, step in enumerate(vaccine.steps, start=1)
    )
    groups = {f"{one.code}_": one.name for one in vaccines}
    return Section("vaccins", "Les vaccins de l’enfant", fields, intro=_COPY, groups=groups)


def read_doses(
    born: date | None, raw: Mapping[str, str], today: date
) -> tuple[dict[str, list[date]], dict[str, str]]:
    """Read the days typed for the doses of this child's vaccines: see `questions_about`.

    Gives the days in their order, and for each field that cannot be accepted one French sentence.
    """
    doses: dict[str, list[date]] = {}
    problems: dict[str, str] = {}
    for vaccine in calendar_of(born or today):
        days: list[date] = []
        for n in range(1, len(vaccine.steps) + 1):
            name = dose_name(vaccine, n)
            text = raw.get(name, "").strip()
            day = as_day(text)
            problem = _problem(text, day, born, today, before=days[-1] if days else None)
            if problem:
                problems[name] = problem
            elif day is not None:
                days.append(day)
        if days:
            doses[vaccine.code] = days
    return doses, problems


def as_typed(doses: Doses) -> dict[str, str]:
    """The days kept, by the fields of a form."""
    return {
        f"{code}_{n}": day.isoformat()
        for code, days in doses.items()
        for n, day in enumerate(days, start=1)
    }


def _problem(
    text: str, day: date | None, born: date | None, today: date, *, before: date | None
) -> str:
    if not text:
        return ""
    if day is None:
        return "Écrivez une date qui existe, par exemple 12/03/2024."
    if day > today:
        return "Cette date est dans le futur. Vérifiez l’année."
    if born is not None and day < born:
        return "Cette date est avant la naissance de l’enfant. Vérifiez l’année."
    if before is not None and day <= before:
        return "Cette dose vient après la précédente : vérifiez les deux dates."
    return ""


def _every(born: date) -> tuple[Due, ...]:
    return tuple(
        Due(vaccine, n, add_months(born, step.due), add_months(born, step.earliest))
        for vaccine in calendar_of(born)
        for n, step in enumerate(vaccine.steps, start=1)
    )
