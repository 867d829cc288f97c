"""What people did, written before anything else happens.

An act is a row first, then a message to its dossier. One without outcome has been kept but not
applied yet; the reconciler delivers it again until it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Act
from domain.states import Action, Actor
from storage.records import as_record, columns
from storage.tables import acts
from storage.writes import add_once, take_turn

APPLIED, REFUSED = "applied", "refused"


@dataclass(frozen=True)
class KeptAct:
    """An act as it is kept, with the words that never leave storage."""

    id: str
    dossier_id: str
    action: str
    actor_id: str | None
    actor: str
    version_seen: int
    given_at: datetime
    subject: str = ""
    reason_code: str = ""
    words: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    until: datetime | None = None
    outcome: str = ""
    outcome_code: str = ""

    def message(self) -> Act:
        """What may cross to the engine: no words."""
        return Act(
            id=self.id,
            action=Action(self.action),
            actor_id=self.actor_id or "",
            actor=Actor(self.actor),
            given_at=self.given_at,
            subject=self.subject,
            reason_code=self.reason_code,
            until=self.until,
        )


class Acts:
    """The acts, by id chosen by the form that gave them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def find(self, act_id: str) -> KeptAct | None:
        """One act; None when it was never given."""
        query = select(*columns(acts, KeptAct)).where(acts.c.id == act_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(KeptAct, row) if row else None

    async def take_turn(self, act_id: str) -> None:
        """Wait for whoever gives the act of this id at this instant: the same form, sent twice."""
        await take_turn(self._db, f"act:{act_id}")

    async def add(self, act: KeptAct) -> bool:
        """Keep an act. False when its id is known already: the same form came twice."""
        values = {column.name: getattr(act, column.name) for column in columns(acts, KeptAct)}
        return await add_once(self._db, acts, **values)

    async def settle(self, act_id: str, outcome: str, at: datetime, code: str = "") -> bool:
        """Write what became of an act. The first outcome stands; False: there was one already."""
        done = await self._db.execute(
            update(acts)
            .where(acts.c.id == act_id, acts.c.outcome == "")
            .values(outcome=outcome, outcome_code=code, outcome_at=at)
        )
        return done.rowcount == 1

    async def undelivered(self, *, given_before: datetime, limit: int = 1000) -> Sequence[KeptAct]:
        """Acts of any dossier without outcome, in the order given."""
        query = (
            select(*columns(acts, KeptAct))
            .where(acts.c.outcome == "", acts.c.given_at <= given_before)
            .order_by(acts.c.given_at)
            .limit(limit)
        )
        return [as_record(KeptAct, row) for row in (await self._db.execute(query)).mappings()]

    async def waiting_in(
        self, dossier_id: str, *, given_before: datetime | None = None
    ) -> Sequence[KeptAct]:
        """Acts on this dossier given (up to then) and not applied yet, in the order given."""
        query = (
            select(*columns(acts, KeptAct))
            .where(
                acts.c.dossier_id == dossier_id,
                acts.c.outcome == "",
                acts.c.action != Action.OPEN.value,
            )
            .order_by(acts.c.given_at)
        )
        if given_before is not None:
            query = query.where(acts.c.given_at <= given_before)
        return [as_record(KeptAct, row) for row in (await self._db.execute(query)).mappings()]

    async def settled_ids(self, dossier_id: str) -> tuple[str, ...]:
        """The ids of the acts this dossier has seen to the end."""
        query = select(acts.c.id).where(acts.c.dossier_id == dossier_id, acts.c.outcome != "")
        return tuple((await self._db.execute(query.order_by(acts.c.given_at))).scalars())
