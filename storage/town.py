"""The town itself: its name, departments, facilities and procedures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import Terms
from domain.errors import NotFound
from domain.questions import Choice, Lists
from storage.records import as_record, columns, new_id, sort_key
from storage.tables import departments, facilities, procedures, town
from storage.writes import add_once, put

_CHANGE = "change"
TERMS = TypeAdapter(Terms)
"""How the terms of a procedure, and of each dossier, are kept: as JSON, field by field."""


@dataclass(frozen=True)
class TownCard:
    """What every page and letter says of the town. `appeal_notice`: voies et délais de recours."""

    name: str
    appeal_notice: str


@dataclass(frozen=True)
class Department:
    """A service of the town hall, as printed in acknowledgements (CRPA R112-5)."""

    code: str
    name: str
    address: str
    email: str
    phone: str


@dataclass(frozen=True)
class Facility:
    """A school or another structure."""

    id: str
    name: str
    kind: str
    address: str


@dataclass(frozen=True)
class Procedure:
    """One démarche as the town offers it."""

    id: str
    slug: str
    kind: str
    title: str
    school_year: str
    department: str
    is_open: bool
    intro: str
    terms: Terms


class Town:
    """Questions about the town, and the few writes that set it up."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def card(self) -> TownCard:
        """The town's name and texts; a nameless town before it is set up."""
        row = (await self._db.execute(select(*columns(town, TownCard)))).mappings().first()
        return as_record(TownCard, row) if row else TownCard("Ma commune", "")

    async def departments(self) -> Sequence[Department]:
        """All departments, by name."""
        rows = await self._db.execute(select(*columns(departments, Department)))
        found = [as_record(Department, row) for row in rows.mappings()]
        return sorted(found, key=lambda one: sort_key(one.name))

    async def department(self, code: str) -> Department:
        """One department; NotFound when there is none of that code."""
        query = select(*columns(departments, Department)).where(departments.c.code == code)
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            raise NotFound
        return as_record(Department, row)

    async def schools(self) -> Sequence[Facility]:
        """The schools, by name without accents."""
        rows = await self._db.execute(
            select(*columns(facilities, Facility)).where(facilities.c.kind == "school")
        )
        found = [as_record(Facility, row) for row in rows.mappings()]
        return sorted(found, key=lambda one: sort_key(one.name))

    async def lists(self) -> Lists:
        """The lists that questions draw their choices from (`questions.Field.choices_from`)."""
        return {"schools": tuple(Choice(school.id, school.name) for school in await self.schools())}

    async def procedures(self) -> Sequence[Procedure]:
        """The procedures open to families, by title; but for the changes of a family's file."""
        return await self._open(procedures.c.kind != _CHANGE)

    async def changes_offered(self) -> Sequence[Procedure]:
        """The open procedures by which families change their file, one per subject, by title."""
        return await self._open(procedures.c.kind == _CHANGE)

    async def _open(self, which: ColumnElement[bool]) -> Sequence[Procedure]:
        rows = await self._db.execute(select(procedures).where(procedures.c.is_open, which))
        found = [_procedure(row) for row in rows.mappings()]
        return sorted(found, key=lambda one: sort_key(one.title))

    async def every_procedure(self) -> Sequence[Procedure]:
        """Every procedure, open to families or not, by title."""
        rows = await self._db.execute(select(procedures))
        found = [_procedure(row) for row in rows.mappings()]
        return sorted(found, key=lambda one: sort_key(one.title))

    async def procedures_of_kind(self, kind: str) -> Sequence[Procedure]:
        """The procedures of one kind, open to families or not, by title."""
        rows = await self._db.execute(select(procedures).where(procedures.c.kind == kind))
        found = [_procedure(row) for row in rows.mappings()]
        return sorted(found, key=lambda one: sort_key(one.title))

    async def procedure(self, *, slug: str = "", id: str = "") -> Procedure:  # noqa: A002
        """One procedure by its slug or its id; NotFound when there is none."""
        wanted = procedures.c.slug == slug if slug else procedures.c.id == id
        row = (await self._db.execute(select(procedures).where(wanted))).mappings().first()
        if row is None:
            raise NotFound
        return _procedure(row)

    async def set_card(self, card: TownCard) -> None:
        """Name the town. Twice: the second replaces the first."""
        values = {"name": card.name, "appeal_notice": card.appeal_notice}
        await put(self._db, town, {"id": "town"}, values)

    async def put_department(self, department: Department) -> None:
        """Add or correct a department, known by its code."""
        values = {name: getattr(department, name) for name in ("name", "address", "email", "phone")}
        await put(self._db, departments, {"code": department.code}, values)

    async def put_facility(self, facility: Facility) -> None:
        """Add or correct a facility, known by its id."""
        values = {
            "name": facility.name,
            "sort_key": sort_key(facility.name),
            "kind": facility.kind,
            "address": facility.address,
        }
        await put(self._db, facilities, {"id": facility.id}, values)

    async def add_procedures(self, wanted: Sequence[Procedure]) -> Sequence[Procedure]:
        """Add those whose slug the town has not, and give them; what it has stays. Twice: none."""
        return [
            one
            for one in wanted
            if await add_once(self._db, procedures, id=one.id, slug=one.slug, **_columns_of(one))
        ]

    async def put_procedure(self, procedure: Procedure) -> None:
        """Add or correct a procedure, known by its slug. Open dossiers keep their own terms."""
        values, first = _columns_of(procedure), {"id": procedure.id or new_id()}
        await put(self._db, procedures, {"slug": procedure.slug}, values, first=first)


def _columns_of(procedure: Procedure) -> dict[str, Any]:
    """What may be corrected of a procedure: all but its id and its slug."""
    return {
        "kind": procedure.kind,
        "title": procedure.title,
        "school_year": procedure.school_year,
        "department": procedure.department,
        "is_open": procedure.is_open,
        "intro": procedure.intro,
        "terms": TERMS.dump_python(procedure.terms, mode="json"),
    }


def _procedure(row: RowMapping) -> Procedure:
    rest = {name: value for name, value in row.items() if name != "terms"}
    return as_record(Procedure, rest, terms=TERMS.validate_python(row["terms"]))
