"""The class and the school of a child, school year by school year.

The child's own row says what holds until a year of `child_years` begins: a re-enrolment is approved
in spring, and nobody has to do anything on 1 September. Who reads says for which day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from sqlalchemy import RowMapping, Select, Subquery, and_, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.school_years import is_school_year, school_year_of
from storage.records import as_record, fitting
from storage.tables import child_years, children, facilities
from storage.writes import add_once, put

AT_SCHOOL = ("grade", "school_id", "other_school")
"""The columns that say where a child is at school."""


@dataclass(frozen=True)
class ChildYear:
    """Where a child is at school, and in which class, from the first day of a school year on."""

    school_year: str
    grade: str
    school_id: str | None
    school: str
    other_school: str


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """What each record of a child says of its school.

    At a school of the town `school_id` and `school` say which; at another one, `other_school` does.
    Read as it is written, what holds today may be one of `years`, the earliest first: ask `on`.
    """

    grade: str
    school_id: str | None
    school: str
    other_school: str
    years: tuple[ChildYear, ...] = ()

    def on(self, day: date) -> Self:
        """The child on that civil day in Paris; `years` are then those that have not begun."""
        return self.in_year(school_year_of(day))

    def in_year(self, school_year: str) -> Self:
        """The child as far as the town knows of that school year; `years` are then the later ones.

        Its class is that of the last year that the town knows of: nobody is moved up.
        """
        held = self.held_in(school_year)
        if held is None:
            return self
        to_come = tuple(one for one in self.years if one.school_year > held.school_year)
        return replace(
            self,
            grade=held.grade,
            school_id=held.school_id,
            school=held.school,
            other_school=held.other_school,
            years=to_come,
        )

    def held_in(self, school_year: str) -> ChildYear | None:
        """The last of `years` that has begun in that school year; None before the first of them."""
        begun = [one for one in self.years if one.school_year <= school_year]
        return begun[-1] if begun else None


def with_years(some: Sequence[Any]) -> Select[Any]:
    """A question about children: these columns, the school of the town, each year's as well.

    A child has one row for each of its years, and one where it has none: see `by_child`.
    """
    school_of_year = facilities.alias("school_of_year")
    years = (child_years.c[name].label(f"year_{name}") for name in ("school_year", *AT_SCHOOL))
    return select(
        *some,
        children.c.sort_key,
        facilities.c.name.label("school"),
        *years,
        school_of_year.c.name.label("year_school"),
    ).select_from(
        children.outerjoin(facilities, facilities.c.id == children.c.school_id)
        .outerjoin(child_years, child_years.c.child_id == children.c.id)
        .outerjoin(school_of_year, school_of_year.c.id == child_years.c.school_id)
    )


def by_child(rows: Iterable[RowMapping]) -> Sequence[Mapping[str, Any]]:
    """The children of a question `with_years`, by name and birth date, each once."""
    ordered = sorted(rows, key=itemgetter("sort_key", "birth_date", "id"))
    found = []
    for _, some in groupby(ordered, itemgetter("id")):
        one, *more = some
        years = sorted(
            (_year(row) for row in (one, *more) if row["year_school_year"]),
            key=lambda year: year.school_year,
        )
        found.append({**one, "school": one["school"] or "", "years": tuple(years)})
    return found


def _year(row: RowMapping) -> ChildYear:
    said = {name.removeprefix("year_"): row[name] for name in row if name.startswith("year_")}
    return as_record(ChildYear, {**said, "school": said["school"] or ""})


def pupils_on(day: date) -> Subquery:
    """The children with the columns of their table, as they are at school on that civil day."""
    later = child_years.alias("later")
    latest = (
        select(func.max(later.c.school_year))
        .where(later.c.child_id == children.c.id, later.c.school_year <= school_year_of(day))
        .correlate(children)
        .scalar_subquery()
    )
    has_year = child_years.c.child_id.is_not(None)
    held = (
        case((has_year, child_years.c[name]), else_=children.c[name]).label(name)
        for name in AT_SCHOOL
    )
    rest = (one for one in children.c if one.name not in AT_SCHOOL)
    is_held = and_(child_years.c.child_id == children.c.id, child_years.c.school_year == latest)
    return select(*rest, *held).select_from(children.outerjoin(child_years, is_held)).subquery()


async def enrol(
    db: AsyncConnection, child_id: str, values: Mapping[str, Any], school_year: str, day: date
) -> None:
    """Write what is new of a child's class and school from this school year on.

    A year that has not begun on that day is kept beside; until then what holds stays. What a later
    year says already stays as well. What a town wrote there that is no school year is taken as the
    one of that day. Twice: the same.
    """
    if not values:
        return
    if not is_school_year(school_year):
        school_year = school_year_of(day)
    mine = child_years.c.child_id == child_id
    query = select(child_years).where(mine, child_years.c.school_year <= school_year)
    rows = (await db.execute(query.order_by(child_years.c.school_year))).mappings().all()
    if not rows and school_year <= school_year_of(day):
        kept = fitting(children, **values)
        await db.execute(update(children).where(children.c.id == child_id).values(**kept))
        return
    before: Mapping[Any, Any]
    if rows:
        before = rows[-1]
    else:
        own = select(*(children.c[name] for name in AT_SCHOOL)).where(children.c.id == child_id)
        before = (await db.execute(own)).mappings().one()
    held = {name: before[name] for name in AT_SCHOOL} | dict(values)
    key = {"child_id": child_id, "school_year": school_year}
    await put(db, child_years, key, fitting(child_years, **held))


async def move_years(db: AsyncConnection, before: str, now: str) -> None:
    """Two rows of a child become one: what that one does not say of a year, the other one does."""
    query = select(child_years).where(child_years.c.child_id == before)
    for row in (await db.execute(query)).mappings().all():
        await add_once(db, child_years, **{**row, "child_id": now})
    await db.execute(delete(child_years).where(child_years.c.child_id == before))
