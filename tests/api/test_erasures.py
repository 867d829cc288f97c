"""Having one's data erased: what goes, what the law keeps, and that it is done once."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from api.access.codes import new_secret
from domain.messages import Outcome
from domain.states import Action, State
from storage.tables import activations, metadata
from tests.builders import Someone, a_waiting_letter
from tests.families import a_filled_draft, a_paper, a_sent_dossier
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

HERE = "/admin/donnees"
CANARY = Someone("canari.mail@example.org", name="Canari Compte")


async def asks(site: Site, who: Someone) -> str:
    """This person asks; the id of the request."""
    browser = await site.signed_in(who)
    assert (await browser.send_form("/compte/mes-donnees/effacement")).status_code == 303
    account = await site.account(who)
    async with site.writing() as store:
        waiting = await store.erasures.waiting_of(account.id)
    assert waiting is not None
    return waiting.id


async def closes_drafts(site: Site) -> None:
    """As the engine would: drafts that are given up are withdrawn."""
    async with site.writing() as store:
        claire = await store.accounts.by_email(CLAIRE.email)
        assert claire is not None
        for one in await store.dossiers.of_account(claire.id):
            if one.submitted_at is None:
                at = site.clock()
                await store.dossiers.move(one.id, {State.DRAFT}, State.WITHDRAWN, at)


async def test_a_request_waits_with_its_last_day_and_is_done_once(
    site: Site, as_admin: Browser
) -> None:
    request_id = await asks(site, CLAIRE)
    claire = await site.account(CLAIRE)
    listed = await as_admin.opens(HERE)
    for words in ("Claire Martin", "mercredi 23 décembre 2026", "dans 30"):
        assert words in listed.text, words
    page = await as_admin.opens(f"{HERE}/{request_id}")
    assert "Effacer maintenant" in page.text
    assert (await as_admin.send_form(f"{HERE}/{request_id}/effacer")).status_code == 303
    assert (await as_admin.send_form(f"{HERE}/{request_id}/effacer")).status_code == 404
    assert "Aucune demande" in (await as_admin.opens(HERE)).text
    await site.errands_done()
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
        account = await store.accounts.by_id(claire.id)
    assert letter is not None
    assert account is not None
    assert (letter.kind, letter.to_address) == ("erasure_done", CLAIRE.email)
    assert account.disabled_at is not None
    assert CLAIRE.email not in str(account)


async def test_nothing_opens_any_more_and_the_address_begins_anew(
    site: Site, as_admin: Browser
) -> None:
    request_id = await asks(site, CLAIRE)
    claire, before = await site.signed_in(CLAIRE), await site.account(CLAIRE)
    assert (await claire.get("/accueil")).status_code == 200
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    assert (await claire.get("/accueil")).status_code == 303
    long_ago = site.clock() - timedelta(days=365)
    async with site.writing() as store:
        assert await store.accounts.by_email(CLAIRE.email) is None
        assert await store.sessions.of_account(before.id, seen_since=long_ago) == []


async def test_a_draft_is_withdrawn_and_not_a_word_of_it_stays(
    site: Site, as_admin: Browser
) -> None:
    dossier = await a_filled_draft(site)
    paper = await a_paper(site, dossier, "proof_of_address", original_name="canari.pdf")
    async with site.writing() as store:
        child = {"first_name": "Canari", "last_name": "Canari"}
        await store.dossiers.save_answers(dossier, "enfant", child, site.clock())
    request_id = await asks(site, CLAIRE)
    site.gateway.outcomes[Action.WITHDRAW] = Outcome(applied=True, state=State.WITHDRAWN)
    await closes_drafts(site)
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    everything = str(await site.everything_kept()).lower()
    assert "canari" not in everything
    assert "lilas" not in everything
    async with site.writing() as store:
        assert await store.documents.with_bytes([paper.id]) == frozenset()


async def test_a_draft_that_cannot_be_closed_now_keeps_everything_as_it_is(
    site: Site, as_admin: Browser
) -> None:
    dossier = await a_filled_draft(site)
    request_id = await asks(site, CLAIRE)
    done = await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    assert done.headers["location"] == f"{HERE}/{request_id}"
    assert "Rien n’est effacé" in (await as_admin.opens(f"{HERE}/{request_id}")).text
    async with site.writing() as store:
        assert (await store.accounts.by_email(CLAIRE.email)) is not None
        assert (await store.dossiers.answers(dossier.id))["vous"]["first_name"] == "Claire"


async def test_a_dossier_that_the_town_still_studies_comes_first(
    site: Site, as_admin: Browser
) -> None:
    await a_sent_dossier(site, State.UNDER_REVIEW)
    request_id = await asks(site, CLAIRE)
    page = await as_admin.opens(f"{HERE}/{request_id}")
    assert "étudie encore un dossier" in page.text
    assert "Effacer maintenant" not in page.text
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    async with site.writing() as store:
        assert await store.accounts.by_email(CLAIRE.email) is not None


async def test_a_decided_dossier_is_kept_and_the_answer_says_until_when(
    site: Site, as_admin: Browser
) -> None:
    refused = await a_sent_dossier(site, State.REFUSED, decided_at=site.clock())
    approved = await a_sent_dossier(site, State.APPROVED, decided_at=site.clock())
    request_id = await asks(site, CLAIRE)
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    await site.errands_done()
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
        assert (await store.dossiers.answers(refused.id))["vous"]["first_name"] == "Claire"
    assert letter is not None
    text = letter.text.replace("\u00a0", " ")
    assert f"Dossier n° {refused.number} : jusqu’au mercredi 24 novembre 2027." in text
    assert f"Dossier n° {approved.number} : tant que l’enfant est scolarisé" in text


async def test_no_table_keeps_the_name_or_the_address_of_the_account(
    site: Site, as_admin: Browser
) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=CANARY.email)
    request_id = await asks(site, CANARY)
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    async with site.writing() as store:
        for table in metadata.sorted_tables:
            rows = (await store.connection.execute(select(table))).mappings().all()
            told = [row for row in rows if "canari" in str(dict(row)).lower()]
            # The answer itself is the town's proof that it answered.
            assert [row for row in told if row.get("kind") != "erasure_done"] == [], table.name


async def test_the_address_of_an_account_that_was_merged_goes_too(
    site: Site, as_admin: Browser
) -> None:
    claire, canary = await site.account(CLAIRE), await site.account(CANARY)
    agent = await site.account(AGENT)
    async with site.writing() as store:
        await store.merges.merge(claire.id, canary.id, by=agent.id, at=site.clock())
    request_id = await asks(site, CLAIRE)
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    assert "canari" not in str(await site.everything_kept()).lower()
    async with site.writing() as store:
        assert await store.accounts.by_email(CANARY.email) is None, "the address begins anew"


async def test_the_telephone_and_the_activation_of_the_account_go_too(
    site: Site, as_admin: Browser
) -> None:
    claire, admin = await site.account(CLAIRE), await site.account(ADMIN)
    at = site.clock()
    async with site.writing() as store:
        letter = await a_waiting_letter(
            store,
            "activation",
            CLAIRE.email,
            at,
            subject="Votre espace famille",
            account_id=claire.id,
        )
        await store.connection.execute(
            insert(activations).values(
                account_id=claire.id,
                n=1,
                asked_by=admin.id,
                asked_at=at,
                due_at=at,
                letter_id=letter,
                ended_at=at,
            )
        )
    request_id = await asks(site, CLAIRE)
    async with site.writing() as store:
        await store.second_factors.begin(claire.id, new_secret())
        await store.second_factors.prove(claire.id, new_secret(), 1, at)
        await store.second_factors.replace_codes(claire.id, ["c" * 64], at)
    assert (await as_admin.send_form(f"{HERE}/{request_id}/effacer")).status_code == 303
    async with site.writing() as store:
        account = await store.accounts.by_id(claire.id)
        assert account is not None
        assert account.disabled_at is not None
        assert await store.second_factors.of(claire.id) is None
        assert await store.second_factors.codes_left(claire.id) == 0


async def test_the_family_of_a_child_at_school_stays_without_the_address(
    site: Site, as_admin: Browser
) -> None:
    approved = await a_sent_dossier(site, State.APPROVED, decided_at=site.clock())
    async with site.writing() as store:
        answers = await store.dossiers.answers(approved.id)
        await store.households.admit(approved, answers, CLAIRE.email, site.clock())
    request_id = await asks(site, CLAIRE)
    assert "La fiche de la famille" in (await as_admin.opens(f"{HERE}/{request_id}")).text
    await as_admin.send_form(f"{HERE}/{request_id}/effacer")
    async with site.writing() as store:
        (guardian,) = await store.households.guardians_of(approved.account_id)
        (child,) = await store.households.children_of(approved.account_id)
    assert (guardian.first_name, guardian.email) == ("Claire", "")
    assert child.first_name == "Léna"


async def test_a_request_taken_back_meanwhile_erases_nothing(site: Site, as_admin: Browser) -> None:
    request_id = await asks(site, CLAIRE)
    claire = await site.signed_in(CLAIRE)
    await claire.send_form("/compte/mes-donnees/effacement/annuler")
    assert (await as_admin.send_form(f"{HERE}/{request_id}/effacer")).status_code == 404
    async with site.writing() as store:
        assert await store.accounts.by_email(CLAIRE.email) is not None


@pytest.mark.parametrize("who", [AGENT, CLAIRE])
async def test_only_an_admin_sees_and_does_it(site: Site, who: Someone) -> None:
    request_id = await asks(site, CLAIRE)
    browser = await site.signed_in(who)
    for path in (HERE, f"{HERE}/{request_id}"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.send_form(f"{HERE}/{request_id}/effacer")).status_code == 404


async def test_an_admin_who_signed_in_long_ago_shows_again_who_they_are(site: Site) -> None:
    admin = await site.signed_in(ADMIN)
    request_id = await asks(site, CLAIRE)
    site.clock.waits(timedelta(minutes=12))
    assert (await admin.send_form(f"{HERE}/{request_id}/effacer")).status_code == 403
    async with site.writing() as store:
        assert await store.accounts.by_email(CLAIRE.email) is not None
