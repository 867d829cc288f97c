"""What the pages of agents and admins show: the list, and one person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.absences import absence_rows, away_words
from domain.deadlines import last_day
from domain.french import ago, day, short_day
from domain.rights import Duty, groups_words
from storage.accounts import Account
from storage.staff import ADMIN
from storage.store import Store


async def agent_rows(store: Store, at: datetime) -> Sequence[Mapping[str, Any]]:
    """Everybody, those whose access is open first."""
    names = await _names(store)
    proven, away = await store.second_factors.proven(), await store.absences.away(at)
    return [
        {
            "href": f"/admin/agents/{one.id}",
            "name": one.name or one.email,
            "title": one.title,
            "role": "Administration" if one.role == ADMIN else "Agent",
            "departments": departments_words(one.duties, names) if one.role != ADMIN else "–",
            "reserved": reserved_words(one.duties) or "–",
            "factor": factor_words(one, has_one=one.id in proven),
            "seen": ago(at, one.seen_at) if one.seen_at else "jamais",
            "state": state_badge_of(one),
            "away": away_words(away[one.id]) if one.id in away else "",
        }
        for one in await store.staff.everybody()
    ]


async def agent_facts(store: Store, account: Account, at: datetime) -> Mapping[str, Any]:
    """One person, with what is coming for them."""
    names = await _names(store)
    has_factor = await store.second_factors.is_proven(account.id)
    return {
        "agent": account,
        "is_admin": account.role == ADMIN,
        "is_invited": is_invited(account) and account.disabled_at is None,
        "state": state_badge_of(account),
        "departments": departments_words(account.duties, names),
        "reserved": reserved_words(account.duties) or "rien",
        "has_factor": has_factor,
        "factor": factor_words(account, has_one=has_factor),
        "seen": ago(at, account.seen_at) if account.seen_at else "jamais",
        "absences": absence_rows(await store.absences.coming(account.id, at), at),
        "covering": [
            f"{one.name} jusqu’au {day(last_day(one.ends_at))}"
            for one in await store.absences.covered_by(account.id, at)
        ],
    }


def departments_words(duties: Sequence[Duty], names: Mapping[str, str]) -> str:
    """Whose dossiers somebody sees."""
    if any(one.department is None for one in duties):
        return "Tous les services"
    words = [names.get(one.department or "", one.department or "") for one in duties]
    return ", ".join(words) or "Aucun service"


def reserved_words(duties: Sequence[Duty]) -> str:
    """Which reserved groups somebody reads somewhere."""
    return groups_words(frozenset().union(*(one.fields for one in duties)))


def factor_words(account: Account, *, has_one: bool) -> str:
    """Whether a telephone is asked for."""
    if has_one:
        return "Oui"
    return "Non : compte d’exemple" if account.is_example else "Pas encore"


def is_invited(account: Account) -> bool:
    """Whether somebody was let in and has not come yet."""
    return account.seen_at is None and account.password_hash is None


def state_badge_of(account: Account) -> tuple[str, str, str]:
    """Where an access stands, for the macro `badge`."""
    if account.disabled_at is not None:
        return "neutral", "–", f"Fermé le {short_day(account.disabled_at)}"
    if is_invited(account):
        return "waiting", "…", "Invitation envoyée"
    return "ok", "✓", "Ouvert"


async def _names(store: Store) -> Mapping[str, str]:
    return {one.code: one.name for one in await store.town.departments()}
