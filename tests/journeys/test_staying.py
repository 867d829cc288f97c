"""The end of a session in a real browser: said before, said after, and nothing typed is lost."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from storage.clock import now
from tests.journeys.person import Person
from tests.journeys.stories import CONTINUE, PASSWORD, comes_in_for_the_first_time
from tests.town import RunningTown

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
_LAST_SEEN = """update sessions set seen_at = ?
where created_at = (select max(created_at) from sessions)"""


def _left_alone(town: RunningTown, minutes: int) -> None:
    """Whoever came in last was last seen so long ago."""
    seen = now() - timedelta(minutes=minutes)
    with closing(sqlite3.connect(town.home / "ribambelle.db")) as database, database:
        database.execute(_LAST_SEEN, (f"{seen:%Y-%m-%d %H:%M:%S.%f}",))


def _signs_in_again(person: Person, email: str) -> None:
    person.sees("Votre session est terminée")
    person.types("Adresse mail", email)
    person.types(re.compile("Mot de passe"), PASSWORD)
    person.presses("Continuer")


def test_somebody_is_warned_stays_and_after_the_end_finds_what_they_typed(
    someone: Someone, valbourg: RunningTown
) -> None:
    parent, email = someone(), "absente@exemple.fr"
    parent.page.clock.install()
    comes_in_for_the_first_time(parent, email)
    parent.presses("Commencer")
    warning = parent.page.locator(".session-end")
    expect(warning.get_by_role("button", name="Rester connecté")).to_be_hidden()
    # The script counts from here on.
    expect(parent.page.locator("[data-session-words]")).to_have_count(0)

    _left_alone(valbourg, minutes=56)
    parent.page.clock.fast_forward("56:00")
    # Looked at, never loaded again: that would be a sign of life.
    said = warning.get_by_role("status")
    expect(said).to_contain_text("Votre session se termine dans 4")
    parent.looks()
    warning.get_by_role("button", name="Rester connecté").click()
    expect(warning.get_by_role("status")).to_be_empty()

    parent.types("Votre prénom", "Zéphyrine")
    _left_alone(valbourg, minutes=61)
    parent.page.clock.fast_forward("01:00:30")
    expect(said).to_contain_text("Votre session est terminée")
    parent.presses(CONTINUE)
    _signs_in_again(parent, email)
    parent.sees("Voici ce que vous aviez écrit")
    assert parent.page.get_by_label("Votre prénom").input_value() == "Zéphyrine"
    parent.looks()


def test_without_scripts_what_is_sent_too_late_waits_as_well(
    someone: Someone, valbourg: RunningTown
) -> None:
    parent, email = someone(scripts=False), "absente-sans-script@exemple.fr"
    comes_in_for_the_first_time(parent, email)
    parent.presses("Commencer")
    parent.sees("vous serez déconnecté")
    parent.types("Votre prénom", "Zéphyrine")
    _left_alone(valbourg, minutes=61)
    parent.presses(CONTINUE)
    _signs_in_again(parent, email)
    assert parent.page.get_by_label("Votre prénom").input_value() == "Zéphyrine"
