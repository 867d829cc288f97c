"""By when: deadlines, reminders and the two clocks of silence.

Everything here is arithmetic on days and moments given as arguments; nothing reads a clock.
Moments are aware; a day is a civil day in Europe/Paris. A delay of whole days ends at the end of
its last day (midnight in Paris), so that "avant le 4 janvier" includes the evening of the 4th.
Shorter delays, which only the example town and tests use, end to the second.

Sources: code des relations entre le public et l'administration (CRPA), articles L114-5, L231-1,
L231-4; `Terms` keeps for each dossier the delays and the legal basis in force when it was opened.
"""

import calendar
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class Stop:
    """A time during which nobody may decide; `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None


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


def silence_ends(
    terms: Terms, submitted: datetime, pauses: Sequence[Pause], stops: Sequence[Stop] = ()
) -> datetime | None:
    """When the town's silence becomes a decision; None while it cannot, or where no rule says so.

    CRPA L114-5 gives two clocks:

    - acceptance: the delay runs only from the receipt of the missing pieces, so it starts anew at
      the last completion, and does not run while the town waits for the family;
    - rejection: the delay runs from the submission, is suspended during the delay given to the
      family, and goes on at the receipt, or at the end of that delay if nothing came.

    While nobody may decide (`stops`), neither runs: what was left of the delay is left afterwards.
    """
    if terms.silence_rule is SilenceRule.NONE or any(one.until is None for one in stops):
        return None
    still = [(one.since, one.until) for one in stops if one.until]
    start = submitted
    if terms.silence_rule is SilenceRule.ACCEPTANCE:
        if any(pause.received is None for pause in pauses):
            return None
        start = max([submitted, *(pause.received for pause in pauses if pause.received)])
        still = [(max(since, start), until) for since, until in still]
    else:
        still += [(one.since, min(one.received or one.until, one.until)) for one in pauses]
    if terms.silence_delay.seconds:
        seconds = _covered((since.timestamp(), until.timestamp()) for since, until in still)
        return ends(start, terms.silence_delay) + timedelta(seconds=seconds)
    # Civil days are added, not hours: a night of clock change must not move a limit to 23 h or 1 h.
    days = _covered(
        (paris_day(since).toordinal(), last_day(until).toordinal()) for since, until in still
    )
    delay = terms.silence_delay
    return ends(start, Delay(months=delay.months, days=delay.days + int(days)))


def _covered(spans: Iterable[tuple[float, float]]) -> float:
    """How much these spans cover together: what two of them share counts once."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(end - max(begin, reached), 0.0)
        reached = max(reached, end)
    return total


def alerts(end: datetime, delays: Sequence[Delay]) -> tuple[datetime, ...]:
    """When to tell the department of a silent decision that falls at `end`, the first one first.

    Days are counted back from the last day on which the town may still answer: two days before it,
    at seven in the morning in Paris.
    """
    return tuple(sorted(_alert(end, delay) for delay in delays))


def _alert(end: datetime, delay: Delay) -> datetime:
    if delay.seconds:
        return end - timedelta(seconds=delay.seconds)
    day = last_day(end) - timedelta(days=delay.days)
    return datetime.combine(day, _MORNING, tzinfo=PARIS).astimezone(UTC)


def reminders(start: datetime, end: datetime, delays: Sequence[Delay]) -> tuple[datetime, ...]:
    """When to remind a family that was asked something at `start`, before `end`."""
    moments = (ends(start, delay) for delay in delays)
    return tuple(moment for moment in moments if moment < end)
