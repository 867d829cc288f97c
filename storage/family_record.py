"""The living record of a family: who is in it, where it lives, who may fetch which child.

Asked by the account that owns the family. What another guardian reads of a child is the child
itself (`FollowedChild`), which has no column of the first guardian's: neither address nor phone
nor contacts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from storage.child_years import Pupil, by_child, with_years
from storage.guardian_accesses import GuardianAccesses
from storage.records import as_record, columns
from storage.tables import children, contacts, dossiers, families, guardians, guardianships


@dataclass(frozen=True)
class Contact:
    """Somebody to call, or who may fetch the child, in this `position` of the child's list.

    `since` and `until` are the first and the last civil day on which they count; None: no limit.
    """

    id: str
    child_id: str
    position: int
    name: str
    phone: str
    link: str
    may_pick_up: bool
    is_emergency: bool
    since: date | None = None
    until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether this person counts on that day."""
        return (self.since is None or self.since <= day) and not self.has_ended(day)

    def has_ended(self, day: date) -> bool:
        """Whether the last day of this person is before that day."""
        return self.until is not None and self.until < day


@dataclass(frozen=True)
class RecordedGuardian:
    """A guardian of the family. `account_id` is None for one who never came in."""

    id: str
    account_id: str | None
    first_name: str
    last_name: str
    relation: str
    phone: str
    email: str
    profession: str
    is_payer: bool

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class RecordedChild(Pupil):
    """A child of the family. `birth_date` is a civil day, ISO.

    `dossier_id` is that of the latest registration, None for a child known before any.
    """

    id: str
    dossier_id: str | None
    first_name: str
    last_name: str
    birth_date: str
    birth_place: str
    guardian_ids: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class FamilyRecord:
    """What the town knows of a family today: guardians and children by their names.

    `country` is empty for France.
    """

    id: str
    account_id: str
    street: str
    postal_code: str
    city: str
    country: str
    guardians: tuple[RecordedGuardian, ...] = ()
    children: tuple[RecordedChild, ...] = ()

    def child(self, child_id: str) -> RecordedChild | None:
        """The child of that id; None when it is not of this family."""
        return next((one for one in self.children if one.id == child_id), None)

    def on(self, day: date) -> Self:
        """The record with each child at school as on that civil day: see `Pupil.on`."""
        return replace(self, children=tuple(one.on(day) for one in self.children))

    @property
    def owner(self) -> RecordedGuardian | None:
        """The guardian whose account this is; None when the town knows the family by a list."""
        return next((one for one in self.guardians if one.account_id == self.account_id), None)

    @property
    def others(self) -> tuple[RecordedGuardian, ...]:
        """Everybody else who is a guardian in this family."""
        owner = self.owner
        return tuple(one for one in self.guardians if owner is None or one.id != owner.id)


@dataclass(frozen=True)
class FollowedChild(Pupil):
    """A child, as somebody who may follow it knows it; nothing of any guardian's.

    `account_id` owns the child's family. `is_shared`: whoever asked is another guardian, to whom
    `dossier_id` is the registration they may read. `department` is that of the latest registration,
    empty for a child known before any.
    """

    id: str
    family_id: str
    account_id: str
    dossier_id: str | None
    department: str
    first_name: str
    last_name: str
    birth_date: str
    birth_place: str
    is_shared: bool

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first_name} {self.last_name}".strip()


class FamilyRecords:
    """Questions about the record of a family."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, account_id: str) -> FamilyRecord | None:
        """The record of an account's family, in four questions; None while the town knows none.

        Contacts who have ended are there too, and school years to come: who reads says for which
        day.
        """
        query = (
            select(
                *(families.c[name].label(f"of_{name}") for name in _FAMILY),
                *columns(guardians, RecordedGuardian),
                guardians.c.sort_key,
            )
            .outerjoin(guardians, guardians.c.family_id == families.c.id)
            .where(families.c.account_id == account_id)
        )
        rows = (await self._db.execute(query)).mappings().all()
        if not rows:
            return None
        known = {name: rows[0][f"of_{name}"] for name in _FAMILY}
        people = sorted((row for row in rows if row["id"]), key=itemgetter("sort_key"))
        return FamilyRecord(
            **known,
            guardians=tuple(as_record(RecordedGuardian, row) for row in people),
            children=await self._children(known["id"]),
        )

    async def _children(self, family_id: str) -> tuple[RecordedChild, ...]:
        query = with_years(columns(children, RecordedChild)).where(
            children.c.family_id == family_id, children.c.same_as.is_(None)
        )
        rows = by_child((await self._db.execute(query)).mappings())
        if not rows:
            return ()
        ids = [row["id"] for row in rows]
        wards = await self._by_child(
            select(guardianships).where(guardianships.c.child_id.in_(ids)), "guardian_id"
        )
        people = await self._by_child(
            select(*columns(contacts, Contact)).where(contacts.c.child_id.in_(ids)), "position"
        )
        return tuple(
            as_record(
                RecordedChild,
                row,
                guardian_ids=tuple(one["guardian_id"] for one in wards.get(row["id"], ())),
                contacts=tuple(as_record(Contact, one) for one in people.get(row["id"], ())),
            )
            for row in rows
        )

    async def _by_child(self, query: Any, *order: str) -> dict[str, list[RowMapping]]:
        rows = (await self._db.execute(query)).mappings().all()
        rows = sorted(rows, key=itemgetter("child_id", *order))
        return {child: list(some) for child, some in groupby(rows, itemgetter("child_id"))}

    async def child_for(self, account_id: str, child_id: str, at: datetime) -> FollowedChild | None:
        """The child, if it is of this account's family or shared with this guardian today.

        None otherwise: as if there were none. Shared is what `GuardianAccesses` says is open. At
        school as on this day in Paris.
        """
        query = (
            with_years(columns(children, FollowedChild))
            .add_columns(families.c.account_id, dossiers.c.department)
            .join(families, families.c.id == children.c.family_id)
            .outerjoin(dossiers, dossiers.c.id == children.c.dossier_id)
            .where(children.c.id == child_id, children.c.same_as.is_(None))
        )
        row = next(iter(by_child((await self._db.execute(query)).mappings())), None)
        if row is None:
            return None
        is_shared = row["account_id"] != account_id
        known = {**row, "department": row["department"] or ""}
        if is_shared:
            known["dossier_id"] = await self._shared_by(account_id, child_id, at)
            if known["dossier_id"] is None:
                return None
        return as_record(FollowedChild, known, is_shared=is_shared).on(paris_day(at))

    async def child_of(self, dossier_id: str) -> str:
        """The id of the child that a registration is about; empty while the record has none."""
        query = select(children.c.id, children.c.same_as).where(children.c.dossier_id == dossier_id)
        row = (await self._db.execute(query)).first()
        return str(row.same_as or row.id) if row else ""

    async def _shared_by(self, account_id: str, child_id: str, at: datetime) -> str | None:
        """The registration of this child that is open to this guardian today; None for none."""
        is_it = or_(children.c.id == child_id, children.c.same_as == child_id)
        query = select(children.c.dossier_id).where(is_it, children.c.dossier_id.is_not(None))
        accesses = GuardianAccesses(self._db)
        for dossier_id in (await self._db.execute(query)).scalars().all():
            if await accesses.open_to(account_id, dossier_id, at) is not None:
                return str(dossier_id)
        return None

    async def contacts_of(self, child_id: str, at: datetime) -> Sequence[Contact]:
        """Who counts for this child on this day in Paris, in the order of the family's list."""
        query = select(*columns(contacts, Contact)).where(contacts.c.child_id == child_id)
        rows = (await self._db.execute(query.order_by(contacts.c.position))).mappings()
        every = [as_record(Contact, row) for row in rows]
        return [one for one in every if one.counts_on(paris_day(at))]


_FAMILY = ("id", "account_id", "street", "postal_code", "city", "country")
