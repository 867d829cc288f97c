"""An agent on a family's own file: types its changes at the desk, and reads no custody there."""

from dataclasses import replace

import pytest

from domain.kinds.change_subjects import WORDS, Subject
from domain.paper import paper_address
from domain.rights import FieldGroup
from domain.visits import Mode
from tests.actualising import UPDATE, a_whole_family, is_offered
from tests.api.changing import fields_of
from tests.api.visiting import YOU, visits
from tests.api.visiting import sends as sends_form
from tests.builders import REGISTRATION, Someone
from tests.family_file import a_known_family, approves, record_of, sends, the_changes, the_child
from tests.guardians import is_shared
from tests.health import a_ward
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Browser, Site

JEANNE = Someone(paper_address("jeanne"), name="Jeanne Lopez")
DETAILS = "/famille/changer/coordonnees"


async def test_the_desk_changes_a_phone_for_somebody_without_mail(
    site: Site, as_agent: Browser
) -> None:
    await a_known_family(site, JEANNE)
    jeanne = await site.account(JEANNE)
    assert await visits(as_agent, jeanne, Mode.DESK) == 303
    page = (await as_agent.get("/famille")).text
    assert "Aucune : vos courriers sont à l’accueil de la mairie" in page
    assert JEANNE.email not in page
    form = {**await fields_of(as_agent, DETAILS), "phone": "0611000000"}
    assert (await as_agent.post(DETAILS, data=form)).status_code == 422
    answer = await as_agent.post(DETAILS, data={**form, "confirmed": "yes"})
    assert answer.status_code == 303
    (dossier,) = await the_changes(site, JEANNE)
    assert dossier.origin == "desk"
    await sends(site, dossier)
    await approves(site, dossier)
    owner = (await record_of(site, JEANNE)).owner
    assert owner is not None
    assert owner.phone == "0611000000"
    async with site.writing() as store:
        letters = await store.letters.of_dossier(dossier.id)
    assert {one.status for one in letters} == {"to_print"}


async def test_the_page_of_a_family_says_what_each_dossier_is(
    site: Site, as_agent: Browser
) -> None:
    await a_known_family(site)
    claire = await site.signed_in(CLAIRE)
    await claire.opens(DETAILS)
    form = {**await fields_of(claire, DETAILS), "phone": "0611000000"}
    assert (await claire.post(DETAILS, data=form)).status_code == 303
    (change,) = await the_changes(site)
    await sends(site, change)
    page = (await as_agent.get(f"/agent/familles/{change.account_id}")).text
    assert f"{WORDS[Subject.CONTACT_DETAILS].title}, dossier {change.number}" in page


async def test_an_agent_who_looks_changes_nothing(site: Site, as_agent: Browser) -> None:
    await a_known_family(site)
    claire = await site.account(CLAIRE)
    await visits(as_agent, claire, Mode.VIEW)
    form = {**await fields_of(as_agent, DETAILS), "phone": "0611000000", "confirmed": "yes"}
    assert (await as_agent.post(DETAILS, data=form)).status_code == 403
    assert await the_changes(site) == []


async def test_custody_is_neither_read_nor_begun_on_a_visit(site: Site, as_agent: Browser) -> None:
    await a_known_family(site)
    child, claire = await the_child(site), await site.account(CLAIRE)
    async with site.writing() as store:
        await store.custody.say(child.id, {"residence": "alternating", "words": "aubépine"})
    await visits(as_agent, claire, Mode.DESK)
    page = (await as_agent.get(f"/famille/enfants/{child.id}")).text
    assert "Léna" in page
    assert "aubépine" not in page
    assert "En alternance" not in page
    assert "Rien de particulier" not in page, "nobody is told that nothing was said"
    answer = await as_agent.get(f"/famille/enfants/{child.id}/changer/garde")
    assert answer.status_code == 404


@pytest.mark.parametrize(("fields", "is_led"), [(AGENT.fields, True), (frozenset(), False)])
async def test_on_a_visit_the_way_to_a_health_record_is_shown_to_who_reads_it(
    site: Site, fields: frozenset[FieldGroup], *, is_led: bool
) -> None:
    ward = await a_ward(site)
    agent = await site.signed_in(replace(AGENT, email="guichet@v.example", fields=fields))
    await visits(agent, await site.account(CLAIRE), Mode.DESK)
    page = (await agent.get(f"/famille/enfants/{ward.id}")).text
    assert (ward.page() in page) is is_led
    assert ((await agent.get(ward.page())).status_code == 200) is is_led


async def test_what_another_household_shares_is_not_seen_on_a_visit(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_known_family(site)
    child = await the_child(site)
    await is_shared(site, dossier, OTHER_PARENT)
    await a_known_family(site, OTHER_PARENT, first_name="Adam")
    await visits(as_agent, await site.account(OTHER_PARENT), Mode.DESK)
    assert (await as_agent.get(f"/famille/enfants/{child.id}")).status_code == 404
    assert "Léna" not in (await as_agent.get("/famille")).text


async def test_an_update_at_the_desk_starts_without_what_only_the_family_may_read(
    site: Site, as_agent: Browser
) -> None:
    registration = await a_whole_family(site)
    await is_offered(site)
    async with site.writing() as store:
        said = {"separated": "yes"}
        await store.dossiers.save_answers(registration, "situation", said, site.clock())
    await visits(as_agent, await site.account(CLAIRE), Mode.DESK)
    status, place = await sends_form(as_agent, f"/actualisation/{UPDATE.slug}")
    assert status == 303
    async with site.writing() as store:
        dossier = await store.dossiers.find(place.removeprefix("/dossiers/"))
        filled = await store.dossiers.answers(dossier.id)
        before = await store.dossiers.beginning(dossier.id)
    assert filled == before
    assert filled["foyer"]["street"]
    assert "sante-1" not in filled
    assert "separated" not in filled["situation"]
    assert (await as_agent.get(f"/dossiers/{dossier.id}/sante-1")).status_code == 200


async def test_a_department_that_has_no_dossier_of_the_family_reads_nothing_of_its_file(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    claire, record = await site.account(CLAIRE), await record_of(site)
    phone = {**await fields_of(as_parent, DETAILS), "phone": "0611000000"}
    assert (await as_parent.post(DETAILS, data=phone)).status_code == 303
    crib = replace(REGISTRATION, id="c" * 32, slug="creche", department="creche", title="Crèche")
    async with site.writing() as store:
        await store.town.put_procedure(crib)
    await as_parent.opens("/quotient")
    await as_parent.send_form("/quotient", value="850", month="10/2026")
    told = (record.street, "0699887766", "Zoé Petit", "Léna", "850\u00a0€", 'value="06 12')
    paul = await site.signed_in(NURSERY_AGENT)
    await visits(paul, claire, Mode.DESK)
    places = ("/famille", "/quotient", "/inscription/creche", "/inscription/creche/vous", DETAILS)
    for has_begun in (False, True):
        for place in places:
            page = (await paul.get(place)).text
            assert [one for one in told if one in page] == [], (place, has_begun)
        home = (await paul.get(f"/agent/familles/{claire.id}")).text
        assert [one for one in told if one in home] == [], has_begun
        if not has_begun:  # a draft of the desk's own opens nothing
            status, _ = await sends_form(paul, "/inscription/creche/vous", **YOU)
            assert status == 303
