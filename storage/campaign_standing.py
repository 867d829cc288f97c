"""How far the families of a campaign have come, said in SQL once for all who ask.

Everything is read from the dossiers of the campaign's procedure, where it is written anyway.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select

from domain.campaigns import Audience, Position, Step
from domain.states import State
from storage.accounts import PARENT
from storage.child_years import pupils_on
from storage.tables import accounts, campaign_families, dossiers, families


def chosen_by(audience: Audience, day: date) -> Sequence[ColumnElement[bool]]:
    """Which families an audience has on that day: open accounts, with a child at school."""
    is_open = and_(accounts.c.role == PARENT, accounts.c.disabled_at.is_(None))
    if audience.chosen:
        return (is_open, accounts.c.id.in_(audience.chosen))
    pupil = pupils_on(day).c
    child = [pupil.family_id == families.c.id, pupil.same_as.is_(None)]
    is_at_school = or_(pupil.grade != "", pupil.school_id.is_not(None))
    child.append(pupil.grade.in_(audience.grades) if audience.grades else is_at_school)
    if audience.schools:
        child.append(pupil.school_id.in_(audience.schools))
    return (is_open, exists().where(*child))


_AWAITED = State.AWAITING_FAMILY.value


def standing_in(procedure_id: str) -> Subquery:
    """Per family, what its dossiers of this procedure say."""
    state, is_sent = dossiers.c.state, dossiers.c.submitted_at.is_not(None)
    return (
        select(
            dossiers.c.account_id,
            _any(and_(is_sent, state != _AWAITED)).label("sent"),
            _any(is_sent).label("submitted"),
            func.max(case((state == State.APPROVED.value, dossiers.c.id))).label("approved"),
            func.max(case((state == _AWAITED, dossiers.c.id))).label("awaited"),
            func.max(case((state == State.DRAFT.value, dossiers.c.id))).label("draft"),
            func.max(case((and_(is_sent, state != _AWAITED), dossiers.c.id))).label("given"),
            func.max(dossiers.c.id).label("any"),
        )
        .where(dossiers.c.procedure_id == procedure_id)
        .group_by(dossiers.c.account_id)
        .subquery()
    )


def _any(rule: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((rule, 1), else_=0))


def invited_to(campaign_id: str, stand: Subquery) -> Select[Any]:
    """The families that were invited and whose account is open, beside where each stands."""
    return (
        select(campaign_families.c.account_id)
        .join(accounts, accounts.c.id == campaign_families.c.account_id)
        .outerjoin(stand, stand.c.account_id == campaign_families.c.account_id)
        .where(campaign_families.c.campaign_id == campaign_id, accounts.c.disabled_at.is_(None))
    )


def position_of(stand: Subquery) -> ColumnElement[str]:
    """`Position`: nobody who has sent one dossier is reminded of another."""
    return case(
        (stand.c.sent == 1, Position.SENT.value),
        (stand.c.awaited.is_not(None), Position.MISSING.value),
        (stand.c.draft.is_not(None), Position.BEGUN.value),
        else_=Position.NOT_BEGUN.value,
    )


def step_of(stand: Subquery) -> ColumnElement[str]:
    """`Step`: the furthest; whoever was seen since the invitation has opened it."""
    return case(
        (stand.c.approved.is_not(None), Step.APPROVED.value),
        (stand.c.submitted == 1, Step.SENT.value),
        (stand.c.any.is_not(None), Step.BEGUN.value),
        (accounts.c.seen_at >= campaign_families.c.invited_at, Step.OPENED.value),
        else_=Step.INVITED.value,
    )


def where_it_stands(stand: Subquery) -> tuple[ColumnElement[Any], ...]:
    """The columns `position`, `dossier_id` (begun and not finished, "" for none) and `email`."""
    begun = func.coalesce(stand.c.awaited, stand.c.draft, "").label("dossier_id")
    return (position_of(stand).label("position"), begun, accounts.c.email)


def shown_dossier(stand: Subquery) -> ColumnElement[Any]:
    """The id of the dossier that tells most of a family, none where it has begun nothing."""
    names = ("approved", "given", "awaited", "draft", "any")
    return func.coalesce(*(stand.c[name] for name in names))
