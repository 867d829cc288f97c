"""School years: « 2026-2027 » begins on 1 September 2026 and ends on 31 August 2027."""

from datetime import date

_FIRST_MONTH = 9


def school_year_of(day: date) -> str:
    """The school year of a civil day.

    >>> school_year_of(date(2027, 8, 31)), school_year_of(date(2027, 9, 1))
    ('2026-2027', '2027-2028')
    """
    begins = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{begins}-{begins + 1}"


def last_day_of(school_year: str) -> date:
    """The last civil day of a school year; ValueError when it is not written as one."""
    begins, _, ends = school_year.partition("-")
    if not (begins.isdecimal() and ends.isdecimal() and int(ends) == int(begins) + 1):
        raise ValueError(school_year)
    return date(int(ends), _FIRST_MONTH - 1, 31)
