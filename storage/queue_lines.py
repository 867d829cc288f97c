"""One dossier of a list, with what is worth knowing beside it, counted in the same statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from domain.paper import shown_address
from domain.states import Action, State
from storage.documents import DOUBTFUL, REFUSED
from storage.records import as_record
from storage.selections import is_completed
from storage.tables import accounts, acts, documents, dossiers, holds, marks, procedures

_DECISIONS = (Action.APPROVE, Action.REFUSE, Action.ASK_TO_COMPLETE, Action.CANCEL_REQUEST)


@dataclass(frozen=True)
class Line:
    """One dossier of a list. `due_at` as in the dossier; the names are empty when there is nobody.

    `procedure` is the title of what is asked for.

    `doubtful` documents were noticed by the checks, `to_replace` and `unmarked` pieces by nobody or
    by an agent; `is_completed`: something came from the family since it sent the dossier;
    `waiting_action`: an agent's act that is kept and not applied yet; `held` is what holds the
    decision (`domain.holds.HoldKind`), an objection first, and `sign_until` the time to sign.
    """

    id: str
    number: str
    procedure: str
    child_name: str
    child_first_name: str
    state: State
    submitted_at: datetime
    due_at: datetime | None
    decided_at: datetime | None
    owner_id: str
    owner_name: str
    owner_email: str
    follower_id: str | None
    follower: str
    decider: str
    decision_basis: str
    doubtful: int
    to_replace: int
    unmarked: int
    is_completed: bool
    waiting_action: str
    version: int = 0
    held: str = ""
    sign_until: datetime | None = None


@cache
def lines() -> Select[Any]:
    """The lines of some dossiers, to be narrowed by the caller. Built once: it is long."""
    owner, follower, decider = (accounts.alias(name) for name in ("owner", "follower", "decider"))
    mine = and_(
        documents.c.dossier_id == dossiers.c.id,
        documents.c.removed_at.is_(None),
        documents.c.status != REFUSED,
    )
    marked = and_(marks.c.dossier_id == documents.c.dossier_id, marks.c.piece == documents.c.piece)
    column = dossiers.c
    return select(
        column.id,
        column.number,
        procedures.c.title.label("procedure"),
        column.child_name,
        column.child_first_name,
        column.state,
        column.submitted_at,
        column.due_at,
        column.decided_at,
        column.version,
        owner.c.id.label("owner_id"),
        owner.c.name.label("owner_name"),
        owner.c.email.label("owner_email"),
        column.followed_by.label("follower_id"),
        func.coalesce(follower.c.name, "").label("follower"),
        func.coalesce(decider.c.name, "").label("decider"),
        column.decision_basis,
        _beside(select(func.count()).where(mine, documents.c.status == DOUBTFUL), "doubtful"),
        _beside(
            select(func.count()).where(
                marks.c.dossier_id == dossiers.c.id, marks.c.mark == "replace"
            ),
            "to_replace",
        ),
        _beside(
            select(func.count(documents.c.piece.distinct())).where(
                mine, ~select(marks.c.piece).where(marked).exists()
            ),
            "unmarked",
        ),
        is_completed().label("is_completed"),
        _beside(
            select(func.max(acts.c.action)).where(
                acts.c.dossier_id == dossiers.c.id,
                acts.c.outcome == "",
                acts.c.action.in_([action.value for action in _DECISIONS]),
            ),
            "waiting_action",
        ),
        _beside(select(func.max(holds.c.kind)).where(_holds()), "held"),
        _beside(select(func.min(holds.c.until)).where(_holds()), "sign_until"),
    ).select_from(
        dossiers.join(procedures, procedures.c.id == column.procedure_id)
        .join(owner, owner.c.id == column.account_id)
        .outerjoin(follower, follower.c.id == column.followed_by)
        .outerjoin(decider, decider.c.id == column.decided_by)
    )


def _holds() -> ColumnElement[bool]:
    """What holds the decision of a dossier now; in the order of letters an objection is last."""
    return and_(holds.c.dossier_id == dossiers.c.id, holds.c.ended_at.is_(None))


def _beside(query: Select[Any], name: str) -> ColumnElement[Any]:
    return query.correlate(dossiers).scalar_subquery().label(name)


def line_of(row: Mapping[Any, Any]) -> Line:
    """One line from a row of `lines`."""
    return as_record(
        Line,
        {name: value for name, value in row.items() if name in Line.__dataclass_fields__},
        state=State(row["state"]),
        is_completed=bool(row["is_completed"]),
        waiting_action=row["waiting_action"] or "",
        held=row["held"] or "",
        owner_email=shown_address(row["owner_email"]),
    )
