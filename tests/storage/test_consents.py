"""What guardians say of images of their children: the last word counts, on both databases."""

import asyncio
from datetime import date, timedelta

from domain.consents import CELLS, Cell, Medium, Use
from domain.deadlines import paris_day
from domain.states import State
from storage.accounts import Account
from storage.consents import ImageRights
from storage.dossiers import Dossier
from storage.image_lists import SchoolCount
from tests.builders import an_account
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_guardian_accesses import LUC, accepts, ends
from tests.storage.test_households import ANSWERS
from tests.storage.test_merges import merged, sent, somebody

YEAR, NEXT_YEAR = "2026-2027", "2027-2028"
WALL, PRESS = Cell(Use.DISPLAY, Medium.GROUP), Cell(Use.PRESS, Medium.INDIVIDUAL)
SCHOOL = "e" * 32


async def a_pupil(valbourg: Valbourg, owner: Account | None = None) -> tuple[str, Dossier]:
    """A child registered by Claire (or by this parent), and its dossier."""
    dossier = await sent(valbourg, owner or valbourg.claire)
    async with valbourg.open_store() as store:
        child_id = await store.households.admit(dossier, ANSWERS, valbourg.claire.email, NOW)
    return child_id, dossier


async def other_guardian(valbourg: Valbourg, dossier: Dossier) -> tuple[Account, str]:
    """Luc, who was let in, and his access."""
    async with valbourg.open_store() as store:
        luc = await an_account(store, LUC, NOW)
        access = await store.guardian_accesses.invite(
            dossier.id, LUC.email, valbourg.claire.id, NOW
        )
    assert await accepts(valbourg, access.id, luc)
    return luc, access.id


async def says(
    valbourg: Valbourg, child_id: str, who: Account, year: str = YEAR, **said: bool
) -> frozenset[Cell]:
    """Say yes or no of `wall` and `press`."""
    cells = {"wall": WALL, "press": PRESS}
    async with valbourg.open_store() as store:
        await store.consents.take_turn(child_id)
        return await store.consents.say(
            child_id, who.id, year, {cells[name]: is_given for name, is_given in said.items()}, NOW
        )


async def rights(valbourg: Valbourg, child_id: str, days: int = 0) -> ImageRights:
    async with valbourg.open_store() as store:
        return await store.consents.of_child(child_id, NOW + timedelta(days=days))


async def test_nothing_is_allowed_until_somebody_says_so(valbourg: Valbourg) -> None:
    child_id, _ = await a_pupil(valbourg)
    found = await rights(valbourg, child_id)
    assert found.guardians == {valbourg.claire.id}
    assert found.allowed(YEAR) == frozenset()


async def test_the_last_word_counts_and_every_word_stays(valbourg: Valbourg) -> None:
    child_id, _ = await a_pupil(valbourg)
    assert await says(valbourg, child_id, valbourg.claire, press=True) == {PRESS}
    assert await says(valbourg, child_id, valbourg.claire, press=True) == frozenset()
    assert (await rights(valbourg, child_id)).allowed(YEAR) == {PRESS}
    await says(valbourg, child_id, valbourg.claire, press=False)
    found = await rights(valbourg, child_id)
    assert (found.allowed(YEAR), found.version(valbourg.claire.id, YEAR)) == (frozenset(), 2)
    async with valbourg.open_store() as store:
        every = await store.consents.of_account(valbourg.claire.id)
    assert [(one.child, one.word.is_given) for one in every] == [
        ("Léna Martin", True), ("Léna Martin", False),
    ]  # fmt: skip


async def test_the_other_guardian_counts_from_the_day_of_access_to_its_end(
    valbourg: Valbourg,
) -> None:
    child_id, dossier = await a_pupil(valbourg)
    await says(valbourg, child_id, valbourg.claire, press=True, wall=True)
    luc, access_id = await other_guardian(valbourg, dossier)
    assert (await rights(valbourg, child_id)).allowed(YEAR) == {WALL}
    await says(valbourg, child_id, luc, press=True)
    assert (await rights(valbourg, child_id)).allowed(YEAR) == {WALL, PRESS}
    await says(valbourg, child_id, luc, press=False, wall=False)
    assert (await rights(valbourg, child_id)).allowed(YEAR) == frozenset()
    await ends(valbourg, access_id, date(2026, 11, 25))
    days = [(await rights(valbourg, child_id, days)).allowed(YEAR) for days in range(3)]
    assert days == [frozenset(), frozenset(), {WALL, PRESS}]


async def test_a_dossier_says_every_cell_once_and_not_over_what_was_said_since(
    valbourg: Valbourg,
) -> None:
    child_id, dossier = await a_pupil(valbourg)
    await says(valbourg, child_id, valbourg.claire, wall=False)
    for _ in range(2):
        async with valbourg.open_store() as store:
            await store.consents.take_over(
                child_id,
                valbourg.claire.id,
                YEAR,
                {WALL, PRESS},
                said_at=NOW - timedelta(days=3),
                dossier_id=dossier.id,
            )
    found = await rights(valbourg, child_id)
    assert found.allowed(YEAR) == {PRESS}
    assert found.version(valbourg.claire.id, YEAR) == len(CELLS)
    await says(valbourg, child_id, valbourg.claire, press=False)
    async with valbourg.open_store() as store:
        await store.consents.take_over(
            child_id, valbourg.claire.id, YEAR, {PRESS}, said_at=NOW, dossier_id=dossier.id
        )
    assert (await rights(valbourg, child_id)).allowed(YEAR) == frozenset()


async def test_nothing_ticked_in_a_dossier_takes_nothing_back(valbourg: Valbourg) -> None:
    child_id, dossier = await a_pupil(valbourg)
    await says(valbourg, child_id, valbourg.claire, press=True)
    async with valbourg.open_store() as store:
        later = NOW + timedelta(days=2)
        await store.consents.take_over(
            child_id, valbourg.claire.id, YEAR, (), said_at=later, dossier_id=dossier.id
        )
    found = await rights(valbourg, child_id)
    assert found.allowed(YEAR) == {PRESS}
    assert found.version(valbourg.claire.id, YEAR) == len(CELLS)


async def test_the_list_of_a_school_says_what_is_allowed_for_each_child(
    valbourg: Valbourg,
) -> None:
    child_id, _ = await a_pupil(valbourg)
    await says(valbourg, child_id, valbourg.claire, wall=True)
    await says(valbourg, child_id, valbourg.claire, NEXT_YEAR, press=True)
    async with valbourg.open_store() as store:
        [pupil] = await store.image_lists.of_school(SCHOOL, None, NOW)
        assert await store.image_lists.of_school(SCHOOL, ["scolaire"], NOW) == [pupil]
        for nobody in ([], ["creche"]):
            assert await store.image_lists.of_school(SCHOOL, nobody, NOW) == []
            assert await store.image_lists.schools(nobody, paris_day(NOW)) == []
        [school] = await store.image_lists.schools(None, paris_day(NOW))
        assert await store.image_lists.of_school("0" * 32, None, NOW) == []
    assert pupil.first_name == "Léna"
    assert pupil.allowed == {WALL}
    assert school == SchoolCount(SCHOOL, "École Jean-Moulin", 1)


async def test_a_child_of_two_families_is_listed_once_with_what_both_allow(
    valbourg: Valbourg,
) -> None:
    first, _ = await a_pupil(valbourg)
    luc = await somebody(valbourg, "luc@exemple.fr", "Luc Petit")
    second, _ = await a_pupil(valbourg, luc)
    await says(valbourg, first, valbourg.claire, wall=True, press=True)
    await says(valbourg, second, luc, press=True)
    async with valbourg.open_store() as store:
        [pupil] = await store.image_lists.of_school(SCHOOL, None, NOW)
        await store.connection.exec_driver_sql("UPDATE children SET school_id = NULL")
        assert [one.id for one in await store.image_lists.of_school("", None, NOW)]
        assert await store.image_lists.schools(None, paris_day(NOW)) == [SchoolCount("", "", 2)]
    assert pupil.allowed == {PRESS}


async def test_who_leaves_takes_every_yes_back_this_year_and_the_next(valbourg: Valbourg) -> None:
    child_id, _ = await a_pupil(valbourg)
    for year in ("2025-2026", YEAR, NEXT_YEAR):
        await says(valbourg, child_id, valbourg.claire, year, press=True)
    for _ in range(2):
        async with valbourg.open_store() as store:
            await store.consents.take_all_back(valbourg.claire.id, NOW)
    found = await rights(valbourg, child_id)
    assert [found.version(valbourg.claire.id, year) for year in (YEAR, NEXT_YEAR)] == [2, 2]
    assert found.allowed(YEAR) == found.allowed(NEXT_YEAR) == frozenset()
    assert found.version(valbourg.claire.id, "2025-2026") == 1


async def test_two_who_say_something_at_the_same_instant_are_both_heard(
    valbourg: Valbourg,
) -> None:
    child_id, dossier = await a_pupil(valbourg)
    luc, _ = await other_guardian(valbourg, dossier)
    await asyncio.gather(
        *(
            says(valbourg, child_id, who, press=is_given)
            for who, is_given in ((valbourg.claire, True), (luc, True), (valbourg.claire, True))
        )
    )
    found = await rights(valbourg, child_id)
    assert found.allowed(YEAR) == {PRESS}
    assert [found.version(one.id, YEAR) for one in (valbourg.claire, luc)] == [1, 1]


async def test_words_of_two_accounts_of_one_person_are_put_in_the_order_they_were_said(
    valbourg: Valbourg,
) -> None:
    again = await somebody(valbourg, "claire.martin@exemple.fr")
    first, _ = await a_pupil(valbourg)
    second, _ = await a_pupil(valbourg, again)
    await says(valbourg, first, valbourg.claire, press=True)
    async with valbourg.open_store() as store:
        later = NOW + timedelta(hours=1)
        await store.consents.say(second, again.id, YEAR, {PRESS: False, WALL: True}, later)
    await merged(valbourg, valbourg.claire, again)
    async with valbourg.open_store() as store:
        [child] = await store.households.children_of(valbourg.claire.id)
    found = await rights(valbourg, child.id)
    assert found.guardians == {valbourg.claire.id}
    assert found.allowed(YEAR) == {WALL}
    assert found.version(valbourg.claire.id, YEAR) == 3


async def test_a_child_known_before_any_dossier_has_its_family_for_guardian(
    valbourg: Valbourg,
) -> None:
    child_id, _ = await a_pupil(valbourg)
    luc = await somebody(valbourg, "luc@exemple.fr")
    async with valbourg.open_store() as store:
        await store.connection.exec_driver_sql("UPDATE children SET dossier_id = NULL")
        dossier = await store.dossiers.open_new(
            await store.town.procedure(slug="inscription-scolaire"), luc.id, NOW
        )
    assert dossier.state is State.DRAFT
    assert (await rights(valbourg, child_id)).guardians == {valbourg.claire.id}
