"""The page of a family leads an agent back to where they came from."""

import re
from html import unescape

from domain.states import State
from tests.families import a_sent_dossier
from tests.site import Browser, Site

_BACK = re.compile(r'class="back"><a href="([^"]+)">')


async def back_from(browser: Browser, page: str) -> str:
    """Open the family that this page leads to, and give where it leads back."""
    found = re.search(r'href="(/agent/familles/[0-9a-f]{32}[^"]*)"', (await browser.get(page)).text)
    assert found, page
    back = _BACK.search((await browser.get(unescape(found[1]))).text)
    assert back
    return unescape(back[1])


async def test_to_the_dossier_and_its_list(site: Site, as_agent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    desk = f"/agent/dossiers/{dossier.id}?file=tous&q=martin"
    assert await back_from(as_agent, desk) == desk


async def test_to_the_families_that_were_found(site: Site, as_agent: Browser) -> None:
    await a_sent_dossier(site, State.UNDER_REVIEW)
    assert await back_from(as_agent, "/agent/familles?q=martin") == "/agent/familles?q=martin"


async def test_to_nowhere_else(site: Site, as_agent: Browser) -> None:
    """What an address says is never a place of its own."""
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    for given in ("", "?dossier=//evil.example", "?dossier=../../x&file=nowhere"):
        page = await as_agent.get(f"/agent/familles/{dossier.account_id}{given}")
        back = _BACK.search(page.text)
        assert back
        assert back[1] == "/agent/accueil"
