"""What an admin looks for in the journal: read from an address or a form, kept in the next page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_address
from urllib.parse import urlencode

from api.access.places import place_named
from domain.audit import WORDS, What
from domain.deadlines import PARIS
from storage.journal import TIMELINE, Entry, Search
from storage.records import is_id
from storage.store import Store

FIELDS = ("q", "dossier", "acte", "lieu", "du", "au")
_LONGEST = 120
_ACTS = "dossiers"
_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_SORTED = sorted(((what.value, words) for what, words in WORDS.items()), key=lambda one: one[1])
KINDS: Sequence[tuple[str, str]] = [
    (_ACTS, "Actes sur les dossiers"),
    *((value, words[0].upper() + words[1:]) for value, words in _SORTED),
]
"""The kinds of lines that can be chosen: the value in the address, and its words."""


@dataclass(frozen=True)
class Wanted:
    """The fields of the search as typed, and what is wrong with them: one sentence for each."""

    typed: Mapping[str, str]
    errors: Mapping[str, str]

    def href(self, after: Entry | None = None) -> str:
        """The address of this search; of what is older than `after` if given."""
        more = {"apres": f"{after.at.isoformat()}~{after.id}"} if after else {}
        query = urlencode({**self.typed, **more})
        return f"/admin/journal?{query}" if query else "/admin/journal"


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """What these fields ask for."""
    typed = {
        name: " ".join(given.get(name, "").replace("\x00", "").split())[:_LONGEST]
        for name in FIELDS
    }
    typed = {name: text for name, text in typed.items() if text}
    errors: dict[str, str] = {}
    for name in ("du", "au"):
        if name in typed and _day(typed[name]) is None:
            errors[name] = "Écrivez une date qui existe, par exemple 23/11/2026."
    first, last = _day(typed.get("du", "")), _day(typed.get("au", ""))
    if first and last and first > last:
        errors["au"] = "La fin vient avant le début : vérifiez les deux dates."
    if "lieu" in typed and not _is_address(typed["lieu"]):
        errors["lieu"] = "Écrivez une adresse réseau, par exemple 192.0.2.7."
    if typed.get("acte", _ACTS) not in dict(KINDS):
        del typed["acte"]
    return Wanted(typed, errors)


async def search_of(store: Store, wanted: Wanted) -> Search:
    """The search in storage's words. Who or what nobody knows finds nothing."""
    typed = wanted.typed
    first, last = _day(typed.get("du", "")), _day(typed.get("au", ""))
    acts, dossier_id = typed.get("acte", ""), ""
    if "dossier" in typed:
        dossier_id = await store.journal.dossier_numbered(typed["dossier"]) or "unknown"
    return Search(
        people=await store.journal.people_called(typed["q"]) if "q" in typed else None,
        dossier_id=dossier_id,
        what=TIMELINE if acts == _ACTS else acts,
        place=place_named(typed["lieu"].partition("/")[0]) if "lieu" in typed else "",
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def after_of(word: str) -> Entry | None:
    """The line that the last page ended with, from an address; None when it names none."""
    at, _, entry_id = word.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if moment.tzinfo is None or not is_id(entry_id):
        return None
    try:
        return Entry(entry_id, moment.astimezone(UTC), What.SIGNED_IN)
    except OverflowError:
        return None


def _day(text: str) -> date | None:
    written = _DAY.fullmatch(text)
    if written is None:
        return None
    try:
        found = date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None  # noqa: PLR2004  a line is of our time


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def _is_address(text: str) -> bool:
    try:
        ip_address(text.partition("/")[0])
    except ValueError:
        return False
    return True
