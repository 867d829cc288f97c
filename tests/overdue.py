"""Nights with a clock of their own, and what runs out in them; see `tests.overdue_things`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Table, func, insert, select, update

from activities.retention import RetentionActivities, live_through
from activities.retention_letters import RetentionLetters
from domain.deadlines import PARIS
from domain.nights import Stage
from domain.states import State
from storage.accounts import PARENT
from storage.dossiers import Dossier
from storage.records import new_id
from storage.tables import accounts, children, documents, dossiers, families
from tests.builders import a_dossier
from tests.office import NOW, Office

LATE = time(23, 40)
"""Shortly before the end of a day in Paris: the day that counts is the one of Paris."""


def evening(day: date) -> datetime:
    """The end of that day, or nearly."""
    return datetime.combine(day, LATE, tzinfo=PARIS)


@dataclass
class Nights:
    """The nights of a town without an engine; what they asked of it is remembered."""

    office: Office
    forgotten: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    at: datetime = NOW

    @property
    def activities(self) -> RetentionActivities:
        async def post(letter_id: str) -> None:
            self.posted.append(letter_id)

        async def forget(workflow_ids: Any) -> None:
            self.forgotten += workflow_ids

        return RetentionActivities(
            self.office.open_store,
            self.office.files,
            RetentionLetters(self.office.writer),
            post=post,
            forget=forget,
            clock=lambda: self.at,
        )

    async def pass_one(self, day: date) -> Stage:
        """The night of that day."""
        self.at = datetime.combine(day, time(4, 15), tzinfo=PARIS)
        return await live_through(self.activities, day)

    async def erased(self, night: date) -> Mapping[str, int]:
        """What that night erased, by category."""
        async with self.office.open_store() as store:
            lines = await store.erasure_nights.lines(limit=500)
        return {one.category: one.erased for one in lines if one.night == night and one.erased}

    async def told(self) -> list[str]:
        """The texts of the warnings that were written."""
        async with self.office.open_store() as store:
            found = [await store.letters.find(one) for one in self.posted]
        return [one.text.replace("\u00a0", " ") for one in found if one]


async def count(office: Office, table: Table) -> int:
    """How many rows a table has; of people and documents, those that are not closed nor erased."""
    query = select(func.count()).select_from(table)
    if table is accounts:
        query = query.where(accounts.c.role == PARENT, accounts.c.disabled_at.is_(None))
    if table is documents:
        query = query.where(documents.c.removed_at.is_(None))
    async with office.open_store() as store:
        return int((await store.connection.execute(query)).scalar_one())


async def row(office: Office, table: Table, **values: Any) -> Table:
    """Write one row, with an id of its own where the table has one; gives the table."""
    own = {"id": new_id()} if "id" in table.c else {}
    async with office.open_store() as store:
        await store.connection.execute(insert(table).values(**{**own, **values}))
    return table


async def a_closed_dossier(
    office: Office,
    day: date,
    state: State = State.REFUSED,
    *,
    was_sent: bool = True,
    kind: str = "registration",
) -> Dossier:
    """A dossier of Claire's that ended that day."""
    at = evening(day)
    async with office.open_store() as store:
        dossier = await a_dossier(store, office.claire, at)
        sent = at if was_sent else None
        await store.dossiers.move(
            dossier.id, {State.DRAFT}, state, at, submitted_at=sent, decided_at=sent
        )
        change = update(dossiers).where(dossiers.c.id == dossier.id).values(kind=kind)
        await store.connection.execute(change)
        return await store.dossiers.find(dossier.id)


async def a_child(
    office: Office, *, dossier_id: str | None = None, birth_date: str = "2023-03-12"
) -> str:
    """A child of Claire's family, made if need be."""
    async with office.open_store() as store:
        mine = select(families.c.id).where(families.c.account_id == office.claire.id)
        family_id = (await store.connection.execute(mine)).scalar()
        if family_id is None:
            family_id = new_id()
            await store.connection.execute(
                insert(families).values(
                    id=family_id,
                    account_id=office.claire.id,
                    street="3 rue des Lilas",
                    postal_code="01000",
                    city="Valbourg",
                    created_at=evening(date(2026, 11, 1)),
                )
            )
        child_id = new_id()
        await store.connection.execute(
            insert(children).values(
                id=child_id,
                family_id=family_id,
                dossier_id=dossier_id,
                first_name="Léna",
                last_name="Martin",
                sort_key="martin lena",
                birth_date=birth_date,
                birth_place="Valbourg",
                grade="ps",
            )
        )
    return child_id


async def leaves(office: Office, child_id: str, day: date) -> None:
    """An agent notes that this child has left."""
    async with office.open_store() as store:
        await store.departures.note(child_id, day, by=office.sophie.id, at=evening(day))


async def comes_back(office: Office, day: date) -> None:
    """Claire is seen on the portal that day."""
    await was_last_here(office, seen=day, made=date(2026, 1, 1))


async def was_last_here(office: Office, *, seen: date | None, made: date) -> None:
    """Claire's account is of that day, and she was last seen on the other; never if None."""
    async with office.open_store() as store:
        await store.connection.execute(
            update(accounts)
            .where(accounts.c.id == office.claire.id)
            .values(seen_at=evening(seen) if seen else None, created_at=evening(made))
        )
