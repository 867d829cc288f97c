"""One dossier's life as data, and when the portal itself must act next.

`Life` is what the workflow holds and what storage can rebuild after the loss of the engine. It is
frozen: every event makes a new one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.deadlines import (
    Pause,
    Terms,
    Validation,
    begins_before,
    ends,
    reminders,
    silence_ends,
)
from domain.states import Action, Actor, State


@dataclass(frozen=True)
class Life:
    """Where a dossier stands and what its clocks need.

    Moments are aware UTC. `pauses` are the times the family was asked to complete, oldest first;
    the last one without `received` is open. `reminders_sent` counts those of the open pause,
    `draft_notices` those of the draft since its last save (1: reminded, 2: warned).
    `is_clear`: the checks found all of it there and nothing to doubt, and nobody took it up since.
    """

    state: State
    since: datetime
    last_saved: datetime
    submitted: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    reminders_sent: int = 0
    draft_notices: int = 0
    is_clear: bool = False


class Alarm(StrEnum):
    """What the portal does by itself when time has passed."""

    DRAFT_REMINDER = "draft_reminder"
    DRAFT_WARNING = "draft_warning"
    ABANDON = "abandon"
    COMPLEMENT_REMINDER = "complement_reminder"
    CLOSE = "close_without_action"
    DEEM_APPROVED = "deem_approved"
    DEEM_REFUSED = "deem_refused"
    APPROVE_BY_RULE = "approve_by_rule"

    @property
    def action(self) -> Action | None:
        """The act it leads to; None for what is only a letter."""
        return Action(self.value) if self.value in set(Action) else None


@dataclass(frozen=True)
class Appointment:
    """The next thing the portal does by itself, and when."""

    alarm: Alarm
    at: datetime


def next_appointment(life: Life, terms: Terms) -> Appointment | None:
    """The next thing the portal will do if nobody acts; None while it only waits for a person."""
    return min(_appointments(life, terms), key=lambda one: one.at, default=None)


def _appointments(life: Life, terms: Terms) -> Iterator[Appointment]:
    if life.state is State.DRAFT:
        yield _next_for_draft(life, terms)
    elif life.state is State.AWAITING_FAMILY and life.pauses:
        asked = life.pauses[-1]
        moments = reminders(asked.since, asked.until, terms.complement_reminders)
        for moment in moments[life.reminders_sent :]:
            yield Appointment(Alarm.COMPLEMENT_REMINDER, moment)
        yield Appointment(Alarm.CLOSE, asked.until)
    elif life.state is State.UNDER_REVIEW and life.submitted:
        yield from _in_review(life, terms, life.submitted)


def _in_review(life: Life, terms: Terms, submitted: datetime) -> Iterator[Appointment]:
    if life.is_clear and terms.validation is Validation.AUTOMATIC:
        yield Appointment(Alarm.APPROVE_BY_RULE, life.since)
    end = silence_ends(terms, submitted, life.pauses)
    if end:
        means_yes = terms.silence_rule.value == "acceptance"
        yield Appointment(Alarm.DEEM_APPROVED if means_yes else Alarm.DEEM_REFUSED, end)


def _next_for_draft(life: Life, terms: Terms) -> Appointment:
    end = ends(life.last_saved, terms.draft_life)
    if life.draft_notices == 0:
        return Appointment(Alarm.DRAFT_REMINDER, ends(life.last_saved, terms.draft_reminder))
    if life.draft_notices == 1:
        return Appointment(Alarm.DRAFT_WARNING, begins_before(end, terms.draft_warning_before))
    return Appointment(Alarm.ABANDON, end)


def saved_again(life: Life, at: datetime) -> Life:
    """The draft was saved: its three months begin anew, and it will be warned of again.

    The reminder after 48 h is sent once in a life, so as not to nag.
    """
    return replace(life, last_saved=at, draft_notices=min(life.draft_notices, 1))


def moved(life: Life, to: State, at: datetime) -> Life:
    """The dossier changed state: what the checks found clear is so no longer."""
    return life if to is life.state else replace(life, state=to, since=at, is_clear=False)


def asked(life: Life, at: datetime, until: datetime) -> Life:
    """The family was asked to complete its dossier by `until`."""
    return replace(life, pauses=(*life.pauses, Pause(at, until)), reminders_sent=0)


def completed(life: Life, at: datetime) -> Life:
    """The family answered: the open pause ends here."""
    return replace(
        life,
        pauses=tuple(
            replace(pause, received=at) if pause.received is None else pause
            for pause in life.pauses
        ),
    )


def request_cancelled(life: Life) -> Life:
    """The town took its request back: as if it had never been made, the family loses nothing."""
    return replace(life, pauses=tuple(p for p in life.pauses if p.received is not None))


_WAITS_FOR = {
    State.DRAFT: Actor.PARENT,
    State.AWAITING_FAMILY: Actor.PARENT,
    State.UNDER_REVIEW: Actor.AGENT,
    State.CHECKING: Actor.PORTAL,
}


def waits_for(state: State) -> Actor | None:
    """Who must act; None once closed."""
    return _WAITS_FOR.get(state)


def due_at(life: Life, terms: Terms) -> datetime | None:
    """By when the one who must act should have acted.

    The legal date in review, the limit given to the family, the end of a draft; None while the
    portal checks and once closed.
    """
    if life.state is State.DRAFT:
        return ends(life.last_saved, terms.draft_life)
    if life.state is State.AWAITING_FAMILY and life.pauses:
        return life.pauses[-1].until
    if life.state is State.UNDER_REVIEW and life.submitted:
        return silence_ends(terms, life.submitted, life.pauses)
    return None
