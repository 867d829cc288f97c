"""There and back in a real browser: its rules on forms and cookies hold on the way, too."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from domain.tokens import token_of
from settings import Settings
from storage import clock
from storage.migrate import migrate
from storage.store import connect, store_opener
from tests.builders import KEYS, a_town
from tests.fakes import RecordingGateway
from tests.journeys.look import appearance, focus
from tests.provider import Provider, Someone, running_provider
from tests.quotients import quotient_server

T = TypeVar("T")
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Town:
    """A site with FranceConnect on a real port, and the provider."""

    address: str
    provider: Provider
    settings: Settings
    gateway: RecordingGateway
    sql_url: str
    app: FastAPI

    def mailed_link(self) -> str:
        """The address in the last mail."""
        return _awaited(self._mailed_link())

    async def _mailed_link(self) -> str:
        engine = connect(self.sql_url)
        async with store_opener(engine, KEYS)() as store:
            letter = await store.letters.find(self.gateway.letters[-1])
        await engine.dispose()
        assert letter is not None
        assert letter.link_id is not None
        secret = self.settings.secret.get_secret_value()
        return f"{self.address}/activation/{token_of(secret, letter.link_id)}"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    sql_url = f"sqlite+aiosqlite:///{tmp_path / 'town.db'}"
    _awaited(_filled(sql_url))
    with running_provider(clock.now) as provider, quotient_server() as caf, socket.socket() as door:
        caf.consents = provider.names_of_who_allows_a_quotient
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        own = Settings(home=tmp_path / "home", port=port, database_url=sql_url)
        settings = caf.settings(provider.settings(own))
        settings.home.mkdir()
        gateway = RecordingGateway()
        app = create_app(settings, gateway=gateway)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Town(f"http://localhost:{port}", provider, settings, gateway, sql_url, app)
        server.should_exit = True
        thread.join()


def _awaited(asked: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the browser has the loop of this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, asked).result()


async def _filled(sql_url: str) -> None:
    await migrate(sql_url)
    engine = connect(sql_url)
    async with store_opener(engine, KEYS)() as store:
        await a_town(store)
    await engine.dispose()


def test_a_parent_goes_there_and_back_and_leaves_both(browser: Browser, town: Town) -> None:
    town.provider.here = Someone("sub-1")
    with browser.new_context(locale="fr-FR", base_url=town.address) as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type == "error" else None
        )
        page.goto("/connexion")
        assert not appearance(page, [390, 1280])
        _comes_in(page, town)
        page.goto("/compte")
        page.get_by_role("button", name="Se déconnecter").first.click()
        # From now on FranceConnect is enough.
        page.goto("/connexion?suite=/compte")
        page.get_by_role("button", name="S’identifier avec FranceConnect").click()
        page.wait_for_url("**/compte")
        page.get_by_role("button", name="Se déconnecter").first.click()
        page.wait_for_url(f"{town.address}/")
        assert not troubles


def _comes_in(page: Page, town: Town) -> None:
    """Come in by FranceConnect for the first time, and prove the mail address."""
    page.goto("/connexion")
    page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos mails")
    page.goto(town.mailed_link())
    expect(page.get_by_text("Angela Claire DUBOIS")).to_be_visible()
    assert not appearance(page, [390, 1280])
    page.get_by_role("button", name="Continuer sans mot de passe").click()
    page.wait_for_url("**/inscription/**")


def test_a_quotient_is_two_clicks_away_with_france_connect(browser: Browser, town: Town) -> None:
    town.provider.here = Someone("sub-1")
    with browser.new_context(locale="fr-FR", base_url=town.address) as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type == "error" else None
        )
        _comes_in(page, town)
        page.goto("/quotient/caf")
        for width in (320, 390, 1280):
            assert not appearance(page, [width])
            assert not focus(page)
        page.goto("/quotient")
        page.get_by_role("link", name="Récupérer mon quotient").click()
        page.get_by_role("button", name="Récupérer mes données avec FranceConnect").click()
        expect(page.get_by_text("Votre quotient est repris : 2550\u00a0€.")).to_be_visible()
        expect(page.get_by_role("heading", name="2550\u00a0€")).to_be_visible()
        assert not appearance(page, [320, 390, 1280])
        house = town.app.state.house
        without = house.settings.model_copy(update={"franceconnect_quotient": False})
        town.app.state.house = replace(house, settings=without)
        page.goto("/quotient/caf")
        for width in (320, 390, 1280):
            assert not appearance(page, [width])
            assert not focus(page)
        assert not troubles
