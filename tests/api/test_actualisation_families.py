"""Families at an actualisation: many children, twins, names of everywhere, two at once."""

import re
from datetime import timedelta
from html import unescape

import pytest

from domain.states import State
from tests.actualising import REENROLMENT, UPDATE, a_whole_family, begins, is_offered, now
from tests.families import is_asked
from tests.family_file import record_of
from tests.questions import counted
from tests.site import CLAIRE, Browser, Site

MOST = 10


@pytest.fixture
async def family(site: Site) -> Site:
    """Claire's family, known, and a town that offers the update and the re-enrolment."""
    await a_whole_family(site)
    await is_offered(site, UPDATE, REENROLMENT)
    return site


async def test_no_page_of_four_children_asks_storage_more_than_ten_questions(
    family: Site, as_parent: Browser
) -> None:
    record = await record_of(family)
    for first in ("Émile", "Zoé", "Tom"):
        child = {"first_name": first, "last_name": "Martin", "birth_date": "2020-02-29"}
        async with family.writing() as store:
            child_id = await store.family_changes.add_child(record.id, child, [])
            await store.family_changes.add_contact(child_id, {"name": "Zoé Petit"})
    dossier = await begins(family, as_parent)
    place = f"/dossiers/{dossier.id}"
    await as_parent.opens("/accueil")
    pages = ("", "/enfants", "/sante-1", "/ecole-4", "/documents", "/verifier")
    for path in (*(f"{place}{page}" for page in pages), f"/actualisation/{REENROLMENT.slug}"):
        with counted() as questions:
            assert (await as_parent.get(path)).status_code == 200, path
        assert len(questions) <= MOST, (path, questions)


async def test_what_is_asked_for_one_child_says_for_which(family: Site, as_parent: Browser) -> None:
    record = await record_of(family)
    async with family.writing() as store:
        child = {"first_name": "Éva", "last_name": "Martin", "birth_date": "2020-02-29"}
        await store.family_changes.add_child(record.id, child, [])
    draft, at = await begins(family, as_parent), family.clock()
    async with family.writing() as store:
        children = (await store.dossiers.answers(draft.id))["enfants"]
        place = next(n for n in (1, 2) if children[f"first_{n}"] == "Éva")
        await store.dossiers.move(draft.id, State, State.AWAITING_FAMILY, at, submitted_at=at)
    dossier, piece = await now(family, draft), f"school_insurance_{place}"
    await is_asked(family, dossier, at + timedelta(days=30), piece=piece, reason="missing")
    for path in ("/accueil", f"/dossiers/{dossier.id}"):
        assert "Assurance scolaire d’Éva" in (await as_parent.opens(path)).text, path


async def test_who_is_of_age_is_not_enrolled_and_who_leaves_is_not_ticked(
    family: Site, as_parent: Browser
) -> None:
    record = await record_of(family)
    born = {"Ada": ("2008-11-23", ""), "Max": ("2016-02-29", "cm2"), "Éva": ("2020-02-29", "gs")}
    async with family.writing() as store:
        for first, (day, grade) in born.items():
            child = {"first_name": first, "last_name": "Martin", "birth_date": day}
            await store.family_changes.add_child(record.id, {**child, "grade": grade}, [])
    dossier = await begins(family, as_parent, REENROLMENT)
    async with family.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
    page = answers["enfants"]
    ticked = {page[f"name_{n}"]: page[f"update_{n}"] for n in range(1, 10) if f"name_{n}" in page}
    assert ticked == {"Éva Martin": "yes", "Léna Martin": "yes", "Max Martin": ""}
    place = next(n for n in range(1, 10) if page.get(f"first_{n}") == "Éva")
    assert answers[f"ecole-{place}"]["grade"] == "cp"
    assert answers[f"ecole-{place}"]["school"] == ""  # a class that may be at another school


async def test_names_of_everywhere_are_kept_as_they_are_written(
    family: Site, as_parent: Browser
) -> None:
    record = await record_of(family)
    names = ("Nguyễn Thị", "ليلى", "Jean-François d’Aubigné", "O'Neil")
    async with family.writing() as store:
        for first in names:
            child = {"first_name": first, "last_name": "Martin", "birth_date": "2019-05-05"}
            await store.family_changes.add_child(record.id, child, [])
    dossier = await begins(family, as_parent)
    text = unescape((await as_parent.opens(f"/dossiers/{dossier.id}")).text)
    for first in names:
        assert f"{first} Martin" in text, first


async def test_twins_are_two_children(family: Site, as_parent: Browser) -> None:
    record = await record_of(family)
    async with family.writing() as store:
        for first in ("Nina", "Lola"):
            child = {"first_name": first, "last_name": "Martin", "birth_date": "2019-05-05"}
            await store.family_changes.add_child(record.id, child, [])
    dossier = await begins(family, as_parent)
    async with family.writing() as store:
        page = (await store.dossiers.answers(dossier.id))["enfants"]
    assert len({page[f"child_{place}"] for place in (1, 2, 3)}) == 3
    assert dossier.child_first_name == "Léna, Lola et Nina"


async def test_two_people_at_once_confirm_only_what_they_have_both_seen(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    elsewhere = await family.signed_in(CLAIRE)
    seen = str((await now(family, dossier)).version)
    await elsewhere.send_form(
        f"/dossiers/{dossier.id}/foyer", street="9 rue Haute", postal_code="01000", city="Valbourg"
    )
    late = await as_parent.send_form(f"/dossiers/{dossier.id}/exact", version=seen)
    assert late.status_code == 409
    assert "Des réponses ont changé ailleurs" in late.text
    assert "9 rue Haute" in late.text
    async with family.writing() as store:
        assert set(await store.confirmations.of(dossier.id)) == {"foyer"}


async def test_two_people_who_change_one_page_see_both_versions(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    page = (await as_parent.opens(f"/dossiers/{dossier.id}/foyer")).text
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found
    home = {"postal_code": "01000", "city": "Valbourg"}
    elsewhere = await family.signed_in(CLAIRE)
    await elsewhere.send_form(f"/dossiers/{dossier.id}/foyer", street="9 rue Haute", **home)
    late = await as_parent.send_form(
        f"/dossiers/{dossier.id}/foyer", street="7 rue Basse", version=found.group(1), **home
    )
    assert late.status_code == 409
    assert "9 rue Haute" in late.text
    assert "7 rue Basse" in late.text
