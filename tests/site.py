"""The site for one test: the real application on a real migrated database, without a network."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from api.access.sessions import LIFETIMES, cookie_name
from api.app import create_app
from api.gateway import Gateway
from domain.tokens import new_form_token, token_hash, token_of
from settings import Settings
from storage.accounts import Account
from storage.sessions import Session
from storage.store import OpenStore
from storage.tables import metadata
from tests.builders import Someone, a_town, an_account
from tests.fakes import RecordingGateway

CLAIRE = Someone("claire@example.org", name="Claire Martin")
OTHER_PARENT = Someone("karim@example.org", name="Karim Haddad")
GUARDIAN = Someone("luc@example.org", name="Luc Garnier")
"""The other guardian of a child of Claire's: in by `tests.guardians.is_shared`, or once was."""
AGENT = Someone(
    "agent@v.example", "agent", "Nadia Petit", "Service scolaire", "scolaire", is_example=True
)
NURSERY_AGENT = Someone(
    "creche@v.example", "agent", "Paul Roux", "Petite enfance", "creche", is_example=True
)
ADMIN = Someone("admin@v.example", "admin", "Ana Lopes", "Administration", is_example=True)

_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Clock:
    """The time of the test; `waits` moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def waits(self, time: timedelta) -> None:
        """Let time pass."""
        self.moment += time


class WallClock(Clock):
    """The real time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  people live in real time


class Browser(httpx2.AsyncClient):
    """A browser on the site: keeps cookies, follows nothing by itself, comes from our own pages."""

    csrf: str = ""

    def keeps(self, name: str, value: str) -> None:
        """Put a cookie into this browser, as if the site had set it."""
        host = self.base_url.host
        self.cookies.set(name, value, domain=host if "." in host else f"{host}.local")

    async def send_form(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form with the token of this browser's session (or of the last page it `opens`)."""
        return await self.post(path, data={"csrf": self.csrf, **fields})

    async def opens(self, path: str) -> httpx2.Response:
        """Open a page and remember the token of its form."""
        answer = await self.get(path)
        found = _CSRF.search(answer.text)
        self.csrf = found.group(1) if found else self.csrf
        return answer


@dataclass
class Site:
    """Everything of the running site that a test may touch."""

    app: FastAPI
    settings: Settings
    gateway: RecordingGateway
    clock: Clock
    writing: OpenStore
    _browsers: list[httpx2.AsyncClient] = field(default_factory=list)

    def browser(self, **headers: str) -> Browser:
        """A browser nobody has used yet."""
        browser = Browser(
            transport=httpx2.ASGITransport(app=self.app),
            base_url=self.settings.site_url,
            headers={"Origin": self.settings.site_url, "Sec-Fetch-Site": "same-origin", **headers},
        )
        self._browsers.append(browser)
        return browser

    def closes_later(self, client: httpx2.AsyncClient) -> None:
        """Close this client with the site."""
        self._browsers.append(client)

    async def account(self, who: Someone, password: str = "") -> Account:
        """The account of this person, made if need be."""
        password_hash = await self.app.state.house.passwords.hash(password) if password else None
        async with self.writing() as store:
            return await an_account(store, who, self.clock(), password_hash)

    async def signed_in(self, who: Someone) -> Browser:
        """A browser in which this person is signed in, without going through the sign-in pages."""
        account, token, at = await self.account(who), token_hex(32), self.clock()
        csrf = new_form_token(self.settings.secret.get_secret_value(), account.id)
        async with self.writing() as store:
            await store.sessions.add(
                Session(
                    token_hash=token_hash(token),
                    account_id=account.id,
                    csrf_token=csrf,
                    created_at=at,
                    seen_at=at,
                    expires_at=at + LIFETIMES[account.role].whole,
                    confirmed_at=at,
                )
            )
        browser = self.browser()
        browser.csrf = csrf
        browser.keeps(cookie_name(self.settings), token)
        return browser

    async def everything_kept(self) -> dict[str, list[str]]:
        """Every row of every table, but for the signs of life of sessions and who saw what."""
        async with self.writing() as store:
            kept = {}
            for table in metadata.sorted_tables:
                if table.name not in {"sessions", "events"}:
                    rows = await store.connection.execute(select(table))
                    kept[table.name] = sorted(str(row) for row in rows)
            return kept

    async def errands_done(self) -> None:
        """Wait for what the site does after having answered."""
        for errand in list(self.app.state.house.errands):
            await errand

    async def mailed_links(self) -> Sequence[str]:
        """The tokens of the links mailed so far, the oldest first."""
        await self.errands_done()
        secret = self.settings.secret.get_secret_value()
        async with self.writing() as store:
            letters = [await store.letters.find(letter_id) for letter_id in self.gateway.letters]
        return [token_of(secret, one.link_id) for one in letters if one and one.link_id]


@asynccontextmanager
async def running_site(
    settings: Settings, sql_url: str, *, gateway: Gateway | None = None
) -> AsyncIterator[Site]:
    """The site on this migrated database, with the town of `tests/builders.py`.

    With a real `gateway` the site lives in real time, as its engine does.
    """
    settings = settings.model_copy(update={"database_url": sql_url})
    settings.home.mkdir(parents=True, exist_ok=True)
    recorder, clock = RecordingGateway(), WallClock() if gateway else Clock()
    app = create_app(settings, gateway=gateway or recorder, now=clock)
    async with app.router.lifespan_context(app):
        site = Site(app, settings, recorder, clock, app.state.house.writing)
        async with site.writing() as store:
            await a_town(store)
        try:
            yield site
        finally:
            for browser in site._browsers:
                await browser.aclose()
