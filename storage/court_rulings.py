"""Court rulings about children, sealed: recorded from a dossier, bound to its child once made.

A dossier may bring a ruling before the town has made a child of it; the approval binds it then.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.custody import (
    Decision,
    Effect,
    Ruling,
    Somebody,
    closes_invitations,
    may_not_fetch,
)
from domain.likeness import name_key
from storage.child_registrations import are_one, registrations_of
from storage.sealed import Keys, Place
from storage.tables import children, contacts, court_rulings
from storage.writes import add_once


class CourtRulings:
    """Questions and writes about court rulings."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def record(self, ruling: Ruling) -> bool:
        """Keep a ruling, and take from the child's contacts who may not come. Twice: once."""
        is_new = await add_once(
            self._db,
            court_rulings,
            id=ruling.id,
            dossier_id=ruling.dossier_id,
            child_id=ruling.child_id,
            document_id=ruling.document_id,
            content=self._keys.seal(_text(ruling), place_of(ruling.id)),
            recorded_at=ruling.recorded_at,
            recorded_by=ruling.recorded_by,
        )
        if is_new and ruling.child_id:
            await self._remove_contacts(ruling.child_id, ruling)
        return is_new

    async def of_dossier(
        self, dossier_id: str, child_ids: Collection[str] = ()
    ) -> Sequence[Ruling]:
        """Those recorded from this dossier, or about the child it registered; the newest first.

        Other registrations of that child count. With `child_ids` also those about these children.
        """
        same, registered = children.alias("same"), children.c.dossier_id == dossier_id
        mine = select(same.c.id).select_from(children).join(same, are_one(children, same))
        its = registrations_of(registered)
        by_dossier = and_(court_rulings.c.child_id.is_(None), court_rulings.c.dossier_id.in_(its))
        return await self._found(
            or_(
                court_rulings.c.dossier_id == dossier_id,
                court_rulings.c.child_id.in_(mine.where(registered)),
                court_rulings.c.child_id.in_(child_ids),
                by_dossier,
            )
        )

    async def of_child(self, child_id: str) -> Sequence[Ruling]:
        """Those about this child, the newest first."""
        same = or_(children.c.id == child_id, children.c.same_as == child_id)
        rows = select(children.c.id).where(same)
        its = select(children.c.dossier_id).where(same, children.c.dossier_id.is_not(None))
        by_dossier = and_(court_rulings.c.child_id.is_(None), court_rulings.c.dossier_id.in_(its))
        return await self._found(or_(court_rulings.c.child_id.in_(rows), by_dossier))

    async def closes_invitations(self, dossier_id: str, today: date) -> bool:
        """Whether only staff lets other guardians see the child of this dossier."""
        return closes_invitations(await self.of_dossier(dossier_id), today)

    async def end(self, ruling_id: str, *, by: str, at: datetime) -> bool:
        """Note that it binds no more; accesses and contacts stay as they are. Twice: once."""
        done = await self._db.execute(
            update(court_rulings)
            .where(court_rulings.c.id == ruling_id, court_rulings.c.ended_at.is_(None))
            .values(ended_at=at, ended_by=by)
        )
        return done.rowcount == 1

    async def bind(self, dossier_id: str, child_id: str, today: date) -> None:
        """The child of this dossier has been made: its rulings are about it. Twice: the same."""
        await self._db.execute(
            update(court_rulings)
            .where(court_rulings.c.dossier_id == dossier_id, court_rulings.c.child_id.is_(None))
            .values(child_id=child_id)
        )
        await self.keep_away(child_id, today)

    async def keep_away(self, child_id: str, today: date) -> None:
        """Take from the child's contacts, again, whom a ruling keeps from coming. Twice: once.

        For whoever has just written contacts: no family names somebody whom a court keeps away.
        """
        for ruling in await self.of_child(child_id):
            if ruling.counts_on(today) or ruling.is_to_come(today):
                await self._remove_contacts(child_id, ruling)

    async def _remove_contacts(self, child_id: str, ruling: Ruling) -> None:
        barred = {name_key(one.name) for one in may_not_fetch(ruling.decisions)}
        kept_away = {
            name_key(one.who.name)
            for one in ruling.decisions
            if one.effect is Effect.NO_CONTACT and one.who is not None
        }
        query = select(contacts.c.id, contacts.c.name).where(contacts.c.child_id == child_id)
        for row in (await self._db.execute(query)).all():
            if name_key(row.name) not in barred:
                continue
            changes: dict[str, Any] = {"may_pick_up": False}
            if name_key(row.name) in kept_away:
                changes["until"] = ruling.since - timedelta(days=1)
            await self._db.execute(
                update(contacts).where(contacts.c.id == row.id).values(**changes)
            )

    async def _found(self, which: ColumnElement[bool]) -> Sequence[Ruling]:
        query = select(court_rulings).where(which)
        ordered = query.order_by(court_rulings.c.recorded_at.desc(), court_rulings.c.id)
        return [self._opened(row) for row in (await self._db.execute(ordered)).mappings()]

    def _opened(self, row: Mapping[Any, Any]) -> Ruling:
        said = json.loads(self._keys.unseal(row["content"], place_of(row["id"])))
        return Ruling(
            id=row["id"],
            dossier_id=row["dossier_id"],
            child_id=row["child_id"],
            document_id=row["document_id"],
            decided_on=date.fromisoformat(said["decided_on"]),
            since=date.fromisoformat(said["since"]),
            until=date.fromisoformat(said["until"]) if said["until"] else None,
            decisions=tuple(
                Decision(Effect(one["effect"]), Somebody(**one["who"]) if one["who"] else None)
                for one in said["decisions"]
            ),
            recorded_at=row["recorded_at"],
            recorded_by=row["recorded_by"],
            ended_at=row["ended_at"],
        )


def place_of(ruling_id: str) -> Place:
    """Where a ruling is sealed."""
    return ("court_rulings", ruling_id, "content")


def _text(ruling: Ruling) -> str:
    return json.dumps(
        {
            "decided_on": ruling.decided_on.isoformat(),
            "since": ruling.since.isoformat(),
            "until": ruling.until.isoformat() if ruling.until else "",
            "decisions": [
                {"effect": one.effect.value, "who": asdict(one.who) if one.who else None}
                for one in ruling.decisions
            ],
        }
    )
