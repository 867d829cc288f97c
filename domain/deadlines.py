"""By when: deadlines, reminders and the two clocks of silence.

Everything here is arithmetic on days and moments given as arguments; nothing reads a clock.
Moments are aware; a day is a civil day in Europe/Paris. A delay of whole days ends at the end of
its last day (midnight in Paris), so that "avant le 4 janvier" includes the evening of the 4th.
Shorter delays, which only the example town and tests use, end to the second.

Sources: code des relations entre le public et l'administration (CRPA), articles L114-5, L231-1,
L231-4; `Terms` keeps for each dossier the delays and the legal basis in force when it was opened.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_ONE_DAY = timedelta(days=1)
_MORNING = time(7)


class SilenceRule(StrEnum):
    """What the town's silence means at the end of its delay."""

    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"
    NONE = "none"


class Validation(StrEnum):
    """Who approves a dossier in which everything is there."""

    STAFF = "staff"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Delay:
    """A legal delay: months "de date à date", then days, or seconds where a test needs them."""

    months: int = 0
    days: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Terms:
    """The delays one dossier lives by, recorded when it is opened: later settings change nothing.

    `silence_basis` is the text that founds the silence rule, as printed in the acknowledgement.
    `silence_alerts` are how long before the silent decision the department is told of it.
    `cosign_within` is the time the other guardian has to sign; None where nobody is asked to.

    Dossiers were opened before the fields from `validation` on: their defaults change nothing.
    """

    silence_rule: SilenceRule = SilenceRule.ACCEPTANCE
    silence_delay: Delay = Delay(months=2)
    silence_basis: str = (
        "articles L231-1 et L114-5 du code des relations entre le public et l’administration"
    )
    complement_delay: Delay = Delay(days=30)
    complement_reminders: tuple[Delay, ...] = (Delay(days=7), Delay(days=21))
    draft_reminder: Delay = Delay(days=2)
    draft_life: Delay = Delay(months=3)
    draft_warning_before: Delay = Delay(days=14)
    validation: Validation = Validation.STAFF
    silence_alerts: tuple[Delay, ...] = ()
    cosign_within: Delay | None = None
    cosign_reminder: Delay = Delay(days=7)


@dataclass(frozen=True)
class Pause:
    """A time during which the family was asked to complete its dossier.

    `until` is the end of the delay given; `received` when the family completed it, if it did.
    """

    since: datetime
    until: datetime
    received: datetime | None = None


def paris_day(moment: datetime) -> date:
    """The civil day in Paris of an aware moment."""
    return moment.astimezone(PARIS).date()


def end_of_day(day: date) -> datetime:
    """The first moment after this day in Paris, in UTC: a limit set to this day has passed then."""
    return datetime.combine(day + _ONE_DAY, time.min, tzinfo=PARIS).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def ends(start: datetime, delay: Delay) -> datetime:
    """The moment at which a delay that began at `start` has run out, in UTC.

    >>> ends(datetime(2026, 12, 31, 9, tzinfo=PARIS), Delay(months=2)).astimezone(PARIS).date()
    datetime.date(2027, 3, 1)
    """
    if delay.seconds:
        return (start + timedelta(seconds=delay.seconds)).astimezone(UTC)
    return end_of_day(add_months(paris_day(start), delay.months) + timedelta(days=delay.days))


def begins_before(end: datetime, delay: Delay) -> datetime:
    """The moment `delay` before `end`: when to warn of it. Months are not counted."""
    if delay.seconds:
        return end - timedelta(seconds=delay.seconds)
    return end_of_day(paris_day(end) - _ONE_DAY - timedelta(days=delay.days))


def last_day(end: datetime) -> date:
    """The day to print for a limit: the last one on which the person may still act."""
    return paris_day(end - timedelta(microseconds=1))


def silence_ends(terms: Terms, submitted: datetime, pauses: Sequence[Pause]) -> datetime | None:
    """When the town's silence becomes a decision; None while it cannot, or where no rule says so.

    CRPA L114-5 gives two clocks:

    - acceptance: the delay runs only from the receipt of the missing pieces, so it starts anew at
      the last completion, and does not run while the town waits for the family;
    - rejection: the delay runs from the submission, is suspended during the delay given to the
      family, and goes on at the receipt, or at the end of that delay if nothing came.
    """
    if terms.silence_rule is SilenceRule.NONE:
        return None
    if terms.silence_rule is SilenceRule.ACCEPTANCE:
        if any(pause.received is None for pause in pauses):
            return None
        start = max([submitted, *(pause.received for pause in pauses if pause.received)])
        return ends(start, terms.silence_delay)
    if terms.silence_delay.seconds:
        stood_still = sum((_suspension(pause) for pause in pauses), timedelta())
        return ends(submitted, terms.silence_delay) + stood_still
    # Civil days are added, not hours: a night of clock change must not move a limit to 23 h or 1 h.
    days = terms.silence_delay.days + sum(_suspended_days(pause) for pause in pauses)
    return ends(submitted, Delay(months=terms.silence_delay.months, days=days))


def _suspension(pause: Pause) -> timedelta:
    return max(min(pause.received or pause.until, pause.until) - pause.since, timedelta())


def _suspended_days(pause: Pause) -> int:
    end = min(pause.received or pause.until, pause.until)
    return max((last_day(end) - paris_day(pause.since)).days, 0)


def reminders(start: datetime, end: datetime, delays: Sequence[Delay]) -> tuple[datetime, ...]:
    """When to remind a family that was asked something at `start`, before `end`."""
    moments = (ends(start, delay) for delay in delays)
    return tuple(moment for moment in moments if moment < end)
