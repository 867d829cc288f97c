"""The site, and browsers in which somebody is signed in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from storage.migrate import migrate
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site, running_site


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with today's tables and nothing in it; each test copies it."""
    settings = Settings(home=tmp_path_factory.mktemp("migrated"))
    asyncio.run(migrate(settings.sql_url))
    return settings.home / "ribambelle.db"


@pytest.fixture
async def site(tmp_path: Path, migrated_database: Path) -> AsyncIterator[Site]:
    """The site of a small town, on one machine."""
    async with running_site(Settings(home=tmp_path / "home"), migrated_database) as site:
        yield site


@pytest.fixture
async def as_parent(site: Site) -> Browser:
    """Claire, a parent, signed in."""
    return await site.signed_in(CLAIRE)


@pytest.fixture
async def as_agent(site: Site) -> Browser:
    """Nadia, an agent of the schools department, signed in."""
    return await site.signed_in(AGENT)


@pytest.fixture
async def as_admin(site: Site) -> Browser:
    """Ana, an admin, signed in."""
    return await site.signed_in(ADMIN)


@pytest.fixture
def answering(site: Site) -> Site:
    """A site whose engine answers to documents given and taken away."""
    for action in (Action.ADD_DOCUMENT, Action.REMOVE_DOCUMENT):
        site.gateway.outcomes[action] = Outcome(applied=True, state=State.DRAFT)
    return site
