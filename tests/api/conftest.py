"""The site, and browsers in which somebody is signed in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from storage.sealed import new_key
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site, running_site


@pytest.fixture
async def site(tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """The site of a small town, on one machine."""
    async with running_site(Settings(home=tmp_path / "home"), sql_url) as site:
        yield site


@pytest.fixture
async def https_site(tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """The site as in production."""
    settings = Settings(
        env="production",
        home=tmp_path / "home",
        secret="s" * 40,
        keys=new_key(),
        base_url="https://famille.valbourg.example",
    )
    async with running_site(settings, sql_url) as site:
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
