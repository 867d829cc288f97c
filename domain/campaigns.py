"""A campaign: which families are invited, who is reminded of what, and when the portal acts.

Days are civil days in Europe/Paris. Letters leave from 8 h in the morning of their day; the last
day is whole. Nothing here reads a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final

from domain.deadlines import PARIS, end_of_day, paris_day

_OFFICE_OPENS: Final = time(8)
_ONE_DAY: Final = timedelta(days=1)
_MONDAY: Final = 0


class CampaignState(StrEnum):
    """Where a campaign stands. A paused one writes no letter; its dossiers go on."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


class Position(StrEnum):
    """Where a family stands for whoever would remind it; `SENT` is never reminded."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    MISSING = "missing"
    SENT = "sent"


class Step(StrEnum):
    """How far a family has come: each step holds all those after it."""

    INVITED = "invited"
    OPENED = "opened"
    BEGUN = "begun"
    SENT = "sent"
    APPROVED = "approved"


INVITATION: Final = "invitation"
LAST: Final = "last"
LETTERS: Final = (INVITATION, Position.NOT_BEGUN, Position.BEGUN, Position.MISSING, LAST)
"""The letters of a campaign, as `Plan.words` names them."""


@dataclass(frozen=True)
class Audience:
    """Which families: all with a child at school, or those of some grades, or schools, or chosen.

    Where both `grades` and `schools` are given, one child is of both. `chosen` are ids of accounts,
    and then nothing else counts.
    """

    grades: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an admin decided of a campaign: its days, its reminders, its words, its pace.

    `reminders` are days by position; `words` are sentences of the town's own by letter. A last
    reminder leaves `last_days` before the end, none with 0. So many letters at most are written at
    once (`batch_size`), and so many seconds lie between two batches (`batch_pause`).
    """

    opens_on: date
    closes_on: date
    audience: Audience = Audience()
    reminders: Mapping[Position, tuple[date, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    last_days: int = 3
    batch_size: int = 50
    batch_pause: int = 60

    @property
    def last_on(self) -> date | None:
        """The day of the last reminder, which moves with the end; None when there is none."""
        if not self.last_days or self.closes_on - timedelta(days=self.last_days) <= self.opens_on:
            return None
        return self.closes_on - timedelta(days=self.last_days)


@dataclass(frozen=True)
class Round:
    """A reminder due: its letter, and the positions whose families it is for."""

    day: date
    letter: str
    positions: frozenset[Position]


_NOT_SENT: Final = frozenset({Position.NOT_BEGUN, Position.BEGUN, Position.MISSING})


def rounds(plan: Plan) -> tuple[Round, ...]:
    """All the reminders of a plan within its days, by day; the last one of all ends its day."""
    of_positions = [
        Round(day, position.value, frozenset({position}))
        for position in Position
        for day in sorted(plan.reminders.get(position, ()))
        if plan.opens_on < day <= plan.closes_on
    ]
    if plan.last_on is not None:
        # On that day nobody gets two letters: the last one says it all.
        of_positions = [one for one in of_positions if one.day != plan.last_on]
        of_positions.append(Round(plan.last_on, LAST, _NOT_SENT))
    return tuple(sorted(of_positions, key=lambda one: one.day))


def rounds_due(plan: Plan, done_on: date | None, today: date) -> tuple[Round, ...]:
    """The reminders whose day has come and which had no turn yet, the latest for each position.

    After a pause nobody gets, all at once, the letters of the days it lasted.
    """
    come = [one for one in rounds(plan) if one.day <= today and (not done_on or one.day > done_on)]
    latest: dict[Position, Round] = {}
    for one in come:
        latest |= dict.fromkeys(one.positions, one)
    kept = [
        Round(one.day, one.letter, frozenset(who for who in one.positions if latest[who] is one))
        for one in come
    ]
    return tuple(one for one in kept if one.positions)


def opens_at(day: date) -> datetime:
    """When letters begin to leave on that day: 8 h in Paris, in UTC."""
    return datetime.combine(day, _OFFICE_OPENS, tzinfo=PARIS).astimezone(UTC)


def office_day(at: datetime) -> date:
    """The day whose letters may leave at this moment: before 8 h, still the day before."""
    day = paris_day(at)
    return day if at >= opens_at(day) else day - _ONE_DAY


def ends_at(plan: Plan) -> datetime:
    """The first moment after the last day: the campaign has ended then."""
    return end_of_day(plan.closes_on)


def next_turn(plan: Plan, at: datetime) -> datetime:
    """When a running campaign that has nothing more to write looks again.

    On the days of reminders; on Mondays, for families that have arrived since; at its end.
    """
    day = office_day(at)
    while (day := day + _ONE_DAY) <= plan.closes_on:
        if day.weekday() == _MONDAY or any(one.day == day for one in rounds(plan)):
            return opens_at(day)
    return ends_at(plan)


def can_extend(plan: Plan, until: date, given_at: datetime, closed_at: datetime | None) -> bool:
    """Whether the last day may be moved to `until` by somebody who said so at `given_at`.

    What was said before the end counts, even if the end came before it was heard. `closed_at` is
    the moment at which somebody ended it by hand: such an end stays.
    """
    return closed_at is None and until > plan.closes_on and given_at < ends_at(plan)


@dataclass(frozen=True)
class Funnel:
    """How many families came how far, each once; no step counts more than the one before it."""

    at: datetime
    invited: int = 0
    opened: int = 0
    begun: int = 0
    sent: int = 0
    approved: int = 0

    @staticmethod
    def of(furthest: Mapping[Step, int], at: datetime) -> "Funnel":
        """The funnel of how many families have each step as their furthest."""
        backwards = list(accumulate(furthest.get(step, 0) for step in reversed(Step)))
        counts = dict(zip(reversed(Step), backwards, strict=True))
        return Funnel(at, **{step.value: counts[step] for step in Step})

    def reached(self, step: Step) -> int:
        """How many came as far as that step, or farther."""
        count: int = getattr(self, step.value)
        return count
