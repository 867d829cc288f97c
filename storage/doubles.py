"""Accounts that may be one family's: found as children are written, shown until settled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import Likeness, name_key, person_likeness
from storage.accounts import PARENT, Accounts
from storage.kin import Child, KnownKin, iso_day
from storage.search_words import dossiers_with
from storage.tables import accounts, answers, children, dossiers, doubles, families, guardians
from storage.writes import insert_into

SAME_CHILD, NEAR_CHILD, SAME_MAIL = "same_child", "near_child", "same_mail"


@dataclass(frozen=True)
class Double:
    """Two accounts, and the codes of why they may be one family's, each with the child's name."""

    first_id: str
    second_id: str
    first_name: str
    second_name: str
    reasons: Mapping[str, str]
    found_at: datetime


@dataclass(frozen=True)
class Namesake:
    """A child of another account that may be the same."""

    account_id: str
    owner_name: str
    child_name: str
    birth_date: str
    likeness: Likeness


class Doubles:
    """Pairs of accounts that staff should compare."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def look(self, account_id: str, at: datetime) -> None:
        """Note whoever may be the same family as this account. Twice: nothing more.

        A pair that was said to be two families stays said.
        """
        owner = await Accounts(self._db).by_id(account_id)
        if owner is None:
            return
        [kin] = await KnownKin(self._db).of(owner)
        for child in kin.children:
            found = [
                *await self._in_families(child, account_id),
                *await self._in_dossiers(child, account_id),
            ]
            for one in found:
                why = SAME_CHILD if one.likeness is Likeness.SAME else NEAR_CHILD
                await self._note(account_id, one.account_id, why, one.child_name, at)
        others = (await self._db.execute(_of_same_mail(account_id))).scalars().all()
        for other_id in others:
            await self._note(account_id, str(other_id), SAME_MAIL, "", at)

    async def of_account(self, account_id: str) -> Sequence[Double]:
        """The pairs of one account that nobody has settled. One question."""
        mine = or_(doubles.c.first_id == account_id, doubles.c.second_id == account_id)
        return await self._some(mine, limit=5)

    async def open(self, *, limit: int = 100) -> Sequence[Double]:
        """The pairs nobody has settled, the latest first."""
        return await self._some(true(), limit=limit)

    async def departments(self, ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The departments to which each account sent something; none for one that did not."""
        query = select(dossiers.c.account_id, dossiers.c.department).where(
            dossiers.c.account_id.in_(ids), dossiers.c.submitted_at.is_not(None)
        )
        found: dict[str, set[str]] = {one: set() for one in ids}
        for row in await self._db.execute(query.distinct()):
            found[row.account_id].add(row.department)
        return {one: frozenset(some) for one, some in found.items()}

    async def _some(self, which: ColumnElement[bool], *, limit: int) -> Sequence[Double]:
        one, two = accounts.alias("one"), accounts.alias("two")
        query = (
            select(doubles, one.c.name.label("first_name"), two.c.name.label("second_name"))
            .join(one, one.c.id == doubles.c.first_id)
            .join(two, two.c.id == doubles.c.second_id)
            .where(
                which,
                doubles.c.dismissed_at.is_(None),
                one.c.disabled_at.is_(None),
                two.c.disabled_at.is_(None),
            )
            .order_by(doubles.c.found_at.desc(), doubles.c.first_id)
            .limit(limit)
        )
        return [
            Double(
                row["first_id"],
                row["second_id"],
                row["first_name"],
                row["second_name"],
                row["reasons"],
                row["found_at"],
            )
            for row in (await self._db.execute(query)).mappings()
        ]

    async def count(self) -> int:
        """How many pairs wait for staff."""
        query = select(func.count()).where(doubles.c.dismissed_at.is_(None))
        return (await self._db.execute(query)).scalar_one()

    async def dismiss(self, one: str, other: str, *, by: str, at: datetime) -> bool:
        """They are two families: said once for all. False when it was said already."""
        first, second = sorted((one, other))
        added = insert_into(self._db, doubles).values(
            first_id=first,
            second_id=second,
            reasons={},
            found_at=at,
            dismissed_at=at,
            dismissed_by=by,
        )
        done = await self._db.execute(
            added.on_conflict_do_update(
                index_elements=["first_id", "second_id"],
                set_={"dismissed_at": at, "dismissed_by": by},
                where=doubles.c.dismissed_at.is_(None),
            ),
            execution_options={"preserve_rowcount": True},
        )
        return done.rowcount == 1

    async def _note(self, one: str, other: str, why: str, name: str, at: datetime) -> None:
        first, second = sorted((one, other))
        key = and_(doubles.c.first_id == first, doubles.c.second_id == second)
        row = (await self._db.execute(select(doubles.c.reasons).where(key))).first()
        if row is None:
            await self._db.execute(
                insert_into(self._db, doubles)
                .values(first_id=first, second_id=second, reasons={why: name}, found_at=at)
                .on_conflict_do_nothing()
            )
        elif why not in row.reasons:
            await self._db.execute(
                update(doubles).where(key).values(reasons={**row.reasons, why: name})
            )

    async def _in_families(self, child: Child, account_id: str) -> Sequence[Namesake]:
        query = (
            select(children, accounts.c.id.label("owner_id"), accounts.c.name.label("owner_name"))
            .join(families, families.c.id == children.c.family_id)
            .join(accounts, accounts.c.id == families.c.account_id)
            .where(
                children.c.birth_date == child.birth_date,
                children.c.same_as.is_(None),
                accounts.c.id != account_id,
                accounts.c.disabled_at.is_(None),
            )
        )
        return _like(child, (await self._db.execute(query)).mappings().all())

    async def _in_dossiers(self, child: Child, account_id: str) -> Sequence[Namesake]:
        """Among the dossiers that were sent, by the words of the child's names."""
        words = name_key(child.first_name, child.last_name).split()
        if not words:
            return []
        query = (
            select(
                answers.c["values"],
                accounts.c.id.label("owner_id"),
                accounts.c.name.label("owner_name"),
            )
            .join(dossiers, dossiers.c.id == answers.c.dossier_id)
            .join(accounts, accounts.c.id == dossiers.c.account_id)
            .where(
                answers.c.section == "enfant",
                dossiers.c.submitted_at.is_not(None),
                accounts.c.id != account_id,
                accounts.c.disabled_at.is_(None),
                *(dossiers.c.id.in_(dossiers_with(word)) for word in words[:4]),
            )
            .limit(50)
        )
        rows = [
            {
                **row,
                "first_name": row["values"].get("first_name", ""),
                "last_name": row["values"].get("last_name", ""),
                "birth_date": iso_day(row["values"].get("birth_date", "")),
            }
            for row in (await self._db.execute(query)).mappings()
        ]
        return _like(child, rows)


def _like(child: Child, rows: Sequence[Mapping[str, Any] | RowMapping]) -> Sequence[Namesake]:
    found = []
    for row in rows:
        names = str(row["first_name"]), str(row["last_name"])
        if row["birth_date"] != child.birth_date:
            continue
        near = person_likeness((child.first_name, child.last_name), names)
        if near is not Likeness.DIFFERENT:
            name = " ".join(names)
            found.append(
                Namesake(str(row["owner_id"]), str(row["owner_name"]), name, child.birth_date, near)
            )
    return found


def _of_same_mail(account_id: str) -> Select[tuple[str]]:
    """The accounts whose address a guardian of this account's family gave, or the reverse.

    Not the other guardians' own accounts: one address, two names, is what is looked for.
    """
    own = select(accounts.c.email).where(accounts.c.id == account_id)
    mine: ColumnElement[bool] = and_(
        guardians.c.email == own.scalar_subquery(), families.c.account_id != account_id
    )
    return (
        select(families.c.account_id)
        .join(guardians, guardians.c.family_id == families.c.id)
        .join(accounts, accounts.c.id == families.c.account_id)
        .where(mine, guardians.c.account_id.is_distinct_from(account_id))
        .where(accounts.c.role == PARENT, accounts.c.disabled_at.is_(None))
        .distinct()
    )
