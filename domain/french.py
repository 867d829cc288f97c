"""Dates, sizes and counts as a French reader expects them.

Days and moments are shown in Europe/Paris whatever the time zone of the value. Numbers keep their
unit on the same line: the space between the two is a no-break space (U+00A0).
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.deadlines import Delay

PARIS = ZoneInfo("Europe/Paris")

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip

_NO_BREAK = "\u00a0"
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAYS_SHOWN_AS_DAYS = 60
_DAYS_IN_A_MONTH = 30.44


def day(value: date) -> str:
    """Say a day in full: `lundi 1er mars 2027`. A moment is read in Europe/Paris first."""
    value = _in_paris(value)
    return (
        f"{WEEKDAYS[value.weekday()]} {_ordinal(value.day)} {MONTHS[value.month - 1]} {value.year}"
    )


def civil_day(value: date) -> str:
    """Say a day that is far away, without its weekday: `1er septembre 2027`."""
    value = _in_paris(value)
    return f"{_ordinal(value.day)}{_NO_BREAK}{MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """Say a day for a narrow column: `1er mars 2027`, `4 janv. 2027`."""
    value = _in_paris(value)
    return f"{_ordinal(value.day)}{_NO_BREAK}{SHORT_MONTHS[value.month - 1]}{_NO_BREAK}{value.year}"


def hour(value: datetime) -> str:
    """Say the hour of a moment in Europe/Paris: `21 h 04`.

    Raises:
        ValueError: the moment has no time zone, so its hour cannot be known.
    """
    value = _moment_in_paris(value)
    return f"{value.hour}{_NO_BREAK}h{_NO_BREAK}{value.minute:02}"


def moment(value: datetime) -> str:
    """Say a moment in Europe/Paris: `lundi 4 janvier 2027 à 21 h 04`.

    Raises:
        ValueError: the moment has no time zone.
    """
    return f"{day(_moment_in_paris(value))} à {hour(value)}"


def ago(now: datetime, then: datetime) -> str:
    """Say how long ago `then` was: `à l’instant`, `il y a 5 minutes`, `hier`, `il y a 3 jours`.

    Beyond the same day it counts midnights in Europe/Paris, as people do. A moment that has not
    come yet, by a clock slightly ahead, is `à l’instant`.

    Raises:
        ValueError: one of the two moments has no time zone.
    """
    days = (_moment_in_paris(now).date() - _moment_in_paris(then).date()).days
    seconds = int((now - then).total_seconds())
    if seconds < _MINUTE:
        return "à l’instant"
    if seconds < _HOUR:
        return f"il y a {plural(seconds // _MINUTE, 'minute')}"
    if days == 0:
        return f"il y a {plural(seconds // _HOUR, 'heure')}"
    if days == 1:
        return "hier"
    if days < _DAYS_SHOWN_AS_DAYS:
        return f"il y a {plural(days, 'jour')}"
    return f"il y a {int(days / _DAYS_IN_A_MONTH)}{_NO_BREAK}mois"


def remaining(today: date, last_day: date) -> str:
    """Say how far a limit is: `aujourd’hui`, `demain`, `dans 3 jours`, `dépassé de 2 jours`."""
    days = (_in_paris(last_day) - _in_paris(today)).days
    if days < 0:
        return f"dépassé de {plural(-days, 'jour')}"
    return {0: "aujourd’hui", 1: "demain"}.get(days, f"dans {plural(days, 'jour')}")


def size(count: int) -> str:
    """Say a number of bytes: `12 octets`, `182 Ko`, `1,2 Mo` (1 Ko is 1,024 bytes, rounded)."""
    if count < 1024:  # noqa: PLR2004
        return plural(count, "octet")
    kilobytes = round(count / 1024)
    if kilobytes < 1024:  # noqa: PLR2004
        return f"{kilobytes}{_NO_BREAK}Ko"
    megabytes = f"{count / 1024**2:.1f}".removesuffix(".0").replace(".", ",")
    return f"{megabytes}{_NO_BREAK}Mo"


def plural(count: int, one: str, many: str = "") -> str:
    """Count things: `0 document`, `1 document`, `2 documents`.

    `many` is for what a final s does not make plural: `plural(2, "point à voir", "points à voir")`.
    """
    if count < 2:  # noqa: PLR2004
        return f"{count}{_NO_BREAK}{one}"
    return f"{count}{_NO_BREAK}{many or (one if one.endswith(('s', 'x', 'z')) else one + 's')}"


def delay(length: Delay) -> str:
    """A delay: `2 mois`, `30 jours`."""
    if length.months:
        return f"{length.months}{_NO_BREAK}mois"
    return plural(length.days, "jour") if length.days else "quelques instants"


def of(name: str) -> str:
    """Put `de` before a name: `de Léna`, `d’Inès`, `du Havre`, `des Ulis`, `de La Rochelle`."""
    article, _, rest = name.partition(" ")
    if rest and article in {"Le", "Les"}:
        return f"{'du' if article == 'Le' else 'des'} {rest}"
    letters = name.lower() + "  "
    first, second = letters[0], letters[1]
    vowels = "aàâäæeéèêëiîïoôöœuùûü"
    elided = first in vowels or (first == "y" and second not in vowels + " ")
    return f"d’{name}" if elided else f"de {name}"


def _ordinal(number: int) -> str:
    return "1er" if number == 1 else str(number)


def _in_paris(value: date) -> date:
    return _moment_in_paris(value).date() if isinstance(value, datetime) else value


def _moment_in_paris(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone has no hour in Paris.")
    return value.astimezone(PARIS)
