"""Reading who did what: the lines of the audit, and the acts that dossiers' timelines keep already.

An act on a dossier is told once, by its timeline; everything else by `storage.audit`. Names are
looked up when they are shown: they leave with their account, the lines stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.audit import What
from domain.states import Actor
from storage.records import as_record, sort_key
from storage.search_words import accounts_with
from storage.tables import accounts, audit_log, dossiers, events

TIMELINE = "timeline"
"""The kind of all acts that timelines tell, in a `Search`."""
_MOST_PEOPLE = 500
_MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Entry:
    """One line as it is read. `what` is a `What`, or the act of a timeline (`is_act`)."""

    id: str
    at: datetime
    what: str
    actor_id: str = ""
    behind_id: str = ""
    dossier_id: str = ""
    subject: str = ""
    place: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    is_act: bool = False


@dataclass(frozen=True)
class Search:
    """What is looked for; whatever is empty narrows nothing.

    `people`: ids of accounts, in whose name or behind whom it was done, or to whom. `what`: a
    `What`, or TIMELINE. From `since` on, and before `until` (aware moments).
    """

    people: frozenset[str] | None = None
    dossier_id: str = ""
    what: str = ""
    place: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Person:
    """Whose id a line holds."""

    id: str
    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Curious:
    """Somebody who opened many documents lately, and how many different ones.

    `name` is the mail address of whoever has none.
    """

    actor_id: str
    name: str
    documents: int


class Journal:
    """Lines of who did what, the newest first."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def page(
        self, search: Search, *, before: Entry | None = None, limit: int
    ) -> Sequence[Entry]:
        """The entries that match, the newest first; those after `before`, the last one seen."""
        found: list[Entry] = []
        for table, question in self._questions(search):
            after = question if before is None else question.where(_older(table, before))
            ordered = after.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
            found += [_entry(row) for row in (await self._db.execute(ordered)).mappings()]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:limit]

    async def count(self, search: Search, *, most: int = _MOST_COUNTED) -> int:
        """How many entries match; counted up to `most` of each kind, and no further."""
        total = 0
        for _table, question in self._questions(search):
            some = question.limit(most).subquery()
            total += (await self._db.execute(select(func.count()).select_from(some))).scalar() or 0
        return total

    async def of_dossier(
        self, dossier_id: str, kinds: Iterable[What], *, limit: int = 500
    ) -> Sequence[Entry]:
        """The latest lines of these kinds about a dossier."""
        query = (
            _lines()
            .where(
                audit_log.c.dossier_id == dossier_id,
                audit_log.c.what.in_([one.value for one in kinds]),
            )
            .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
            .limit(limit)
        )
        return [_entry(row) for row in (await self._db.execute(query)).mappings()]

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Who these accounts are, by id; those that are no more are left out."""
        wanted = sorted({one for one in ids if one})
        if not wanted:
            return {}
        query = select(*_PERSON).where(accounts.c.id.in_(wanted))
        return {
            row["id"]: as_record(Person, row) for row in (await self._db.execute(query)).mappings()
        }

    async def people_called(self, words: str) -> frozenset[str]:
        """The accounts whose name has all of these words, or whose address begins with them."""
        by_address = await self._db.execute(
            accounts_with(words.strip().casefold()).limit(_MOST_PEOPLE)
        )
        found: set[str] = {row.account_id for row in by_address}
        wanted = sort_key(words).split()
        for row in await self._db.execute(select(accounts.c.id, accounts.c.name)):
            name = sort_key(row.name)
            if wanted and all(word in name for word in wanted):
                found.add(row.id)
        return frozenset(sorted(found)[:_MOST_PEOPLE])

    async def dossier_numbered(self, number: str) -> str:
        """The id of the dossier with this number; empty when there is none."""
        query = select(dossiers.c.id).where(dossiers.c.number == number.strip().upper())
        return (await self._db.execute(query)).scalar() or ""

    async def curious(self, *, since: datetime, more_than: int) -> Sequence[Curious]:
        """The people who opened more different documents than that since then.

        Other software of the town is left out: fetching every document may be what it is for.
        """
        different = func.count(audit_log.c.subject.distinct())
        who = func.coalesce(func.nullif(audit_log.c.behind_id, ""), audit_log.c.actor_id)
        name = func.coalesce(func.nullif(accounts.c.name, ""), accounts.c.email)
        query = (
            select(who.label("actor_id"), name.label("name"), different.label("documents"))
            .join(accounts, accounts.c.id == who)
            .where(
                audit_log.c.at >= since,
                audit_log.c.what == What.DOCUMENT_OPENED.value,
                accounts.c.role.in_(["agent", "admin"]),
            )
            .group_by(accounts.c.id, who, name)
            .having(different > more_than)
            .order_by(different.desc())
        )
        return [as_record(Curious, row) for row in (await self._db.execute(query)).mappings()]

    async def has_line(self, what: What, subject: str, *, since: datetime) -> bool:
        """Whether a line of this kind was written about somebody or something since then."""
        query = select(audit_log.c.id).where(
            audit_log.c.at >= since, audit_log.c.what == what.value, audit_log.c.subject == subject
        )
        return (await self._db.execute(query.limit(1))).scalar() is not None

    @staticmethod
    def _questions(search: Search) -> Sequence[tuple[Any, Select[Any]]]:
        lines = _lines().where(*_narrowed(audit_log, search, ("actor_id", "behind_id", "subject")))
        acts = _acts().where(*_narrowed(events, search, ("actor_id",)))
        if search.what and search.what != TIMELINE:
            return [(audit_log, lines.where(audit_log.c.what == search.what))]
        if search.what == TIMELINE:
            return [(events, acts)]
        # A timeline does not know from where something was done.
        return [(audit_log, lines)] if search.place else [(audit_log, lines), (events, acts)]


_PERSON = [accounts.c[name] for name in ("id", "name", "email", "role")]
_OF_BOTH = ("id", "at", "what", "actor_id", "dossier_id", "detail")


def _lines() -> Select[Any]:
    more = ("behind_id", "subject", "place")
    return select(*(audit_log.c[name] for name in (*_OF_BOTH, *more)), literal(0).label("is_act"))


def _acts() -> Select[Any]:
    # What the portal did by itself is nobody's doing; what admins did is in the audit.
    by_people = (Actor.PARENT.value, Actor.AGENT.value, Actor.DESK.value)
    return select(*(events.c[name] for name in _OF_BOTH), literal(1).label("is_act")).where(
        events.c.actor.in_(by_people)
    )


def _older(table: Any, entry: Entry) -> ColumnElement[bool]:
    same = and_(table.c.at == entry.at, table.c.id < entry.id)
    return or_(table.c.at < entry.at, same)


def _narrowed(
    table: Any, search: Search, people_in: Sequence[str]
) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.people is not None:
        named: Sequence[Column[str]] = [table.c[name] for name in people_in]
        found.append(or_(*(column.in_(sorted(search.people)) for column in named)))
    if search.dossier_id:
        found.append(table.c.dossier_id == search.dossier_id)
    if search.place and "place" in table.c:
        found.append(table.c.place == search.place)
    if search.since is not None:
        found.append(table.c.at >= search.since)
    if search.until is not None:
        found.append(table.c.at < search.until)
    return found


def _entry(row: Mapping[str, Any]) -> Entry:
    return as_record(
        Entry, {**row, "actor_id": row["actor_id"] or "", "is_act": bool(row["is_act"])}
    )
