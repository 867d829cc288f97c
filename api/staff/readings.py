"""Who looked into a dossier: what the journal knows of it, one line per person and day."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from api.journal_words import Told, told
from domain import french
from domain.audit import What
from domain.deadlines import PARIS
from storage.journal import Entry
from storage.store import Store

_READINGS = (What.DOCUMENT_OPENED, What.RESERVED_READ)


async def readings_of(store: Store, dossier_id: str) -> Sequence[Mapping[str, str]]:
    """The latest openings and readings, the newest day first, each person's of a day together."""
    entries = await store.journal.of_dossier(dossier_id, _READINGS)
    lines = sorted(
        zip(entries, await told(store, entries), strict=True), key=_together, reverse=True
    )
    return [_reading(list(group)) for _, group in groupby(lines, key=_together)]


def _together(line: tuple[Entry, Told]) -> tuple[date, str, str]:
    entry, one = line
    return one.at.astimezone(PARIS).date(), one.who_id, entry.what


def _reading(lines: Sequence[tuple[Entry, Told]]) -> Mapping[str, str]:
    entry, first = lines[0]
    documents = len({one.subject for one, _ in lines})
    is_opening = entry.what == What.DOCUMENT_OPENED
    return {
        "day": french.day(first.at),
        "who": first.who,
        "what": f"a ouvert {french.plural(documents, 'document')}" if is_opening else first.what,
        "detail": ", ".join(sorted({one.piece for _, one in lines if one.piece})),
    }
