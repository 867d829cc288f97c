"""To FranceConnect and back: who goes there, and what is kept of it."""

from datetime import timedelta

import httpx2
from sqlalchemy import select

from storage.tables import identities
from tests.provider import Provider, Someone
from tests.site import Browser, Site

ANGELA = Someone("b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1")
START = "/connexion/france-connect"
MINUTE = timedelta(minutes=1)


async def way_there(browser: Browser, suite: str = "") -> str:
    """Press the button; the address one is led to."""
    await browser.opens("/connexion")
    answer = await browser.send_form(START, suite=suite)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def comes_back(
    browser: Browser, provider: Provider, who: Someone = ANGELA, suite: str = ""
) -> httpx2.Response:
    """Go there, say who one is, and come back."""
    back = provider.identifies(who, await way_there(browser, suite))
    return await browser.get(back, headers={"Sec-Fetch-Site": "cross-site"})


async def is_linked(site: Site, browser: Browser, *, without: str = "1") -> httpx2.Response:
    """Open the last link that was mailed, in this browser, and press its button."""
    token = (await site.mailed_links())[-1]
    page = await browser.opens(f"/activation/{token}")
    assert page.status_code == 200
    return await browser.send_form(f"/activation/{token}", without=without)


async def kept(site: Site, table: object = identities) -> list[dict[str, object]]:
    async with site.writing() as store:
        rows = await store.connection.execute(select(table))  # type: ignore[call-overload]
        return [dict(row) for row in rows.mappings()]


async def presses(site: Site) -> httpx2.Response:
    """Press the button in a browser of its own; what is answered."""
    browser = site.browser()
    await browser.opens("/connexion")
    return await browser.send_form(START)
