"""The children of a school, and what may be done with images of each: the lists of agents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Subquery, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.consents import Cell
from domain.deadlines import paris_day
from domain.likeness import name_key
from domain.school_years import school_year_of
from storage.child_years import pupils_on
from storage.consents import Consents
from storage.tables import dossiers, facilities

_MOST_CHILDREN = 2_000


@dataclass(frozen=True)
class PupilRights:
    """A child of a school, and what is allowed for it. `birth_date` is a civil day, ISO."""

    id: str
    first_name: str
    last_name: str
    sort_key: str
    birth_date: str
    grade: str
    allowed: frozenset[Cell]


@dataclass(frozen=True)
class SchoolCount:
    """A school, and how many children it has; the `id` of schools not the town's is ""."""

    id: str
    name: str
    pupils: int


class ImageLists:
    """Lists per school."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_school(
        self, school_id: str, departments: Sequence[str] | None, at: datetime
    ) -> Sequence[PupilRights]:
        """The children of a school, by name, and what is allowed for each this school year.

        Those whose registration is of these departments (None: of all), and those known before any.
        "" is every school that is not the town's. A child of two families is there once, with what
        is allowed in both.
        """
        pupils = pupils_on(paris_day(at))
        query = (
            select(*(pupils.c[name] for name in _PUPIL))
            .outerjoin(dossiers, dossiers.c.id == pupils.c.dossier_id)
            .where(_is_at(pupils, school_id), *_are_of(pupils, departments))
            .limit(_MOST_CHILDREN)
        )
        rows = (await self._db.execute(query)).mappings().all()
        rights = await Consents(self._db).of_children([row["id"] for row in rows], at)
        year = school_year_of(paris_day(at))
        once: dict[tuple[str, str], PupilRights] = {}
        for row in rows:
            pupil = PupilRights(**row, allowed=rights[row["id"]].allowed(year))
            key = (name_key(pupil.first_name, pupil.last_name), pupil.birth_date)
            twin = once.setdefault(key, pupil)
            once[key] = replace(twin, allowed=twin.allowed & pupil.allowed)
        return sorted(once.values(), key=lambda one: (one.sort_key, one.birth_date, one.id))

    async def schools(self, departments: Sequence[str] | None, day: date) -> Sequence[SchoolCount]:
        """The schools that have children of these departments, by name; the others' last.

        As on that civil day in Paris.
        """
        pupils = pupils_on(day)
        query = (
            select(
                pupils.c.school_id,
                facilities.c.name,
                facilities.c.sort_key,
                func.count(pupils.c.id).label("pupils"),
            )
            .select_from(pupils)
            .outerjoin(facilities, facilities.c.id == pupils.c.school_id)
            .outerjoin(dossiers, dossiers.c.id == pupils.c.dossier_id)
            .where(*_are_of(pupils, departments))
            .group_by(pupils.c.school_id, facilities.c.name, facilities.c.sort_key)
        )
        rows = (await self._db.execute(query)).all()
        return [
            SchoolCount(row.school_id or "", row.name or "", row.pupils)
            for row in sorted(rows, key=lambda row: (row.school_id is None, row.sort_key))
        ]


_PUPIL = ("id", "first_name", "last_name", "sort_key", "birth_date", "grade")


def _is_at(pupils: Subquery, school_id: str) -> ColumnElement[bool]:
    return pupils.c.school_id == school_id if school_id else pupils.c.school_id.is_(None)


def _are_of(pupils: Subquery, departments: Sequence[str] | None) -> Sequence[ColumnElement[bool]]:
    """Children, each once in its family, that whoever has these departments may know of."""
    mine: list[ColumnElement[bool]] = [pupils.c.same_as.is_(None)]
    if departments is not None:
        known_before = pupils.c.dossier_id.is_(None) if departments else false()
        mine.append(or_(dossiers.c.department.in_(departments), known_before))
    return mine
