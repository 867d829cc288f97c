"""What an approved registration makes: once, and into the family that is known already."""

import asyncio

from sqlalchemy import func, select

from domain.questions import Answers
from storage.dossiers import Dossier
from storage.store import Store
from storage.tables import children, contacts, families, guardians, guardianships
from tests.builders import a_dossier
from tests.storage.conftest import NOW, Valbourg

VOUS = {"first_name": "Claire", "last_name": "Martin", "relation": "mother", "phone": "0612345678"}
OTHER = {
    "has_other": "yes",
    "first_name": "Paul",
    "last_name": "Petit",
    "relation": "father",
    "phone": "0612345679",
    "email": "paul@exemple.fr",
}
ANSWERS: Answers = {
    "vous": VOUS,
    "adresse": {"street": "3 rue des Lilas", "postal_code": "01000", "city": "Valbourg"},
    "autre-parent": OTHER,
    "enfant": {
        "first_name": "Léna",
        "last_name": "Martin",
        "birth_date": "12/03/2021",
        "birth_place": "Valbourg",
    },
    "ecole": {"grade": "ps", "school": "e" * 32},
    "contacts": {
        "contact_1_name": "Zoé Petit",
        "contact_1_phone": "0600000000",
        "contact_1_link": "grand-mère",
        "contact_1_pick_up": "yes",
        "contact_1_emergency": "",
        "contact_3_name": "Ali Ben",
    },
}


async def counts(store: Store) -> dict[str, int]:
    made = {}
    for table in (families, children, guardians, guardianships, contacts):
        question = select(func.count()).select_from(table)
        made[table.name] = (await store.connection.execute(question)).scalar_one()
    return made


async def admitted(valbourg: Valbourg, answers: Answers = ANSWERS) -> str:
    """The child of a new dossier of Claire's with these answers."""
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW)
        return await store.households.admit(dossier, answers, valbourg.claire.email, NOW)


async def test_a_family_comes_into_being(valbourg: Valbourg) -> None:
    await admitted(valbourg)
    async with valbourg.open_store() as store:
        (child,) = await store.households.children_of(valbourg.claire.id)
        assert (child.first_name, child.last_name, child.grade) == ("Léna", "Martin", "ps")
        assert child.school == "École Jean-Moulin"
        claire, paul = await store.households.guardians_of(valbourg.claire.id)
        assert (claire.first_name, claire.is_payer, claire.email) == (
            "Claire",
            True,
            "claire@exemple.fr",
        )
        assert (paul.first_name, paul.is_payer, paul.email) == ("Paul", False, "paul@exemple.fr")
        assert await counts(store) == {
            "families": 1,
            "children": 1,
            "guardians": 2,
            "guardianships": 2,
            "contacts": 2,
        }


async def test_a_birth_date_is_a_civil_day_however_it_was_typed(valbourg: Valbourg) -> None:
    await admitted(valbourg)
    async with valbourg.open_store() as store:
        (child,) = await store.households.children_of(valbourg.claire.id)
    assert child.birth_date == "2021-03-12"


async def test_admitting_the_same_dossier_twice_makes_nothing_more(valbourg: Valbourg) -> None:
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW)
        first = await store.households.admit(dossier, ANSWERS, "claire@exemple.fr", NOW)
        made = await counts(store)
        other: Answers = {**ANSWERS, "enfant": {"first_name": "Zoé", "last_name": "Autre"}}
        assert await store.households.admit(dossier, other, "claire@exemple.fr", NOW) == first
        assert await counts(store) == made
        (child,) = await store.households.children_of(valbourg.claire.id)
        assert child.first_name == "Léna"


async def test_a_second_child_comes_into_the_same_family_at_its_new_address(
    valbourg: Valbourg,
) -> None:
    await admitted(valbourg)
    moved = {"street": "9 rue Neuve", "postal_code": "01000", "city": "Valbourg"}
    brother = {"first_name": "Adam", "last_name": "Martin", "birth_date": "2023-01-02"}
    await admitted(valbourg, {**ANSWERS, "enfant": brother, "adresse": moved})
    async with valbourg.open_store() as store:
        names = [c.first_name for c in await store.households.children_of(valbourg.claire.id)]
        assert names == ["Adam", "Léna"]
        made = await counts(store)
        assert (made["families"], made["guardians"], made["guardianships"]) == (1, 2, 4)
        streets = (await store.connection.execute(select(families.c.street))).scalars().all()
        assert streets == ["9 rue Neuve"]


async def test_a_guardian_written_with_other_accents_is_the_same_person(
    valbourg: Valbourg,
) -> None:
    await admitted(valbourg, {**ANSWERS, "vous": {**VOUS, "last_name": "Lefèvre"}})
    await admitted(valbourg, {**ANSWERS, "vous": {**VOUS, "last_name": "LEFEVRE"}})
    async with valbourg.open_store() as store:
        assert (await counts(store))["guardians"] == 2


async def test_two_guardians_of_the_same_name_do_not_break_an_approval(
    valbourg: Valbourg,
) -> None:
    """A parent who names themself twice, or a father and mother who share a first name."""
    namesake = {**OTHER, "first_name": "Claire", "last_name": "Martin"}
    await admitted(valbourg, {**ANSWERS, "autre-parent": namesake})
    async with valbourg.open_store() as store:
        made = await counts(store)
        assert (made["guardians"], made["guardianships"]) == (1, 1)
        (claire,) = await store.households.guardians_of(valbourg.claire.id)
        assert claire.is_payer


async def test_another_parent_is_made_only_when_there_is_one(valbourg: Valbourg) -> None:
    for said in ("no", "unsaid"):
        await admitted(valbourg, {**ANSWERS, "autre-parent": {**OTHER, "has_other": said}})
    async with valbourg.open_store() as store:
        names = [g.first_name for g in await store.households.guardians_of(valbourg.claire.id)]
    assert names == ["Claire"]


async def test_bare_answers_are_admitted_all_the_same(valbourg: Valbourg) -> None:
    await admitted(valbourg, {})
    async with valbourg.open_store() as store:
        (child,) = await store.households.children_of(valbourg.claire.id)
    assert (child.first_name, child.school) == ("", "")


async def test_a_family_sees_only_its_own(valbourg: Valbourg) -> None:
    await admitted(valbourg)
    async with valbourg.open_store() as store:
        assert await store.households.children_of(valbourg.sophie.id) == []
        assert await store.households.guardians_of(valbourg.sophie.id) == []


async def test_answers_that_are_too_long_or_name_no_school_still_make_a_family(
    valbourg: Valbourg,
) -> None:
    """A family may answer badly while it completes its dossier: that must stop no decision."""
    endless = "Y" * 400
    answers = {
        page: {name: value and endless for name, value in values.items()}
        for page, values in ANSWERS.items()
    } | {"autre-parent": {**OTHER, "last_name": endless}}
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await store.dossiers.save_answers(dossier, "enfant", answers["enfant"], NOW)
        await store.accounts.set_name(valbourg.claire.id, endless)
        await store.households.admit(dossier, answers, "claire@exemple.fr", NOW)
        (child,) = await store.households.children_of(valbourg.claire.id)
    assert (child.first_name, child.school) == ("Y" * 120, "")


async def test_a_brother_and_a_sister_admitted_at_once_share_one_family(
    valbourg: Valbourg,
) -> None:
    async def admit(dossier: Dossier, first_name: str) -> None:
        child = {**ANSWERS["enfant"], "first_name": first_name}
        async with valbourg.open_store() as store:
            await store.households.admit(
                dossier, {**ANSWERS, "enfant": child}, "claire@exemple.fr", NOW
            )

    dossiers = [await valbourg.dossier() for _ in range(4)]
    await asyncio.gather(*map(admit, dossiers, ("Léna", "Nina", "Lola", "Zoé")))
    async with valbourg.open_store() as store:
        assert len(await store.households.children_of(valbourg.claire.id)) == 4
        assert len(await store.households.guardians_of(valbourg.claire.id)) == 2
