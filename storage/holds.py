"""What holds the decision of a dossier, or did: objections and co-signatures.

An objection's row bears the id of its act, where its words are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.holds import Ending, Hold, HoldKind
from domain.states import OPEN, State
from storage.records import new_id
from storage.tables import accounts, acts, dossiers, holds
from storage.writes import add_once


@dataclass(frozen=True)
class ToldHold:
    """A hold with who is behind it and what they wrote, for those who may read it."""

    hold: Hold
    name: str
    words: str


@dataclass(frozen=True)
class Signature:
    """A co-signature that was given: by whom, the address they come in by, and when."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True)
class Calls:
    """How many open dossiers call for an agent.

    `held`: a guardian objects, or the time to sign is over. `alerted`: silence will decide soon.
    """

    held: int
    alerted: int


class Holds:
    """The holds of dossiers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, dossier_id: str) -> tuple[Hold, ...]:
        """All of them, the ended ones too, oldest first."""
        return await holds_of(self._db, dossier_id)

    async def told(self, dossier_id: str) -> Sequence[ToldHold]:
        """Those that hold the decision now, with a name and the words of whoever objects."""
        query = (
            select(
                holds,
                func.coalesce(accounts.c.name, "").label("name"),
                func.coalesce(acts.c.words, "").label("words"),
            )
            .select_from(
                holds.outerjoin(accounts, accounts.c.id == holds.c.by).outerjoin(
                    acts, acts.c.id == holds.c.id
                )
            )
            .where(holds.c.dossier_id == dossier_id, holds.c.ended_at.is_(None))
            .order_by(holds.c.since, holds.c.id)
        )
        rows = (await self._db.execute(query)).mappings()
        return [ToldHold(_hold(row), row["name"], row["words"]) for row in rows]

    async def signature(self, dossier_id: str) -> Signature | None:
        """The signature of the other guardian, for the town alone; None while there is none."""
        query = (
            select(accounts.c.name, accounts.c.email, holds.c.ended_at)
            .join(accounts, accounts.c.id == holds.c.ended_by)
            .where(holds.c.dossier_id == dossier_id, holds.c.ending == Ending.SIGNED.value)
        )
        row = (await self._db.execute(query)).first()
        return None if row is None else Signature(row.name, row.email, row.ended_at)

    async def object(self, hold_id: str, dossier_id: str, by: str, at: datetime) -> None:
        """The other guardian objects. Twice with the same id: once."""
        await add_once(
            self._db,
            holds,
            id=hold_id,
            dossier_id=dossier_id,
            kind=HoldKind.OBJECTION.value,
            by=by,
            since=at,
            ending="",
            notices=0,
        )

    async def lift(self, dossier_id: str, objector: str, by: str, at: datetime) -> None:
        """This guardian's objection ends. Twice: the first end stands."""
        await self._end(
            dossier_id, HoldKind.OBJECTION, Ending.LIFTED, by=by, at=at, objector=objector
        )

    async def ask_to_cosign(self, dossier_id: str, at: datetime, until: datetime) -> None:
        """The other guardian is asked to sign. Not again while that is open."""
        if not any(one.kind is HoldKind.COSIGNATURE for one in await self.of(dossier_id)):
            values = {"kind": HoldKind.COSIGNATURE.value, "since": at, "until": until}
            await self._db.execute(
                insert(holds).values(
                    id=new_id(), dossier_id=dossier_id, ending="", notices=0, **values
                )
            )

    async def sign(self, dossier_id: str, by: str, at: datetime) -> None:
        """The other guardian signs."""
        await self._end(dossier_id, HoldKind.COSIGNATURE, Ending.SIGNED, by=by, at=at)

    async def waive(self, dossier_id: str, by: str, at: datetime) -> None:
        """An agent does without the signature."""
        await self._end(dossier_id, HoldKind.COSIGNATURE, Ending.WAIVED, by=by, at=at)

    async def note_notice(self, dossier_id: str, count: int) -> None:
        """The guardian was reminded to sign (1), or the agent called (2)."""
        await self._db.execute(
            update(holds)
            .where(
                holds.c.dossier_id == dossier_id,
                holds.c.kind == HoldKind.COSIGNATURE.value,
                holds.c.ended_at.is_(None),
            )
            .values(notices=count)
        )

    async def calls(self, departments: Sequence[str] | None, at: datetime) -> Calls:
        """What an agent of these departments (None: all) is called to, in one question."""
        within = [] if departments is None else [dossiers.c.department.in_(departments)]
        is_called = (holds.c.kind == HoldKind.OBJECTION.value) | (holds.c.until <= at)
        held = (
            select(func.count(holds.c.dossier_id.distinct()))
            .join(dossiers, dossiers.c.id == holds.c.dossier_id)
            .where(
                holds.c.ended_at.is_(None),
                is_called,
                dossiers.c.state.in_([str(state) for state in OPEN]),
                *within,
            )
        )
        alerted = select(func.count()).where(
            dossiers.c.state == State.UNDER_REVIEW.value,
            dossiers.c.due_at.is_not(None),
            dossiers.c.alerted_at.is_not(None),
            *within,
        )
        counts = select(held.scalar_subquery(), alerted.scalar_subquery())
        return Calls(*(await self._db.execute(counts)).one())

    async def _end(
        self,
        dossier_id: str,
        kind: HoldKind,
        ending: Ending,
        *,
        by: str,
        at: datetime,
        objector: str = "",
    ) -> None:
        which = [holds.c.dossier_id == dossier_id, holds.c.kind == kind.value]
        if objector:
            which.append(holds.c.by == objector)
        await self._db.execute(
            update(holds)
            .where(*which, holds.c.ended_at.is_(None))
            .values(ended_at=at, ended_by=by, ending=ending.value)
        )


async def holds_of(db: AsyncConnection, dossier_id: str) -> tuple[Hold, ...]:
    """All holds of a dossier, oldest first: part of its life."""
    query = select(holds).where(holds.c.dossier_id == dossier_id)
    rows = await db.execute(query.order_by(holds.c.since, holds.c.id))
    return tuple(_hold(row) for row in rows.mappings())


def _hold(row: RowMapping) -> Hold:
    return Hold(
        id=row["id"],
        kind=HoldKind(row["kind"]),
        since=row["since"],
        by=row["by"] or "",
        until=row["until"],
        ended=row["ended_at"],
        notices=row["notices"],
    )
