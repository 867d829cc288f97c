"""A whole town and a real browser, shared by the journeys of one run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.person import Person
from tests.town import RunningTown, wait_until

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=fr-FR"]
FILLED = "La ville d’exemple est remplie"


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Debian's chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def valbourg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    """The example town without its example dossiers."""
    with RunningTown(tmp_path_factory.mktemp("valbourg") / "home") as town:
        yield town


@pytest.fixture(scope="session")
def example_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    """The example town once its families have told their stories."""
    home = tmp_path_factory.mktemp("example") / "home"
    with RunningTown(home, with_examples=True) as town:
        wait_until(lambda: FILLED in town.screen, seconds=120, what="the town is filled")
        yield town


@pytest.fixture
def someone(browser: Browser, valbourg: RunningTown) -> Iterator[Callable[..., Person]]:
    """Make a person with a browser of their own; closed at the end."""
    people: list[Person] = []

    def make(*, width: int = 1280, scripts: bool = True) -> Person:
        person = Person.with_browser(browser, valbourg.base_url, width=width, scripts=scripts)
        people.append(person)
        return person

    yield make
    for person in people:
        person.closes()
