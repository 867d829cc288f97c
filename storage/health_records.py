"""The health records of children: one each, all of it sealed but for when it changed and by whom.

What it says is opened for whoever asks here; who may is decided where pages are made. Two rows of
one child (its families were found to be one) count as one: its own row first, else the newest.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.health import HealthRecord, told
from domain.questions import Values
from domain.vaccinations import Doses
from storage.sealed import Keys, Place
from storage.tables import children, health_records
from storage.writes import add_once


class HealthRecords:
    """Questions and writes about health records."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def of(self, child_id: str) -> HealthRecord | None:
        """The record of a child; None while nobody filled it in."""
        return (await self.of_each([child_id])).get(child_id)

    async def of_each(self, child_ids: Collection[str]) -> Mapping[str, HealthRecord]:
        """The records of these children, by child, those that there are; in one question."""
        rows = await self._rows(child_ids, *health_records.c)
        return {child_id: self._opened(child_id, row) for child_id, row in rows.items()}

    async def checked(self, child_ids: Collection[str]) -> Mapping[str, datetime | None]:
        """When each of these records was last confirmed, by child: nothing is opened for it."""
        columns = (health_records.c.child_id, health_records.c.checked_at)
        rows = await self._rows(child_ids, *columns, health_records.c.changed_at)
        return {child_id: row["checked_at"] for child_id, row in rows.items()}

    async def keep(
        self,
        child_id: str,
        values: Values,
        doses: Doses,
        *,
        seen: int,
        by: str,
        at: datetime,
        checks: bool = False,
    ) -> HealthRecord | None:
        """Keep a record whose version `seen` (0: none yet) was before whoever wrote it.

        Gives None, or the record as somebody else changed it meanwhile: then nothing is written.
        The same again changes nothing. `checks`: whoever wrote it says that all of it is true.
        """
        kept = await self.of(child_id)
        text = _text(values, doses)
        if kept is not None and _text(kept.values, kept.doses) == text:
            if checks:
                await self.check(child_id, seen=kept.version, at=at)
            return None
        facts: dict[str, Any] = {
            "content": self._keys.seal(text, place_of(child_id)),
            "version": seen + 1,
            "changed_at": at,
            "changed_by": by,
        }
        if checks:
            facts["checked_at"] = at
        if (kept.version if kept else 0) == seen and await self._write(child_id, seen, facts):
            return None
        return await self.of(child_id)

    async def check(self, child_id: str, *, seen: int, at: datetime) -> bool:
        """Note that all of it is true; False when it is not at this version (any more)."""
        done = await self._db.execute(
            update(health_records)
            .where(_is_of([child_id]), health_records.c.version == seen)
            .values(checked_at=at)
        )
        return done.rowcount >= 1

    async def take_over(
        self,
        child_id: str,
        values: Values,
        at: datetime,
        by: str,
        *,
        given_at: datetime | None = None,
    ) -> None:
        """Make the answers of an approved update the record, confirmed at that moment.

        The days of doses stay. What a guardian changed on the record itself after the answers were
        given (`given_at`) stands: nothing is written over it. Twice: the same, once.
        """
        kept = await self.of(child_id)
        if kept is not None and given_at is not None and kept.changed_at > given_at:
            return
        doses = kept.doses if kept else {}
        seen = kept.version if kept else 0
        await self.keep(child_id, told(values), doses, seen=seen, by=by, at=at, checks=True)

    async def _write(self, child_id: str, seen: int, facts: Mapping[str, Any]) -> bool:
        if await add_once(
            self._db, health_records, **{"checked_at": None, **facts, "child_id": child_id}
        ):
            return True
        mine = (health_records.c.child_id == child_id, health_records.c.version == seen)
        done = await self._db.execute(update(health_records).where(*mine).values(**facts))
        return done.rowcount == 1

    async def _rows(self, child_ids: Collection[str], *columns: Any) -> Mapping[str, Any]:
        query = (
            select(*columns, children.c.same_as)
            .join(children, children.c.id == health_records.c.child_id)
            .where(_is_of(child_ids))
            .order_by(health_records.c.changed_at)
        )
        rows = (await self._db.execute(query)).mappings().all()
        # The newest of another row of the child, unless the child has one of its own.
        found = {row["same_as"]: row for row in rows if row["same_as"]}
        return {**found, **{row["child_id"]: row for row in rows if not row["same_as"]}}

    def _opened(self, child_id: str, row: Mapping[str, Any]) -> HealthRecord:
        said = json.loads(self._keys.unseal(row["content"], place_of(row["child_id"])))
        return HealthRecord(
            child_id=child_id,
            version=row["version"],
            changed_at=row["changed_at"],
            changed_by=row["changed_by"],
            checked_at=row["checked_at"],
            values=said["values"],
            doses={
                code: [date.fromisoformat(day) for day in days]
                for code, days in said["doses"].items()
            },
        )


def place_of(child_id: str) -> Place:
    """Where the record of this child is sealed."""
    return ("health_records", child_id, "content")


def _is_of(child_ids: Collection[str]) -> ColumnElement[bool]:
    same = select(children.c.id).where(children.c.same_as.in_(child_ids))
    return or_(health_records.c.child_id.in_(child_ids), health_records.c.child_id.in_(same))


def _text(values: Values, doses: Doses) -> str:
    said = {name: text for name, text in sorted(values.items()) if text}
    days = {code: [day.isoformat() for day in some] for code, some in sorted(doses.items())}
    return json.dumps({"values": said, "doses": days})
