"""A site beside a FranceConnect of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from settings import Settings
from tests.provider import Provider, running_provider
from tests.site import Clock, Site, running_site


@pytest.fixture
def clock() -> Clock:
    """The provider's clock, until there is a site to follow."""
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Iterator[Provider]:
    """A FranceConnect on a free port."""
    with running_provider(clock) as provider:
        yield provider


@pytest.fixture
async def site(tmp_path: Path, sql_url: str, provider: Provider) -> AsyncIterator[Site]:
    """A site that is set to that provider; both have one clock."""
    settings = provider.settings(Settings(home=tmp_path / "home"))
    async with running_site(settings, sql_url) as site:
        provider.clock = site.clock
        yield site
