"""Who is away, from when until when, and who stands in: it begins and ends by itself.

`Duties` counts what the cover may see meanwhile; an absence that is over stays written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import FieldGroup
from storage.tables import absences, accounts
from storage.writes import take_turn


@dataclass(frozen=True)
class Absence:
    """One absence. It ends before `ends_at`; `fields` are the reserved groups let to the cover.

    `name` and `cover_name` are those of today; without a cover both of its words are empty.
    """

    id: str
    account_id: str
    cover_id: str
    begins_at: datetime
    ends_at: datetime
    fields: frozenset[FieldGroup]
    name: str = ""
    cover_name: str = ""

    def is_on(self, at: datetime) -> bool:
        """Whether the person is away at this moment."""
        return self.begins_at <= at < self.ends_at


class Absences:
    """Questions and writes about absences."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def say(self, absence: Absence, *, by: str, at: datetime) -> bool:
        """Write an absence down. False when its id is known: the same form came twice.

        Another one of the same person that overlaps it is to be looked for before, in turn.
        """
        known = select(absences.c.id).where(absences.c.id == absence.id)
        if (await self._db.execute(known)).first() is not None:
            return False
        await self._db.execute(
            insert(absences).values(
                id=absence.id,
                account_id=absence.account_id,
                cover_id=absence.cover_id or None,
                begins_at=absence.begins_at,
                ends_at=absence.ends_at,
                fields=sorted(absence.fields),
                said_by=by,
                said_at=at,
            )
        )
        return True

    async def take_turn(self, account_id: str) -> None:
        """Wait for whoever writes an absence of the same person at this instant."""
        await take_turn(self._db, f"absence:{account_id}")

    async def end(self, absence_id: str, account_id: str, at: datetime) -> bool:
        """End it now; one that has not begun never does. False when it is over, or not theirs."""
        done = await self._db.execute(
            update(absences)
            .where(
                absences.c.id == absence_id,
                absences.c.account_id == account_id,
                absences.c.ends_at > at,
            )
            .values(ends_at=at)
        )
        return done.rowcount == 1

    async def find(self, absence_id: str) -> Absence | None:
        """One absence, over or not."""
        found = await self._some(absences.c.id == absence_id)
        return found[0] if found else None

    async def coming(self, account_id: str, at: datetime) -> Sequence[Absence]:
        """The absences of a person that are not over, the next first."""
        return await self._some(absences.c.account_id == account_id, absences.c.ends_at > at)

    async def covered_by(self, account_id: str, at: datetime) -> Sequence[Absence]:
        """The absences during which this person stands in now."""
        is_on = (absences.c.begins_at <= at, absences.c.ends_at > at)
        return await self._some(absences.c.cover_id == account_id, *is_on)

    async def away(self, at: datetime, among: Collection[str] = ()) -> Mapping[str, Absence]:
        """Who is away now, by account; `among` narrows it to some accounts."""
        conditions = [absences.c.begins_at <= at, absences.c.ends_at > at]
        if among:
            conditions.append(absences.c.account_id.in_(among))
        return {one.account_id: one for one in await self._some(*conditions)}

    async def _some(self, *conditions: object) -> Sequence[Absence]:
        person, cover = accounts.alias("person"), accounts.alias("cover")
        query = (
            select(absences, person.c.name, cover.c.name.label("cover_name"))
            .select_from(
                absences.join(person, person.c.id == absences.c.account_id).outerjoin(
                    cover, cover.c.id == absences.c.cover_id
                )
            )
            # Ended before it began, it never was.
            .where(absences.c.begins_at < absences.c.ends_at, *conditions)  # type: ignore[arg-type]
            .order_by(absences.c.begins_at, absences.c.id)
        )
        return [
            Absence(
                row["id"],
                row["account_id"],
                row["cover_id"] or "",
                row["begins_at"],
                row["ends_at"],
                frozenset(FieldGroup(one) for one in row["fields"]),
                row["name"],
                row["cover_name"] or "",
            )
            for row in (await self._db.execute(query)).mappings()
        ]
