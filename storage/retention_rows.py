"""Rows that leave one by one when their time is over: proofs, letters, traces; of no dossier."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, exists, func

from domain.audit import KEPT
from domain.deadlines import end_of_day
from domain.retention import Category, last_event, school_year_ended
from storage.tables import (
    acceptances,
    access_links,
    api_tokens,
    audit_log,
    campaign_families,
    campaigns,
    erasure_requests,
    image_consents,
    incidents,
    interventions,
    letters,
    quotients,
    texts,
    visits,
)


@dataclass(frozen=True)
class Rows:
    """Rows of a table that go one by one; `is_emptied`: they stay, without what they say."""

    table: Table
    which: ColumnElement[bool]
    is_emptied: bool = False


def rows_due(category: Category, day: date) -> tuple[Rows, ...]:
    """The rows of a category whose time is over that day."""
    return _ROWS[category](last_event(category, day), day)


def _consents(last: date, _day: date) -> tuple[Rows, ...]:
    year = school_year_ended(last).year
    return (Rows(image_consents, image_consents.c.school_year <= f"{year - 1}-{year}"),)


def _acceptances(last: date, day: date) -> tuple[Rows, ...]:
    newer = texts.alias("newer")
    replaced = exists().where(
        texts.c.id == acceptances.c.text_id,
        newer.c.code == texts.c.code,
        newer.c.version > texts.c.version,
        newer.c.effective_from <= day,
    )
    return (Rows(acceptances, and_(acceptances.c.at < end_of_day(last), replaced)),)


def _quotients(last: date, _day: date) -> tuple[Rows, ...]:
    return (Rows(quotients, quotients.c.declared_at < end_of_day(last)),)


def _campaigns(last: date, _day: date) -> tuple[Rows, ...]:
    over = exists().where(
        campaigns.c.id == campaign_families.c.campaign_id,
        campaigns.c.closed_at < end_of_day(last),
    )
    return (Rows(campaign_families, over),)


def _letters(last: date, _day: date) -> tuple[Rows, ...]:
    alone = letters.c.dossier_id.is_(None)
    return (Rows(letters, and_(alone, letters.c.created_at < end_of_day(last))),)


def _rights(last: date, _day: date) -> tuple[Rows, ...]:
    settled = func.coalesce(erasure_requests.c.done_at, erasure_requests.c.cancelled_at)
    return (Rows(erasure_requests, settled < end_of_day(last)),)


def _journal(last: date, day: date) -> tuple[Rows, ...]:
    return (
        Rows(audit_log, audit_log.c.at < journal_limit(day)),
        Rows(interventions, interventions.c.at < end_of_day(last)),
    )


def journal_limit(day: date) -> datetime:
    """What is older on that day leaves the journal."""
    return end_of_day(day - timedelta(days=1)) - KEPT


def _technical(last: date, _day: date) -> tuple[Rows, ...]:
    limit, tokens = end_of_day(last), api_tokens.c
    old_links = and_(access_links.c.created_at < limit, access_links.c.email != "")
    mailed = exists().where(
        access_links.c.id == letters.c.link_id, access_links.c.created_at < limit
    )
    return (
        Rows(incidents, incidents.c.cleared_at < limit),
        Rows(visits, visits.c.ended_at < limit),
        Rows(api_tokens, func.coalesce(tokens.revoked_at, tokens.expires_at) < limit),
        Rows(letters, mailed),
        Rows(access_links, old_links, is_emptied=True),
    )


_ROWS: Mapping[Category, Callable[[date, date], tuple[Rows, ...]]] = {
    Category.CONSENTS: _consents,
    Category.ACCEPTANCES: _acceptances,
    Category.QUOTIENTS: _quotients,
    Category.CAMPAIGNS: _campaigns,
    Category.LETTERS: _letters,
    Category.RIGHTS: _rights,
    Category.JOURNAL: _journal,
    Category.TECHNICAL: _technical,
}
