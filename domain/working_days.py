"""The days on which a town hall is open: neither at the weekend nor on a public holiday.

Public holidays are those of code du travail, article L3133-1.
"""

from datetime import date, datetime, timedelta

from domain.deadlines import paris_day

_A_DAY = timedelta(days=1)
_SATURDAY = 5
_FIXED = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER = frozenset({1, 39, 50})
"""Easter Monday, Ascension Day, Whit Monday, in days after Easter."""


def is_working_day(day: date) -> bool:
    """Whether the town hall is open on this day."""
    is_holiday = (day.month, day.day) in _FIXED or (day - easter(day.year)).days in _AFTER_EASTER
    return day.weekday() < _SATURDAY and not is_holiday


def working_days_since(then: datetime, now: datetime) -> int:
    """How many working days have begun after the day of `then`, that of `now` included."""
    day, last, count = paris_day(then), paris_day(now), 0
    while day < last:
        day += _A_DAY
        count += is_working_day(day)
    return count


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (Butcher's rule)."""
    century, golden = year // 100, year % 19
    correction = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = correction - (correction // 28) * (1 - (29 // (correction + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    after_february = moon - weekday
    month = 3 + (after_february + 40) // 44
    return date(year, month, after_february + 28 - 31 * (month // 4))
