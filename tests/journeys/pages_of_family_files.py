"""The family's own file, and the pages that change one thing of it."""

from playwright.sync_api import Page

from deploy.example.families import CLAIRE, NADIA
from deploy.example.homes import FATOU
from deploy.example.sharing import ANTOINE
from tests.journeys.example import NEWCOMER, Example
from tests.journeys.example_town import Addresses
from tests.journeys.reaching import presses, types

LENA = "/famille/enfants/<child lena>"
AWA = "/famille/enfants/<known Awa>"


def _asks_again(page: Page, _: Addresses) -> None:
    page.get_by_label("Sa classe").select_option("cm1")
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Envoyer").click()


FAMILY_FILES = (
    Example("/famille", "inconnue", NEWCOMER),
    Example("/famille", "un enfant", CLAIRE.email),
    Example("/famille", "quatre enfants, un changement attend", FATOU.email),
    Example("/famille", "deux foyers", ANTOINE.email),
    Example("/accueil", "quatre enfants", FATOU.email),
    Example(LENA, "fiche", CLAIRE.email),
    Example(LENA, "de l’autre parent", ANTOINE.email),
    Example(LENA, "d’une autre famille", NADIA.email, 404),
    Example(AWA, "un changement attend", FATOU.email),
    Example("/famille/changer/adresse", "rempli", CLAIRE.email),
    Example("/famille/changer/adresse", "rien de changé", CLAIRE.email, 422, presses("Continuer")),
    Example("/famille/changer/coordonnees", "rempli", CLAIRE.email),
    Example(
        "/famille/changer/coordonnees",
        "faux",
        CLAIRE.email,
        422,
        types({"Votre téléphone": "abc"}, "Envoyer"),
    ),
    Example("/famille/changer/payeur", "rempli", CLAIRE.email),
    Example("/famille/changer/identite", "rempli", CLAIRE.email),
    Example(f"{LENA}/changer/contacts", "vide", CLAIRE.email),
    Example(f"{LENA}/changer/garde", "vide", CLAIRE.email),
    Example(f"{LENA}/changer/identite", "rempli", CLAIRE.email),
    Example(f"{AWA}/changer/ecole", "déjà demandé", FATOU.email),
    Example(
        f"{AWA}/changer/ecole",
        "demandé deux fois",
        FATOU.email,
        409,
        _asks_again,
    ),
)
