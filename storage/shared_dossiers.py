"""What another guardian may know of a dossier: a record without the first guardian's columns.

A registration is shared by an access of its own. Every other dossier is told to whoever has an
access, today, to a registration of a child it is about: an access that ends, ends it all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import paris_day
from domain.holds import HoldKind
from domain.kinds.both_guardians import Concerned, school_asked
from domain.kinds.people import listed
from domain.states import State
from storage.child_registrations import is_row_of
from storage.records import as_record, columns
from storage.tables import (
    answers,
    children,
    dossier_children,
    dossiers,
    facilities,
    families,
    guardian_accesses,
    holds,
    procedures,
)
from storage.writes import add_once

_MOST = 50
_OF_CHILD = ("first_name", "last_name", "birth_date", "birth_place")


@dataclass(frozen=True)
class SharedChild:
    """A child that this guardian follows. `registrations` are the dossiers by which they do.

    `named_as` is its row when the dossier was sent: families may have been made one since.
    """

    id: str
    named_as: str
    first_name: str
    last_name: str
    birth_date: str
    birth_place: str
    registrations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class SharedDossier:
    """What another guardian may know of where a dossier stands; `title` is its procedure's.

    `sign_until` is the time given to sign, where it waits for that and this guardian says nothing
    against it.

    `children`, for a dossier that is no registration, are those of its children that this guardian
    follows, and the names are theirs: a brother or sister who is not shared is named nowhere.
    """

    id: str
    number: str
    kind: str
    department: str
    state: State
    state_since: datetime
    submitted_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    decided_at: datetime | None
    decision_basis: str
    reason_code: str
    child_name: str
    child_first_name: str
    title: str = ""
    sign_until: datetime | None = None
    children: tuple[SharedChild, ...] = ()


@dataclass(frozen=True)
class ChildFacts:
    """The child itself, and the school that was asked for. `birth_date` as it is kept."""

    first_name: str = ""
    last_name: str = ""
    birth_date: str = ""
    birth_place: str = ""
    grade: str = ""
    school: str = ""


class SharedDossiers:
    """Which dossiers, beside registrations, the other guardians of children are told of."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def tell(self, dossier_id: str, owner_id: str, whom: Concerned) -> None:
        """Share a dossier with the guardians of these children, and of no other. Twice: the same.

        Only children of the owner's family count, whatever was typed.
        """
        kid = children.alias("kid")
        named = (
            select(children.c.id)
            .join(kid, is_row_of(kid, children))
            .join(families, families.c.id == kid.c.family_id)
            .where(families.c.account_id == owner_id, kid.c.same_as.is_(None))
        )
        if not whom.is_whole_family:
            named = named.where(children.c.id.in_(whom.children))
        else:
            named = named.where(children.c.same_as.is_(None))
        found = (await self._db.execute(named)).scalars().all()
        mine = dossier_children.c.dossier_id == dossier_id
        await self._db.execute(
            delete(dossier_children).where(mine, dossier_children.c.child_id.not_in(found))
        )
        for child_id in found:
            await add_once(self._db, dossier_children, dossier_id=dossier_id, child_id=child_id)

    async def children_of(self, dossier_id: str) -> Sequence[str]:
        """The children, as the town knows them now, whose other guardians are told of it."""
        query = (
            select(func.coalesce(children.c.same_as, children.c.id))
            .join(dossier_children, dossier_children.c.child_id == children.c.id)
            .where(dossier_children.c.dossier_id == dossier_id)
        )
        return [str(one) for one in dict.fromkeys((await self._db.execute(query)).scalars())]

    async def open_to(self, account_id: str, dossier_id: str, at: datetime) -> SharedDossier | None:
        """The dossier, if this person follows a child that it is about; None otherwise."""
        found = await self._found(account_id, at, dossiers.c.id == dossier_id)
        return found[0] if found else None

    async def of(self, account_id: str, at: datetime) -> Sequence[SharedDossier]:
        """Those that this person is told of, the latest first, some dozens at most."""
        return await self._found(account_id, at)

    async def facts(self, dossier: SharedDossier) -> Sequence[ChildFacts]:
        """The children of such a dossier, with the class and school it asks for each, if any."""
        of_school = or_(
            answers.c.section.in_(("enfants", "sujet")), answers.c.section.startswith("ecole")
        )
        query = select(answers.c.section, answers.c["values"]).where(
            answers.c.dossier_id == dossier.id, of_school
        )
        said = {row.section: row.values for row in await self._db.execute(query)}
        wishes = {
            one.id: school_asked(dossier.kind, said, one.named_as) for one in dossier.children
        }
        names = await school_names(self._db, [one.get("school", "") for one in wishes.values()])
        return [_facts(one, wishes[one.id], names) for one in dossier.children]

    async def _found(
        self, account_id: str, at: datetime, *which: ColumnElement[bool]
    ) -> Sequence[SharedDossier]:
        rows = (await self._db.execute(_told_to(account_id, at, *which))).mappings().all()
        found = [_shared(list(some)) for _, some in groupby(rows, itemgetter("of_id"))]
        return found[:_MOST]


def of_dossier_columns() -> tuple[ColumnElement[Any], ...]:
    """The columns of a `SharedDossier`, each under its name after `of_`: beside an access."""
    own = (one.label(f"of_{one.name}") for one in columns(dossiers, SharedDossier))
    more = {"title": procedures.c.title, "sign_until": _sign_until()}
    return (*own, *(column.label(f"of_{name}") for name, column in more.items()))


def dossier_of(row: Mapping[Any, Any], **more: object) -> SharedDossier:
    """The dossier of a row with those columns."""
    own = {name.removeprefix("of_"): row[name] for name in row if name.startswith("of_")}
    return as_record(SharedDossier, {**own, "state": State(own["state"]), **more})


def is_open(account_id: str, at: datetime) -> ColumnElement[bool]:
    """Whether an access is this person's, and has not ended on this day in Paris."""
    own = guardian_accesses.c
    return and_(own.account_id == account_id, *counts(at))


def counts(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether an access was accepted, and has not ended on this day in Paris."""
    own = guardian_accesses.c
    today = paris_day(at)
    return own.accepted_at.is_not(None), or_(own.ends_on.is_(None), own.ends_on > today)


async def school_names(db: AsyncConnection, ids: Sequence[str]) -> Mapping[str, str]:
    """The names of these schools of the town, by their ids."""
    query = select(facilities.c.id, facilities.c.name).where(facilities.c.id.in_(ids))
    return {row.id: row.name for row in await db.execute(query)}


def _sign_until() -> ColumnElement[Any]:
    against = holds.alias("against")
    objects = exists().where(
        against.c.dossier_id == dossiers.c.id,
        against.c.kind == HoldKind.OBJECTION.value,
        against.c.by == guardian_accesses.c.account_id,
        against.c.ended_at.is_(None),
    )
    query = select(func.min(holds.c.until)).where(
        holds.c.dossier_id == dossiers.c.id,
        holds.c.kind == HoldKind.COSIGNATURE.value,
        holds.c.ended_at.is_(None),
        ~objects,
    )
    return query.scalar_subquery()


def _told_to(account_id: str, at: datetime, *which: ColumnElement[bool]) -> Select[Any]:
    """One row for each dossier, child and registration by which this person is told of it."""
    reg, kid, told = (children.alias(name) for name in ("reg", "kid", "told"))
    return (
        select(
            *of_dossier_columns(),
            *(kid.c[name] for name in ("id", *_OF_CHILD)),
            told.c.id.label("named_as"),
            reg.c.dossier_id.label("registration"),
        )
        .select_from(guardian_accesses)
        .join(reg, reg.c.dossier_id == guardian_accesses.c.dossier_id)
        .join(kid, is_row_of(kid, reg))
        .join(told, and_(told.c.family_id == kid.c.family_id, is_row_of(kid, told)))
        .join(dossier_children, dossier_children.c.child_id == told.c.id)
        .join(dossiers, dossiers.c.id == dossier_children.c.dossier_id)
        .join(procedures, procedures.c.id == dossiers.c.procedure_id)
        .where(
            is_open(account_id, at),
            dossiers.c.account_id != account_id,
            dossiers.c.submitted_at.is_not(None),
            *which,
        )
        .order_by(dossiers.c.submitted_at.desc(), dossiers.c.id, kid.c.sort_key, reg.c.dossier_id)
    )


def _shared(rows: Sequence[Mapping[Any, Any]]) -> SharedDossier:
    kids: dict[str, SharedChild] = {}
    for row in rows:
        before = kids[row["id"]].registrations if row["id"] in kids else ()
        by = tuple(dict.fromkeys((*before, row["registration"])))
        kids[row["id"]] = as_record(SharedChild, row, registrations=by)
    return dossier_of(
        rows[0],
        child_first_name=listed([one.first_name for one in kids.values()]),
        child_name=listed([one.name for one in kids.values()]),
        children=tuple(kids.values()),
    )


def _facts(child: SharedChild, wish: Mapping[str, str], schools: Mapping[str, str]) -> ChildFacts:
    elsewhere = wish.get("other_school", "") if wish.get("elsewhere") == "yes" else ""
    return ChildFacts(
        **{name: getattr(child, name) for name in _OF_CHILD},
        grade=wish.get("grade", ""),
        school=elsewhere or schools.get(wish.get("school", ""), ""),
    )
