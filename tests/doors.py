"""People who knock: from which address, with which browser, and how often somebody was let try."""

from collections import Counter
from datetime import datetime, timedelta

import httpx2
from sqlalchemy import select

from domain.audit import What
from storage.tables import audit_log
from tests.site import Browser, Site

LET_TRY, WAITS = 422, 429


def browser_at(site: Site, host: str, **headers: str) -> Browser:
    """A browser nobody has used yet, at this network address."""
    browser = Browser(
        transport=httpx2.ASGITransport(app=site.app, client=(host, 4242)),
        base_url=site.settings.site_url,
        headers={"Origin": site.settings.site_url, "Sec-Fetch-Site": "same-origin", **headers},
    )
    site.closes_later(browser)
    return browser


async def tries(browser: Browser, email: str, password: str, suite: str = "") -> httpx2.Response:
    """Send the sign-in form from its page."""
    if not browser.csrf:
        await browser.opens("/connexion")
    return await browser.send_form("/connexion", email=email, password=password, suite=suite)


async def comes_in(browser: Browser, email: str, password: str) -> bool:
    """Whether this opens the account."""
    return (await tries(browser, email, password)).status_code == 303


async def leaves(browser: Browser) -> None:
    """Sign out by the button of a page; the next form is that of a browser signed out."""
    await browser.opens("/compte")
    await browser.send_form("/deconnexion")
    browser.csrf = ""


async def lines_of(site: Site, what: What) -> list[dict[str, object]]:
    """The lines of the audit of this kind, the oldest first."""
    async with site.writing() as store:
        query = select(audit_log).where(audit_log.c.what == what.value).order_by(audit_log.c.at)
        return [dict(row) for row in (await store.connection.execute(query)).mappings()]


class Attack:
    """Wrong passwords on one account, and when each was looked at."""

    def __init__(self, site: Site, email: str, places: int) -> None:
        self._site = site
        self._email = email
        self._browsers = [browser_at(site, f"198.51.100.{n + 1}") for n in range(places)]
        self.answers: Counter[int] = Counter()
        self.looked_at: list[datetime] = []

    async def goes_on(self, attempts: int, *, every: timedelta) -> None:
        """So many attempts more, from each place in turn."""
        for n in range(attempts):
            self._site.clock.waits(every)
            browser = self._browsers[n % len(self._browsers)]
            answer = await tries(browser, self._email, f"au hasard, {n}")
            self.answers[answer.status_code] += 1
            if answer.status_code == LET_TRY:
                self.looked_at.append(self._site.clock())

    @property
    def most_in_five_minutes(self) -> int:
        """How many were looked at in the worst five minutes."""
        window = timedelta(minutes=5)
        return max(
            (sum(at - window < one <= at for one in self.looked_at) for at in self.looked_at),
            default=0,
        )
