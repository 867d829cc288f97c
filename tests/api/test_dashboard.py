"""The first page of a family: what to do by its date, what waits for the town, what is done."""

from dataclasses import replace
from datetime import timedelta

from domain.campaigns import CampaignState
from domain.deadlines import paris_day
from domain.french import plural
from domain.states import State
from domain.wallet import Kept
from tests.campaigns import ACTUALISATION, a_campaign, a_plan
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.family_file import a_known_family, sends, the_changes
from tests.questions import counted
from tests.site import AGENT, CLAIRE, Browser, Site

MOST = 12
_MOVED = {"street": "7 rue Neuve", "postal_code": "01000", "city": "Valbourg", "country": ""}


async def is_invited(site: Site, *, ends_in: int = 20) -> None:
    """A campaign runs, and Claire is one of those it has invited."""
    claire, agent = await site.account(CLAIRE), await site.account(AGENT)
    today = paris_day(site.clock())
    days = {"opens_on": today - timedelta(days=1), "closes_on": today + timedelta(days=ends_in)}
    async with site.writing() as store:
        campaign = await a_campaign(store, agent.id, site.clock(), a_plan(**days))
        await store.campaigns.change(campaign, state=CampaignState.RUNNING)
        await store.campaign_families.note_invited(campaign.id, claire.id, "", site.clock())


async def test_a_campaign_is_the_first_thing_to_do_when_it_ends_first(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    asked = await a_sent_dossier(site, State.AWAITING_FAMILY)
    until = site.clock() + timedelta(days=300)
    await is_asked(site, asked, until, piece="child_identity", reason="missing")
    await a_filled_draft(site)
    await is_invited(site)
    page = (await as_parent.get("/accueil")).text
    assert page.count(f'action="/actualisation/{ACTUALISATION.slug}"') == 1
    places = [page.index(words) for words in ("Actualis", "Compléter le dossier", "Finir le")]
    assert places == sorted(places)
    assert f"À faire : {plural(3, 'chose')}" in page


async def test_the_card_of_a_campaign_opens_the_dossier_itself(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await is_invited(site)
    async with site.writing() as store:
        await store.town.put_procedure(replace(ACTUALISATION, is_open=True))
    page = (await as_parent.opens("/accueil")).text
    place = f"/actualisation/{ACTUALISATION.slug}"
    form = page[page.index(f'<form method="post" action="{place}"') :]
    assert "Commencer" in form[: form.index("</form>")]
    opened = await as_parent.send_form(place)
    assert opened.status_code == 303
    assert opened.headers["location"].startswith("/dossiers/")
    page = (await as_parent.get("/accueil")).text
    assert "Continuer" in page
    assert "Commencer" not in page


async def test_a_campaign_that_is_over_is_no_more_to_do(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    await is_invited(site, ends_in=20)
    site.clock.waits(timedelta(days=22))
    browser = await site.signed_in(CLAIRE)
    assert f"/actualisation/{ACTUALISATION.slug}" not in (await browser.get("/accueil")).text
    assert as_parent is not browser


async def test_what_the_town_looks_at_is_told_with_its_date(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    await a_sent_dossier(site, State.UNDER_REVIEW)
    page = (await as_parent.get("/accueil")).text
    assert "En attente de la mairie" in page
    assert "Rien à faire. La mairie répond au plus tard le" in page


async def test_a_change_is_called_by_what_it_changes(site: Site, as_parent: Browser) -> None:
    await a_known_family(site)
    form = {"csrf": as_parent.csrf, **_MOVED}
    assert (await as_parent.post("/famille/changer/adresse", data=form)).status_code == 303
    assert "Finir : Changer d’adresse" in (await as_parent.get("/accueil")).text
    (dossier,) = await the_changes(site)
    await sends(site, dossier)
    page = (await as_parent.get("/accueil")).text
    assert "Compléter : Changer d’adresse" in page
    assert "Nouvel enfant" not in page
    assert "Changer d’adresse" in (await as_parent.get("/dossiers")).text


async def test_a_document_that_holds_no_more_is_to_be_replaced(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_known_family(site)
    await a_paper(site, dossier, "proof_of_address")
    async with site.writing() as store:
        (paper,) = await store.documents.of(dossier.id)
        await store.wallet.put(
            Kept(
                document_id=paper.id,
                account_id=dossier.account_id,
                child_id=None,
                piece="proof_of_address",
                valid_until=paris_day(site.clock()),
                proves="",
                put_at=site.clock(),
                given_with=dossier.id,
            )
        )
    assert "expiré" not in (await as_parent.get("/accueil")).text
    site.clock.waits(timedelta(days=1))
    page = (await (await site.signed_in(CLAIRE)).get("/accueil")).text
    assert f"Remplacer {plural(1, 'document')} expiré" in page
    assert "Justificatif de domicile" in page


async def test_the_home_of_four_children_asks_twelve_questions_at_most(
    site: Site, as_parent: Browser
) -> None:
    for name in ("Awa", "Moussa", "Aïssatou", "Ibrahima"):
        await a_known_family(site, first_name=name)
    await a_sent_dossier(site, State.UNDER_REVIEW)
    await a_filled_draft(site)
    await is_invited(site)
    await as_parent.post("/famille/changer/adresse", data={"csrf": as_parent.csrf, **_MOVED})
    await as_parent.get("/accueil")  # reads the town's card, kept for half a minute
    for path in ("/accueil", "/famille"):
        with counted() as questions:
            page = await as_parent.get(path)
        assert "Aïssatou" in page.text
        assert len(questions) <= MOST, (path, questions)
