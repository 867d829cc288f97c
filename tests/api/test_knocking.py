"""What a stranger learns by knocking, and where nobody is ever led."""

import random
import re
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

import httpx2
import pytest

from api.access.links import mail_address
from api.access.ways import safe_way
from settings import Settings
from tests.doors import browser_at
from tests.site import CLAIRE, Browser, Site, running_site

GOOD = "trois chats dorment bien"
EACH = 200
MOST_GAP = 0.010
PROXY = "10.0.0.5"
_VARIES = re.compile(r"p\d+@(known-x|unknown|control)\.example|[0-9a-f]{64}")

ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/accueil",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example/\u2028",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "https:evil.example",
    "https:/evil.example",
    "/accueil\r\nLocation: https://evil.example",
    "//evil.example:443@localhost/",
    "//[::1]/",
    "//[",
    "/connexion?suite=//evil.example",
    "/deconnexion",
    "/activation/abc",
    "/" + "a" * 400,
    "／／evil.example",
    "/é//evil.example",
]


@pytest.mark.parametrize("way", ELSEWHERE, ids=ascii)
async def test_nobody_is_led_to_another_site(site: Site, way: str) -> None:
    assert safe_way(way) == ""
    await site.account(CLAIRE, GOOD)
    browser = site.browser()
    await browser.opens("/connexion")
    by_password = await browser.send_form(
        "/connexion", email=CLAIRE.email, password=GOOD, suite=way
    )
    signed_in = await browser.get("/connexion", params={"suite": way})
    other = site.browser()
    await other.opens("/connexion")
    await other.send_form("/connexion", email=CLAIRE.email, suite=way)
    (token,) = await site.mailed_links()
    await other.opens(f"/activation/{token}")
    by_link = await other.send_form(f"/activation/{token}")
    for answer in (by_password, signed_in, by_link):
        assert (answer.status_code, answer.headers["location"]) == (303, "/accueil")


@pytest.mark.parametrize("way", ELSEWHERE, ids=ascii)
async def test_a_cookie_that_somebody_wrote_leads_nowhere_else(site: Site, way: str) -> None:
    await site.account(CLAIRE)
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=CLAIRE.email)
    (token,) = await site.mailed_links()
    await browser.opens(f"/activation/{token}")
    kept = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
    written = f"{kept.replace('suite=', 'before=')}; suite={quote(way, safe='')}"
    answer = await browser.post(
        f"/activation/{token}", data={"csrf": browser.csrf}, headers={"Cookie": written}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/accueil")


@pytest.mark.parametrize(
    "text",
    [
        "nina@example.org\r\nBcc: x@evil.example",
        "nina@example.org\nBcc: x@evil.example",
        "nina@example.org%0aBcc:x@evil.example",
        "nina@example.org,x@evil.example",
        "nina@example.org;x@evil.example",
        "nina@example.org x@evil.example",
        '"nina@example.org x"@evil.example',
        "nina <nina@example.org>",
        "nina@example.org\u2028@evil.example",
        "nina@exam\0ple.org",
        "nina\u202e@example.org",
        "nina@@example.org",
        "nina@example.org\x85",
        "@example.org",
        "a" * 250 + "@example.org",
    ],
    ids=ascii,
)
async def test_a_mail_goes_to_one_address_or_to_none(site: Site, text: str) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    answer = await browser.send_form("/connexion", email=text)
    if answer.status_code == 303:
        # Signs that nobody sees are left out of a form: what is left is one plain address.
        await site.errands_done()
        async with site.writing() as store:
            letter = await store.letters.find(site.gateway.letters[-1])
        assert letter is not None
        assert letter.to_address == mail_address(letter.to_address)
        assert letter.to_address.count("@") == 1
        assert letter.to_address.isascii()
        assert "evil" not in letter.to_address
        return
    assert answer.status_code == 422
    assert site.gateway.letters == []


@pytest.mark.parametrize(
    "password", ["", "une phrase qui ne convient pas"], ids=["link", "password"]
)
async def test_a_known_address_answers_like_an_unknown_one(
    tmp_path: Path, sql_url: str, password: str
) -> None:
    """200 of each, and 200 known ones more, to know what chance alone does."""
    settings = Settings(home=tmp_path / "home", proxies=PROXY)
    kinds, random_order = ("known-x", "unknown", "control"), random.Random(1)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    answers: dict[str, set[str]] = {kind: set() for kind in kinds}
    async with running_site(settings, sql_url) as site:
        kept = await site.app.state.house.passwords.hash(GOOD)
        async with site.writing() as store:
            for n in range(EACH):
                for kind in ("known-x", "control"):
                    email = f"p{n:03}@{kind}.example"
                    await store.accounts.add(
                        email, "parent", site.clock(), name="Une Famille", password_hash=kept
                    )
        browser = browser_at(site, PROXY)
        site.clock.waits(timedelta(minutes=1))  # the name of the town is read again by then
        await browser.opens("/connexion")
        for n in range(EACH):
            for kind in random_order.sample(kinds, 3):
                began = time.perf_counter()
                answer = await _knocks(browser, f"p{n:03}@{kind}.example", password, n)
                times[kind].append(time.perf_counter() - began)
                answers[kind].add(_said(answer))
                site.clock.waits(timedelta(seconds=2))
    assert all(len(said) == 1 for said in answers.values()), answers
    assert answers["known-x"] == answers["unknown"]
    middle = {kind: median(found) for kind, found in times.items()}
    by_chance = abs(middle["known-x"] - middle["control"])
    assert abs(middle["known-x"] - middle["unknown"]) <= max(MOST_GAP, 3 * by_chance), middle


async def _knocks(browser: Browser, email: str, password: str, n: int) -> httpx2.Response:
    """From an address of one's own each time, so that nobody has to wait."""
    data = {"csrf": browser.csrf, "email": email, "password": password, "suite": ""}
    headers = {"X-Forwarded-For": f"203.0.{n // 250}.{n % 250 + 1}"}
    return await browser.post("/connexion", data=data, headers=headers)


def _said(answer: httpx2.Response) -> str:
    headers = sorted((name, value) for name, value in answer.headers.items())
    return _VARIES.sub("…", f"{answer.status_code} {headers} {answer.text}".replace("%40", "@"))
