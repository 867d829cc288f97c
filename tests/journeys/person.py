"""A person in front of a browser: reads, types, chooses, and every activation is counted.

The counting rule is that of the flows' budget: one activation is 1, picking files is 2 (button and
file), choosing in a list is 1; typing, scrolling and signing in with a password are 0.
"""

import json
import re
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.hands import Finger, Mouse
from tests.journeys.look import appearance, focus


@dataclass
class Person:
    """One browser of one person. `sees` fails with what the page shows instead."""

    context: BrowserContext
    base_url: str
    page: Page
    scripts: bool = True
    hands: Mouse = field(default_factory=Mouse)
    clicks: int = 0

    @classmethod
    def with_browser(
        cls,
        browser: Browser,
        base_url: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        hands: Mouse | None = None,
    ) -> "Person":
        """A new browser; with a touch screen for a `Finger`."""
        hands = hands or Mouse()
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=scripts,
            has_touch=isinstance(hands, Finger),
        )
        context.set_default_timeout(15_000)
        return cls(context, base_url, context.new_page(), scripts, hands)

    # What a person does ---------------------------------------------------------------------------

    def goes_to(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else f"{self.base_url}{address}")

    def presses(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Activate a button or a link by its name."""
        place = within or self.page
        control = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        self.hands.activates(control.first)
        self.clicks += 1

    def types(self, label: str | re.Pattern[str], text: str) -> None:
        field = self.page.get_by_label(label, exact=isinstance(label, str)).first
        self.hands.writes(field, text)

    def chooses(self, question: str | re.Pattern[str], answer: str | re.Pattern[str]) -> None:
        """Choose among radio buttons."""
        group = self.page.get_by_role("group", name=question).or_(
            self.page.get_by_role("radiogroup", name=question)
        )
        self.ticks(group.first.get_by_label(answer, exact=isinstance(answer, str)))

    def ticks(self, box: Locator) -> None:
        """Tick the first of these boxes."""
        self.hands.ticks(box.first)
        self.clicks += 1

    def unfolds(self, words: str) -> None:
        """Open what is folded under these words."""
        self.hands.activates(self.page.locator("summary", has_text=words).first)
        self.clicks += 1

    def selects(self, label: str | re.Pattern[str], option: str) -> None:
        """Choose in a list."""
        choices = self.page.get_by_label(label, exact=isinstance(label, str)).first
        self.hands.selects(choices, option)
        self.clicks += 1

    def picks_files(self, within: Locator, *files: Path) -> None:
        """Give files to the file field of a card."""
        self.hands.picks(within.locator("input[type=file]"), files)
        self.clicks += 2

    # What a person sees ---------------------------------------------------------------------------

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=15_000)

    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    def path(self) -> str:
        return "/" + self.page.url.removeprefix(self.base_url).lstrip("/")

    def waits_for(self, text: str, *, seconds: float = 30) -> None:
        """Look at the same page again until it says so."""
        limit = time.monotonic() + seconds
        while text not in plain(self.page.locator("body").inner_text()):
            if time.monotonic() > limit:
                shown = self.page.locator("body").inner_text()
                raise AssertionError(f"{text!r} never came on {self.page.url}:\n{shown}")
            time.sleep(0.3)
            self.page.reload()

    def looks(self) -> None:
        """See a page that no example of `example_pages.py` shows, as everybody must be able to."""
        found = [*appearance(self.page), *focus(self.page)]
        assert not found, "\n".join(found)

    def closes(self) -> None:
        self.context.close()


def plain(text: str) -> str:
    """The words without French no-break spaces and line breaks."""
    return re.sub(r"\s+", " ", text)


def mails_to(base_url: str, address: str) -> list[dict[str, Any]]:
    """What the mail catcher holds for this address, newest first."""
    with urllib.request.urlopen(f"{base_url}/dev/letters.json", timeout=10) as answer:
        return [mail for mail in json.load(answer) if address in mail["to"]]


def mail_about(base_url: str, address: str, words: str, *, seconds: float = 40) -> dict[str, Any]:
    """Wait for a mail whose subject has these words."""
    limit = time.monotonic() + seconds
    while True:
        for mail in mails_to(base_url, address):
            if words in plain(mail["subject"]):
                return {**mail, "text": plain(mail["text"])}
        subjects = [mail["subject"] for mail in mails_to(base_url, address)]
        assert time.monotonic() < limit, f"no mail about {words!r} to {address}: {subjects}"
        time.sleep(0.3)
