"""What holds a decision: an objection of the other guardian, a co-signature that is not there yet.

Each parent is presumed to act with the other's agreement toward a town that knows of none against
(code civil, article 372-2). An objection ends that presumption: nobody decides, neither a person
nor a rule nor silence, until it is lifted. A co-signature that the procedure asks for is like a
piece that is missing: nothing is approved without it, until it is given or an agent does without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.deadlines import Pause, Stop
from domain.states import Action


class HoldKind(StrEnum):
    """Why a decision waits."""

    OBJECTION = "objection"
    COSIGNATURE = "cosignature"


class Ending(StrEnum):
    """How a hold ended."""

    LIFTED = "lifted"
    SIGNED = "signed"
    WAIVED = "waived"


@dataclass(frozen=True)
class Hold:
    """One reason to wait. `by` is who objects; `until` the time given to sign, if any.

    `notices` counts what was written of it: the guardian was reminded (1), the agent called (2).
    """

    id: str
    kind: HoldKind
    since: datetime
    by: str = ""
    until: datetime | None = None
    ended: datetime | None = None
    notices: int = 0

    @property
    def is_open(self) -> bool:
        """Whether decisions still wait for its end."""
        return self.ended is None


_APPROVALS = frozenset({Action.APPROVE, Action.DEEM_APPROVED, Action.APPROVE_BY_RULE})
_DECISIONS = _APPROVALS | {Action.REFUSE, Action.DEEM_REFUSED}
_SIGNATURES = frozenset({Action.COSIGN, Action.WAIVE_COSIGNATURE})
HOLD_CODES = frozenset(
    {
        "objection_open",
        "cosignature_missing",
        "already_objected",
        "nothing_to_lift",
        "nothing_to_sign",
        "cosignature_not_due",
    }
)
"""The codes that `held_back` gives."""


NOBODY_LEFT = "nobody_left"
"""Why an agent does without a signature before its time: there is nobody left to give it."""


def open_ones(holds: Sequence[Hold], kind: HoldKind) -> tuple[Hold, ...]:
    """Those of this kind that hold the decision now."""
    return tuple(one for one in holds if one.kind is kind and one.is_open)


def held_back(
    holds: Sequence[Hold],
    action: Action,
    *,
    subject: str = "",
    at: datetime | None = None,
    reason: str = "",
) -> str:
    """The stable code that says why this act waits for a hold, or has none to end; empty if not.

    `subject` is the guardian whose objection is meant, `at` when the act is given, `reason` its
    code: `NOBODY_LEFT` waits for no time to pass.
    """
    objections = open_ones(holds, HoldKind.OBJECTION)
    unsigned = open_ones(holds, HoldKind.COSIGNATURE)
    is_early = reason != NOBODY_LEFT and _is_early(unsigned, at)
    reasons = (
        ("objection_open", action in _DECISIONS and objections),
        ("cosignature_missing", action in _APPROVALS and unsigned),
        ("already_objected", action is Action.OBJECT and _is_by(objections, subject)),
        ("nothing_to_lift", action is Action.LIFT_OBJECTION and not _is_by(objections, subject)),
        ("nothing_to_sign", action in _SIGNATURES and not unsigned),
        ("cosignature_not_due", action is Action.WAIVE_COSIGNATURE and is_early),
    )
    return next((code for code, counts in reasons if counts), "")


def _is_by(objections: Sequence[Hold], guardian: str) -> bool:
    return any(one.by == guardian for one in objections)


def _is_early(unsigned: Sequence[Hold], at: datetime | None) -> bool:
    return at is not None and any(one.until is not None and at < one.until for one in unsigned)


def waits_of(holds: Sequence[Hold]) -> tuple[Pause, ...]:
    """The times a co-signature was waited for: to the clocks, those of a missing piece."""
    return tuple(
        Pause(one.since, one.until or one.since, one.ended)
        for one in holds
        if one.kind is HoldKind.COSIGNATURE
    )


def stops_of(holds: Sequence[Hold]) -> tuple[Stop, ...]:
    """The times an objection stood in the way of every decision."""
    return tuple(Stop(one.since, one.ended) for one in holds if one.kind is HoldKind.OBJECTION)
