"""A change of mail address: agreed to from both mailboxes, stopped by either, never guessed."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from activities.letter_writer import ADDRESS_MARK
from domain.tokens import token_of
from storage.accounts import Account
from storage.tables import access_links
from tests.databases import on_both
from tests.site import CLAIRE, OTHER_PARENT, Browser, Site

GOOD = "trois chats dorment bien"
PAGE = "/compte/adresse"
NEW = "claire.nouvelle@example.org"


@pytest.fixture
async def claire(site: Site) -> Browser:
    await site.account(CLAIRE, GOOD)
    return await site.signed_in(CLAIRE)


async def letters(site: Site) -> dict[str, str]:
    """The addresses of the links, by the kind of letter; "" for a letter without a link."""
    await site.errands_done()
    secret = site.settings.secret.get_secret_value()
    async with site.writing() as store:
        found = [await store.letters.find(one) for one in site.gateway.letters]
    return {
        one.kind: f"/adresse/{token_of(secret, one.link_id)}" if one.link_id else ""
        for one in found
        if one
    }


async def asks(claire: Browser, email: str = NEW) -> tuple[int, str]:
    await claire.opens(PAGE)
    answer = await claire.send_form(PAGE, email=email)
    return answer.status_code, answer.text


async def says(site: Site, link: str, word: str = "yes") -> str:
    """Answer in a browser of its own, as a telephone does; the page that is shown."""
    browser = site.browser()
    await browser.opens(link)
    return (await browser.send_form(link, **{word: "1"})).text


async def claires(site: Site, email: str) -> Account | None:
    async with site.writing() as store:
        return await store.accounts.by_email(email)


async def both_links(site: Site, claire: Browser) -> tuple[str, str]:
    assert (await asks(claire))[0] == 303
    sent = await letters(site)
    return sent["address_change_old"], sent["address_change_new"]


@pytest.mark.parametrize("first", ["old", "new"])
async def test_the_address_changes_once_both_mailboxes_have_said_yes(
    site: Site, claire: Browser, first: str
) -> None:
    old, new = await both_links(site, claire)
    one, other = (old, new) if first == "old" else (new, old)
    assert "C’est noté" in await says(site, one)
    assert await claires(site, NEW) is None
    assert "A accepté" in (await claire.get(PAGE)).text
    assert "L’adresse est changée" in await says(site, other)
    account = await claires(site, NEW)
    assert account is not None
    assert account.name == CLAIRE.name
    assert await claires(site, CLAIRE.email) is None
    # The address before is told, and every session is over: none of them answered.
    assert "address_changed" in await letters(site)
    assert (await claire.get("/compte")).status_code == 303


async def test_the_browser_that_answers_stays_signed_in_with_a_new_token(
    site: Site, claire: Browser
) -> None:
    old, new = await both_links(site, claire)
    await says(site, new)
    other, before = await site.signed_in(CLAIRE), claire.cookies["session"]
    await claire.opens(old)
    await claire.send_form(old, yes="1")
    assert claire.cookies["session"] != before
    assert NEW in (await claire.get("/compte")).text.replace("<wbr>", "")
    assert (await other.get("/compte")).status_code == 303


async def test_each_link_serves_once_and_for_an_hour(site: Site, claire: Browser) -> None:
    old, new = await both_links(site, claire)
    await says(site, old)
    assert (await site.browser().get(old)).status_code == 410
    site.clock.waits(timedelta(hours=1))
    assert (await site.browser().get(new)).status_code == 410
    assert await claires(site, NEW) is None


async def test_opening_a_link_says_nothing(site: Site, claire: Browser) -> None:
    for link in await both_links(site, claire):
        page = await site.browser().get(link)
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "no-referrer"
        await site.browser().head(link)
    assert await claires(site, NEW) is None
    assert "A accepté" not in (await claire.get(PAGE)).text


async def test_it_is_not_me_stops_it_and_ends_every_session(site: Site, claire: Browser) -> None:
    old, new = await both_links(site, claire)
    await says(site, new)
    assert "Le changement est arrêté" in await says(site, old, "no")
    assert (await site.browser().get(new)).status_code == 410
    assert await claires(site, NEW) is None
    assert (await claire.get("/compte")).status_code == 303


async def test_a_stranger_s_mailbox_stops_it_without_ending_anything(
    site: Site, claire: Browser
) -> None:
    old, new = await both_links(site, claire)
    assert "ne sera pas utilisée" in await says(site, new, "no")
    assert (await site.browser().get(old)).status_code == 410
    assert (await claire.get("/compte")).status_code == 200


async def test_a_new_demand_replaces_the_one_before(site: Site, claire: Browser) -> None:
    old, new = await both_links(site, claire)
    await asks(claire, "encore.autre@example.org")
    for link in (old, new):
        assert (await site.browser().get(link)).status_code == 410


async def test_a_demand_can_be_taken_back(site: Site, claire: Browser) -> None:
    old, new = await both_links(site, claire)
    await claire.opens(PAGE)
    assert (await claire.send_form(f"{PAGE}/arret")).status_code == 303
    for link in (old, new):
        assert (await site.browser().get(link)).status_code == 410
    assert "Nouvelle adresse mail" in (await claire.get(PAGE)).text


async def test_an_address_that_has_an_account_looks_the_same_and_its_mail_differs(
    site: Site, claire: Browser
) -> None:
    await site.account(OTHER_PARENT)
    seen = []
    for email in (NEW, OTHER_PARENT.email):
        status, _ = await asks(claire, email)
        page = (await claire.get(PAGE)).text.replace("<wbr>", "").replace(email, "…")
        seen.append((status, re.sub(r'value="[0-9a-f]+"|="\d+"', "", page)))
        await claire.opens(PAGE)
        await claire.send_form(f"{PAGE}/arret")
    assert seen[0] == seen[1]
    sent = await letters(site)
    assert sent["address_taken"] == ""
    assert "address_change_new" in sent


async def test_an_address_taken_meanwhile_stays_with_whoever_has_it(
    site: Site, claire: Browser
) -> None:
    old, new = await both_links(site, claire)
    await says(site, old)
    async with site.writing() as store:
        taken = await store.accounts.add(NEW, "parent", site.clock())
    assert "ne peut plus servir" in await says(site, new)
    account = await claires(site, NEW)
    assert account is not None
    assert account.id == taken
    assert await claires(site, CLAIRE.email) is not None


async def test_a_link_of_this_kind_lets_nobody_in_and_the_other_kind_agrees_to_nothing(
    site: Site, claire: Browser
) -> None:
    old, _ = await both_links(site, claire)
    token = old.rpartition("/")[2]
    stranger = site.browser()
    assert (await stranger.opens(f"/activation/{token}")).status_code == 404
    await stranger.opens("/connexion")
    assert (await stranger.send_form(f"/activation/{token}", without="1")).status_code == 404
    await stranger.send_form("/connexion", email=CLAIRE.email)
    signing_in = (await site.mailed_links())[-1]
    assert (await site.browser().get(f"/adresse/{signing_in}")).status_code == 404


async def test_a_link_to_sign_in_sent_to_the_old_address_opens_nothing_afterwards(
    site: Site, claire: Browser
) -> None:
    old, new = await both_links(site, claire)
    await claire.opens("/compte/securite")
    await claire.send_form("/compte/mot-de-passe")
    signing_in = (await site.mailed_links())[-1]
    await says(site, old)
    await says(site, new)
    assert (await site.browser().get(f"/activation/{signing_in}")).status_code == 410


async def test_letters_that_still_wait_follow_the_address(site: Site, claire: Browser) -> None:
    account = await site.account(CLAIRE)
    async with site.writing() as store:
        letter_id = await site.app.state.house.writer.to_person(
            store, account, "password_changed", path="/connexion", at=site.clock()
        )
    old, new = await both_links(site, claire)
    await says(site, old)
    await says(site, new)
    async with site.writing() as store:
        letter = await store.letters.find(letter_id)
    assert letter is not None
    assert letter.to_address == NEW


@pytest.mark.parametrize(
    ("typed", "words"), [("nina", "adresse mail complète"), (CLAIRE.email, "déjà l’adresse")]
)
async def test_what_is_no_new_address_is_said_and_stays_typed(
    site: Site, claire: Browser, typed: str, words: str
) -> None:
    status, page = await asks(claire, typed)
    assert status == 422
    assert words in page
    assert f'value="{typed}"' in page
    assert await letters(site) == {}


async def test_nobody_has_strangers_mailed_without_end(claire: Browser) -> None:
    for n in range(5):
        assert (await asks(claire, f"p{n}@example.org"))[0] == 303
        await claire.opens(PAGE)
        await claire.send_form(f"{PAGE}/arret")
    status, page = await asks(claire, "p6@example.org")
    assert status == 422
    assert "cinq changements aujourd’hui" in page


async def test_the_password_is_asked_for_ten_minutes_after_signing_in(
    site: Site, claire: Browser
) -> None:
    site.clock.waits(timedelta(minutes=11))
    status, page = await asks(claire)
    assert status == 403
    assert "Confirmez que c’est bien vous" in page
    done = await claire.send_form(PAGE, email=NEW, confirm_password=GOOD)
    assert done.status_code == 303
    assert "address_change_old" in await letters(site)


async def test_the_secret_is_in_no_table(site: Site, claire: Browser) -> None:
    old, _ = await both_links(site, claire)
    async with site.writing() as store:
        kept = [await store.letters.find(one) for one in site.gateway.letters]
        rows = (await store.connection.execute(select(access_links))).all()
    for letter in kept:
        assert letter is not None
        assert ADDRESS_MARK in letter.text
        assert ADDRESS_MARK in letter.html
    secret = old.rpartition("/")[2]
    assert secret not in str([tuple(row) for row in rows])
    assert all(secret not in letter.text + letter.html for letter in kept if letter)


@on_both
async def test_two_yes_at_the_same_instant_change_the_address(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    claire = await site.signed_in(CLAIRE)
    old, new = await both_links(site, claire)
    browsers = {link: site.browser() for link in (old, new)}
    for link, browser in browsers.items():
        await browser.opens(link)
    answers = await asyncio.gather(
        *(browser.send_form(link, yes="1") for link, browser in browsers.items())
    )
    assert [one.status_code for one in answers] == [200, 200]
    assert await claires(site, NEW) is not None
