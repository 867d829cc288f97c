"""What leaves because its time is over: how much, what, and who is to be told.

The same questions (`storage.retention_subjects`, `storage.retention_rows`) tell what would go and
what goes (`storage.overdue`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Select,
    delete,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.retention import CATEGORIES, WARNED_BEFORE, Category, Subject
from storage.accounts import Accounts
from storage.records import as_record
from storage.retention_rows import rows_due
from storage.retention_subjects import due, ready, to_warn
from storage.tables import (
    accounts,
    dossiers,
    erasure_warnings,
)

SOON = timedelta(days=30)
"""How far the preview looks ahead."""


@dataclass(frozen=True)
class Due:
    """Something whose time is over: a dossier, a child or an account.

    `dossier` is the one to look at, if there is one; `held` why it stays all the same, or "".
    """

    subject: str
    account: str
    dossier: str | None
    held: str


@dataclass(frozen=True)
class Listed:
    """As `Due`, for whoever looks: the number of its dossier, and from when on it may go."""

    subject: str
    account: str
    dossier: str | None
    held: str
    number: str
    erases_on: date | None


@dataclass(frozen=True)
class Amount:
    """How many would go today, would go within thirty days (those of today too), and are held."""

    today: int
    soon: int
    held: int


@dataclass(frozen=True)
class ToWarn:
    """Something that its family is to be told of."""

    category: Category
    subject: str
    dossier: str | None


class Retention:
    """What is due on a day, and the warnings of it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def amounts(self, day: date) -> Mapping[Category, Amount]:
        """How much of each category would go, in one question."""
        columns = []
        for category in Category:
            columns += [
                _count(category, day, of="today").label(f"{category}_today"),
                _count(category, day + SOON, of="soon").label(f"{category}_soon"),
                _count(category, day, of="held").label(f"{category}_held"),
            ]
        row = (await self._db.execute(select(*columns))).mappings().one()
        return {
            one: Amount(row[f"{one}_today"], row[f"{one}_soon"], row[f"{one}_held"])
            for one in Category
        }

    async def listing(self, category: Category, day: date, *, limit: int) -> Sequence[Listed]:
        """What is due by that day, held or not, in the order of dossiers; nothing of rows."""
        if CATEGORIES[category].subject is Subject.ROWS:
            return []
        found = due(category, day).subquery()
        query = (
            select(found, func.coalesce(dossiers.c.number, "").label("number"))
            .add_columns(erasure_warnings.c.erases_on)
            .select_from(
                found.outerjoin(dossiers, dossiers.c.id == found.c.dossier).outerjoin(
                    erasure_warnings,
                    (erasure_warnings.c.subject_id == found.c.subject)
                    & (erasure_warnings.c.category == category.value),
                )
            )
            .order_by(func.coalesce(dossiers.c.number, ""), found.c.subject)
            .limit(limit)
        )
        return [as_record(Listed, row) for row in (await self._db.execute(query)).mappings()]

    async def batch(
        self, category: Category, day: date, *, after: str, limit: int
    ) -> Sequence[Due]:
        """Some of those that go that day, by id, from the one after `after`."""
        found = ready(category, day).subquery()
        query = select(found).where(found.c.subject > after).order_by(found.c.subject).limit(limit)
        return [as_record(Due, row) for row in (await self._db.execute(query)).mappings()]

    async def still_due(self, category: Category, day: date, one: Due) -> Due | None:
        """The same, if it still goes that day: somebody may have come back.

        Until this transaction ends nobody comes in by the account, and nothing is begun, written or
        sent for it.
        """
        await Accounts(self._db).hold_alone(one.account)
        found = ready(category, day).subquery()
        query = select(found).where(found.c.subject == one.subject)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Due, row) if row else None

    # Telling families -----------------------------------------------------------------------------

    async def accounts_to_warn(self, day: date, *, after: str, limit: int) -> Sequence[str]:
        """Some of the accounts that are to be told of something, from the one after `after`."""
        found = _to_warn(day).subquery()
        query = select(found.c.account).distinct().where(found.c.account > after)
        rows = await self._db.execute(query.order_by(found.c.account).limit(limit))
        return rows.scalars().all()

    async def to_warn(self, account_id: str, day: date) -> Sequence[ToWarn]:
        """What this account is to be told of."""
        found = _to_warn(day).subquery()
        query = select(found).where(found.c.account == account_id)
        rows = await self._db.execute(query.order_by(found.c.category, found.c.subject))
        return [
            ToWarn(Category(row["category"]), row["subject"], row["dossier"])
            for row in rows.mappings()
        ]

    async def note_warned(
        self, account_id: str, told: Sequence[ToWarn], at: datetime, erases_on: date
    ) -> None:
        """These were told: they may go from that day on."""
        await self._db.execute(
            erasure_warnings.insert(),
            [
                {
                    "category": one.category.value,
                    "subject_id": one.subject,
                    "account_id": account_id,
                    "warned_at": at,
                    "erases_on": erases_on,
                }
                for one in told
            ],
        )

    async def forget_warnings(self, day: date) -> None:
        """Forget the warnings of what does not go any more: somebody came back. Twice: the same."""
        for category, period in CATEGORIES.items():
            if period.warns:
                found = due(category, day + WARNED_BEFORE).subquery()
                await self._db.execute(
                    delete(erasure_warnings).where(
                        erasure_warnings.c.category == category.value,
                        erasure_warnings.c.subject_id.not_in(select(found.c.subject)),
                    )
                )


def _to_warn(day: date) -> Select[Any]:
    until = day + WARNED_BEFORE
    each = [to_warn(one.code, until) for one in CATEGORIES.values() if one.warns]
    every = union_all(*each).subquery()
    is_there = select(accounts.c.id).where(accounts.c.id == every.c.account).exists()
    return select(every).where(is_there)


def _count(category: Category, day: date, *, of: str) -> Any:
    if CATEGORIES[category].subject is Subject.ROWS:
        if of == "held":
            return literal(0)
        counts = [
            select(func.count()).select_from(rows.table).where(rows.which).scalar_subquery()
            for rows in rows_due(category, day)
        ]
        return sum(counts[1:], counts[0])
    if of == "today":
        return select(func.count()).select_from(ready(category, day).subquery()).scalar_subquery()
    found = due(category, day).subquery()
    is_held = found.c.held != ""
    which = is_held if of == "held" else ~is_held
    return select(func.count()).select_from(found).where(which).scalar_subquery()
