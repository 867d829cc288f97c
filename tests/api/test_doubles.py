"""Agents compare two accounts, and make one of them or say that they are two."""

from dataclasses import replace
from datetime import timedelta

from domain.states import State
from storage.accounts import Account
from tests.builders import REGISTRATION, Someone, a_dossier
from tests.families import a_sent_dossier
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, Browser, Site

AGAIN = Someone("claire.autre@example.org", name="Claire Martin")
LENA = {"first_name": "Lena", "last_name": "MARTIN", "birth_date": "12/03/2023"}


async def two_accounts(site: Site) -> tuple[Account, Account]:
    """Claire's, with a dossier under review, and another one with a dossier for the same child."""
    await a_sent_dossier(site, State.UNDER_REVIEW)
    claire, again = await site.account(CLAIRE), await site.account(AGAIN)
    async with site.writing() as store:
        second = await a_dossier(store, again, site.clock(), state=State.CHECKING)
        await store.dossiers.save_answers(second, "enfant", LENA, site.clock())
        await store.doubles.look(again.id, site.clock())
    return claire, again


async def test_an_agent_compares_then_merges_and_both_keep_a_line(
    site: Site, as_agent: Browser
) -> None:
    claire, again = await two_accounts(site)
    as_claire, as_again = await site.signed_in(CLAIRE), await site.signed_in(AGAIN)
    listed = await as_agent.opens("/agent/doublons")
    one_id, other_id = sorted((claire.id, again.id))
    place = f"/agent/doublons/{one_id}/{other_id}"
    assert place in listed.text
    page = await as_agent.opens(place)
    assert page.text.count("né(e) le 12/03/2023") == 2
    unsure = await as_agent.send_form(f"{place}/fusion", kept=claire.id)
    assert unsure.status_code == 422
    assert "une fusion ne se défait pas" in unsure.text
    for _ in range(2):
        done = await as_agent.send_form(f"{place}/fusion", kept=claire.id, sure="yes")
        assert done.headers["location"] == f"/agent/familles/{claire.id}"
    assert (await as_agent.get(place)).status_code == 404
    for browser in (as_claire, as_again):
        assert (await browser.get("/accueil")).headers["location"].startswith("/connexion")
    async with site.writing() as store:
        assert len(await store.dossiers.of_account(claire.id)) == 2
    kept = (await site.everything_kept())["audit_log"]
    assert sum("families_merged" in line for line in kept) == 2
    home = await (await site.signed_in(AGAIN)).opens("/accueil")
    assert "Claire Martin" in home.text, "her old address leads to the kept account"


async def test_two_families_are_not_pointed_out_again(site: Site, as_agent: Browser) -> None:
    claire, again = await two_accounts(site)
    place = f"/agent/doublons/{claire.id}/{again.id}"
    await as_agent.opens(place)
    for _ in range(2):
        done = await as_agent.send_form(f"{place}/distincts")
        assert done.headers["location"] == "/agent/doublons"
    assert "Aucun doublon à vérifier" in (await as_agent.opens("/agent/doublons")).text
    kept = (await site.everything_kept())["audit_log"]
    assert sum("double_dismissed" in line for line in kept) == 1


async def test_the_desk_of_a_new_dossier_says_that_the_child_may_be_known(
    site: Site, as_agent: Browser
) -> None:
    claire, again = await two_accounts(site)
    async with site.writing() as store:
        [dossier] = await store.dossiers.of_account(again.id)
    desk = await as_agent.opens(f"/agent/dossiers/{dossier.id}")
    assert "Un enfant du même nom est peut-être déjà connu" in desk.text
    one_id, other_id = sorted((claire.id, again.id))
    assert f"/agent/doublons/{one_id}/{other_id}" in desk.text


async def test_whoever_may_not_see_all_of_both_merges_nothing(site: Site) -> None:
    claire, again = await two_accounts(site)
    nursery = await site.signed_in(Someone("c@v.example", "agent", "Chloé", department="creche"))
    place = f"/agent/doublons/{claire.id}/{again.id}"
    await nursery.opens(place)
    done = await nursery.send_form(f"{place}/fusion", kept=claire.id, sure="yes")
    assert done.status_code == 409
    assert "relève d’un autre service" in done.text
    async with site.writing() as store:
        assert len(await store.dossiers.of_account(claire.id)) == 1


async def test_whoever_has_no_dossier_of_a_family_reads_no_child_of_it_here(site: Site) -> None:
    claire, again = await two_accounts(site)
    place = f"/agent/doublons/{claire.id}/{again.id}"
    nursery = await site.signed_in(NURSERY_AGENT)
    page = (await nursery.get(place)).text
    assert page.count("Cette famille relève d’un autre service") == 2
    assert "12/03/2023" not in page
    assert "Aucun doublon" in (await nursery.get("/agent/doublons")).text
    async with site.writing() as store:
        crib = replace(REGISTRATION, id="c" * 32, slug="creche", department="creche")
        await store.town.put_procedure(crib)
        procedure = await store.town.procedure(slug="creche")
        dossier = await store.dossiers.open_new(procedure, again.id, site.clock())
        at = {"submitted_at": site.clock()}
        await store.dossiers.move(dossier.id, (State.DRAFT,), State.CHECKING, site.clock(), **at)
    page = (await nursery.get(place)).text
    assert page.count("Cette famille relève d’un autre service") == 1
    assert page.count("12/03/2023") == 1
    assert place.rpartition("/")[2] in (await nursery.get("/agent/doublons")).text


async def test_two_guardians_are_told_apart_and_nothing_is_offered(
    site: Site, as_agent: Browser
) -> None:
    claire, again = await two_accounts(site)
    async with site.writing() as store:
        [dossier] = await store.dossiers.of_account(again.id)
        you = {"first_name": "Luc", "last_name": "Martin", "relation": "father"}
        await store.dossiers.save_answers(dossier, "vous", you, site.clock())
        [other] = await store.dossiers.of_account(claire.id)
        await store.dossiers.save_answers(
            other, "vous", {**you, "first_name": "Claire"}, site.clock()
        )
    place = f"/agent/doublons/{claire.id}/{again.id}"
    page = await as_agent.opens(place)
    assert "Ces deux comptes sont ceux de deux responsables" in page.text
    assert "/fusion" not in page.text
    done = await as_agent.send_form(f"{place}/fusion", kept=claire.id, sure="yes")
    assert done.status_code == 409


async def test_an_account_is_not_compared_with_itself_nor_with_an_agents(
    site: Site, as_agent: Browser
) -> None:
    claire, agent = await site.account(CLAIRE), await site.account(AGENT)
    for other in (claire.id, agent.id, "0" * 32, "x"):
        assert (await as_agent.get(f"/agent/doublons/{claire.id}/{other}")).status_code == 404


async def test_a_machine_left_open_merges_nothing(site: Site, as_agent: Browser) -> None:
    claire, again = await two_accounts(site)
    place = f"/agent/doublons/{claire.id}/{again.id}"
    await as_agent.opens(place)
    site.clock.waits(timedelta(minutes=11))
    done = await as_agent.send_form(f"{place}/fusion", kept=claire.id, sure="yes")
    assert done.status_code == 403
    assert "Confirmez que c’est bien vous" in done.text
    async with site.writing() as store:
        assert not await store.merges.is_merged(again.id, claire.id)
