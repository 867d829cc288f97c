"""Changing the family's file: what is asked, what is shown, what is written once approved."""

from datetime import date

import pytest

from tests.api.changing import ADDRESS, DETAILS, MOVED, changes, fields_of
from tests.family_file import (
    a_known_family,
    approves,
    record_of,
    refuses,
    sends,
    the_changes,
    the_child,
)
from tests.site import AGENT, CLAIRE, Browser, Site


async def test_a_phone_is_changed_in_two_pages(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    answer = await changes(as_parent, DETAILS, phone="0590 12 34 56", profession="Infirmière")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/famille"
    (dossier,) = await the_changes(site)
    await sends(site, dossier)
    await approves(site, dossier)
    owner = (await record_of(site)).owner
    assert owner is not None
    assert (owner.phone, owner.profession) == ("0590 12 34 56", "Infirmière")


async def test_what_the_portal_settles_by_itself_is_never_said_to_wait_for_the_town(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await changes(as_parent, DETAILS, phone="0590 12 34 56")
    (dossier,) = await the_changes(site)
    assert (await sends(site, dossier)).is_clear
    page = (await as_parent.get("/famille")).text
    assert "Le portail vérifie" in page
    assert 'data-poll="/famille"' in page
    assert "En attente de la mairie" not in page
    agent = await site.account(AGENT)
    async with site.writing() as store:  # held, it is nothing of seconds any more
        await store.holds.object("o" * 32, dossier.id, agent.id, site.clock())
    page = (await as_parent.get("/famille")).text
    assert "Le portail vérifie" not in page
    assert 'data-poll="/famille"' not in page


@pytest.mark.parametrize(
    "phone", ["+41 79 123 45 67", "0262 12 34 56", "+596 696 12 34 56", "+1 415 555 2671"]
)
async def test_a_phone_may_be_of_anywhere(site: Site, as_parent: Browser, phone: str) -> None:
    await a_known_family(site)
    assert (await changes(as_parent, DETAILS, phone=phone)).status_code == 303
    (dossier,) = await the_changes(site)
    await approves(site, dossier)
    owner = (await record_of(site)).owner
    assert owner is not None
    assert owner.phone == phone


async def test_what_is_known_stands_beside_each_question(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    page = (await as_parent.get(ADDRESS)).text
    assert 'value="12 rue des Lilas"' in page
    assert "Aujourd’hui : 12 rue des Lilas." in page


async def test_whoever_changed_nothing_is_told_so(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    answer = await changes(as_parent, DETAILS)
    assert answer.status_code == 422
    assert "Rien n’a changé" in answer.text
    assert await the_changes(site) == []


async def test_what_is_wrong_is_said_and_stays_typed(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    answer = await changes(as_parent, DETAILS, phone="abc", profession="Luthière")
    assert answer.status_code == 422
    assert 'value="abc"' in answer.text
    assert "Luthière" in answer.text
    assert await the_changes(site) == []


async def test_an_address_waits_for_a_paper_and_for_the_town(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    answer = await changes(as_parent, ADDRESS, **MOVED)
    (dossier,) = await the_changes(site)
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/documents"
    assert (await as_parent.get(answer.headers["location"])).status_code == 200
    await sends(site, dossier)
    page = (await as_parent.get("/famille")).text
    assert "Nouvelle adresse" in page
    assert f"/dossiers/{dossier.id}/retirer" in page
    assert (await record_of(site)).street == "12 rue des Lilas"
    await approves(site, dossier)
    assert (await record_of(site)).street == "7 rue Neuve"
    assert "Nouvelle adresse" not in (await as_parent.get("/famille")).text


async def test_a_refused_change_changes_nothing_and_its_reason_is_read(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await changes(as_parent, ADDRESS, **MOVED)
    (dossier,) = await the_changes(site)
    await sends(site, dossier)
    before = await record_of(site)
    await refuses(site, dossier)
    assert await record_of(site) == before
    assert "Refusé le lundi 23 novembre" in (await as_parent.get("/famille")).text


async def test_a_person_is_added_changed_and_taken_away(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    child = await the_child(site)
    path = f"/famille/enfants/{child.id}/changer/contacts"
    answer = await changes(
        as_parent,
        path,
        name="李 小龍",
        phone="+86 138 0013 8000",
        pick_up="yes",
        until_day="30",
        until_month="6",
        until_year="2027",
    )
    assert answer.headers["location"] == f"/famille/enfants/{child.id}"
    (dossier,) = await the_changes(site)
    await approves(site, dossier)
    child = await the_child(site)
    assert [one.name for one in child.contacts] == ["Zoé Petit", "李 小龍"]
    assert child.contacts[1].until == date(2027, 6, 30)
    await changes(as_parent, f"{path}?personne={child.contacts[1].id}", removed="yes")
    (dossier, _) = await the_changes(site)
    await approves(site, dossier)
    child = await the_child(site)
    async with site.writing() as store:
        left = await store.family_record.contacts_of(child.id, site.clock())
    assert [one.name for one in left] == ["Zoé Petit"]
    assert "Personnes retirées" in (await as_parent.get(f"/famille/enfants/{child.id}")).text


async def test_a_person_whose_last_day_is_before_the_first_is_refused(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    days = {"since_day": "2", "since_month": "3", "since_year": "2027"}
    days |= {"until_day": "1", "until_month": "3", "until_year": "2027"}
    path = f"/famille/enfants/{child.id}/changer/contacts"
    answer = await changes(as_parent, path, name="Ali Ben", **days)
    assert answer.status_code == 422
    assert "après le premier jour" in answer.text


async def test_a_child_goes_to_a_private_school_and_comes_back(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    path = f"/famille/enfants/{child.id}/changer/ecole"
    away = {"elsewhere": "yes", "other_school": "École Sainte-Marie, Autreville", "school": ""}
    assert (await changes(as_parent, path, **away)).status_code == 303
    (dossier,) = await the_changes(site)
    await approves(site, dossier)
    child = await the_child(site)
    assert (child.school_id, child.other_school) == (None, "École Sainte-Marie, Autreville")
    back = {**await fields_of(as_parent, path), "school": "e" * 32}
    back.pop("elsewhere")
    assert (await as_parent.post(path, data=back)).status_code == 303
    await approves(site, (await the_changes(site))[0])
    child = await the_child(site)
    assert (child.school, child.other_school) == ("École Jean-Moulin", "")


async def test_the_payer_changes(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    assert (await changes(as_parent, "/famille/changer/payeur", payer="both")).status_code == 303
    await approves(site, (await the_changes(site))[0])
    assert [one.is_payer for one in (await record_of(site)).guardians] == [True, True]
    await changes(as_parent, "/famille/changer/payeur", payer="other")
    await approves(site, (await the_changes(site))[0])
    assert [one.first_name for one in (await record_of(site)).guardians if one.is_payer] == ["Paul"]


async def test_a_name_written_wrongly_is_corrected(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    child = await the_child(site)
    path = f"/famille/enfants/{child.id}/changer/identite"
    await changes(as_parent, path, first_name="Лена", last_name="O’Neill-Çelik")
    await approves(site, (await the_changes(site))[0])
    assert (await the_child(site)).name == "Лена O’Neill-Çelik"
    await changes(as_parent, "/famille/changer/identite", last_name="Martín")
    await approves(site, (await the_changes(site))[0])
    owner = (await record_of(site)).owner
    assert owner is not None
    assert owner.name == "Claire Martín"
    assert (await site.account(CLAIRE)).name == "Claire Martín"


async def test_the_custody_is_sealed_and_read_by_the_family_that_said_it(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    child = await the_child(site)
    path = f"/famille/enfants/{child.id}/changer/garde"
    await changes(as_parent, path, residence="alternating", words="Semaines paires aubépine")
    (dossier,) = await the_changes(site)
    await approves(site, dossier)
    page = (await as_parent.get(f"/famille/enfants/{child.id}")).text
    assert "En alternance" in page
    assert "aubépine" in page
    kept = await site.everything_kept()
    assert "aubépine" not in str(kept)
