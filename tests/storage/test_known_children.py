"""A child that is registered once more is the same child; who only looks like it is another."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.questions import Answers
from domain.states import State
from storage.dossiers import Dossier
from storage.store import Store
from storage.tables import children
from tests.builders import Someone, an_account
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_households import ANSWERS

LENA = ANSWERS["enfant"]


async def registered(valbourg: Valbourg, answers: Answers = ANSWERS) -> tuple[Dossier, str]:
    """A registration of Claire's that was approved, and its child."""
    dossier = await valbourg.dossier(state=State.APPROVED)
    async with valbourg.open_store() as store:
        child = await store.households.admit(dossier, answers, valbourg.claire.email, NOW)
    return dossier, child


async def rows(store: Store) -> int:
    """How many rows of children there are."""
    return (await store.connection.execute(select(func.count(children.c.id)))).scalar_one()


async def again(valbourg: Valbourg, **child: str) -> tuple[Dossier, str]:
    """Registered once more, under these names."""
    return await registered(valbourg, {**ANSWERS, "enfant": {**LENA, **child}})


@pytest.mark.parametrize(
    "child",
    [
        {},
        {"first_name": "LENA", "last_name": "martin"},
        {"first_name": "Léna ", "last_name": "Martin", "birth_date": "2021-03-12"},
    ],
)
async def test_a_second_registration_is_of_the_same_child(
    valbourg: Valbourg, child: dict[str, str]
) -> None:
    first, lena = await registered(valbourg)
    second, same = await again(valbourg, **child)
    assert same == lena
    async with valbourg.open_store() as store:
        (known,) = await store.households.children_of(valbourg.claire.id)
        assert (known.id, known.dossier_id) == (lena, second.id)
        record = await store.family_record.of(valbourg.claire.id)
        assert record is not None
        assert [one.name for one in record.children[0].contacts] == ["Zoé Petit", "Ali Ben"]
        for dossier in (first, second):  # admitted once more, nothing more is made
            assert await store.households.admit(dossier, ANSWERS, "", NOW) == lena
        assert await rows(store) == 2


async def test_a_compound_name_is_one_name_however_it_is_written(valbourg: Valbourg) -> None:
    _, one = await again(valbourg, first_name="Anne-Éloïse", last_name="D’Aubigné")
    _, two = await again(valbourg, first_name="anne eloise", last_name="d'aubigne")
    assert one == two


@pytest.mark.parametrize(
    "child",
    [
        {"first_name": "Nina"},  # a twin
        {"birth_date": "13/03/2021"},  # a homonym
        {"last_name": "Petit"},
        {"first_name": "", "last_name": ""},
        {"birth_date": ""},
    ],
)
async def test_somebody_else_is_another_child(valbourg: Valbourg, child: dict[str, str]) -> None:
    _, lena = await registered(valbourg)
    _, other = await again(valbourg, **child)
    _, third = await again(valbourg, **child)
    assert lena not in {other, third}
    is_somebody = all(child.get(name, "x") for name in ("first_name", "birth_date"))
    assert (other == third) is is_somebody


async def test_two_registrations_of_a_child_approved_at_once_make_one(valbourg: Valbourg) -> None:
    done = await asyncio.gather(*(registered(valbourg) for _ in range(3)))
    assert len({child for _, child in done}) == 1
    async with valbourg.open_store() as store:
        assert len(await store.households.children_of(valbourg.claire.id)) == 1


@pytest.mark.parametrize("which", [0, 1])
async def test_the_accesses_of_each_registration_lead_to_the_child(
    valbourg: Valbourg, which: int
) -> None:
    (first, lena), (second, _) = await registered(valbourg), await again(valbourg)
    dossier = (first, second)[which]
    async with valbourg.open_store() as store:
        luc = await an_account(store, Someone("luc@exemple.fr", name="Luc"), NOW)
        assert await store.family_record.child_for(luc.id, lena, NOW) is None
        access = await store.guardian_accesses.invite(
            dossier.id, luc.email, valbourg.claire.id, NOW
        )
        await store.guardian_accesses.accept(access.id, luc.id, NOW)
        assert await store.family_record.child_for(luc.id, lena, NOW) is not None
