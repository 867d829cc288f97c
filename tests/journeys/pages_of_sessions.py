"""What one sees of one’s own sessions and address, in every state; see `example_pages.py`."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page

from deploy.example.families import CLAIRE, JULIEN, LUCAS, THOMAS
from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.example import NEWCOMER, Example
from tests.journeys.example_town import Addresses
from tests.journeys.person import mail_about
from tests.journeys.reaching import presses, types

_ADDRESS = "/compte/adresse"
_COUNTER = "/agent/familles/<family tom>/nouvelle-adresse"


def asks_for_another_address(page: Page, _: Addresses) -> None:
    """Both mails have left."""
    _asks(page, "une.nouvelle.adresse.assez.longue@exemple.fr")


def opens_its_link(page: Page, _: Addresses) -> None:
    """The mail at the new address leads to a page of its own."""
    _opens(page, "lucas.ailleurs@exemple.fr")


def agrees(page: Page, _: Addresses) -> None:
    """The new mailbox has said yes, and the old one has not."""
    _opens(page, "thomas.ailleurs@exemple.fr")
    _press(page, "Oui, c’est moi")


def is_asked_who_it_is(page: Page, addresses: Addresses) -> None:
    """A quarter of an hour after having signed in, somebody does what counts."""
    addresses.everybody_confirmed("2020-01-01 00:00:00.000000")
    page.get_by_label("À quoi servira-t-il ?").fill("Logiciel de cantine")
    _press(page, "Créer le jeton")
    addresses.everybody_confirmed()


def _asks(page: Page, email: str) -> None:
    page.get_by_label("Nouvelle adresse mail").fill(email)
    _press(page, "Envoyer les deux mails")


def _opens(page: Page, email: str) -> None:
    _asks(page, email)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    page.goto(mail_about(origin, email, "Utiliser cette adresse")["links"][0])


def _press(page: Page, button: str | re.Pattern[str]) -> None:
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=button).first.click()


SESSIONS = (
    Example("/compte/securite", "sans mot de passe", NEWCOMER),
    Example("/compte/securite", "avec mot de passe", CLAIRE.email),
    Example("/compte/securite", "agent", SOPHIE.email),
    Example("/compte/securite", "admin", ADMIN.email),
    Example(
        "/compte/securite",
        "mot de passe faux",
        THOMAS.email,
        422,
        types(
            {"Mot de passe actuel": "faux", "Nouveau mot de passe": "court"},
            "Changer de mot de passe",
        ),
    ),
    Example(_ADDRESS, "vide", CLAIRE.email),
    Example(_ADDRESS, "agent", SOPHIE.email),
    Example(_ADDRESS, "rien d’écrit", CLAIRE.email, 422, presses("Envoyer les deux mails")),
    Example(_ADDRESS, "deux mails partis", JULIEN.email, after=asks_for_another_address),
    Example(_ADDRESS, "lien ouvert", LUCAS.email, after=opens_its_link),
    Example(_ADDRESS, "un accord sur deux", THOMAS.email, after=agrees),
    Example("/adresse/coupe", "lien coupé", status=404),
    Example("/admin/acces", "qui est là", ADMIN.email, 403, is_asked_who_it_is),
    Example(_COUNTER, "vide", SOPHIE.email),
    Example(_COUNTER, "rien de choisi", SOPHIE.email, 422, presses("Changer l’adresse")),
)
