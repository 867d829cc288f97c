"""Coming in with a telephone: a password, a code, the recovery codes that are shown once."""

import re
from datetime import timedelta

from api.access.codes import STEP_SECONDS, code_at
from tests.builders import Someone
from tests.site import Browser, Site

GOOD = "trois grands chats dorment bien"
LEA = Someone("lea@v.example", "agent", "Léa Blanc", "Service scolaire", "scolaire")
BORIS = Someone("boris@v.example", "admin", "Boris Vidal", "Administration")
STEP = timedelta(seconds=STEP_SECONDS)
CODE_PAGE, SET_UP_PAGE = "/connexion/code", "/connexion/second-facteur"
OWN_PAGE = "/compte/second-facteur"
CODES = re.compile(r"<code>([^<]+)</code>")


async def shows_a_password(site: Site, who: Someone) -> Browser:
    """A browser in which the password was shown, and nothing more."""
    await site.account(who, GOOD)
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email=who.email, password=GOOD)
    return browser


async def secret_of(site: Site, who: Someone) -> str:
    """What the telephone of this person knows, proven or not."""
    account = await site.account(who)
    async with site.writing() as store:
        factor = await store.second_factors.of(account.id)
    assert factor is not None
    return factor.pending or factor.secret


async def sets_up(site: Site, who: Someone) -> tuple[str, list[str]]:
    """A first visit: the secret of the telephone, and the recovery codes."""
    browser = await shows_a_password(site, who)
    await browser.opens(SET_UP_PAGE)
    secret = await secret_of(site, who)
    answer = await browser.send_form(SET_UP_PAGE, code=code_at(secret, site.clock()))
    assert answer.status_code == 200
    site.clock.waits(STEP)
    return secret, CODES.findall(answer.text)


async def tries(browser: Browser, code: str, suite: str = "") -> str:
    """Send a code; the address one is led to, or the page one is shown."""
    await browser.opens(CODE_PAGE)
    answer = await browser.send_form(CODE_PAGE, code=code, suite=suite)
    return answer.headers.get("location") or answer.text
