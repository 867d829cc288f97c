from dataclasses import replace

import pytest

from domain.deadlines import Delay, SilenceRule, Terms
from domain.errors import NotFound
from domain.questions import Choice
from storage.records import sort_key
from storage.store import OpenStore
from storage.town import Department, Facility, TownCard
from tests.builders import NURSERY, REGISTRATION, SCHOOLS
from tests.storage.conftest import Valbourg


async def test_a_town_without_a_name_has_pages_all_the_same(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert await store.town.card() == TownCard("Ma commune", "")
        for name in ("Valbourg", "Valbourg-sur-Lande"):
            await store.town.set_card(TownCard(name, "Recours"))
        assert await store.town.card() == TownCard("Valbourg-sur-Lande", "Recours")


async def test_schools_sort_by_name_as_a_french_reader_does(open_store: OpenStore) -> None:
    async with open_store() as store:
        for n, name in enumerate(("Fabre", "école Zola", "Élan", "École Ampère", "Eluard")):
            await store.town.put_facility(Facility(f"{n}", name, "school", ""))
        await store.town.put_facility(Facility("9", "Crèche des Lilas", "nursery", ""))
        names = [school.name for school in await store.town.schools()]
        assert names == ["École Ampère", "école Zola", "Élan", "Eluard", "Fabre"]
        schools = (await store.town.lists())["schools"]
        assert schools[0] == Choice("3", "École Ampère")
        assert len(schools) == 5


@pytest.mark.parametrize(
    ("before", "after"),
    [("École", "Fabre"), ("Noël", "NOËLLE"), ("a", "B"), ("Œuvre", "P"), ("Çelik", "Dupont")],
)
def test_names_sort_without_accents_nor_case(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


async def test_departments_are_put_once_and_corrected(open_store: OpenStore) -> None:
    async with open_store() as store:
        for department in (SCHOOLS, NURSERY, replace(SCHOOLS, phone="0199")):
            await store.town.put_department(department)
        found: list[Department] = list(await store.town.departments())
        assert [one.code for one in found] == ["creche", "scolaire"]
        assert (await store.town.department("scolaire")).phone == "0199"
        with pytest.raises(NotFound):
            await store.town.department("voirie")


async def test_a_procedure_is_known_by_its_slug_and_keeps_its_id(open_store: OpenStore) -> None:
    terms = Terms(
        silence_rule=SilenceRule.REJECTION,
        silence_delay=Delay(months=4),
        complement_reminders=(Delay(days=3), Delay(seconds=5)),
    )
    async with open_store() as store:
        await store.town.put_department(SCHOOLS)
        await store.town.put_procedure(REGISTRATION)
        await store.town.put_procedure(replace(REGISTRATION, id="x" * 32, terms=terms))
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        assert procedure == replace(REGISTRATION, terms=terms)
        assert await store.town.procedure(id=REGISTRATION.id) == procedure
        with pytest.raises(NotFound):
            await store.town.procedure(slug="cantine")


async def test_only_open_procedures_are_offered(open_store: OpenStore) -> None:
    async with open_store() as store:
        await store.town.put_department(SCHOOLS)
        await store.town.put_procedure(REGISTRATION)
        closed = replace(REGISTRATION, id="", slug="fermee", is_open=False)
        await store.town.put_procedure(closed)
        assert [one.slug for one in await store.town.procedures()] == [REGISTRATION.slug]


NAMES = ("Ångström", "École", "Fabre", "O’Connor", "Œuvre", "Saint-Exupéry", "Zola", "ÉLUARD")
IN_ORDER = ("Ångström", "École", "ÉLUARD", "Fabre", "O’Connor", "Œuvre", "Saint-Exupéry", "Zola")


async def test_names_are_in_the_order_of_a_french_list(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        for code, name in enumerate(NAMES):
            one = f"{code:032d}"
            await store.town.put_facility(Facility(one, name, "school", ""))
            await store.town.put_department(Department(one, name, "", "", ""))
            await store.town.put_procedure(replace(REGISTRATION, id=one, slug=one, title=name))
        lists = (
            [one.name for one in await store.town.schools()],
            [one.name for one in await store.town.departments()],
            [one.title for one in await store.town.procedures()],
        )
    for found in lists:
        assert tuple(name for name in found if name in NAMES) == IN_ORDER
