"""The class and school of a child by school year: what is to come waits for its first day."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from domain.campaigns import Audience
from domain.school_years import school_year_of
from storage.child_years import move_years
from storage.erasing import Erasing
from storage.family_record import RecordedChild
from storage.store import Store
from storage.tables import child_years
from tests.questions import counted
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_family_record import known, record_of
from tests.storage.test_households import ANSWERS

SCHOOL = "e" * 32
BEFORE, FIRST_DAY = date(2027, 8, 31), date(2027, 9, 1)
NEXT = "2027-2028"
ELSEWHERE = {"grade": "ms", "school_id": None, "other_school": "École Sainte-Anne, Agen"}


async def enrolled(
    valbourg: Valbourg,
    values: Mapping[str, str | None],
    year: str = NEXT,
    day: date = date(2027, 5, 10),
) -> RecordedChild:
    """Léna as the record has her once this was written on that day."""
    (lena,) = (await record_of(valbourg)).children
    async with valbourg.open_store() as store:
        await store.family_changes.enrol(lena.id, values, year, day)
    return (await record_of(valbourg)).children[0]


async def years(store: Store) -> list[str]:
    """The school years that are kept beside, of whatever child."""
    rows = await store.connection.execute(select(child_years.c.school_year))
    return list(rows.scalars())


def at_school(child: RecordedChild) -> tuple[str, str]:
    return child.grade, child.other_school or child.school


async def test_the_class_of_next_year_begins_on_its_first_day(valbourg: Valbourg) -> None:
    await known(valbourg)
    lena = await enrolled(valbourg, {"grade": "ms"})
    assert at_school(lena.on(BEFORE)) == ("ps", "École Jean-Moulin")
    assert [one.school_year for one in lena.on(BEFORE).years] == [NEXT]
    assert at_school(lena.on(FIRST_DAY)) == ("ms", "École Jean-Moulin")
    assert lena.on(FIRST_DAY).years == ()


async def test_the_record_of_a_child_with_years_to_come_is_read_in_as_many_questions(
    valbourg: Valbourg,
) -> None:
    await known(valbourg)
    await enrolled(valbourg, ELSEWHERE)
    await enrolled(valbourg, {"grade": "gs"}, "2028-2029")
    async with valbourg.open_store() as store:
        with counted() as questions:
            record = await store.family_record.of(valbourg.claire.id)
        assert len(questions) == 4
        assert record is not None
        (lena,) = record.children
        (child,) = await store.households.children_of(valbourg.claire.id)
    assert child.on(FIRST_DAY).other_school == "École Sainte-Anne, Agen"
    assert [at_school(lena.on(date(year, 10, 1))) for year in (2026, 2027, 2028, 2031)] == [
        ("ps", "École Jean-Moulin"),
        ("ms", "École Sainte-Anne, Agen"),
        ("gs", "École Sainte-Anne, Agen"),
        ("gs", "École Sainte-Anne, Agen"),
    ]


async def test_whoever_follows_a_child_reads_its_class_of_the_day(valbourg: Valbourg) -> None:
    await known(valbourg)
    lena = await enrolled(valbourg, {"grade": "ms"})
    async with valbourg.open_store() as store:
        for at, grade in (
            (datetime(2027, 8, 31, 21, 59, tzinfo=UTC), "ps"),
            (datetime(2027, 8, 31, 22, 0, tzinfo=UTC), "ms"),  # midnight in Paris
        ):
            child = await store.family_record.child_for(valbourg.claire.id, lena.id, at)
            assert child is not None
            assert child.grade == grade


async def test_a_change_of_school_today_leaves_the_year_to_come(valbourg: Valbourg) -> None:
    await known(valbourg)
    await enrolled(valbourg, {"grade": "ms"})
    today = date(2027, 5, 20)
    lena = await enrolled(valbourg, {**ELSEWHERE, "grade": "ps"}, school_year_of(today), today)
    assert at_school(lena.on(today)) == ("ps", "École Sainte-Anne, Agen")
    assert at_school(lena.on(FIRST_DAY)) == ("ms", "École Jean-Moulin")


async def test_a_change_of_school_once_the_year_has_begun_counts_at_once(
    valbourg: Valbourg,
) -> None:
    await known(valbourg)
    await enrolled(valbourg, {"grade": "ms"})
    later = date(2028, 10, 2)
    for day in (FIRST_DAY, later):
        lena = await enrolled(valbourg, ELSEWHERE, school_year_of(day), day)
        assert at_school(lena.on(day)) == ("ms", "École Sainte-Anne, Agen")
    assert at_school(lena.on(BEFORE)) == ("ps", "École Jean-Moulin")


async def test_what_is_approved_after_its_year_is_over_moves_nobody_back(
    valbourg: Valbourg,
) -> None:
    await known(valbourg)
    await enrolled(valbourg, {"grade": "ms"}, "2028-2029")
    lena = await enrolled(valbourg, ELSEWHERE, NEXT, date(2028, 9, 3))
    assert at_school(lena.on(date(2028, 9, 3))) == ("ms", "École Jean-Moulin")


async def test_a_school_that_the_town_has_not_leaves_the_one_of_now(valbourg: Valbourg) -> None:
    await known(valbourg)
    lena = await enrolled(valbourg, {"grade": "ms", "school_id": "f" * 32})
    assert at_school(lena.on(FIRST_DAY)) == ("ms", "École Jean-Moulin")


@pytest.mark.parametrize(("day", "grade"), [(BEFORE, "ps"), (FIRST_DAY, "ms")])
async def test_lists_of_a_school_have_the_children_of_the_day(
    valbourg: Valbourg, day: date, grade: str
) -> None:
    """The lists of images, the audience of a campaign, letters of activation for a school."""
    await known(valbourg)
    await enrolled(valbourg, ELSEWHERE)
    at = datetime.combine(day, datetime.min.time(), UTC).replace(hour=9)
    here = "" if grade == "ms" else SCHOOL
    async with valbourg.open_store() as store:
        (pupil,) = await store.image_lists.of_school(here, None, at)
        assert pupil.grade == grade
        (school,) = await store.image_lists.schools(None, day)
        assert school.id == here
        for some in ("ps", "ms"):
            reach = await store.campaign_families.reach(Audience(grades=(some,)), at)
            assert reach.families == int(some == grade)
        at_moulin = await store.campaign_families.reach(Audience(schools=(SCHOOL,)), at)
        assert at_moulin.families == int(here == SCHOOL)


async def test_a_child_that_goes_takes_its_years_with_it(valbourg: Valbourg) -> None:
    await known(valbourg)
    lena = await enrolled(valbourg, {"grade": "ms"})
    async with valbourg.open_store() as store:
        await Erasing(store.connection).child(lena.id)
        assert await years(store) == []


async def test_a_registration_of_a_known_child_for_next_year_waits_as_well(
    valbourg: Valbourg,
) -> None:
    await known(valbourg)
    spring = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        wish = {"grade": "ms", "school": SCHOOL}
        await store.households.admit(dossier, {**ANSWERS, "ecole": wish}, "", spring)
        assert await years(store) == ["2026-2027"]
    (lena,) = (await record_of(valbourg)).children
    assert at_school(lena.on(date(2026, 8, 31))) == ("ps", "École Jean-Moulin")
    assert at_school(lena.on(NOW.date())) == ("ms", "École Jean-Moulin")


async def test_two_rows_of_a_child_that_become_one_keep_what_each_says(valbourg: Valbourg) -> None:
    record = await known(valbourg)
    (lena,), day = record.children, date(2027, 5, 10)
    async with valbourg.open_store() as store:
        changes = store.family_changes
        twin = await changes.add_child(record.id, {"first_name": "Lena"}, [])
        await changes.enrol(lena.id, {"grade": "ms"}, NEXT, day)
        await changes.enrol(twin, {"grade": "cp"}, NEXT, day)
        await changes.enrol(twin, {"grade": "ce1"}, "2028-2029", day)
        for _ in range(2):
            await move_years(store.connection, twin, lena.id)
        assert len(await years(store)) == 2
    now = (await record_of(valbourg)).child(lena.id)
    assert now is not None
    assert [one.grade for one in now.years] == ["ms", "ce1"]
