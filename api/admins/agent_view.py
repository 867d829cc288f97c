"""What the pages of agents and admins show: the list, and one person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.deadlines import last_day
from domain.french import ago, day, short_day
from domain.rights import GROUP_WORDS, Duty, FieldGroup
from storage.absences import Absence
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
        "is_invited": account.seen_at is None and account.disabled_at is None,
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


def absence_rows(absences: Sequence[Absence], at: datetime) -> Sequence[Mapping[str, Any]]:
    """Absences that are on or to come, in words."""
    return [
        {
            "id": one.id,
            "words": f"Du {day(one.begins_at)} au {day(last_day(one.ends_at))}",
            "cover": one.cover_name or "personne",
            "reserved": _groups(one.fields),
            "is_on": one.is_on(at),
        }
        for one in absences
    ]


def away_words(absence: Absence) -> str:
    """« Absence jusqu’au 12 janv. 2027, remplacement : Paul Roux »."""
    cover = f", remplacement\u00a0: {absence.cover_name}" if absence.cover_name else ""
    return f"Absence jusqu’au {short_day(last_day(absence.ends_at))}{cover}"


def departments_words(duties: Sequence[Duty], names: Mapping[str, str]) -> str:
    """Whose dossiers somebody sees."""
    if any(one.department is None for one in duties):
        return "Tous les services"
    words = [names.get(one.department or "", one.department or "") for one in duties]
    return ", ".join(words) or "Aucun service"


def reserved_words(duties: Sequence[Duty]) -> str:
    """Which reserved groups somebody reads somewhere."""
    return _groups(frozenset().union(*(one.fields for one in duties)))


def factor_words(account: Account, *, has_one: bool) -> str:
    """Whether a telephone is asked for."""
    if has_one:
        return "Oui"
    return "Non : compte d’exemple" if account.is_example else "Pas encore"


def state_badge_of(account: Account) -> tuple[str, str, str]:
    """Where an access stands, for the macro `badge`."""
    if account.disabled_at is not None:
        return "neutral", "–", f"Fermé le {short_day(account.disabled_at)}"
    if account.seen_at is None:
        return "waiting", "…", "Invitation envoyée"
    return "ok", "✓", "Ouvert"


def _groups(fields: frozenset[FieldGroup]) -> str:
    return ", ".join(GROUP_WORDS[one] for one in FieldGroup if one in fields)


async def _names(store: Store) -> Mapping[str, str]:
    return {one.code: one.name for one in await store.town.departments()}
