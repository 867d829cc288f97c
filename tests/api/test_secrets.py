"""A change of the town's secret: what was sent before still opens, and soon no longer does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.letter_writer import SECRET_MARK, LetterWriter
from activities.letters import LetterActivities
from domain.tokens import token_hash
from settings import EXAMPLE_SECRET, Settings
from storage.letters import Letter
from tests.site import CLAIRE, Browser, Site, running_site
from worker import mail_server, sender

NEW = "le-secret-de-la-mairie-apres-le-changement"


async def changed(sql_url: str, folder: Path, *, previous: str) -> AsyncIterator[Site]:
    """The site once its secret was changed, on the same database."""
    settings = Settings(home=folder / "home", secret=NEW, previous_secrets=previous)
    async with running_site(settings, sql_url) as site:
        yield site


@pytest.fixture
async def after(site: Site, sql_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """The site of now, which knows the secret of before."""
    del site
    async for one in changed(sql_url, tmp_path, previous=EXAMPLE_SECRET):
        yield one


async def asks_for_a_link(site: Site) -> str:
    """Claire asks for a link; the token that was mailed to her."""
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=CLAIRE.email)
    return (await site.mailed_links())[-1]


async def waiting_letter(site: Site) -> Letter:
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
    assert letter is not None
    return letter


def leaves(site: Site, letter: Letter, link_hash: str) -> str:
    """The text of the letter as a worker with this site's settings sends it."""
    writer = LetterWriter(sender(site.settings))
    activities = LetterActivities(site.writing, mail_server(site.settings), writer)
    part = activities.mail(letter, link_hash).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def test_a_link_that_was_mailed_before_opens_afterwards(site: Site, after: Site) -> None:
    token = await asks_for_a_link(site)
    page = await after.browser().get(f"/activation/{token}")
    assert page.status_code == 200
    assert "Choisir" in page.text or "Continuer" in page.text


async def test_a_letter_that_waited_over_the_change_leaves_with_a_link_that_opens(
    site: Site, after: Site
) -> None:
    await asks_for_a_link(site)
    letter = await waiting_letter(site)
    assert letter.link_id is not None
    async with after.writing() as store:
        link_hash = await store.accounts.link_hash(letter.link_id)
    text = leaves(after, letter, link_hash)
    assert SECRET_MARK not in text
    token = text.partition("/activation/")[2][:64]
    assert token_hash(token) == link_hash
    assert (await after.browser().get(f"/activation/{token}")).status_code == 200


async def test_a_form_of_somebody_not_signed_in_is_taken_over_the_change(
    site: Site, after: Site
) -> None:
    before = site.browser()
    await before.opens("/connexion")
    now = moved(before, after)
    sent = await now.send_form("/connexion", email=CLAIRE.email)
    assert sent.status_code == 303, sent.text


async def test_a_session_of_before_goes_on(site: Site, after: Site) -> None:
    now = moved(await site.signed_in(CLAIRE), after)
    assert (await now.get("/accueil")).status_code == 200
    assert (await now.send_form("/deconnexion")).status_code == 303


async def test_once_the_old_secret_is_gone_its_forms_are_stale_and_its_links_still_open(
    site: Site, sql_url: str, tmp_path: Path
) -> None:
    token = await asks_for_a_link(site)
    before = site.browser()
    await before.opens("/connexion")
    async for later in changed(sql_url, tmp_path, previous=""):
        sent = await moved(before, later).send_form("/connexion", email=CLAIRE.email)
        assert sent.status_code == 403
        # What is kept of a link is the hash of its token: opening it asks for no secret.
        assert (await later.browser().get(f"/activation/{token}")).status_code == 200


def moved(browser: Browser, site: Site) -> Browser:
    """The same browser, on the site as it is now."""
    there = site.browser()
    there.cookies = browser.cookies
    there.csrf = browser.csrf
    return there
