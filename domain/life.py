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
    SilenceRule,
    Terms,
    Validation,
    alerts,
    begins_before,
    ends,
    reminders,
    silence_ends,
)
from domain.holds import Hold, HoldKind, held_back, open_ones, stops_of, waits_of
from domain.states import Action, Actor, State

CALLED = 2
"""The notices of a co-signature once its time is over: the agent was called."""


@dataclass(frozen=True)
class Life:
    """Where a dossier stands and what its clocks need.

    Moments are aware UTC. `pauses` are the times the family was asked to complete, oldest first;
    the last one without `received` is open. `reminders_sent` counts those of the open pause,
    `draft_notices` those of the draft since its last save (1: reminded, 2: warned).
    `is_clear`: the checks found all of it there and nothing to doubt, and nobody took it up since.
    `alerted` is when the department was last told that the silent decision comes near; `holds` is
    what holds a decision, or did.
    """

    state: State
    since: datetime
    last_saved: datetime
    submitted: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    reminders_sent: int = 0
    draft_notices: int = 0
    is_clear: bool = False
    alerted: datetime | None = None
    holds: tuple[Hold, ...] = ()


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
    SILENCE_ALERT = "silence_alert"
    COSIGN_REMINDER = "cosign_reminder"
    COSIGN_OVERDUE = "cosign_overdue"

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
    elif life.state is State.UNDER_REVIEW:
        yield from _in_review(life, terms)
    if life.state in (State.AWAITING_FAMILY, State.UNDER_REVIEW):
        yield from _of_cosignature(life, terms)


def _in_review(life: Life, terms: Terms) -> Iterator[Appointment]:
    may_approve = not held_back(life.holds, Action.APPROVE_BY_RULE)
    if life.is_clear and may_approve and terms.validation is Validation.AUTOMATIC:
        yield Appointment(Alarm.APPROVE_BY_RULE, life.since)
    end = silent_decision(life, terms)
    if end:
        means_yes = terms.silence_rule is SilenceRule.ACCEPTANCE
        yield Appointment(Alarm.DEEM_APPROVED if means_yes else Alarm.DEEM_REFUSED, end)
        told = max(life.since, life.alerted or life.since)
        yield from (
            Appointment(Alarm.SILENCE_ALERT, moment)
            for moment in alerts(end, terms.silence_alerts)
            if moment > told
        )


def _of_cosignature(life: Life, terms: Terms) -> Iterator[Appointment]:
    for hold in open_ones(life.holds, HoldKind.COSIGNATURE):
        if hold.until is None:
            continue
        reminder = ends(hold.since, terms.cosign_reminder)
        if hold.notices == 0 and reminder < hold.until:
            yield Appointment(Alarm.COSIGN_REMINDER, reminder)
        elif hold.notices < CALLED:
            yield Appointment(Alarm.COSIGN_OVERDUE, hold.until)


def silent_decision(life: Life, terms: Terms) -> datetime | None:
    """When the town's silence becomes a decision, as things stand; None while it cannot."""
    if life.submitted is None:
        return None
    pauses = (*life.pauses, *waits_of(life.holds))
    return silence_ends(terms, life.submitted, pauses, stops_of(life.holds))


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


def reminded(life: Life, alarm: Alarm, at: datetime) -> tuple[Life, int]:
    """A letter of this alarm is written now: the life after it, and which one it is.

    Late alerts are told as one: what lies before `at` is told with it.
    """
    if alarm is Alarm.COMPLEMENT_REMINDER:
        count = life.reminders_sent + 1
        return replace(life, reminders_sent=count), count
    if alarm is Alarm.SILENCE_ALERT:
        return replace(life, alerted=at), 1
    if alarm in (Alarm.COSIGN_REMINDER, Alarm.COSIGN_OVERDUE):
        count = 1 if alarm is Alarm.COSIGN_REMINDER else CALLED
        holds = tuple(
            replace(one, notices=count) if _is_unsigned(one) else one for one in life.holds
        )
        return replace(life, holds=holds), count
    count = life.draft_notices + 1
    return replace(life, draft_notices=count), count


def _is_unsigned(hold: Hold) -> bool:
    return hold.kind is HoldKind.COSIGNATURE and hold.is_open


def objected(life: Life, hold_id: str, by: str, at: datetime) -> Life:
    """The other guardian objects: nobody decides any more."""
    hold = Hold(hold_id, HoldKind.OBJECTION, since=at, by=by)
    return replace(life, holds=(*life.holds, hold))


def held_by(life: Life, holds: tuple[Hold, ...] | None) -> Life:
    """What holds the decision is this, as it is kept; None where nothing was said of it."""
    return life if holds is None else replace(life, holds=holds)


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
    if life.state is State.UNDER_REVIEW:
        return silent_decision(life, terms)
    return None
