"""The procedures that a town usually has for its families' files: those it lacks, made at once."""

from collections.abc import Sequence
from datetime import date, timedelta

from domain.deadlines import Terms
from domain.school_years import last_day_of, school_year_of
from storage.changes import usual_procedures
from storage.records import new_id
from storage.town import Procedure

_YEARLY = "actualisation"


def usual_for(department: str, day: date) -> tuple[Procedure, ...]:
    """What a town usually has on that day, for one department.

    Changes of a family's file, open; the update of the school year and, from January on, the
    enrolment for the next one, closed until a campaign opens them.
    """
    year = school_year_of(day)
    yearly = [_yearly("actualisation", "Actualisation", year, department)]
    if day.year == last_day_of(year).year:
        after = school_year_of(last_day_of(year) + timedelta(days=1))
        yearly.append(_yearly("reinscription", "Réinscription", after, department))
    return (*usual_procedures(department, year), *yearly)


def lacking(there: Sequence[Procedure], wanted: Sequence[Procedure]) -> Sequence[Procedure]:
    """Those that the town has not: a slug is one procedure, whatever the town made of it."""
    known = {one.slug for one in there}
    return [one for one in wanted if one.slug not in known]


def _yearly(word: str, title: str, year: str, department: str) -> Procedure:
    return Procedure(
        id=new_id(),
        slug=f"{word}-{year}",
        kind=_YEARLY,
        title=f"{title} {year}",
        school_year=year,
        department=department,
        is_open=False,
        intro="",
        terms=Terms(),
    )
