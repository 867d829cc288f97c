"""How a browser comes to the states that no address shows: wrong forms, lost races, full stores.

Each is used as `after` of an `Example`: the page is open, and when it returns the state is shown.
None of them changes what another example shows.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing

from playwright.sync_api import Page

from tests.journeys.example_town import Addresses

After = Callable[[Page, Addresses], None]

_SUBMITTED = "document.querySelector('main form[method=post]')"
_TOO_MANY_LETTERS = 1_200_000
_ATTEMPTS = 6


def presses(button: str | re.Pattern[str], *, unfolding: str = "") -> After:
    """Press a button of the page; `unfolding` is what hides it, if anything does."""

    def _after(page: Page, _: Addresses) -> None:
        if unfolding:
            fold = page.locator("details", has_text=unfolding).first
            fold.evaluate("fold => { fold.open = true }")
        _press(page, button)

    return _after


def types(fields: Mapping[str, str], button: str, *, ticking: str = "") -> After:
    """Fill in fields by their labels, tick the first box of a kind, and press the button."""

    def _after(page: Page, _: Addresses) -> None:
        for label, text in fields.items():
            page.get_by_label(label).first.fill(text)
        if ticking:
            page.locator(f"main input[type={ticking}]").first.check()
        _press(page, button)

    return _after


def tries_six_passwords(page: Page, _: Addresses) -> None:
    """One more than may be tried on one address in five minutes."""
    for _attempt in range(_ATTEMPTS):
        page.get_by_label("Adresse mail").fill("forcee@exemple.fr")
        page.get_by_label("Mot de passe").fill("faux")
        _press(page, "Continuer")


def asks_for_a_link(page: Page, _: Addresses) -> None:
    """Without a password: a link leaves by mail."""
    page.get_by_label("Adresse mail").fill("lien-parti@exemple.fr")
    _press(page, "Continuer")


def sends_a_form_of_yesterday(page: Page, _: Addresses) -> None:
    """The session is over: the form’s token is that of nobody."""
    _set(page, "csrf", "0" * 64)
    _press(page, "Continuer")


def sends_after_the_session(page: Page, _: Addresses) -> None:
    """The session was over when the page was sent; it is there again for the next page."""
    cookies = page.context.cookies()
    page.context.clear_cookies()
    _send(page)
    page.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]


def sends_a_page_from_before(page: Page, _: Addresses) -> None:
    """The page was drawn for the session before this one, of the same person."""
    token = page.locator("main input[name=csrf]").first.input_value()
    _set(page, "csrf", token[:16] + "0" * 48)
    _send(page)


def sends_what_changed_elsewhere(page: Page, _: Addresses) -> None:
    """Another tab has kept other answers since this page was opened."""
    _set(page, "version", "0")
    for field in page.locator("main input[type=text]").all()[:1]:
        field.fill("Yasmina")
    _send(page)


def lets_a_program_in(page: Page, _: Addresses) -> None:
    """A token for a program, which is shown once."""
    page.get_by_label("À quoi servira-t-il ?").fill("Logiciel de cantine")
    page.locator("input[name=scopes]").first.check()
    page.get_by_label("30 jours").check()
    for everybody in page.get_by_label("Tous les services").all():
        everybody.check()
    _press(page, "Créer le jeton")


def sends_too_much(page: Page, _: Addresses) -> None:
    """A form larger than any form of the portal."""
    _set(page, "first_name", "x" * _TOO_MANY_LETTERS)
    _send(page)


def sends_what_cannot_be_kept(page: Page, addresses: Addresses) -> None:
    """Another program holds the database for longer than the site waits."""
    database = sqlite3.connect(addresses.home / "ribambelle.db", isolation_level=None)
    with closing(database):
        database.execute("begin exclusive")
        _send(page)


def gives_up_too_late(page: Page, addresses: Addresses) -> None:
    """The form of one’s own dossier, sent to that of somebody else."""
    _redirect(page, addresses.filled_in("/dossiers/<dossier lena>/retirer"))
    _send(page)


def asks_for_nothing(page: Page, _: Addresses) -> None:
    """A complement is asked for without a word."""
    page.locator("summary", has_text="Demander un complément").click()
    _press(page, "Envoyer et passer au suivant")


def decides_what_is_decided(dossier: str) -> After:
    """The desk of an open dossier sends its approval to one that a colleague has decided."""

    def _after(page: Page, addresses: Addresses) -> None:
        _redirect(page, addresses.filled_in(f"/agent/dossiers/{dossier}/valider"), "valider")
        _press(page, re.compile("^Valider"))

    return _after


def decides_what_was_changed(page: Page, _: Addresses) -> None:
    """The family has changed its answers since the desk was opened."""
    for field in page.locator("input[name=version]").all():
        field.evaluate("field => { field.value = '0' }")
    _press(page, re.compile("^Valider"))


def _press(page: Page, button: str | re.Pattern[str]) -> None:
    exact = isinstance(button, str)
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=button, exact=exact).first.click()


def _send(page: Page) -> None:
    with page.expect_navigation(wait_until="load"):
        page.evaluate(f"() => {_SUBMITTED}.submit()")


def _set(page: Page, name: str, value: str) -> None:
    page.evaluate(
        f"([name, value]) => {{ {_SUBMITTED}.elements[name].value = value }}", [name, value]
    )


def _redirect(page: Page, action: str, form: str = "") -> None:
    """Have the first form of the page, or the one whose address ends so, go somewhere else."""
    ending = f"[action$={form}]" if form else ""
    page.locator(f"main form[method=post]{ending}").first.evaluate(
        "(form, action) => { form.action = action }", action
    )
