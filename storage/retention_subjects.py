"""Whose time is over on a day: one question for each category, the same for looking and erasing.

A question about dossiers, children or accounts gives `subject`, `account` and `dossier` (the one
to look at, if any) and `held`, the code of what keeps it, or "". What goes
row by row is in `storage.retention_rows`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from domain.deadlines import end_of_day
from domain.retention import (
    CATEGORIES,
    Category,
    born_until,
    last_event,
    school_year_ended,
)
from domain.states import OPEN, State
from storage.accounts import PARENT
from storage.erasing import is_spent
from storage.tables import (
    accounts,
    activations,
    children,
    court_rulings,
    departures,
    documents,
    dossiers,
    erasure_requests,
    erasure_warnings,
    families,
    guardian_accesses,
    health_records,
    legal_holds,
)

_OPEN = [str(state) for state in OPEN]
_ENDED = [str(state) for state in State if state.is_closed and state is not State.APPROVED]
_REGISTRATION = "registration"


def due(category: Category, day: date) -> Select[Any]:
    """The subjects of a category whose time is over that day, held or not."""
    return _SUBJECTS[category](last_event(category, day), day)


def ready(category: Category, day: date) -> Select[Any]:
    """Those that go that day: held by nothing, and told two weeks before where that is due."""
    found = due(category, day).subquery()
    query = select(found).where(found.c.held == "")
    if CATEGORIES[category].warns:
        query = query.where(_warned(category, found.c.subject, erasure_warnings.c.erases_on <= day))
    return query


def to_warn(category: Category, day: date) -> Select[Any]:
    """Those that go by that day, held by nothing, and were not told yet."""
    found = due(category, day).subquery()
    return select(found, literal(category.value, String).label("category")).where(
        found.c.held == "", ~_warned(category, found.c.subject)
    )


def _warned(
    category: Category, subject: ColumnElement[str], *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    return exists().where(
        erasure_warnings.c.category == category.value,
        erasure_warnings.c.subject_id == subject,
        *more,
    )


def _subjects(
    subject: ColumnElement[Any],
    account: ColumnElement[Any],
    dossier: ColumnElement[Any],
    *held: tuple[ColumnElement[bool], str],
) -> Select[Any]:
    waiting = exists().where(
        erasure_requests.c.account_id == account,
        erasure_requests.c.cancelled_at.is_(None),
        erasure_requests.c.done_at.is_(None),
    )
    suspended = exists().where(
        legal_holds.c.dossier_id == dossier, legal_holds.c.ended_at.is_(None)
    )
    why = case(
        (suspended, "legal_hold"),
        (waiting, "erasure_request"),
        *held,
        else_="",
    )
    return select(
        subject.label("subject"),
        account.label("account"),
        dossier.label("dossier"),
        why.label("held"),
    )


def _dossiers(*which: ColumnElement[bool]) -> Select[Any]:
    rules = exists().where(
        court_rulings.c.dossier_id == dossiers.c.id, court_rulings.c.child_id.is_not(None)
    )
    own = dossiers.c
    return _subjects(own.id, own.account_id, own.id, (rules, "ruling")).where(*which)


def _drafts(last: date, _day: date) -> Select[Any]:
    return _dossiers(
        dossiers.c.submitted_at.is_(None),
        dossiers.c.state.in_(_ENDED),
        dossiers.c.state_since < end_of_day(last),
    )


def _closed(last: date, _day: date) -> Select[Any]:
    return _dossiers(
        dossiers.c.submitted_at.is_not(None),
        dossiers.c.state.in_(_ENDED),
        dossiers.c.state_since < end_of_day(last),
    )


def _updated(last: date, _day: date) -> Select[Any]:
    # A registration to which no child leads has been written into the family's file as well.
    made_a_child = exists().where(children.c.dossier_id == dossiers.c.id)
    return _dossiers(
        dossiers.c.state == State.APPROVED.value,
        dossiers.c.state_since < end_of_day(last),
        or_(dossiers.c.kind != _REGISTRATION, ~made_a_child),
    )


def _spent(last: date, day: date) -> Select[Any]:
    spent = exists().where(documents.c.dossier_id == dossiers.c.id, is_spent(day))
    own = dossiers.c
    return _subjects(own.id, own.account_id, own.id).where(
        own.submitted_at.is_not(None),
        own.state.not_in(_OPEN),
        own.state_since < end_of_day(school_year_ended(last)),
        spent,
    )


def _children(last: date, *which: ColumnElement[bool]) -> Select[Any]:
    twin = children.alias("twin")
    suspended = exists().where(
        twin.c.same_as == children.c.id,
        legal_holds.c.dossier_id == twin.c.dossier_id,
        legal_holds.c.ended_at.is_(None),
    )
    busy = exists().where(
        dossiers.c.account_id == families.c.account_id, dossiers.c.state.in_(_OPEN)
    )
    return (
        _subjects(
            children.c.id,
            families.c.account_id,
            children.c.dossier_id,
            (suspended, "legal_hold"),
            (busy, "open_dossier"),
        )
        .select_from(children.join(families, families.c.id == children.c.family_id))
        .where(children.c.same_as.is_(None), _has_left(last), *which)
    )


def _has_left(last: date) -> ColumnElement[bool]:
    """Whether a child has left by that day; not one that was registered again since it left."""
    admission = dossiers.alias("admission")
    came_back = exists().where(
        admission.c.id == children.c.dossier_id, admission.c.decided_at > departures.c.noted_at
    )
    noted = exists().where(
        departures.c.child_id == children.c.id, departures.c.left_on <= last, ~came_back
    )
    # Civil days, ISO: a day that was never one is nobody's birthday.
    grown = and_(
        children.c.birth_date.like("____-__-__"),
        children.c.birth_date < str(born_until(last) + 1),
    )
    return or_(noted, grown)


def _enrolled(last: date, day: date) -> Select[Any]:
    # The children of a family that never came go with it.
    known = _known(last_event(Category.KNOWN, day), day).subquery()
    return _children(last, families.c.account_id.not_in(select(known.c.subject)))


def _health(last: date, _day: date) -> Select[Any]:
    return _children(last, exists().where(health_records.c.child_id == children.c.id))


def _rulings(last: date, _day: date) -> Select[Any]:
    return _children(last, exists().where(court_rulings.c.child_id == children.c.id))


def _parents(*which: ColumnElement[bool]) -> Select[Any]:
    own = accounts.c
    has_dossier = exists().where(dossiers.c.account_id == own.id)
    return _subjects(own.id, own.id, null()).where(
        own.role == PARENT, own.disabled_at.is_(None), ~has_dossier, *which
    )


def _known(last: date, _day: date) -> Select[Any]:
    own, limit = accounts.c, end_of_day(last)
    written = exists().where(activations.c.account_id == own.id, activations.c.asked_at >= limit)
    return _parents(_has_never_come(), own.created_at < limit, _has_family(), ~written)


def _accounts(last: date, _day: date) -> Select[Any]:
    own = accounts.c
    follows = exists().where(
        guardian_accesses.c.account_id == own.id, guardian_accesses.c.ends_on.is_(None)
    )
    has_child = exists().where(
        families.c.account_id == own.id,
        children.c.family_id == families.c.id,
        children.c.same_as.is_(None),
    )
    return _parents(
        func.coalesce(own.seen_at, own.created_at) < end_of_day(last),
        ~and_(_has_never_come(), _has_family()),
        ~has_child,
        ~follows,
    )


def _has_never_come() -> ColumnElement[bool]:
    return and_(accounts.c.seen_at.is_(None), accounts.c.password_hash.is_(None))


def _has_family() -> ColumnElement[bool]:
    return exists().where(families.c.account_id == accounts.c.id)


_SUBJECTS: Mapping[Category, Callable[[date, date], Select[Any]]] = {
    Category.DRAFT: _drafts,
    Category.CLOSED: _closed,
    Category.UPDATED: _updated,
    Category.ENROLLED: _enrolled,
    Category.DOCUMENTS: _spent,
    Category.HEALTH: _health,
    Category.RULINGS: _rulings,
    Category.KNOWN: _known,
    Category.ACCOUNT: _accounts,
}
