"""There and back in a real browser: its rules on forms and cookies hold on the way, too."""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from api.app import create_app
from domain.tokens import token_of
from settings import Settings
from storage import clock
from storage.migrate import migrate
from storage.store import connect, store_opener
from tests.builders import KEYS, a_town
from tests.fakes import RecordingGateway
from tests.journeys.look import appearance
from tests.provider import Provider, Someone, running_provider

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
    with running_provider(clock.now) as provider, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        settings = provider.settings(
            Settings(home=tmp_path / "home", port=port, database_url=sql_url)
        )
        settings.home.mkdir()
        gateway = RecordingGateway()
        app = create_app(settings, gateway=gateway)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Town(f"http://localhost:{port}", provider, settings, gateway, sql_url)
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
        page.get_by_role("button", name="S’identifier avec FranceConnect").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos mails")
        page.goto(town.mailed_link())
        expect(page.get_by_text("Angela Claire DUBOIS")).to_be_visible()
        assert not appearance(page, [390, 1280])
        page.get_by_role("button", name="Continuer sans mot de passe").click()
        page.goto("/compte")
        page.get_by_role("button", name="Se déconnecter").first.click()
        # From now on FranceConnect is enough.
        page.goto("/connexion?suite=/compte")
        page.get_by_role("button", name="S’identifier avec FranceConnect").click()
        page.wait_for_url("**/compte")
        page.get_by_role("button", name="Se déconnecter").first.click()
        page.wait_for_url(f"{town.address}/")
        assert not troubles
