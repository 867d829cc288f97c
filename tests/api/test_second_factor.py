"""The code of a telephone: asked of the town's people before anything opens, offered to parents."""

import asyncio
import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest

from api.access.codes import code_at
from domain.scopes import Scope
from tests.api.telephones import (
    BORIS,
    CODE_PAGE,
    CODES,
    LEA,
    OWN_PAGE,
    SET_UP_PAGE,
    STEP,
    secret_of,
    sets_up,
    shows_a_password,
    tries,
)
from tests.builders import Someone
from tests.databases import on_both
from tests.programs import a_program
from tests.site import CLAIRE, Site


@pytest.mark.parametrize(("who", "home"), [(LEA, "/agent"), (BORIS, "/admin/supervision")])
async def test_a_first_visit_sets_up_a_telephone_and_gives_ten_codes_once(
    site: Site, who: Someone, home: str
) -> None:
    browser = await shows_a_password(site, who)
    led = await browser.get(home)
    assert led.headers["location"] == f"{CODE_PAGE}?suite={home}"
    led = await browser.get(led.headers["location"])
    assert led.headers["location"] == f"{SET_UP_PAGE}?suite={home}"
    page = await browser.opens(led.headers["location"])
    secret = await secret_of(site, who)
    assert f"secret={secret}&amp;" in page.text
    assert "data:image/png;base64," in page.text
    answer = await browser.send_form(SET_UP_PAGE, code=code_at(secret, site.clock()), suite=home)
    assert len(set(CODES.findall(answer.text))) == 10
    assert f'href="{home}"' in answer.text
    assert (await browser.get(home)).status_code == 200
    assert not CODES.findall((await browser.get(OWN_PAGE)).text)


async def test_the_page_that_was_asked_for_opens_after_the_code_whatever_its_address(
    site: Site,
) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    asked = "/agent/dossiers?file=tous&q=L%C3%A9na"
    led = (await browser.get(asked)).headers["location"]
    page = (await browser.opens(led)).text
    (suite,) = re.findall(r'name="suite" value="([^"]*)"', page)
    code = code_at(secret, site.clock())
    answer = await browser.send_form(CODE_PAGE, code=code, suite=unescape(suite))
    assert answer.headers["location"] == asked
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "/connexion"):
        again = await shows_a_password(site, BORIS)
        page = (await again.opens(f"{SET_UP_PAGE}?suite={quote(elsewhere)}")).text
        assert 'name="suite" value=""' in page


async def test_until_the_code_is_shown_nothing_else_of_the_site_opens(site: Site) -> None:
    browser = await shows_a_password(site, LEA)
    for path in ("/agent", "/agent/dossiers", "/compte", "/compte/acces", OWN_PAGE):
        answer = await browser.get(path)
        assert answer.headers["location"].startswith(CODE_PAGE), path
    await browser.opens(SET_UP_PAGE)
    answer = await browser.send_form("/compte/acces", name="x", scopes="dossiers:read", days="30")
    assert answer.headers["location"].startswith(CODE_PAGE)
    assert (await browser.get("/accueil")).headers["location"].startswith(CODE_PAGE)
    assert "Léa Blanc" not in (await browser.get("/")).text


async def test_the_way_out_is_open_to_whoever_has_no_code(site: Site) -> None:
    browser = await shows_a_password(site, LEA)
    await browser.opens(SET_UP_PAGE)
    assert (await browser.send_form("/deconnexion")).headers["location"] == "/"
    assert (await browser.get(CODE_PAGE)).headers["location"] == "/connexion"


async def test_a_code_opens_a_new_session_and_the_half_one_is_dead(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    half = browser.cookies["session"]
    assert await tries(browser, code_at(secret, site.clock()), "/agent/dossiers") == (
        "/agent/dossiers"
    )
    assert browser.cookies["session"] != half
    thief = site.browser()
    thief.keeps("session", half)
    assert (await thief.get(CODE_PAGE)).headers["location"] == "/connexion"
    assert (await thief.get("/agent")).headers["location"].startswith("/connexion")


async def test_a_link_by_mail_asks_for_the_code_as_well(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=LEA.email)
    (token,) = await site.mailed_links()
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", without="1")
    assert (await browser.get(answer.headers["location"])).headers["location"].startswith(CODE_PAGE)
    assert await tries(browser, code_at(secret, site.clock())) == "/agent"


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
async def test_a_code_is_good_for_one_step_around_now(site: Site, steps: int) -> None:
    secret, _ = await sets_up(site, LEA)
    site.clock.waits(timedelta(minutes=3))
    browser = await shows_a_password(site, LEA)
    said = await tries(browser, code_at(secret, site.clock() + steps * STEP))
    assert (said == "/agent") is (abs(steps) <= 1)


async def test_a_code_that_served_and_those_before_it_serve_no_more(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    code, before = code_at(secret, site.clock()), code_at(secret, site.clock() - STEP)
    assert await tries(await shows_a_password(site, LEA), code) == "/agent"
    replaying = await shows_a_password(site, LEA)
    assert "ne convient pas" in await tries(replaying, code)
    assert "ne convient pas" in await tries(replaying, before)
    site.clock.waits(STEP)
    assert await tries(replaying, code_at(secret, site.clock())) == "/agent"


async def test_a_clock_that_is_set_back_shuts_nobody_out(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    site.clock.waits(timedelta(hours=1))
    assert await tries(await shows_a_password(site, LEA), code_at(secret, site.clock())) == "/agent"
    site.clock.waits(-timedelta(hours=1) + STEP)
    code = code_at(secret, site.clock())
    assert await tries(await shows_a_password(site, LEA), code) == "/agent"
    assert "ne convient pas" in await tries(await shows_a_password(site, LEA), code)


@on_both
async def test_of_two_browsers_with_the_same_code_at_once_one_comes_in(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browsers = [await shows_a_password(site, LEA) for _ in range(4)]
    for browser in browsers:
        await browser.opens(CODE_PAGE)
    code = code_at(secret, site.clock())
    answers = await asyncio.gather(*(one.send_form(CODE_PAGE, code=code) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]


@on_both
async def test_of_two_browsers_with_the_same_recovery_code_at_once_one_comes_in(
    site: Site,
) -> None:
    _, codes = await sets_up(site, LEA)
    browsers = [await shows_a_password(site, LEA) for _ in range(3)]
    for browser in browsers:
        await browser.opens(CODE_PAGE)
    answers = await asyncio.gather(*(one.send_form(CODE_PAGE, code=codes[0]) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]


async def test_after_five_wrong_codes_the_right_one_has_to_wait_and_then_opens(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    for _ in range(5):
        assert "ne convient pas" in await tries(browser, "000000")
    other = await shows_a_password(site, LEA)
    assert "Attendez 5\u00a0minutes" in await tries(other, code_at(secret, site.clock()))
    site.clock.waits(timedelta(minutes=5))
    assert await tries(other, code_at(secret, site.clock())) == "/agent"


async def test_twenty_wrong_codes_at_once_are_five_looks(site: Site) -> None:
    await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    await browser.opens(CODE_PAGE)
    answers = await asyncio.gather(
        *(browser.send_form(CODE_PAGE, code="000000") for _ in range(20))
    )
    assert sorted(one.status_code for one in answers) == [422] * 5 + [429] * 15


async def test_wrong_codes_keep_nobody_else_waiting(site: Site) -> None:
    await sets_up(site, LEA)
    secret, _ = await sets_up(site, BORIS)
    browser = await shows_a_password(site, LEA)
    for _ in range(6):
        await tries(browser, "000000")
    assert await tries(await shows_a_password(site, BORIS), code_at(secret, site.clock())) == (
        "/admin/supervision"
    )


async def test_a_secret_seen_on_a_page_left_open_is_not_the_one_of_the_next_visit(
    site: Site,
) -> None:
    await shows_a_password(site, LEA)
    seen = await secret_of(site, LEA)
    browser = await shows_a_password(site, LEA)
    await browser.opens(SET_UP_PAGE)
    answer = await browser.send_form(SET_UP_PAGE, code=code_at(seen, site.clock()))
    assert answer.status_code == 422


async def test_whoever_has_a_telephone_is_never_offered_to_set_one_up_again(site: Site) -> None:
    await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    assert (await browser.get(SET_UP_PAGE)).headers["location"] == CODE_PAGE
    await browser.opens(CODE_PAGE)
    answer = await browser.send_form(SET_UP_PAGE, code="000000")
    assert answer.headers["location"] == CODE_PAGE


@on_both
async def test_of_two_browsers_that_link_a_telephone_at_once_one_does(site: Site) -> None:
    await shows_a_password(site, LEA)
    browsers = [await shows_a_password(site, LEA) for _ in range(2)]
    for browser in browsers:
        await browser.opens(SET_UP_PAGE)
    code = code_at(await secret_of(site, LEA), site.clock())
    answers = await asyncio.gather(*(one.send_form(SET_UP_PAGE, code=code) for one in browsers))
    assert sorted(len(CODES.findall(answer.text)) for answer in answers) == [0, 10]
    (late,) = (one for one in answers if one.status_code != 200)
    assert late.headers["location"] == CODE_PAGE


async def test_half_a_session_is_over_after_half_an_hour(site: Site) -> None:
    secret, _ = await sets_up(site, LEA)
    browser = await shows_a_password(site, LEA)
    site.clock.waits(timedelta(minutes=30))
    assert (await browser.get(CODE_PAGE)).headers["location"] == "/connexion"
    fresh = await shows_a_password(site, LEA)
    assert await tries(fresh, code_at(secret, site.clock())) == "/agent"


EXAMPLE_AGENT = Someone("agente@v.example", "agent", "Agnès Exemple", is_example=True)
EXAMPLE = Someone("exemple@v.example", "admin", "Alix Exemple", "", is_example=True)


async def test_an_example_account_goes_without_in_the_local_town_and_the_page_says_so(
    site: Site,
) -> None:
    browser = await shows_a_password(site, EXAMPLE)
    page = await browser.get("/admin/supervision")
    assert "Compte d’exemple : sans second facteur" in page.text
    own = await site.signed_in(CLAIRE)
    assert "Compte d’exemple" not in (await own.get("/accueil")).text


async def test_an_example_account_opens_nothing_in_production(https_site: Site) -> None:
    browser = await shows_a_password(https_site, EXAMPLE)
    assert (await browser.get("/admin/supervision")).headers["location"].startswith("/connexion?")
    program = await a_program(https_site, EXAMPLE_AGENT, Scope.READ_DOSSIERS)
    assert (await program.reads("/dossiers")).status_code == 401
    with_cookie = await https_site.signed_in(EXAMPLE)
    assert (await with_cookie.get("/admin/supervision")).status_code == 303
    await browser.send_form("/connexion", email=EXAMPLE.email)
    for token in await https_site.mailed_links():
        await browser.opens(f"/activation/{token}")
        answer = await browser.send_form(f"/activation/{token}", without="1")
        assert answer.status_code == 403
