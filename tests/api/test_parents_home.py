"""The first page of a family, its children, and its letters."""

from datetime import timedelta

from sqlalchemy import insert

from domain import french
from domain.deadlines import last_day
from domain.states import State
from storage.tables import children, families
from tests.builders import a_waiting_letter
from tests.families import a_filled_draft, a_sent_dossier, is_asked
from tests.site import CLAIRE, OTHER_PARENT, Browser, Site


async def test_a_new_family_is_led_to_the_open_procedures(as_parent: Browser) -> None:
    page = await as_parent.opens("/accueil")
    assert "Inscrire mon enfant" in page.text
    assert "/inscription/inscription-scolaire" in page.text
    assert "Aucun dossier" in (await as_parent.opens("/dossiers")).text
    assert "Aucun courrier" in (await as_parent.opens("/courriers")).text


async def test_a_parent_is_greeted_by_the_name_given_last(site: Site, as_parent: Browser) -> None:
    assert "<h1>Bonjour Claire</h1>" in (await as_parent.opens("/accueil")).text
    dossier = await a_filled_draft(site)
    you = {"first_name": "Claude", "last_name": "Petit", "relation": "mother"}
    await as_parent.send_form(f"/dossiers/{dossier.id}/vous", **you, phone="06 11 22 33 44")
    text = (await as_parent.opens("/accueil")).text
    assert "<h1>Bonjour Claude</h1>" in text
    assert "Claude Petit" in text


async def test_what_the_town_asks_is_before_drafts(site: Site, as_parent: Browser) -> None:
    await a_filled_draft(site)
    site.clock.waits(timedelta(minutes=1))
    asked = await a_sent_dossier(site, State.AWAITING_FAMILY)
    await is_asked(
        site, asked, site.clock() + timedelta(days=300), piece="child_identity", reason="missing"
    )
    text = (await as_parent.opens("/accueil")).text
    assert text.index("Compléter le dossier") < text.index("Finir le dossier")


async def test_the_home_and_the_dossier_tell_the_same_last_day(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    assert dossier.due_at is not None
    told = french.day(last_day(dossier.due_at))
    assert f"au plus tard le {told}" in (await as_parent.opens("/accueil")).text
    assert told in (await as_parent.opens(f"/dossiers/{dossier.id}")).text


async def test_an_approved_child_is_shown_at_home(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
    text = (await as_parent.opens("/accueil")).text
    assert "Mes enfants" in text
    assert "Petite section (3 ans), École Jean-Moulin" in text


async def a_letter(site: Site, dossier_id: str, number: int = 1) -> str:
    async with site.writing() as store:
        claire = await store.accounts.by_email(CLAIRE.email)
        assert claire is not None
        return await a_waiting_letter(
            store,
            "acknowledgement",
            CLAIRE.email,
            site.clock() + timedelta(seconds=number),
            n=number,
            subject=f"Courrier {number} <b>",
            text="Bonjour, <i>voici</i>.",
            dossier_id=dossier_id,
            account_id=claire.id,
        )


async def test_letters_are_readable_by_the_family_only(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    letter = await a_letter(site, dossier.id)
    place = f"/dossiers/{dossier.id}/lettres/{letter}"
    page = await as_parent.opens(place)
    assert "Bonjour, &lt;i&gt;voici&lt;/i&gt;." in page.text
    assert place in (await as_parent.opens(f"/dossiers/{dossier.id}")).text
    assert place in (await as_parent.opens(f"/dossiers/{dossier.id}/recu")).text
    assert place in (await as_parent.opens("/courriers")).text
    karim = await site.signed_in(OTHER_PARENT)
    assert (await karim.get(place)).status_code == 404
    assert letter not in (await karim.get("/courriers")).text
    other = await a_filled_draft(site)
    assert (await as_parent.get(f"/dossiers/{other.id}/lettres/{letter}")).status_code == 404


async def test_many_letters_come_in_pages(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    for number in range(1, 24):
        await a_letter(site, dossier.id, number)
    first = (await as_parent.opens("/courriers")).text
    assert "Courrier 23 &lt;" in first
    assert "Courrier 3 &lt;" not in first
    assert "Courrier 3 &lt;" in (await as_parent.opens("/courriers?page=2")).text
    assert (await as_parent.get("/courriers?page=0")).status_code == 404


async def test_a_child_that_the_town_knew_before_has_no_dossier_to_open(
    site: Site, as_parent: Browser
) -> None:
    claire, at = await site.account(CLAIRE), site.clock()
    async with site.writing() as store:
        await store.connection.execute(
            insert(families).values(
                id="f" * 32,
                account_id=claire.id,
                street="",
                postal_code="",
                city="",
                created_at=at,
            )
        )
        await store.connection.execute(
            insert(children).values(
                id="c" * 32,
                family_id="f" * 32,
                first_name="Ada",
                last_name="Martin",
                sort_key="martin ada",
                birth_date="2022-05-04",
                birth_place="",
                grade="ps",
            )
        )
    for path in ("/accueil", "/enfants"):
        page = await as_parent.get(path)
        assert "Ada Martin" in page.text
        assert "/dossiers/None" not in page.text
        assert "Inscription validée" not in page.text, path
    taken = await as_parent.send_form("/compte/mes-donnees/export")
    assert taken.status_code == 200
