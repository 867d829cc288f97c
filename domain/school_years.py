"""School years: « 2026-2027 » begins on 1 September 2026 and ends on 31 August 2027."""

import re
from datetime import date

_FIRST_MONTH = 9
_WRITTEN = re.compile(r"([12][0-9]{3})-([12][0-9]{3})")


def school_year_of(day: date) -> str:
    """The school year of a civil day.

    >>> school_year_of(date(2027, 8, 31)), school_year_of(date(2027, 9, 1))
    ('2026-2027', '2027-2028')
    """
    begins = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{begins}-{begins + 1}"


def first_day_of(school_year: str) -> date:
    """The first civil day of a school year; ValueError when it is not written as one."""
    return date(last_day_of(school_year).year - 1, _FIRST_MONTH, 1)


def last_day_of(school_year: str) -> date:
    """The last civil day of a school year; ValueError when it is not written as one."""
    if not is_school_year(school_year):
        raise ValueError(school_year)
    return date(int(school_year.partition("-")[2]), _FIRST_MONTH - 1, 31)


def is_school_year(text: str) -> bool:
    """Whether this is written as a school year, for example `2026-2027`."""
    found = _WRITTEN.fullmatch(text)
    return found is not None and int(found[2]) == int(found[1]) + 1
