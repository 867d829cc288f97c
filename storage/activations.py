"""Who is known to the town and has never come in, and the letters that tell them so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from domain.paper import paper_address
from storage.accounts import PARENT
from storage.child_years import pupils_on
from storage.letters import ACCEPTED, REFUSED
from storage.tables import accounts, activations, guardians, guardianships, letters
from storage.writes import insert_into

AGAIN_AFTER = timedelta(days=7)
"""How long somebody who was written to is left in peace."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Due:
    """A letter to write now: for whom, and the how many-eth."""

    account_id: str
    n: int


class Activations:
    """Letters of activation: asked for in one act, written some at a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def count(self, at: datetime, *, again: bool, school: str = "") -> int:
        """How many people `ask` would write to."""
        chosen = _chosen(at, again=again, school=school).subquery()
        return (await self._db.execute(select(func.count()).select_from(chosen))).scalar_one()

    async def ask(
        self, at: datetime, per_minute: int, *, again: bool, school: str = "", by: str
    ) -> int:
        """Have everybody chosen written to, so many a minute from now on; how many they are.

        `again` chooses those who were written to a week ago or more and have not come in; else
        those who never were. Twice, or by two at once: each person once, for they are no longer
        chosen.
        """
        chosen = _chosen(at, again=again, school=school).order_by(accounts.c.name, accounts.c.id)
        rows = (await self._db.execute(chosen)).all()
        pause, asked = timedelta(minutes=1) / per_minute, 0
        for first in range(0, len(rows), _AT_ONCE):
            values = [
                {
                    "account_id": row.id,
                    "n": row.n + 1,
                    "asked_by": by,
                    "asked_at": at,
                    "due_at": at + pause * (first + place),
                }
                for place, row in enumerate(rows[first : first + _AT_ONCE])
            ]
            done = await self._db.execute(
                insert_into(self._db, activations).values(values).on_conflict_do_nothing(),
                execution_options={"preserve_rowcount": True},
            )
            asked += done.rowcount
        return asked

    async def due(self, at: datetime, *, limit: int = 200) -> Sequence[Due]:
        """The letters whose turn has come."""
        query = (
            select(activations.c.account_id, activations.c.n)
            .where(activations.c.ended_at.is_(None), activations.c.due_at <= at)
            .order_by(activations.c.due_at)
            .limit(limit)
        )
        return [Due(row.account_id, row.n) for row in await self._db.execute(query)]

    async def take(self, due: Due, at: datetime) -> bool:
        """Claim the writing of this letter in this transaction; False when it was claimed."""
        done = await self._db.execute(
            update(activations)
            .where(_is(due), activations.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        return done.rowcount == 1

    async def wrote(self, due: Due, letter_id: str) -> None:
        """The letter is this one."""
        await self._db.execute(update(activations).where(_is(due)).values(letter_id=letter_id))

    async def progress(self) -> Mapping[str, int]:
        """How many letters wait, left, were refused; how many of these people have come in."""
        wanted: dict[str, ColumnElement[bool]] = {
            "waiting": activations.c.ended_at.is_(None),
            "sent": letters.c.status == ACCEPTED,
            "on_the_way": and_(
                letters.c.id.is_not(None), letters.c.status.not_in((ACCEPTED, REFUSED))
            ),
            "refused": letters.c.status == REFUSED,
            "came": and_(activations.c.n == 1, ~_NEVER_CAME),
        }
        query = (
            select(
                *(
                    func.coalesce(func.sum(case((rule, 1), else_=0)), 0).label(name)
                    for name, rule in wanted.items()
                )
            )
            .select_from(activations)
            .join(accounts, accounts.c.id == activations.c.account_id)
            .outerjoin(letters, letters.c.id == activations.c.letter_id)
        )
        row = (await self._db.execute(query)).mappings().one()
        return {name: int(row[name]) for name in wanted}


_NEVER_CAME = and_(accounts.c.seen_at.is_(None), accounts.c.password_hash.is_(None))


def _is(due: Due) -> ColumnElement[bool]:
    return and_(activations.c.account_id == due.account_id, activations.c.n == due.n)


def _chosen(at: datetime, *, again: bool, school: str) -> Select[tuple[str, int]]:
    """Known guardians with mail who have never come in, and how often they were written to."""
    last = (
        select(
            activations.c.account_id,
            func.max(activations.c.n).label("n"),
            func.max(activations.c.due_at).label("due_at"),
        )
        .group_by(activations.c.account_id)
        .subquery()
    )
    known = select(guardians.c.account_id)
    if school:
        pupils = pupils_on(paris_day(at))
        known = (
            known.join(guardianships, guardianships.c.guardian_id == guardians.c.id)
            .join(pupils, pupils.c.id == guardianships.c.child_id)
            .where(pupils.c.school_id == school)
        )
    when = last.c.due_at <= at - AGAIN_AFTER if again else last.c.n.is_(None)
    return (
        select(accounts.c.id, func.coalesce(last.c.n, 0).label("n"))
        .outerjoin(last, last.c.account_id == accounts.c.id)
        .where(
            accounts.c.role == PARENT,
            accounts.c.disabled_at.is_(None),
            _NEVER_CAME,
            accounts.c.email.not_like(paper_address("%")),
            accounts.c.id.in_(known.where(guardians.c.account_id.is_not(None))),
            when,
        )
    )
