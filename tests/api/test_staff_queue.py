"""The agents' first page and their lists, as they read them."""

import pytest

from domain.states import State
from tests.api.office import Office, an_office
from tests.builders import REGISTRATION
from tests.family_file import a_known_family, sends, the_changes
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, Browser, Site


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Léna", "Noé", "Inès")


async def test_an_agent_begins_with_the_oldest_legal_date(office: Office) -> None:
    page = await office.agent.get("/agent")
    assert page.status_code == 200
    assert page.text.index("Léna Martin") < page.text.index("Noé Martin")
    assert f'href="{office.path(office.first)}?file=a-verifier">Traiter le premier' in page.text


async def test_an_empty_queue_says_when_the_last_dossier_was_decided(office: Office) -> None:
    for dossier in office.dossiers:
        await office.decided(dossier, State.APPROVED, AGENT.email)
    page = await office.agent.get("/agent")
    assert "File vide. Dernier dossier traité à 10\u00a0h\u00a000." in page.text
    assert "Traiter le premier" not in page.text
    assert "Nadia Petit" in page.text


async def test_a_queue_shows_received_limit_points_and_who_follows(office: Office) -> None:
    page = await office.agent.get("/agent/dossiers")
    for words in (
        "20\u00a0nov.\u00a02026",
        "20\u00a0janv.\u00a02027",
        "3\u00a0pièces à voir",
        "Personne",
        f"n°\u00a0{office.first.number}, {REGISTRATION.title}",
    ):
        assert words in page.text
    desk = await office.agent.get(office.path(office.first))
    assert f"{REGISTRATION.title}. Reçu" in desk.text


async def test_the_queue_that_does_not_exist_is_the_first_one(office: Office) -> None:
    page = await office.agent.get("/agent/dossiers?file=nimporte&page=abc&q=%01%25")
    assert page.status_code == 200
    assert 'aria-current="page">À vérifier' in page.text


@pytest.mark.parametrize("digits", [20, 5000])
async def test_a_page_too_far_is_the_last_one(office: Office, digits: int) -> None:
    page = await office.agent.get(f"/agent/dossiers?page={'9' * digits}")
    assert page.status_code == 200
    assert "Léna Martin" in page.text


async def test_an_agent_finds_a_dossier_by_name_number_or_address(office: Office) -> None:
    for words in ("noe", office.dossiers[1].number, "claire@exa"):
        page = await office.agent.get("/agent/dossiers", params={"file": "tous", "q": words})
        assert "Noé Martin" in page.text, words
    page = await office.agent.get("/agent/dossiers", params={"q": "noe"})
    assert "Léna Martin" not in page.text
    assert "1\u00a0résultat" in page.text


async def test_a_search_without_result_stays_in_its_field_and_offers_all_dossiers(
    office: Office,
) -> None:
    page = await office.agent.get("/agent/dossiers", params={"q": "<Zoé>"})
    assert 'value="&lt;Zoé&gt;"' in page.text
    assert "Chercher dans tous les dossiers" in page.text


async def test_a_search_goes_on_from_one_dossier_to_the_next(office: Office) -> None:
    page = await office.agent.get("/agent/dossiers", params={"file": "tous", "q": "martin"})
    assert f"{office.path(office.first)}?file=tous&amp;q=martin" in page.text


async def test_another_department_sees_none_of_these_dossiers(office: Office, site: Site) -> None:
    nursery = await site.signed_in(NURSERY_AGENT)
    assert "Léna" not in (await nursery.get("/agent/dossiers?file=tous")).text
    assert "Léna" not in (await nursery.get("/agent/familles?q=martin")).text
    for rest in ("", "historique", "refuser"):
        assert (await nursery.get(office.path(office.first, rest))).status_code == 404


async def test_a_parent_has_no_business_in_the_office(office: Office, site: Site) -> None:
    parent = await site.signed_in(CLAIRE)
    for path in ("/agent", "/agent/dossiers", "/agent/raccourcis", office.path(office.first)):
        assert (await parent.get(path)).status_code == 404


async def test_a_family_is_found_with_its_dossiers(office: Office) -> None:
    assert "Léna" not in (await office.agent.get("/agent/familles")).text
    page = await office.agent.get("/agent/familles", params={"q": "claire@"})
    assert "Claire Martin" in page.text
    assert "Inès Martin" in page.text
    assert "Aucun dossier pour" in (await office.agent.get("/agent/familles?q=zzz")).text


async def test_the_shortcuts_are_listed_and_can_be_turned_off(office: Office) -> None:
    page = await office.agent.get("/agent/raccourcis")
    assert "data-shortcuts-switch" in page.text


async def test_a_change_about_no_child_is_listed_by_its_family(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    form = {"street": "7 rue Neuve", "postal_code": "01000", "city": "Valbourg"}
    await as_parent.send_form("/famille/changer/adresse", **form)
    (dossier,) = await the_changes(site)
    await sends(site, dossier)
    agent = await site.signed_in(AGENT)
    page = (await agent.get("/agent/dossiers?file=tous")).text
    assert f"Famille de {CLAIRE.name}" in page
    assert "sans nom" not in page
