"""Trying passwords: strangers are slowed down, and the owner is never kept out by them."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from api.access.passwords import Passwords, TooManyHashes
from api.access.places import place_named
from domain.audit import What
from domain.tokens import subject_of, token_hash
from settings import Settings
from storage.tables import known_browsers
from tests.doors import LET_TRY, WAITS, Attack, browser_at, comes_in, leaves, lines_of, tries
from tests.site import CLAIRE, OTHER_PARENT, Site, running_site

GOOD = "trois chats dorment bien"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOME = "203.0.113.7"


@pytest.mark.parametrize("places", [1, 2, 50])
async def test_of_a_thousand_attempts_ten_in_five_minutes_are_looked_at(
    site: Site, places: int
) -> None:
    await site.account(CLAIRE, GOOD)
    attack = Attack(site, CLAIRE.email, places)
    await attack.goes_on(1_000, every=0.6 * SECOND)
    assert set(attack.answers) == {LET_TRY, WAITS}
    assert 5 <= attack.most_in_five_minutes <= 10


async def test_during_an_attack_the_owner_comes_in_from_elsewhere(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    attack = Attack(site, CLAIRE.email, 3)
    await attack.goes_on(500, every=0.6 * SECOND)
    owner = browser_at(site, HOME)
    assert await comes_in(owner, CLAIRE.email, GOOD)
    await attack.goes_on(500, every=0.6 * SECOND)
    assert attack.most_in_five_minutes <= 10


async def test_whoever_is_not_the_crowd_waits_a_minute_at_most(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    attack = Attack(site, CLAIRE.email, 50)
    await attack.goes_on(50, every=0.1 * SECOND)
    owner = browser_at(site, HOME)
    page = await tries(owner, CLAIRE.email, GOOD)
    assert page.status_code == WAITS
    assert "Attendez 1\u00a0minute," in page.text
    site.clock.waits(MINUTE)
    assert await comes_in(owner, CLAIRE.email, GOOD)


async def test_a_browser_that_came_in_before_is_not_kept_waiting(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    owner = browser_at(site, "198.51.100.1")
    assert await comes_in(owner, CLAIRE.email, GOOD)
    await leaves(owner)
    # The worst place to be: where one of the attackers is.
    attack = Attack(site, CLAIRE.email, 50)
    await attack.goes_on(1_000, every=0.1 * SECOND)
    assert (await tries(owner, CLAIRE.email, "trois chats dorment")).status_code == LET_TRY
    assert await comes_in(owner, CLAIRE.email, GOOD)


async def test_a_known_browser_has_five_attempts_and_no_more(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    known = browser_at(site, HOME)
    assert await comes_in(known, CLAIRE.email, GOOD)
    await leaves(known)
    answers = [(await tries(known, CLAIRE.email, "faux")).status_code for _ in range(11)]
    # Its own five, then those of any other browser of that place.
    assert answers == [LET_TRY] * 10 + [WAITS]


async def test_a_known_browser_is_known_for_its_own_account_only(site: Site) -> None:
    for who in (CLAIRE, OTHER_PARENT):
        await site.account(who, GOOD)
    browser = browser_at(site, HOME)
    assert await comes_in(browser, CLAIRE.email, GOOD)
    await leaves(browser)
    answers = [(await tries(browser, OTHER_PARENT.email, "faux")).status_code for _ in range(6)]
    assert answers == [LET_TRY] * 5 + [WAITS]


async def test_a_family_shares_a_browser_that_knows_each_of_them(site: Site) -> None:
    browser = browser_at(site, HOME)
    for who in (CLAIRE, OTHER_PARENT, CLAIRE):
        await site.account(who, GOOD)
        assert await comes_in(browser, who.email, GOOD)
        await leaves(browser)
    async with site.writing() as store:
        rows = (await store.connection.execute(select(known_browsers))).mappings().all()
    assert len(rows) == 2
    tokens = browser.cookies["connu"].split(".")
    assert {token_hash(one) for one in tokens} == {row["token_hash"] for row in rows}
    assert not any(token in str(rows) for token in tokens)


async def test_a_new_password_makes_every_browser_unknown(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    old = browser_at(site, HOME)
    assert await comes_in(old, CLAIRE.email, GOOD)
    elsewhere = browser_at(site, "203.0.113.8")
    await tries(elsewhere, CLAIRE.email, "")
    (token,) = await site.mailed_links()
    await elsewhere.opens(f"/activation/{token}")
    await elsewhere.send_form(f"/activation/{token}", password="une autre phrase longue")
    async with site.writing() as store:
        rows = (await store.connection.execute(select(known_browsers))).mappings().all()
    assert [row["token_hash"] for row in rows] == [token_hash(elsewhere.cookies["connu"])]


async def test_the_cookie_of_a_known_browser_opens_nothing(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    owner = browser_at(site, HOME)
    assert await comes_in(owner, CLAIRE.email, GOOD)
    thief = browser_at(site, HOME)
    thief.keeps("connu", owner.cookies["connu"])
    assert (await thief.get("/compte")).status_code == 303


async def test_over_https_the_cookies_are_guarded_by_the_browser(
    tmp_path: Path, sql_url: str
) -> None:
    https = Settings(home=tmp_path / "home", base_url="https://familles.v.example")
    async with running_site(https, sql_url) as site:
        await site.account(CLAIRE, GOOD)
        answer = await tries(browser_at(site, HOME), CLAIRE.email, GOOD)
        for name in ("__Host-session", "__Host-connu"):
            (cookie,) = (
                one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{name}=")
            )
            assert re.search(r"; Path=/; HttpOnly; SameSite=Lax; Secure(; Max-Age=\d+)?$", cookie)


async def test_a_thousand_attempts_on_all_accounts_leave_room_for_who_tried_nothing(
    site: Site,
) -> None:
    await site.account(CLAIRE, GOOD)
    everybody = subject_of(site.settings.secret.get_secret_value(), "all")
    async with site.writing() as store:
        for _ in range(1_000):
            await store.attempts.note(everybody, site.clock())
    tired = browser_at(site, "198.51.100.1")
    answers = []
    for n in range(4):
        site.clock.waits(2 * SECOND)
        answers.append((await tries(tired, f"p{n}@example.org", "faux")).status_code)
    assert answers == [LET_TRY] * 3 + [WAITS]
    owner = browser_at(site, HOME)
    site.clock.waits(2 * SECOND)
    assert (await tries(browser_at(site, "203.0.113.9"), "x@example.org", "faux")).is_client_error
    assert (await tries(owner, CLAIRE.email, GOOD)).status_code == WAITS
    site.clock.waits(SECOND)
    assert await comes_in(owner, CLAIRE.email, GOOD)


async def test_strangers_attempts_count_on_after_the_owner_came_in(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    attack = Attack(site, CLAIRE.email, 2)
    await attack.goes_on(20, every=SECOND)
    site.clock.waits(MINUTE)
    before = len(attack.looked_at)
    assert await comes_in(browser_at(site, HOME), CLAIRE.email, GOOD)
    await attack.goes_on(20, every=SECOND)
    assert len(attack.looked_at) == before


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_clock_that_jumps_keeps_nobody_out(site: Site, jump: timedelta) -> None:
    await site.account(CLAIRE, GOOD)
    browser = browser_at(site, HOME)
    for _ in range(6):
        await tries(browser, CLAIRE.email, "faux")
    site.clock.waits(jump)
    browser = browser_at(site, HOME)
    assert await comes_in(browser, CLAIRE.email, GOOD)


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_household(host: str, place: str) -> None:
    assert place_named(host) == place


async def test_all_addresses_of_a_household_are_one_place(site: Site) -> None:
    answers = []
    for n in range(6):
        browser = browser_at(site, f"2001:db8:1:2::{n + 1:x}")
        answers.append((await tries(browser, CLAIRE.email, "faux")).status_code)
    assert answers == [LET_TRY] * 5 + [WAITS]
    neighbour = browser_at(site, "2001:db8:1:3::1")
    assert (await tries(neighbour, CLAIRE.email, "faux")).status_code == LET_TRY


@pytest.mark.parametrize("proxies", ["", "10.0.0.5, 10.1.0.0/16"])
async def test_only_a_named_proxy_is_believed_about_addresses(
    tmp_path: Path, sql_url: str, proxies: str
) -> None:
    settings = Settings(home=tmp_path / "home", proxies=proxies)
    async with running_site(settings, sql_url) as site:
        await site.account(CLAIRE, GOOD)
        for n in range(3):
            said = f"192.0.2.{n + 1}, 203.0.113.{n + 1}, 10.1.2.3"
            proxied = browser_at(site, "10.0.0.5", **{"X-Forwarded-For": said})
            await tries(proxied, CLAIRE.email, "faux")
        stranger = browser_at(site, "198.51.100.1", **{"X-Forwarded-For": "192.0.2.1"})
        await tries(stranger, CLAIRE.email, "faux")
        places = [line["place"] for line in await lines_of(site, What.SIGN_IN_FAILED)]
        seen = [f"203.0.113.{n + 1}" for n in range(3)] if proxies else ["10.0.0.5"] * 3
        assert places == [*seen, "198.51.100.1"]


async def test_hashes_that_wait_too_long_are_refused_and_not_counted(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    house = site.app.state.house
    site.app.state.house = replace(house, passwords=Passwords(longest_wait=0))
    browsers = [browser_at(site, f"203.0.113.{n + 1}") for n in range(12)]
    for browser in browsers:
        await browser.opens("/connexion")
    answers = await asyncio.gather(
        *(
            tries(one, f"p{n}@example.org", "faux mais long", "/dossiers")
            for n, one in enumerate(browsers)
        )
    )
    late = [(n, one) for n, one in enumerate(answers) if one.status_code == 503]
    assert late
    assert {one.status_code for one in answers} <= {422, 503}
    n, page = late[0]
    assert "Beaucoup de personnes se connectent" in page.text
    assert f'value="p{n}@example.org"' in page.text
    assert "faux mais long" not in page.text
    again = [(await tries(browsers[n], f"p{n}@example.org", "faux")).status_code for _ in range(6)]
    assert again == [LET_TRY] * 5 + [WAITS]


async def test_the_queue_of_hashes_ends_in_time_and_goes_on_afterwards() -> None:
    passwords = Passwords(longest_wait=0)
    done = await asyncio.gather(*(passwords.hash(GOOD) for _ in range(8)), return_exceptions=True)
    assert {type(one) for one in done} == {str, TooManyHashes}
    assert await passwords.is_right(await passwords.hash(GOOD), GOOD)


async def test_a_hash_of_before_is_made_stronger_when_it_opens(site: Site) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD)
    account = await site.account(CLAIRE)
    async with site.writing() as store:
        await store.accounts.set_password(account.id, weak)

    async def kept() -> str:
        async with site.writing() as store:
            now = await store.accounts.by_id(account.id)
        assert now is not None
        return now.password_hash or ""

    elsewhere = await site.signed_in(CLAIRE)
    browser = browser_at(site, HOME)
    assert not await comes_in(browser, CLAIRE.email, "faux")
    assert await kept() == weak
    assert await comes_in(browser, CLAIRE.email, GOOD)
    strong = extract_parameters(await kept())
    assert (strong.memory_cost, strong.time_cost, strong.parallelism) == (19 * 1024, 2, 1)
    assert (await elsewhere.get("/compte")).status_code == 200
    now = await kept()
    assert await comes_in(browser_at(site, HOME), CLAIRE.email, GOOD)
    assert await kept() == now


async def test_who_came_in_and_who_could_not_is_written_down(site: Site) -> None:
    account = await site.account(CLAIRE, GOOD)
    browser = browser_at(site, HOME)
    await tries(browser, CLAIRE.email, "faux")
    await tries(browser, "personne@example.org", "faux")
    await tries(browser, CLAIRE.email, GOOD)
    await leaves(browser)
    failed = await lines_of(site, What.SIGN_IN_FAILED)
    assert [(one["actor_id"], one["place"]) for one in failed] == [(account.id, HOME), ("", HOME)]
    (came_in,) = await lines_of(site, What.SIGNED_IN)
    assert (came_in["actor_id"], came_in["detail"]) == (
        account.id,
        {"how": "password", "step": "whole"},
    )
    (left,) = await lines_of(site, What.SIGNED_OUT)
    assert left["actor_id"] == account.id


async def test_beyond_forty_in_the_queue_nobody_waits_for_nothing() -> None:
    passwords = Passwords(longest_wait=60)
    done = await asyncio.gather(*(passwords.hash(GOOD) for _ in range(50)), return_exceptions=True)
    refused = [one for one in done if isinstance(one, TooManyHashes)]
    assert len(refused) == 50 - 2 - 40
    passwords.refuse_a_crowd()
