"""Coming in with a password, staying in, going out."""

import asyncio
from datetime import timedelta

import pytest

from api.access.attempts import WINDOW
from domain.tokens import token_hash
from storage.sessions import Session
from tests.builders import Someone
from tests.site import ADMIN, AGENT, CLAIRE, OTHER_PARENT, Browser, Site

GOOD = "trois chats dorment bien"


async def tries(browser: Browser, email: str, password: str, suite: str = "") -> str:
    """Send the sign-in form; the address one is led to, or the page one is shown."""
    await browser.opens("/connexion")
    answer = await browser.send_form("/connexion", email=email, password=password, suite=suite)
    return answer.headers.get("location") or answer.text


@pytest.mark.parametrize(
    ("who", "home"), [(CLAIRE, "/accueil"), (AGENT, "/agent"), (ADMIN, "/admin/supervision")]
)
async def test_a_password_opens_ones_own_room(site: Site, who: Someone, home: str) -> None:
    await site.account(who, GOOD)
    assert await tries(site.browser(), who.email.upper(), GOOD) == home


async def test_nobody_can_tell_a_known_address_from_an_unknown_one(site: Site) -> None:
    await site.account(Someone("connu@example.org"), GOOD)
    for password in ("", "faux mais assez long"):
        seen = []
        for email in ("connu@example.org", "autre@example.org"):
            browser = site.browser()
            await browser.opens("/connexion")
            answer = await browser.send_form("/connexion", email=email, password=password)
            page = answer
            if answer.status_code == 303:
                page = await browser.get(answer.headers["location"])
            text = page.text.replace(email, "…").replace(browser.csrf, "…")
            headers = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
            seen.append((answer.status_code, headers, page.status_code, text))
        assert seen[0] == seen[1]


async def test_an_unknown_address_costs_as_much_work_as_a_known_one(site: Site) -> None:
    passwords = site.app.state.house.passwords
    kept = await passwords.hash(GOOD)
    loop = asyncio.get_running_loop()
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(15):
        for known in (True, False):
            began = loop.time()
            assert not await passwords.is_right(kept if known else None, "faux")
            times[known].append(loop.time() - began)
    with_account, without = (sorted(times[known])[7] for known in (True, False))
    assert abs(with_account - without) < max(with_account, without) / 2


async def test_what_was_typed_is_still_there_but_never_the_password(site: Site) -> None:
    page = await tries(site.browser(), "nina", "un mot de passe", "/dossiers")
    assert 'value="nina"' in page
    assert "Écrivez une adresse mail complète" in page
    assert "un mot de passe" not in page
    assert 'name="suite" value="/dossiers"' in page


@pytest.mark.parametrize("is_known", [True, False])
async def test_after_five_failures_the_wait_is_stated_and_it_ends(
    site: Site, *, is_known: bool
) -> None:
    if is_known:
        await site.account(CLAIRE, GOOD)
    browser = site.browser()
    for _ in range(5):
        assert "ne convient pas" in await tries(browser, CLAIRE.email, "faux")
    site.clock.waits(timedelta(minutes=2))
    page = await tries(browser, CLAIRE.email, GOOD)
    assert "Attendez 3\u00a0minutes" in page
    site.clock.waits(timedelta(minutes=3))
    assert (await tries(browser, CLAIRE.email, GOOD) == "/accueil") is is_known


async def test_an_owner_kept_waiting_still_comes_in_by_a_link(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    browser = site.browser()
    for _ in range(6):
        await tries(browser, CLAIRE.email, "faux")
    assert await tries(browser, CLAIRE.email, "") == "/connexion/mail-envoye"
    (token,) = await site.mailed_links()
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", without="1")
    assert answer.headers["location"] == "/accueil"


async def test_many_attempts_at_once_are_not_many_looks(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    browser = site.browser()
    await browser.opens("/connexion")
    answers = await asyncio.gather(
        *(browser.send_form("/connexion", email=CLAIRE.email, password="faux") for _ in range(20))
    )
    assert sorted(one.status_code for one in answers) == [422] * 5 + [429] * 15


async def test_one_place_cannot_try_many_addresses(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    for n in range(30):
        form = {"email": f"p{n}@example.org", "password": "faux"}
        assert (await browser.send_form("/connexion", **form)).status_code == 422
    form = {"email": "encore@example.org", "password": "faux"}
    assert (await browser.send_form("/connexion", **form)).status_code == 429
    site.clock.waits(WINDOW)
    assert (await browser.send_form("/connexion", **form)).status_code == 422


async def test_a_session_known_before_signing_in_opens_nothing_after(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    thief, owner = site.browser(), site.browser()
    await thief.opens("/connexion")
    owner.keeps("session", thief.cookies["session"])
    assert await tries(owner, CLAIRE.email, GOOD) == "/accueil"
    assert owner.cookies["session"] != thief.cookies["session"]
    assert (await thief.get("/compte")).status_code == 303
    assert (await owner.get("/compte")).status_code == 200


async def test_signing_in_again_ends_the_session_before(site: Site) -> None:
    await site.account(OTHER_PARENT, GOOD)
    browser = await site.signed_in(CLAIRE)
    before = browser.cookies["session"]
    async with site.writing() as store:
        assert await store.sessions.find(token_hash(before)) is not None
    token = await _link(site, OTHER_PARENT.email)
    await browser.opens(f"/activation/{token}")
    await browser.send_form(f"/activation/{token}", without="1")
    async with site.writing() as store:
        assert await store.sessions.find(token_hash(before)) is None
    page = await browser.get("/compte")
    assert OTHER_PARENT.email in page.text.replace("<wbr>", "")


async def _link(site: Site, email: str) -> str:
    browser = site.browser()
    await tries(browser, email, "")
    return (await site.mailed_links())[-1]


async def test_a_stolen_cookie_is_dead_after_signing_out(site: Site, as_parent: Browser) -> None:
    thief = site.browser()
    thief.keeps("session", as_parent.cookies["session"])
    assert (await thief.get("/compte")).status_code == 200
    assert (await as_parent.send_form("/deconnexion")).headers["location"] == "/"
    assert (await thief.get("/compte")).status_code == 303
    # Signing out twice leads home, too.
    assert (await as_parent.send_form("/deconnexion")).headers["location"] == "/"


@pytest.mark.parametrize(
    ("who", "idle", "whole"), [(CLAIRE, 60, 12), (AGENT, 30, 8), (ADMIN, 15, 8)]
)
async def test_a_session_ends_by_itself(site: Site, who: Someone, idle: int, whole: int) -> None:
    browser = await site.signed_in(who)
    site.clock.waits(timedelta(minutes=idle - 1))
    assert (await browser.get("/compte")).status_code == 200
    site.clock.waits(timedelta(minutes=idle))
    assert (await browser.get("/compte")).status_code == 303

    browser = await site.signed_in(who)
    step = timedelta(minutes=idle - 1)
    for _ in range(timedelta(hours=whole) // step):
        site.clock.waits(step)
        assert (await browser.get("/compte")).status_code == 200
    site.clock.waits(step)
    assert (await browser.get("/compte")).status_code == 303


async def test_a_closed_account_is_out_at_the_next_page(site: Site, as_agent: Browser) -> None:
    account = await site.account(AGENT)
    async with site.writing() as store:
        await store.accounts.disable(account.id, site.clock())
    assert (await as_agent.get("/compte")).status_code == 303


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "evil",
        "/" * 400,
    ],
)
async def test_no_address_leads_to_another_site(site: Site, evil: str) -> None:
    await site.account(CLAIRE, GOOD)
    assert await tries(site.browser(), CLAIRE.email, GOOD, evil) == "/accueil"
    browser = await site.signed_in(CLAIRE)
    answer = await browser.get("/connexion", params={"suite": evil})
    assert answer.headers["location"] == "/accueil"


async def test_nobody_is_led_into_a_room_that_is_not_theirs(site: Site) -> None:
    await site.account(AGENT, GOOD)
    assert await tries(site.browser(), AGENT.email, GOOD, "/accueil") == "/agent"
    own = "/agent/dossiers?file=tous"
    assert await tries(site.browser(), AGENT.email, GOOD, own) == own


async def test_what_was_just_done_is_said_once(as_parent: Browser) -> None:
    answer = await as_parent.send_form("/compte/mot-de-passe")
    assert answer.headers["location"] == "/compte/securite"
    assert "Regardez vos mails" in (await as_parent.get("/compte")).text
    assert "Regardez vos mails" not in (await as_parent.get("/compte")).text


async def test_no_token_of_a_session_is_kept(site: Site, as_parent: Browser) -> None:
    token = as_parent.cookies["session"]
    async with site.writing() as store:
        session = await store.sessions.find(token_hash(token))
    assert isinstance(session, Session)
    assert token not in str(session)
