"""Which terms a procedure has on which day: rules that an admin set, each from a civil day on.

A dossier takes the terms in force on the day in Paris it is opened, and keeps them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.deadlines import Terms


@dataclass(frozen=True)
class ProcedureRule:
    """The terms of a procedure from `effective_from` on, a civil day in Paris.

    `set_by` is the name of whoever set it. Of two for one day, the one set last counts.
    """

    id: str
    effective_from: date
    terms: Terms
    set_by: str
    set_at: datetime


def in_force(rules: Sequence[ProcedureRule], day: date) -> ProcedureRule | None:
    """The rule that counts on this day; None before the first one."""
    begun = (one for one in rules if one.effective_from <= day)
    return max(begun, key=lambda one: (one.effective_from, one.set_at), default=None)


def is_overruled(rule: ProcedureRule, rules: Sequence[ProcedureRule]) -> bool:
    """Whether another rule was set later for the same day: this one never counts again."""
    return any(
        one.effective_from == rule.effective_from and one.set_at > rule.set_at for one in rules
    )
