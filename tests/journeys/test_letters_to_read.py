"""Every letter as a mail program shows it: accessible, narrow, in the light and in the dark."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from storage.letters import Letter
from tests.databases import SqliteFiles
from tests.journeys.look import HEIGHT, accessibility, geometry
from tests.letters import LINKS, MISSING, PERSONAL, STATES, a_dossier, templates, the_letter
from tests.mail_server import MailServer, running_mail_server
from tests.office import NOW, an_office

pytestmark = pytest.mark.browser

LONG_NAME = "Maximilienne-Alexandrine"
SCREENS: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", 320),
    ("light", 1280),
    ("dark", 390),
)


async def every_letter(sql_url: str, folder: Path, mail: MailServer) -> Mapping[str, Letter]:
    """One of each kind, as long as it gets."""
    written = {}
    async with an_office(sql_url, folder, mail) as office:
        for kind in STATES:
            dossier = await a_dossier(office, kind, name=LONG_NAME)
            written[kind] = await the_letter(office, dossier, kind, MISSING)
        for kind, facts in LINKS.items():
            async with office.open_store() as store:
                letter_id = await office.writer.access_link(
                    store, "claire@exemple.fr", known=True, at=NOW, kind=kind, **facts
                )
            written[kind] = await office.letter(letter_id)
        for kind, told in PERSONAL.items():
            async with office.open_store() as store:
                letter_id = await office.writer.to_person(
                    store, office.claire, kind, path="/compte", at=NOW, **told
                )
            written[kind] = await office.letter(letter_id)
    return written


def everything_written(folder: Path) -> Mapping[str, Letter]:
    with SqliteFiles(folder).empty(folder) as sql_url, running_mail_server() as mail:
        return asyncio.run(every_letter(sql_url, folder, mail))


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Letter]:
    # In a thread: the browser keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(everything_written, tmp_path_factory.mktemp("letters")).result()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        yield context.new_page()


def test_the_letters_looked_at_are_all_there_are(letters: Mapping[str, Letter]) -> None:
    assert letters.keys() == templates()


@pytest.mark.parametrize("kind", sorted(templates()))
def test_a_letter_can_be_read_on_any_screen(
    page: Page, letters: Mapping[str, Letter], kind: str
) -> None:
    found = []
    for scheme, width in SCREENS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        page.set_content(letters[kind].html)
        found += [f"{scheme}, {width} px: {one}" for one in (*accessibility(page), *geometry(page))]
    assert not found, "\n".join(found)
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("a").count() == 1
