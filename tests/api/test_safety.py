"""What a person sees and ends of their own sessions, and what becomes of their password."""

import re
from datetime import timedelta

import pytest

from domain.tokens import token_hash
from tests.site import ADMIN, AGENT, CLAIRE, OTHER_PARENT, Browser, Site

GOOD, BETTER = "trois chats dorment bien", "quatre loutres nagent ensemble"
PAGE = "/compte/securite"
_PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


@pytest.fixture
async def claire(site: Site) -> Browser:
    await site.account(CLAIRE, GOOD)
    return await site.signed_in(CLAIRE)


async def comes_in(site: Site, password: str = GOOD, email: str = CLAIRE.email) -> Browser:
    """Another browser of the same person, a telephone, signed in by the page itself."""
    browser = site.browser(**{"User-Agent": _PHONE})
    await browser.opens("/connexion")
    answer = await browser.send_form("/connexion", email=email, password=password)
    assert answer.status_code == 303, answer.text
    return browser


async def mailed(site: Site) -> list[tuple[str, str]]:
    await site.errands_done()
    async with site.writing() as store:
        letters = [await store.letters.find(one) for one in site.gateway.letters]
    return [(one.kind, one.to_address) for one in letters if one]


async def test_every_browser_is_named_and_ended_one_by_one(site: Site, claire: Browser) -> None:
    telephone = await comes_in(site)
    page = await claire.opens(PAGE)
    assert "Firefox sur Android" in page.text
    assert page.text.count("Cet appareil") == 1
    (end,) = set(re.findall(rf'action="({PAGE}/appareils/[0-9a-f]{{32}}/fin)"', page.text))
    assert (await claire.send_form(end)).status_code == 303
    assert (await telephone.get("/compte")).status_code == 303
    assert "Firefox sur Android" not in (await claire.get(PAGE)).text
    # It has left already: nothing more is said than that.
    assert (await claire.send_form(end)).status_code == 303
    assert (await claire.get("/compte")).status_code == 200


async def test_all_the_others_are_ended_at_once(site: Site, claire: Browser) -> None:
    others = [await comes_in(site) for _ in range(3)]
    await claire.send_form(f"{PAGE}/appareils/fin")
    assert [(await one.get("/compte")).status_code for one in others] == [303] * 3
    assert (await claire.get("/compte")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(site: Site, claire: Browser) -> None:
    await site.account(OTHER_PARENT, GOOD)
    karim = await site.signed_in(OTHER_PARENT)
    async with site.writing() as store:
        session = await store.sessions.find(token_hash(karim.cookies["session"]))
    assert session is not None
    await claire.send_form(f"{PAGE}/appareils/{session.id}/fin")
    await claire.send_form(f"{PAGE}/appareils/fin")
    assert (await karim.get("/compte")).status_code == 200


async def test_the_list_shows_no_token_and_no_session_that_is_over(
    site: Site, claire: Browser
) -> None:
    token = (await comes_in(site)).cookies["session"]
    page = (await claire.get(PAGE)).text
    assert token not in page
    assert token_hash(token) not in page
    site.clock.waits(timedelta(minutes=59))
    await claire.get("/compte")
    site.clock.waits(timedelta(minutes=2))
    assert "Firefox sur Android" not in (await claire.get(PAGE)).text


async def changes(browser: Browser, current: str, new: str) -> tuple[int, str]:
    await browser.opens(PAGE)
    fields = {"current_password": current, "password": new}
    answer = await browser.send_form(f"{PAGE}/mot-de-passe", **fields)
    return answer.status_code, answer.text


async def test_a_new_password_ends_every_other_browser_and_renews_this_one(
    site: Site, claire: Browser
) -> None:
    telephone, before = await comes_in(site), claire.cookies["session"]
    thief = site.browser()
    thief.keeps("session", before)
    assert (await changes(claire, GOOD, BETTER))[0] == 303
    assert claire.cookies["session"] != before
    assert "Mot de passe changé" in (await claire.get(PAGE)).text
    assert (await telephone.get("/compte")).status_code == 303
    assert (await thief.get("/compte")).status_code == 303
    assert ("password_changed", CLAIRE.email) in await mailed(site)
    await comes_in(site, BETTER)


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("faux mais assez long", BETTER, "n’est pas le vôtre"),
        ("", BETTER, "Écrivez votre mot de passe actuel"),
        (GOOD, "court", "trop court"),
        (GOOD, "claire@example.org", "ressemble à votre adresse"),
    ],
)
async def test_a_password_that_does_not_do_changes_nothing(
    site: Site, claire: Browser, current: str, new: str, words: str
) -> None:
    status, page = await changes(claire, current, new)
    assert status == 422
    assert words in page
    assert BETTER not in page
    await comes_in(site, GOOD)


async def test_the_password_of_now_cannot_be_guessed_here_without_end(claire: Browser) -> None:
    for _ in range(5):
        assert (await changes(claire, "faux mais assez long", BETTER))[0] == 422
    status, page = await changes(claire, GOOD, BETTER)
    assert status == 429
    assert "Trop d’essais" in page


async def test_a_parent_may_go_on_without_a_password(site: Site, claire: Browser) -> None:
    await claire.opens(PAGE)
    refused = await claire.send_form(f"{PAGE}/sans-mot-de-passe", remove_password="faux")
    assert refused.status_code == 422
    done = await claire.send_form(f"{PAGE}/sans-mot-de-passe", remove_password=GOOD)
    assert done.status_code == 303
    assert "Vous n’en avez pas" in (await claire.get(PAGE)).text
    async with site.writing() as store:
        account = await store.accounts.by_email(CLAIRE.email)
    assert account is not None
    assert account.password_hash is None


@pytest.mark.parametrize("who", [AGENT, ADMIN])
async def test_the_town_s_people_keep_theirs(site: Site, who: object) -> None:
    assert who in (AGENT, ADMIN)
    one = AGENT if who is AGENT else ADMIN
    await site.account(one, GOOD)
    browser = await site.signed_in(one)
    await browser.opens(PAGE)
    await browser.send_form(f"{PAGE}/sans-mot-de-passe", remove_password=GOOD)
    async with site.writing() as store:
        account = await store.accounts.by_email(one.email)
    assert account is not None
    assert account.password_hash


async def test_how_long_the_session_goes_on_is_told_without_prolonging_it(
    site: Site, claire: Browser
) -> None:
    assert (await claire.get("/compte/duree")).json() == {"seconds": 3600}
    for minute in range(10, 60, 10):
        site.clock.waits(timedelta(minutes=10))
        assert (await claire.get("/compte/duree")).json() == {"seconds": 3600 - 60 * minute}
    site.clock.waits(timedelta(minutes=10))
    over = await claire.get("/compte/duree", headers={"Sec-Fetch-Dest": "empty"})
    assert over.status_code == 401


async def test_a_page_that_asks_by_itself_is_no_sign_of_life(site: Site, claire: Browser) -> None:
    for _ in range(6):
        site.clock.waits(timedelta(minutes=10))
        await claire.get("/dossiers", headers={"Sec-Fetch-Dest": "empty"})
    assert (await claire.get("/compte")).status_code == 303


async def test_one_press_stays_signed_in_but_not_beyond_the_day(
    site: Site, claire: Browser
) -> None:
    await claire.opens("/compte")
    for _ in range(13):
        site.clock.waits(timedelta(minutes=55))
        stays = await claire.send_form("/compte/duree")
        assert stays.status_code == 303
    left = (await claire.get("/compte/duree")).json()["seconds"]
    assert left == 60 * 5
    site.clock.waits(timedelta(minutes=6))
    assert (await claire.get("/compte")).status_code == 303


async def test_a_clock_set_back_makes_no_session_immortal(site: Site, claire: Browser) -> None:
    site.clock.waits(timedelta(hours=1) - timedelta(minutes=5))
    assert (await claire.get("/compte")).status_code == 200
    site.clock.waits(-timedelta(hours=1))
    assert (await claire.get("/compte")).status_code == 200
    site.clock.waits(timedelta(minutes=61))
    assert (await claire.get("/compte")).status_code == 303


async def test_the_night_of_the_change_of_hour_is_as_long_as_any_other(site: Site) -> None:
    # 25 October 2026, 3 h becomes 2 h again in Paris; 28 March 2027, 2 h becomes 3 h.
    for month, day, year in ((10, 25, 2026), (3, 28, 2027)):
        site.clock.moment = site.clock.moment.replace(
            year=year, month=month, day=day, hour=0, minute=30
        )
        browser = await site.signed_in(CLAIRE)
        site.clock.waits(timedelta(minutes=59))
        assert (await browser.get("/compte")).status_code == 200
        site.clock.waits(timedelta(minutes=61))
        assert (await browser.get("/compte")).status_code == 303


async def test_a_browser_never_seen_is_told_to_the_town_s_people_and_to_no_parent(
    site: Site,
) -> None:
    for who in (AGENT, CLAIRE):
        await site.account(who, GOOD)
        await site.signed_in(who)  # somebody who has come before
        await comes_in(site, email=who.email)
    assert await mailed(site) == [("new_browser", AGENT.email)]


async def test_a_browser_that_is_known_is_not_told_again(site: Site) -> None:
    await site.account(AGENT, GOOD)
    await site.signed_in(AGENT)
    browser = await comes_in(site, email=AGENT.email)
    await browser.opens("/agent")
    await browser.send_form("/deconnexion")
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=AGENT.email, password=GOOD)
    assert len(await mailed(site)) == 1


async def test_rights_taken_away_end_what_the_next_request_may_do(site: Site) -> None:
    browser = await site.signed_in(AGENT)
    account = await site.account(AGENT)
    assert (await browser.get("/agent")).status_code == 200
    async with site.writing() as store:
        await store.accounts.end_sessions_of(account.id)
    assert (await browser.get("/agent")).status_code == 303
