"""The life of a dossier: its states, the acts of people and of the portal, and what leads where.

Read TRANSITIONS aloud: it is the whole table. Everything that asks "is this allowed now?" asks
`after`: the site, the workflow and the activities alike. What holds a decision back, whatever the
state, is asked of `domain.holds`.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    CHECKING = "checking"
    UNDER_REVIEW = "under_review"
    AWAITING_FAMILY = "awaiting_family"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED_WITHOUT_ACTION = "closed_without_action"
    ABANDONED = "abandoned"

    @property
    def is_closed(self) -> bool:
        """Nothing can happen any more."""
        return self in CLOSED


CLOSED = frozenset(
    {
        State.APPROVED,
        State.REFUSED,
        State.WITHDRAWN,
        State.CLOSED_WITHOUT_ACTION,
        State.ABANDONED,
    }
)
OPEN = frozenset(State) - CLOSED
DECIDED = frozenset({State.APPROVED, State.REFUSED})


class Actor(StrEnum):
    """In which quality somebody acts."""

    PARENT = "parent"
    AGENT = "agent"
    ADMIN = "admin"
    PORTAL = "portal"
    GUARDIAN = "guardian"
    """The other guardian of the child, with an access of their own."""
    DESK = "desk"
    """An agent who types for a family at the desk, in its name."""


class Action(StrEnum):
    """What people and the portal do to a dossier."""

    OPEN = "open"
    ADD_DOCUMENT = "add_document"
    REMOVE_DOCUMENT = "remove_document"
    SUBMIT = "submit"
    FIND_COMPLETE = "find_complete"
    FIND_INCOMPLETE = "find_incomplete"
    ANSWER = "answer"
    ASK_TO_COMPLETE = "ask_to_complete"
    CANCEL_REQUEST = "cancel_request"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE_WITHOUT_ACTION = "close_without_action"
    ABANDON = "abandon"
    DEEM_APPROVED = "deem_approved"
    DEEM_REFUSED = "deem_refused"
    APPROVE_BY_RULE = "approve_by_rule"
    OBJECT = "object"
    LIFT_OBJECTION = "lift_objection"
    COSIGN = "cosign"
    WAIVE_COSIGNATURE = "waive_cosignature"


@dataclass(frozen=True)
class Transition:
    """One line of the table: this actor may do this from any of these states, and it leads there.

    `to` is None when the dossier stays where it is.
    """

    action: Action
    by: frozenset[Actor]
    from_: frozenset[State]
    to: State | None


def _line(
    action: Action, by: set[Actor], from_: set[State] | frozenset[State], to: State | None
) -> Transition:
    return Transition(action, frozenset(by), frozenset(from_), to)


_PARENT, _AGENT, _PORTAL = {Actor.PARENT, Actor.DESK}, {Actor.AGENT}, {Actor.PORTAL}
_GUARDIAN = {Actor.GUARDIAN}
_SENT = OPEN - {State.DRAFT}
_FILES = {State.DRAFT, State.AWAITING_FAMILY, State.UNDER_REVIEW}

TRANSITIONS: tuple[Transition, ...] = (
    _line(Action.ADD_DOCUMENT, _PARENT, _FILES, None),
    _line(Action.REMOVE_DOCUMENT, _PARENT, _FILES, None),
    _line(Action.SUBMIT, _PARENT, {State.DRAFT}, State.CHECKING),
    _line(Action.FIND_COMPLETE, _PORTAL, {State.CHECKING}, State.UNDER_REVIEW),
    _line(Action.FIND_INCOMPLETE, _PORTAL, {State.CHECKING}, State.AWAITING_FAMILY),
    _line(Action.ANSWER, _PARENT, {State.AWAITING_FAMILY}, State.CHECKING),
    _line(Action.ASK_TO_COMPLETE, _AGENT, {State.UNDER_REVIEW}, State.AWAITING_FAMILY),
    _line(Action.CANCEL_REQUEST, _AGENT, {State.AWAITING_FAMILY}, State.UNDER_REVIEW),
    _line(Action.APPROVE, _AGENT, {State.UNDER_REVIEW}, State.APPROVED),
    _line(Action.REFUSE, _AGENT, {State.UNDER_REVIEW}, State.REFUSED),
    _line(Action.WITHDRAW, _PARENT, OPEN, State.WITHDRAWN),
    _line(
        Action.CLOSE_WITHOUT_ACTION, _PORTAL, {State.AWAITING_FAMILY}, State.CLOSED_WITHOUT_ACTION
    ),
    _line(Action.DEEM_APPROVED, _PORTAL, {State.UNDER_REVIEW}, State.APPROVED),
    _line(Action.DEEM_REFUSED, _PORTAL, {State.UNDER_REVIEW}, State.REFUSED),
    _line(Action.APPROVE_BY_RULE, _PORTAL, {State.UNDER_REVIEW}, State.APPROVED),
    _line(Action.OBJECT, _GUARDIAN, _SENT, None),
    _line(Action.LIFT_OBJECTION, _GUARDIAN | _AGENT, _SENT, None),
    _line(Action.COSIGN, _GUARDIAN, _SENT, None),
    _line(Action.WAIVE_COSIGNATURE, _AGENT, _SENT, None),
    _line(Action.ABANDON, _PORTAL, {State.DRAFT}, State.ABANDONED),
)
"""Opening is not here: a dossier that does not exist yet has no state."""

_OF_HOLDS = frozenset(
    {Action.OBJECT, Action.LIFT_OBJECTION, Action.COSIGN, Action.WAIVE_COSIGNATURE}
)
_BY_ACTION = {line.action: line for line in TRANSITIONS}


def after(state: State, action: Action) -> State | None:
    """The state this action leads to from this one; None when it is not allowed there.

    An action that changes no state leads to the state itself.
    """
    line = _BY_ACTION.get(action)
    if line is None or state not in line.from_:
        return None
    return line.to or state


def may(actor: Actor, action: Action) -> bool:
    """Whether somebody in this quality may do this at all, in some state."""
    line = _BY_ACTION.get(action)
    return line is not None and actor in line.by


def moves(action: Action) -> bool:
    """Whether this action leads to another state wherever it is allowed."""
    line = _BY_ACTION.get(action)
    return line is not None and line.to is not None


def is_felt(action: Action) -> bool:
    """Whether this action may change which others are allowed: it moves, holds, or lets go."""
    return moves(action) or action in _OF_HOLDS


def sources(action: Action) -> frozenset[State]:
    """The states from which this action is allowed: the guard of its conditional write."""
    return _BY_ACTION[action].from_


_NOT_NOW = {
    Action.SUBMIT: "already_submitted",
    Action.ANSWER: "nothing_asked",
    Action.APPROVE: "not_under_review",
    Action.REFUSE: "not_under_review",
    Action.ASK_TO_COMPLETE: "not_under_review",
}


NOT_NOW_CODES = frozenset({*_NOT_NOW.values(), "not_now"})
"""The codes that `why_not` gives of an open dossier."""


def why_not(state: State, action: Action) -> str:
    """The stable code that says why this action is not allowed in this state; empty when it is."""
    if after(state, action) is not None:
        return ""
    if state in DECIDED:
        return "already_decided"
    if state.is_closed:
        return "dossier_closed"
    return _NOT_NOW.get(action, "not_now")
