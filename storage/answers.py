"""What families answered: in the open, but for what is reserved, which is sealed beside it.

The reserved answers of a page are sealed together, whether or not anything was answered: neither
their number nor their weight says what a family ticked. Whoever reads from here sees them all; who
may be shown what is decided where pages are made (`api.access.rules`).

The snapshot of version 0 is no sending: it is what the town knew when a dossier that starts filled
in was opened, kept to show what the family changed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.kinds.catalogue import RULES
from domain.questions import Answers, Values, changed
from storage.sealed import Keys, Place
from storage.tables import answers, snapshots
from storage.writes import add_once, put

_NOW = -1
_BEGINNING = 0  # a dossier that was sent has been saved: its sendings count from 1
Parts = tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]
"""Pages of answers in the open, and those of them that are reserved."""


@dataclass(frozen=True)
class Told:
    """All that a dossier says: `now`, at each sending (oldest first), and what it started with.

    `before` is None for a dossier that started empty.
    """

    now: Answers
    sent: Sequence[tuple[datetime, Answers]]
    before: Answers | None = None


class KeptAnswers:
    """The answers of dossiers as they are kept: those of now, and those of each sending."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def of(self, dossier_id: str) -> Answers:
        """Everything the family answered so far."""
        return _whole(await self._parts(dossier_id))

    async def told(self, dossier_id: str) -> Told:
        """The answers of now, at each sending and at the opening; in one question."""
        pages = select(
            literal(_NOW).label("version"),
            answers.c.section,
            answers.c["values"].label("kept"),
            answers.c.sealed,
            answers.c.saved_at.label("at"),
        ).where(answers.c.dossier_id == dossier_id)
        sendings = select(
            snapshots.c.version,
            literal(""),
            snapshots.c.answers,
            snapshots.c.sealed,
            snapshots.c.at,
        ).where(snapshots.c.dossier_id == dossier_id)
        found = union_all(pages, sendings).subquery()
        rows = await self._db.execute(select(found).order_by(found.c.version))
        now: Parts = ({}, {})
        sent: list[tuple[datetime, Answers]] = []
        before: Answers | None = None
        for row in rows.mappings():
            if row["version"] == _NOW:
                self._add_page(now, dossier_id, row["section"], row["kept"], row["sealed"])
            else:
                kept = self._as_sent(dossier_id, row["version"], row["kept"], row["sealed"])
                if row["version"] == _BEGINNING:
                    before = kept
                else:
                    sent.append((row["at"], kept))
        return Told(_whole(now), sent, before)

    async def put(
        self, dossier_id: str, kind: str, section: str, values: Values, at: datetime
    ) -> None:
        """Keep one page of answers: the last word stands."""
        reserved = _reserved(kind, section)
        closed = {name: text for name, text in values.items() if name in reserved}
        await put(
            self._db,
            answers,
            {"dossier_id": dossier_id, "section": section},
            {
                "values": {name: text for name, text in values.items() if name not in reserved},
                "sealed": self._sealed(closed, place_of_answers(dossier_id, section)),
                "saved_at": at,
            },
        )

    async def keep_snapshot(self, dossier_id: str, version: int, at: datetime) -> None:
        """Keep the answers as they are now. Twice: kept once."""
        in_the_open, closed = await self._parts(dossier_id)
        sealed = self._sealed(closed, place_of_snapshot(dossier_id, version))
        mine = {"dossier_id": dossier_id, "version": version}
        await add_once(self._db, snapshots, **mine, answers=in_the_open, sealed=sealed, at=at)

    async def keep_beginning(
        self, dossier_id: str, kind: str, known: Answers, at: datetime
    ) -> None:
        """Keep what the town knew when the dossier was opened. Twice: the first stands."""
        parts: Parts = ({}, {})
        for section, values in known.items():
            reserved = _reserved(kind, section)
            parts[0][section] = {k: text for k, text in values.items() if k not in reserved}
            if closed := {k: text for k, text in values.items() if k in reserved}:
                parts[1][section] = closed
        in_the_open, closed_ones = parts
        sealed = self._sealed(closed_ones, place_of_snapshot(dossier_id, _BEGINNING))
        mine = {"dossier_id": dossier_id, "version": _BEGINNING}
        await add_once(self._db, snapshots, **mine, answers=in_the_open, sealed=sealed, at=at)

    async def beginning(self, dossier_id: str) -> Answers | None:
        """What the town knew when the dossier was opened; None when that was not kept."""
        query = select(snapshots).where(
            snapshots.c.dossier_id == dossier_id, snapshots.c.version == _BEGINNING
        )
        row = (await self._db.execute(query)).mappings().first()
        return self._of_row(row) if row else None

    async def changed_since_opening(self, dossier_ids: Sequence[str]) -> Mapping[str, int]:
        """How many answers differ from those of the opening, for dossiers that started filled in.

        Of what is in the open: reserved answers are not counted. One question for all of them.
        """
        query = select(snapshots.c.dossier_id, snapshots.c.version, snapshots.c.answers).where(
            snapshots.c.dossier_id.in_(dossier_ids)
        )
        rows = (await self._db.execute(query.order_by(snapshots.c.version))).all()
        before = {row.dossier_id: row.answers for row in rows if row.version == _BEGINNING}
        last = {row.dossier_id: row.answers for row in rows if row.version > _BEGINNING}
        return {one: len(changed(known, last[one])) for one, known in before.items() if one in last}

    async def sent(self, dossier_id: str) -> Sequence[tuple[datetime, Answers]]:
        """The answers at each sending, oldest first."""
        query = _sendings(dossier_id).order_by(snapshots.c.version)
        rows = (await self._db.execute(query)).mappings()
        return [(row["at"], self._of_row(row)) for row in rows]

    async def sent_at_version(self, dossier_id: str, version: int) -> Answers | None:
        """The answers last sent up to this version; None when nothing had been sent then."""
        query = _sendings(dossier_id).where(snapshots.c.version <= version)
        latest = query.order_by(snapshots.c.version.desc()).limit(1)
        row = (await self._db.execute(latest)).mappings().first()
        return self._of_row(row) if row else None

    async def _parts(self, dossier_id: str) -> Parts:
        query = select(answers.c.section, answers.c["values"], answers.c.sealed)
        rows = (await self._db.execute(query.where(answers.c.dossier_id == dossier_id))).mappings()
        parts: Parts = ({}, {})
        for row in rows:
            self._add_page(parts, dossier_id, row["section"], row["values"], row["sealed"])
        return parts

    def _add_page(
        self, parts: Parts, dossier_id: str, section: str, values: Values, sealed: str
    ) -> None:
        in_the_open, closed = parts
        in_the_open[section] = dict(values)
        if sealed:
            place = place_of_answers(dossier_id, section)
            closed[section] = json.loads(self._keys.unseal(sealed, place))

    def _of_row(self, row: Mapping[Any, Any]) -> Answers:
        return self._as_sent(row["dossier_id"], row["version"], row["answers"], row["sealed"])

    def _as_sent(
        self, dossier_id: str, version: int, in_the_open: dict[str, dict[str, str]], sealed: str
    ) -> Answers:
        if not sealed:
            return _whole((in_the_open, {}))
        place = place_of_snapshot(dossier_id, version)
        return _whole((in_the_open, json.loads(self._keys.unseal(sealed, place))))

    def _sealed(self, closed: Mapping[str, Any], place: Place) -> str:
        return self._keys.seal(json.dumps(closed), place) if closed else ""


def place_of_answers(dossier_id: str, section: str) -> Place:
    """Where the reserved answers of a page are sealed."""
    return ("answers", dossier_id, section, "sealed")


def place_of_snapshot(dossier_id: str, version: int) -> Place:
    """Where the reserved answers of a sending are sealed."""
    return ("snapshots", dossier_id, str(version), "sealed")


def _sendings(dossier_id: str) -> Select[Any]:
    return select(snapshots).where(
        snapshots.c.dossier_id == dossier_id, snapshots.c.version > _BEGINNING
    )


def _whole(parts: Parts) -> Answers:
    in_the_open, closed = parts
    return {code: {**values, **closed.get(code, {})} for code, values in in_the_open.items()}


def _reserved(kind: str, section: str) -> frozenset[str]:
    return next((one.reserved for one in RULES[kind].sections if one.code == section), frozenset())
