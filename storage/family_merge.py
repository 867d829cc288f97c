"""One family of two: their guardians, their children, and who is whose guardian."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.likeness import name_key
from storage.child_years import move_years
from storage.consents import move_words
from storage.tables import (
    children,
    contacts,
    families,
    guardians,
    guardianships,
    metadata,
    wallet,
)
from storage.writes import add_once


async def merge_families(db: AsyncConnection, kept_id: str, other_id: str) -> None:
    """Move the family of one account into the other's. Twice: nothing more.

    A guardian of both families is one; a child of both is one row, unless each has a dossier: then
    both rows stay, and the one says that it is the other.
    """
    into, from_ = await _family_of(db, kept_id), await _family_of(db, other_id)
    if from_ is None:
        return
    if into is None:
        await db.execute(update(families).where(families.c.id == from_).values(account_id=kept_id))
        return
    await _move_guardians(db, from_, into)
    await _move_children(db, from_, into)
    await db.execute(delete(families).where(families.c.id == from_))


async def _family_of(db: AsyncConnection, account_id: str) -> str | None:
    query = select(families.c.id).where(families.c.account_id == account_id)
    return (await db.execute(query)).scalar()


async def _rows(db: AsyncConnection, table: Table, family_id: str) -> list[RowMapping]:
    query = select(table).where(table.c.family_id == family_id).order_by(table.c.id)
    return list((await db.execute(query)).mappings())


async def _move_guardians(db: AsyncConnection, from_: str, into: str) -> None:
    known = {_name(row): row for row in await _rows(db, guardians, into)}
    for row in await _rows(db, guardians, from_):
        there = known.get(_name(row))
        if there is None:
            await db.execute(
                update(guardians).where(guardians.c.id == row["id"]).values(family_id=into)
            )
            continue
        missing = {
            name: row[name]
            for name in ("account_id", "phone", "email", "relation")
            if row[name] and not there[name]
        }
        if missing:
            await db.execute(update(guardians).where(guardians.c.id == there["id"]).values(missing))
        await _hand_over(db, guardianships.c.guardian_id.name, row["id"], there["id"])
        await db.execute(delete(guardians).where(guardians.c.id == row["id"]))


async def _move_children(db: AsyncConnection, from_: str, into: str) -> None:
    known = {_child(row): row for row in await _rows(db, children, into) if not row["same_as"]}
    for row in await _rows(db, children, from_):
        there = None if row["same_as"] else known.get(_child(row))
        moved: dict[str, Any] = {"family_id": into}
        if there is None:
            await _change(db, row["id"], moved)
        elif not row["dossier_id"]:
            await _hand_over(db, guardianships.c.child_id.name, row["id"], there["id"])
            await move_words(db, child=(row["id"], there["id"]))
            await _give_documents(db, row["id"], there["id"])
            await _point(db, row["id"], there["id"])
            await _take_away(db, row["id"], there["id"], into)
        elif not there["dossier_id"]:
            await _hand_over(db, guardianships.c.child_id.name, there["id"], row["id"])
            await move_words(db, child=(there["id"], row["id"]))
            await _give_documents(db, there["id"], row["id"])
            await _change(db, row["id"], moved)
            await _point(db, there["id"], row["id"])
            await _take_away(db, there["id"], row["id"], into)
            known[_child(row)] = row
        else:
            await move_words(db, child=(row["id"], there["id"]))
            await _give_documents(db, row["id"], there["id"])
            await _hand_people(db, row["id"], there["id"])
            await move_years(db, row["id"], there["id"])
            await _point(db, row["id"], there["id"])
            await _change(db, row["id"], {**moved, "same_as": there["id"]})


async def _take_away(db: AsyncConnection, before: str, now: str, family_id: str) -> None:
    """Leave one row of two; where something else is of the other one, it says that it is this."""
    await _hand_people(db, before, now)
    await move_years(db, before, now)
    if await _is_named(db, before):
        await _change(db, before, {"family_id": family_id, "same_as": now})
    else:
        await db.execute(delete(children).where(children.c.id == before))


async def _hand_people(db: AsyncConnection, before: str, now: str) -> None:
    """Whoever may fetch one may fetch the other; who is on both lists is there once."""
    there = list(await _people(db, now))
    names = {name_key(one["name"]) for one in there}
    place = max([one["position"] for one in there], default=0)
    for one in await _people(db, before):
        mine = contacts.c.id == one["id"]
        if name_key(one["name"]) in names:
            await db.execute(delete(contacts).where(mine))
            continue
        place += 1
        await db.execute(update(contacts).where(mine).values(child_id=now, position=place))


async def _people(db: AsyncConnection, child_id: str) -> Sequence[RowMapping]:
    query = select(contacts).where(contacts.c.child_id == child_id).order_by(contacts.c.position)
    return (await db.execute(query)).mappings().all()


async def _is_named(db: AsyncConnection, child_id: str) -> bool:
    """Whether another table is about this row of a child, or its custody is sealed in it."""
    said = select(children.c.id).where(children.c.id == child_id, children.c.custody != "")
    if (await db.execute(said)).first() is not None:
        return True
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table is not children and column.references(children.c.id):
                query = select(column).where(column == child_id).limit(1)
                if (await db.execute(query)).first() is not None:
                    return True
    return False


async def _change(db: AsyncConnection, child_id: str, values: Mapping[str, Any]) -> None:
    await db.execute(update(children).where(children.c.id == child_id).values(values))


async def _give_documents(db: AsyncConnection, before: str, now: str) -> None:
    await db.execute(update(wallet).where(wallet.c.child_id == before).values(child_id=now))


async def _point(db: AsyncConnection, before: str, now: str) -> None:
    await db.execute(update(children).where(children.c.same_as == before).values(same_as=now))


async def _hand_over(db: AsyncConnection, column: str, before: str, now: str) -> None:
    """Who was the guardian (or the ward) of one is that of the other."""
    query = select(guardianships).where(guardianships.c[column] == before)
    for link in (await db.execute(query)).mappings().all():
        await add_once(db, guardianships, **{**link, column: now})
    await db.execute(delete(guardianships).where(guardianships.c[column] == before))


def _name(row: RowMapping) -> str:
    return name_key(row["first_name"], row["last_name"])


def _child(row: RowMapping) -> tuple[str, str]:
    return name_key(row["first_name"], row["last_name"]), row["birth_date"]
