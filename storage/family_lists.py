"""What the town knows of the families that a list names, and writing what a plan says of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from domain.family_lines import FamilySaid
from domain.family_plans import Change, Noun
from domain.known_families import Account, Family, Known, Row
from domain.likeness import name_key
from domain.school_years import school_year_of
from storage.accounts import PARENT, Accounts
from storage.child_years import AT_SCHOOL, enrol, pupils_on
from storage.records import fitting, sort_key
from storage.tables import accounts, children, families, guardians, guardianships, merged_accounts
from storage.writes import add_once, take_turn

_ADDRESS = ("street", "postal_code", "city")
_GUARDIAN = ("first_name", "last_name", "phone", "email")
_CHILD = ("first_name", "last_name", "birth_date", "birth_place", "grade", "school_id")
_TABLES = {Noun.FAMILY: families, Noun.GUARDIAN: guardians, Noun.CHILD: children}


class SomebodyWasFaster(Exception):  # noqa: N818
    """What was planned is out of date: plan again."""


class FamilyLists:
    """Reading and writing for lists of families, some lines at a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._accounts = Accounts(connection)

    async def take_turn(self) -> None:
        """Wait for whoever takes lines of a list at this instant."""
        await take_turn(self._db, "family lists")

    async def known(
        self, lines: Sequence[FamilySaid], day: date, before: Known | None = None
    ) -> Known:
        """What is known of everybody these lines name: six questions, however many they are.

        Children are at school as on that civil day in Paris. What `before` holds already is left
        as it is there.
        """
        known = before or Known()
        emails = {one.email for line in lines for one in line.guardians if one.email}
        ids = [one.id for one in await self._accounts_where(accounts.c.email.in_(emails), known)]
        ids += await self._merged(ids, known)
        names = {
            sort_key(line.guardians[0].last_name, line.guardians[0].first_name)
            for line in lines
            if not line.guardians[0].email
        }
        members = select(guardians.c.family_id).where(
            or_(guardians.c.account_id.in_(ids), guardians.c.sort_key.in_(names))
        )
        wanted = set((await self._db.execute(members)).scalars())
        wanted |= await self._families_with(lines)
        query = select(families).where(
            or_(families.c.account_id.in_(ids), families.c.id.in_(wanted))
        )
        found = {
            row["id"]: Family(_row(row, _ADDRESS))
            for row in (await self._db.execute(query)).mappings()
            if not known.has_family(row["id"])
        }
        await self._fill(found, day)
        owners = {one.row.account_id for one in found.values()}
        owners |= {row.account_id for one in found.values() for row in one.guardians}
        await self._accounts_where(accounts.c.id.in_(owners - {""}), known)
        for family in found.values():
            known.add_family(family)
        return known

    async def write(self, changes: Iterable[Change], at: datetime) -> None:
        """Write what a plan says.

        Raises:
            SomebodyWasFaster: the same account or family was made at this instant, otherwise.
        """
        try:
            for change in changes:
                await self._write(change, at)
        except IntegrityError:
            raise SomebodyWasFaster from None

    async def _write(self, change: Change, at: datetime) -> None:
        values = dict(change.values)
        if change.noun is Noun.ACCOUNT and change.is_new:
            name, email = values["name"], values["email"]
            await self._accounts.add(email, PARENT, at, name=name, account_id=change.id)
        elif change.noun is Noun.ACCOUNT:
            await self._accounts.set_email(change.id, values["email"])
        elif change.noun is Noun.GUARDIANSHIP:
            await add_once(self._db, guardianships, child_id=change.id, **values)
        else:
            table = _TABLES[change.noun]
            if "school_id" in values:
                values["school_id"] = values["school_id"] or None
            if change.is_new:
                values |= _made_with(change.noun, values, at)
                await self._db.execute(insert(table).values(fitting(table, id=change.id, **values)))
            else:
                if change.noun is Noun.CHILD:
                    values = await self._enrolled(change.id, values, paris_day(at))
                await self._db.execute(
                    update(table).where(table.c.id == change.id).values(fitting(table, **values))
                )

    async def _enrolled(self, child_id: str, values: dict[str, Any], day: date) -> dict[str, Any]:
        """Write where a child is at school now, and give what else is said of it."""
        school = {name: values.pop(name) for name in AT_SCHOOL if name in values}
        await enrol(self._db, child_id, school, school_year_of(day), day)
        return values

    async def _accounts_where(
        self, condition: ColumnElement[bool], known: Known
    ) -> Sequence[Account]:
        found = []
        for row in (await self._db.execute(select(accounts).where(condition))).mappings():
            account = Account(
                row["id"],
                row["email"],
                row["role"],
                row["name"],
                row["disabled_at"] is None,
                row["seen_at"] is not None or row["password_hash"] is not None,
            )
            known.add_account(account)
            found.append(account)
        return found

    async def _merged(self, ids: Sequence[str], known: Known) -> Sequence[str]:
        """The accounts to which the addresses of merged ones lead."""
        query = select(merged_accounts.c.account_id, merged_accounts.c.into_id).where(
            merged_accounts.c.account_id.in_(ids)
        )
        into = {row.account_id: row.into_id for row in await self._db.execute(query)}
        if into:
            await self._accounts_where(accounts.c.id.in_(set(into.values())), known)
        for before, now in into.items():
            old, kept = known.by_id(before), known.by_id(now)
            if old is not None and kept is not None:
                known.lead(old.email, kept)
        return list(into.values())

    async def _families_with(self, lines: Sequence[FamilySaid]) -> set[str]:
        """The families that have a child of these lines: by the birth date, then by the names."""
        wanted = {(line.child.birth_date, line.child.key) for line in lines}
        query = select(
            children.c.family_id,
            children.c.birth_date,
            children.c.first_name,
            children.c.last_name,
        ).where(children.c.birth_date.in_({day for day, _ in wanted}))
        return {
            row.family_id
            for row in await self._db.execute(query)
            if (row.birth_date, name_key(row.first_name, row.last_name)) in wanted
        }

    async def _fill(self, found: dict[str, Family], day: date) -> None:
        for row in await self._members(guardians, found):
            found[row["family_id"]].guardians.append(_row(row, _GUARDIAN))
        for row in await self._members(pupils_on(day), found):
            if not row["same_as"]:
                found[row["family_id"]].children.append(_row(row, _CHILD))
        homes = {row.id: family for family in found.values() for row in family.children}
        query = select(guardianships).where(guardianships.c.child_id.in_(list(homes)))
        for link in await self._db.execute(query):
            homes[link.child_id].wards.add((link.child_id, link.guardian_id))

    async def _members(self, table: FromClause, found: dict[str, Family]) -> Sequence[RowMapping]:
        query = select(table).where(table.c.family_id.in_(list(found))).order_by(table.c.id)
        return (await self._db.execute(query)).mappings().all()


def _row(row: RowMapping, names: Sequence[str]) -> Row:
    return Row(
        row["id"],
        {name: row[name] or "" for name in names},
        row["imported"],
        row.get("account_id") or "",
    )


def _made_with(noun: Noun, values: dict[str, Any], at: datetime) -> dict[str, Any]:
    if noun is Noun.FAMILY:
        return {"created_at": at}
    key = sort_key(values["last_name"], values["first_name"])
    return {"sort_key": key, **({"relation": ""} if noun is Noun.GUARDIAN else {})}
