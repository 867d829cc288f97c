"""How the town's people come in, and who they are, in every state; see `example_pages.py`."""

import re

from playwright.sync_api import Page

from deploy.example.families import CLAIRE
from deploy.example.valbourg import ADMIN, KARIM, SOPHIE
from domain.deadlines import paris_day
from storage.clock import now
from tests.journeys.example import NEW_TOWN, SETTLED, WITH_TELEPHONE, WITHOUT_TELEPHONE, Example
from tests.journeys.example_town import Addresses
from tests.journeys.reaching import presses, types
from tests.journeys.telephones import Telephone

_AGENTS = "/admin/agents"
_SEND = "Envoyer l’invitation"


def invites_somebody(page: Page, _: Addresses) -> None:
    """An invitation is on its way: the list shows it."""
    page.get_by_label("Adresse mail professionnelle").fill("sacha.invite@valbourg.example")
    page.get_by_label("Prénom et nom").fill("Sacha-Maximilienne de La Rochefoucauld")
    page.get_by_label("Agent", exact=True).check()
    page.get_by_label("Voir et traiter les dossiers").first.check()
    _press(page, _SEND)


def sends_karim_away(page: Page, _: Addresses) -> None:
    """Karim is away from today, and Sophie stands in."""
    page.get_by_role("link", name=KARIM.name).click()
    page.locator("summary", has_text="Noter une absence").click()
    today = f"{paris_day(now()):%d/%m/%Y}"
    page.get_by_label("Premier jour").fill(today)
    page.get_by_label("Dernier jour").fill(today)
    page.get_by_label("Qui remplace").select_option(label=f"{SOPHIE.name}, {SOPHIE.title}")
    _press(page, "Noter l’absence")


def links_it(page: Page, _: Addresses) -> None:
    """A telephone is linked: the recovery codes are shown."""
    secret = page.locator("#cle").input_value().replace(" ", "")
    page.get_by_label("Code à 6 chiffres").fill(Telephone(secret).code())
    _press(page, "Relier ce téléphone")


def _press(page: Page, button: str | re.Pattern[str]) -> None:
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=button).first.click()


ACCOUNTS = (
    Example("/connexion/second-facteur", "téléphone à relier", WITHOUT_TELEPHONE),
    Example(
        "/connexion/second-facteur",
        "code faux",
        WITHOUT_TELEPHONE,
        422,
        types({"Code à 6 chiffres": "000000"}, "Relier ce téléphone"),
    ),
    Example("/connexion/second-facteur", "relié", WITHOUT_TELEPHONE, after=links_it),
    Example("/connexion/code", "demandé", WITH_TELEPHONE),
    Example("/connexion/code", "faux", WITH_TELEPHONE, 422, types({"Code": "000000"}, "Entrer")),
    Example("/compte/second-facteur", "aucun téléphone", CLAIRE.email),
    Example("/compte/second-facteur", "agent, aucun téléphone", SOPHIE.email),
    Example("/compte/second-facteur/telephone", "rien à relier", SOPHIE.email),
    Example("/compte/second-facteur", "relié", SETTLED),
    Example("/compte/second-facteur", "changer sans code", SETTLED, 422, presses("Continuer")),
    Example("/compte/absences", "aucune", SOPHIE.email),
    Example("/compte/absences", "sans jour", SOPHIE.email, 422, presses("Noter l’absence")),
    Example(_AGENTS, "les agents", ADMIN.email),
    Example(f"{_AGENTS}/inviter", "vide", ADMIN.email),
    Example(
        f"{_AGENTS}/inviter", "rien d’écrit", ADMIN.email, 422, presses("Envoyer l’invitation")
    ),
    Example(f"{_AGENTS}/inviter", "invitation partie", NEW_TOWN, after=invites_somebody),
    Example(f"{_AGENTS}/<agent agent>", "un agent", ADMIN.email),
    Example(f"{_AGENTS}/<agent admin>", "soi-même", ADMIN.email),
    Example(f"{_AGENTS}/telephone-perdu", "vide", ADMIN.email),
    Example(
        f"{_AGENTS}/telephone-perdu",
        "sans adresse",
        ADMIN.email,
        422,
        presses("Détacher son téléphone"),
    ),
    Example(f"{_AGENTS}/inconnu", "introuvable", ADMIN.email, 404),
    Example(_AGENTS, "une absence", NEW_TOWN, after=sends_karim_away),
)
