"""Writing what changed in the record of a family: some values of one row, and no other.

What people typed may be too long for its column, or name no school: that stops no decision.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import name_key
from storage.child_years import enrol
from storage.records import fitting, new_id, sort_key
from storage.tables import children, contacts, facilities, families, guardians, guardianships
from storage.writes import add_once, take_turn

Some = Mapping[str, Any]
"""New values by the names of their columns."""
_OF_CHILD = ("first_name", "last_name", "birth_date", "birth_place", "grade")
_OF_GUARDIAN = ("first_name", "last_name", "relation", "phone", "email")


class FamilyChanges:
    """Writes of the record of families. Twice with the same values: the same record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def in_turn(self, account_id: str) -> None:
        """Until this transaction ends, nobody else changes this account's family."""
        await take_turn(self._db, f"family:{account_id}")

    async def found(self, account_id: str, home: Some, at: datetime) -> str:
        """Make a family of this account that the town knows before any dossier, and give its id.

        Twice: the first stands.
        """
        row = fitting(families, id=new_id(), account_id=account_id, created_at=at, **home)
        await add_once(self._db, families, **row)
        mine = select(families.c.id).where(families.c.account_id == account_id)
        return str((await self._db.execute(mine)).scalar_one())

    async def change_home(self, family_id: str, values: Some) -> None:
        """Change the address of a family."""
        await self._change(families, family_id, values)

    async def change_guardian(self, guardian_id: str, values: Some) -> None:
        """Change a guardian, but for a name that another one of the family has already."""
        values = dict(values)
        if {"first_name", "last_name"} & set(values):
            values |= await self._name_of_guardian(guardian_id, values)
        await self._change(guardians, guardian_id, values)

    # Two rows of one name would be one person.
    async def _name_of_guardian(self, guardian_id: str, values: Some) -> dict[str, str]:
        query = select(guardians.c.family_id, guardians.c.first_name, guardians.c.last_name)
        row = (await self._db.execute(query.where(guardians.c.id == guardian_id))).one()
        first = values.get("first_name", row.first_name)
        last = values.get("last_name", row.last_name)
        key = sort_key(last, first)
        same = select(guardians.c.id).where(
            guardians.c.family_id == row.family_id,
            guardians.c.sort_key == key,
            guardians.c.id != guardian_id,
        )
        if (await self._db.execute(same)).first() is not None:
            return {"first_name": row.first_name, "last_name": row.last_name}
        return {"sort_key": key}

    async def enrol(self, child_id: str, values: Some, school_year: str, day: date) -> None:
        """Change a child's class and school from this school year on; on that day, if it has begun.

        A school that the town has not (any more) leaves the one that is known.
        """
        values = await self._of_this_town(values)
        await enrol(self._db, child_id, values, school_year, day)

    async def change_child(self, child_id: str, values: Some) -> None:
        """Change a child; its class and school as they are until a year of its own: see `enrol`."""
        values = await self._of_this_town(values)
        if {"first_name", "last_name"} & set(values):
            query = select(children.c.first_name, children.c.last_name)
            row = (await self._db.execute(query.where(children.c.id == child_id))).one()
            first = values.get("first_name", row.first_name)
            last = values.get("last_name", row.last_name)
            values["sort_key"] = sort_key(last, first)
        await self._change(children, child_id, values)

    async def _of_this_town(self, values: Some) -> dict[str, Any]:
        """These values, without a school that the town has not (any more)."""
        wanted = values.get("school_id")
        known = select(facilities.c.id).where(facilities.c.id == wanted)
        if wanted and (await self._db.execute(known)).first() is None:
            return {name: value for name, value in values.items() if name != "school_id"}
        return dict(values)

    async def add_guardian(self, family_id: str, values: Some) -> str:
        """Add a guardian, and give the id: of the one of this name, if there is one already."""
        facts = {**dict.fromkeys(_OF_GUARDIAN, ""), "is_payer": False, **values}
        key = sort_key(facts["last_name"], facts["first_name"])
        row = fitting(guardians, id=new_id(), family_id=family_id, sort_key=key, **facts)
        await add_once(self._db, guardians, **row)
        mine = select(guardians.c.id).where(
            guardians.c.family_id == family_id, guardians.c.sort_key == row["sort_key"]
        )
        return str((await self._db.execute(mine)).scalar_one())

    async def add_child(self, family_id: str, values: Some, guardian_ids: Sequence[str]) -> str:
        """Add a child that the town knows before any dossier, and give its id."""
        facts = {**dict.fromkeys(_OF_CHILD, ""), **values}
        key, child_id = sort_key(facts["last_name"], facts["first_name"]), new_id()
        row = fitting(children, id=child_id, family_id=family_id, sort_key=key, **facts)
        await self._db.execute(insert(children).values(**row))
        for guardian_id in guardian_ids:
            await self.entrust(child_id, guardian_id)
        return child_id

    async def entrust(self, child_id: str, guardian_id: str) -> None:
        """Make somebody a guardian of this child. Twice: once."""
        await add_once(self._db, guardianships, child_id=child_id, guardian_id=guardian_id)

    async def set_payers(self, family_id: str, guardian_ids: frozenset[str]) -> None:
        """These guardians of the family, and no other, receive the bills."""
        await self._db.execute(
            update(guardians)
            .where(guardians.c.family_id == family_id)
            .values(is_payer=guardians.c.id.in_(sorted(guardian_ids)))
        )

    async def change_contact(self, contact_id: str, values: Some) -> None:
        """Change somebody of a child's list; nothing for one who is not there any more."""
        await self._change(contacts, contact_id, values)

    async def end_contact(self, contact_id: str, last_day: date) -> None:
        """This person counts until that day, and no longer; an earlier end stays."""
        await self._db.execute(
            update(contacts)
            .where(
                contacts.c.id == contact_id,
                contacts.c.until.is_(None) | (contacts.c.until > last_day),
            )
            .values(until=last_day)
        )

    async def add_contact(self, child_id: str, values: Some) -> None:
        """Add somebody to a child's list, at its end.

        Whoever is there already by this name and for the same days is changed instead.
        """
        facts = {"phone": "", "link": "", "may_pick_up": False, "is_emergency": False, **values}
        query = select(contacts.c.id, contacts.c.name, contacts.c.until)
        rows = (await self._db.execute(query.where(contacts.c.child_id == child_id))).all()
        for row in rows:
            is_same = name_key(row.name, "") == name_key(facts["name"], "")
            if is_same and row.until == facts.get("until"):
                await self._change(contacts, row.id, facts)
                return
        last = select(func.coalesce(func.max(contacts.c.position), 0)).where(
            contacts.c.child_id == child_id
        )
        place = (await self._db.execute(last)).scalar_one() + 1
        await self._db.execute(
            insert(contacts).values(
                id=new_id(), child_id=child_id, position=place, **fitting(contacts, **facts)
            )
        )

    async def child_now(self, child_id: str) -> str:
        """The row that stands for this child since families were made one; "" for none."""
        query = select(func.coalesce(children.c.same_as, children.c.id))
        found = (await self._db.execute(query.where(children.c.id == child_id))).scalar()
        return str(found or "")

    async def _change(self, table: Table, row_id: str, values: Some) -> None:
        if values:
            await self._db.execute(
                update(table).where(table.c.id == row_id).values(**fitting(table, **values))
            )
