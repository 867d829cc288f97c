"""What each page of `make bench` asks of storage, exactly, and how heavy it may become."""

from datetime import timedelta

import pytest

from domain.states import State
from tests.api.office import an_office
from tests.families import a_sent_dossier
from tests.questions import counted
from tests.site import AGENT, CLAIRE, Browser, Site

NAMES = tuple(f"Enfant{number}" for number in range(30))

COSTS = {
    "/connexion": ("nobody", 1, 5_000),  # the cookie to which its form is tied opens nothing
    "/accueil": ("parent", 9, 60_000),
    "/dossiers/{dossier}": ("parent", 10, 9_000),
    "/agent/dossiers/{dossier}": ("agent", 9, 18_000),
    "/agent/dossiers": ("agent", 3, 26_000),
    "/agent/dossiers?file=tous&q=martin": ("agent", 3, 26_000),
}
"""Who opens the page, its questions to storage, and the most bytes it may have."""


@pytest.mark.parametrize("path", COSTS)
async def test_a_page_asks_what_it_asked_yesterday(site: Site, path: str) -> None:
    await an_office(site, *NAMES)
    dossier = await a_sent_dossier(
        site, State.UNDER_REVIEW, submitted_at=site.clock() - timedelta(hours=1)
    )
    who, questions, most_bytes = COSTS[path]
    browser = await _browser(site, who)
    address = path.format(dossier=dossier.id)
    await browser.opens(address)  # the town's card is read every half minute
    with counted() as asked:
        page = await browser.get(address)
    assert page.status_code == 200
    assert len(asked) == questions, asked
    assert len(page.content) <= most_bytes


async def _browser(site: Site, who: str) -> Browser:
    if who == "nobody":
        return site.browser()
    return await site.signed_in(CLAIRE if who == "parent" else AGENT)
