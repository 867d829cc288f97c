"""A town's list of families: taken once, however often it is given, and never over a parent."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import func, select, update

from activities.family_import import FamilyImport
from domain.family_plans import Outcome, Verdict
from domain.family_sheet import read_sheet
from storage.store import OpenStore
from storage.tables import accounts, children, families, guardians, guardianships
from tests.builders import Someone, a_dossier, an_account
from tests.storage.conftest import NOW, Valbourg
from tests.storage.test_households import ANSWERS

HEADS = (
    "Nom du responsable 1;Prénom du responsable 1;Mail du responsable 1;"
    "Téléphone du responsable 1;Nom du responsable 2;Prénom du responsable 2;"
    "Mail du responsable 2;Adresse;Code postal;Ville;Nom de l’enfant;Prénom de l’enfant;"
    "Date de naissance;Niveau;École"
)
LENA = (
    "Petit;Anne;anne@exemple.fr;0612345678;Petit;Paul;paul@exemple.fr;3 rue des Lilas;01000;"
    "Valbourg;Petit;Léna;12/03/2021;PS;Jean-Moulin"
)
TOM = LENA.replace("Léna;12/03/2021;PS", "Tom;02/02/2019;CP")
PAPER = "Roux;Marc;;0611111111;;;;9 rue du Puits;01000;Valbourg;Roux;Zoé;05/05/2020;MS;"


async def taken(open_store: OpenStore, *lines: str, apply: bool = True) -> Sequence[Outcome]:
    sheet = read_sheet("\n".join((HEADS, *lines)).encode())
    run = FamilyImport(open_store, apply=apply, at=NOW).run(sheet)
    return [one async for some in run for one in some]


async def rows(open_store: OpenStore) -> dict[str, int]:
    tables = (accounts, families, guardians, children, guardianships)
    async with open_store() as store:
        return {
            table.name: (
                await store.connection.execute(select(func.count()).select_from(table))
            ).scalar_one()
            for table in tables
        }


def verdicts(outcomes: Sequence[Outcome]) -> list[Verdict]:
    return [one.verdict for one in outcomes]


async def test_a_list_makes_families_children_and_accounts_nobody_has_used(
    valbourg: Valbourg,
) -> None:
    before = await rows(valbourg.open_store)
    assert verdicts(await taken(valbourg.open_store, LENA, TOM, PAPER)) == [Verdict.MADE] * 3
    after = await rows(valbourg.open_store)
    assert {name: after[name] - before[name] for name in after} == {
        "accounts": 3,
        "families": 2,
        "guardians": 3,
        "children": 3,
        "guardianships": 5,
    }
    async with valbourg.open_store() as store:
        anne = await store.accounts.by_email("anne@exemple.fr")
        assert anne is not None
        assert (anne.name, anne.password_hash, anne.seen_at) == ("Anne Petit", None, None)
        own = await store.households.children_of(anne.id)
        assert [(one.first_name, one.grade, one.school) for one in own] == [
            ("Léna", "ps", "École Jean-Moulin"),
            ("Tom", "cp", "École Jean-Moulin"),
        ]
        [found] = await store.people.found("roux")
        assert (found.name, found.address) == ("Marc Roux", "")


async def test_looking_says_the_same_and_writes_nothing(valbourg: Valbourg) -> None:
    before = await rows(valbourg.open_store)
    looked = await taken(valbourg.open_store, LENA, TOM, PAPER, LENA, apply=False)
    assert await rows(valbourg.open_store) == before
    done = await taken(valbourg.open_store, LENA, TOM, PAPER, LENA)
    assert [(one.verdict, one.words) for one in looked] == [
        (one.verdict, one.words) for one in done
    ]
    assert done[1].words == ["nouveau : Tom Petit, enfant"]
    assert done[3].verdict is Verdict.KNOWN


async def test_the_same_list_again_makes_nothing(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA, TOM, PAPER)
    before = await rows(valbourg.open_store)
    again = await taken(valbourg.open_store, LENA, TOM, PAPER)
    assert [(one.verdict, one.words) for one in again] == [(Verdict.KNOWN, [])] * 3
    typed_otherwise = LENA.replace("Petit;Anne", "PETIT;anne").replace("Léna", "LENA")
    assert verdicts(await taken(valbourg.open_store, typed_otherwise)) == [Verdict.KNOWN]
    assert await rows(valbourg.open_store) == before


async def test_a_list_taken_twice_at_once_makes_everything_once(valbourg: Valbourg) -> None:
    await asyncio.gather(*(taken(valbourg.open_store, LENA, TOM, PAPER) for _ in range(3)))
    found = await rows(valbourg.open_store)
    assert (found["families"], found["children"], found["guardians"]) == (2, 3, 3)


async def test_what_changed_in_the_list_changes_and_is_said(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    changed = LENA.replace("3 rue des Lilas", "8 rue Neuve").replace("PS", "MS")
    [done] = await taken(valbourg.open_store, changed)
    assert done.verdict is Verdict.CHANGED
    assert done.words == ["change : l’adresse, le niveau de Léna Petit"]
    async with valbourg.open_store() as store:
        assert (await store.connection.execute(select(families.c.street))).scalar() == "8 rue Neuve"


async def test_what_a_parent_changed_since_is_kept_and_said_once(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    async with valbourg.open_store() as store:
        await store.connection.execute(update(families).values(street="1 quai Neuf"))
    [same] = await taken(valbourg.open_store, LENA)
    assert (same.verdict, same.words) == (Verdict.KNOWN, [])
    [done] = await taken(valbourg.open_store, LENA.replace("3 rue des Lilas", "8 rue Neuve"))
    assert done.verdict is Verdict.KNOWN
    assert done.words == ["la famille a donné autre chose, gardé : l’adresse"]
    async with valbourg.open_store() as store:
        assert (await store.connection.execute(select(families.c.street))).scalar() == "1 quai Neuf"


async def test_a_family_that_came_by_the_portal_is_known_and_keeps_its_words(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW)
        await store.households.admit(dossier, ANSWERS, valbourg.claire.email, NOW)
    before = await rows(valbourg.open_store)
    line = (
        "Martin;Claire;claire@exemple.fr;0700000000;;;;9 autre rue;01000;Valbourg;Martin;Léna;"
        "12/03/2021;MS;"
    )
    [done] = await taken(valbourg.open_store, line)
    assert done.verdict is Verdict.KNOWN
    assert done.words == [
        "la famille a donné autre chose, gardé : l’adresse",
        "la famille a donné autre chose, gardé : le téléphone de Claire Martin",
        "la famille a donné autre chose, gardé : le niveau de Léna Martin",
    ]
    assert await rows(valbourg.open_store) == before


async def test_a_known_child_that_registers_is_one_child(valbourg: Valbourg) -> None:
    mine = "Martin;Claire;claire@exemple.fr;;;;;9 rue;01000;Valbourg;MARTIN;Lena;12/03/2021;MS;"
    await taken(valbourg.open_store, mine)
    async with valbourg.open_store() as store:
        dossier = await a_dossier(store, valbourg.claire, NOW)
        await store.households.admit(dossier, ANSWERS, valbourg.claire.email, NOW)
        [child] = await store.households.children_of(valbourg.claire.id)
        assert (child.first_name, child.dossier_id, child.grade) == ("Léna", dossier.id, "ps")
        people = await store.households.guardians_of(valbourg.claire.id)
        assert [(one.first_name, one.phone) for one in people] == [
            ("Claire", "0612345678"),
            ("Paul", "0612345679"),
        ]


async def test_an_address_of_somebody_else_is_refused(valbourg: Valbourg) -> None:
    before = await rows(valbourg.open_store)
    lines = [
        LENA.replace("anne@exemple.fr", address)
        for address in ("claire@exemple.fr", "sophie@v.example")
    ]
    done = await taken(valbourg.open_store, *lines)
    assert verdicts(done) == [Verdict.REFUSED] * 2
    assert done[0].words == ["claire@exemple.fr est déjà l’adresse de Claire Martin"]
    assert done[1].words == ["sophie@v.example est l’adresse d’un accès de la mairie"]
    assert await rows(valbourg.open_store) == before


async def test_a_child_of_another_family_is_refused(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    other = "Roux;Marc;marc@exemple.fr;;;;;;;;Petit;Léna;12/03/2021;;"
    [done] = await taken(valbourg.open_store, other)
    assert done.verdict is Verdict.REFUSED
    assert "déjà connu dans une autre famille (Anne Petit, Paul Petit)" in done.words[0]


async def test_a_new_address_is_taken_until_somebody_has_come_in(valbourg: Valbourg) -> None:
    await taken(valbourg.open_store, LENA)
    await taken(valbourg.open_store, LENA.replace("anne@", "anne.petit@"))
    async with valbourg.open_store() as store:
        anne = await store.accounts.by_email("anne.petit@exemple.fr")
        assert anne is not None
        await store.accounts.set_password(anne.id, "hash")
    [done] = await taken(valbourg.open_store, LENA.replace("anne@", "autre@"))
    assert done.words == ["le compte de Anne Petit garde son adresse mail"]
    assert (await rows(valbourg.open_store))["accounts"] == 3 + 2


async def test_two_guardians_with_one_address_have_one_account(valbourg: Valbourg) -> None:
    line = LENA.replace("paul@", "anne@")
    [done] = await taken(valbourg.open_store, line)
    assert done.verdict is Verdict.MADE
    assert "Paul Petit a la même adresse mail" in done.words[1]
    [again] = await taken(valbourg.open_store, line)
    assert again.verdict is Verdict.KNOWN
    found = await rows(valbourg.open_store)
    assert (found["accounts"], found["guardians"]) == (3 + 1, 2)


async def test_twins_with_near_names_are_two_and_are_pointed_out(valbourg: Valbourg) -> None:
    first, second = (LENA.replace("Léna", name) for name in ("Margot", "Margaux"))
    [_, done] = await taken(valbourg.open_store, first, second.replace("Margaux", "Margo"))
    assert done.verdict is Verdict.MADE
    assert "à vérifier : presque le même nom que Margot Petit" in done.words[1]


async def test_an_address_that_was_merged_away_leads_to_the_family_that_was_kept(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        old = await an_account(store, Someone("vieux@exemple.fr", name="Claire Martin"), NOW)
        await store.merges.merge(valbourg.claire.id, old.id, by=valbourg.sophie.id, at=NOW)
    line = "Martin;Claire;vieux@exemple.fr;;;;;;;;Martin;Léna;12/03/2021;;"
    [done] = await taken(valbourg.open_store, line)
    assert done.verdict is Verdict.MADE
    async with valbourg.open_store() as store:
        assert len(await store.households.children_of(valbourg.claire.id)) == 1
