"""Images of children, texts to accept, the town's forms; see `example_pages.py`."""

from playwright.sync_api import Page

from deploy.example.families import CLAIRE, NADIA, SARAH
from deploy.example.homes import FATOU
from deploy.example.sharing import ANTOINE
from deploy.example.valbourg import ADMIN, LILAS, SOPHIE
from tests.journeys.example import NEW_TOWN, NEWCOMER, Example
from tests.journeys.example_town import Addresses
from tests.journeys.reaching import presses, types

LENA = "/famille/enfants/<child lena>/autorisations"
MOUSSA = "/famille/enfants/<known Moussa>/autorisations"
NEW = "/admin/textes/house_rules/nouvelle"
FORMS = "/admin/formulaires"


def _allows_and_takes_back(page: Page, _: Addresses) -> None:
    """Nobody else looks at this child: a yes, and a no after it."""
    page.get_by_label("Photo ou vidéo de groupe").first.check()
    for button in ("Enregistrer mes choix", "Retirer : Affichage"):
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("button", name=button).first.click()


def _saves_what_changed_elsewhere(page: Page, _: Addresses) -> None:
    page.locator("main input[name=version]").evaluate("field => { field.value = '999' }")
    page.get_by_label("Photo ou vidéo de groupe").nth(1).check()
    presses("Enregistrer mes choix")(page, _)


AGREEMENTS = (
    Example(LENA, "deux accords, l’autre parent se tait", CLAIRE.email),
    Example(LENA, "de l’autre parent, rien de dit", ANTOINE.email),
    Example(LENA, "changé ailleurs", ANTOINE.email, 409, _saves_what_changed_elsewhere),
    Example(LENA, "d’une autre famille", NADIA.email, 404),
    Example(MOUSSA, "un accord retiré", FATOU.email, after=_allows_and_takes_back),
    Example("/reglements", "accepté", CLAIRE.email),
    Example("/reglements", "à accepter", SARAH.email),
    Example("/reglements", "nouvelle famille", NEWCOMER),
    Example("/accueil", "un texte à accepter", SARAH.email),
    Example("/reglements/<text house_rules>", "accepté", CLAIRE.email),
    Example("/reglements/<text house_rules>", "à accepter", SARAH.email),
    Example("/reglements/<text house_rules>", "pas coché", SARAH.email, 422, presses("Accepter")),
    Example("/reglements/<text image_notice>", "à lire", CLAIRE.email),
    Example("/agent/droit-image", "les écoles", SOPHIE.email),
    Example(f"/agent/droit-image/{LILAS}", "une liste", SOPHIE.email),
    Example(f"/agent/droit-image/{'0' * 32}", "aucune école", SOPHIE.email, 404),
    Example("/admin/textes", "publiés", ADMIN.email),
    Example("/admin/textes", "aucun", NEW_TOWN),
    Example("/admin/textes/house_rules/1", "en vigueur", ADMIN.email),
    Example(NEW, "d’après la dernière", ADMIN.email),
    Example(
        NEW,
        "un jour passé",
        ADMIN.email,
        422,
        types({"À partir du": "01/01/2020"}, "Voir avant de publier"),
    ),
    Example(NEW, "avant de publier", ADMIN.email, after=presses("Voir avant de publier")),
    Example(FORMS, "aucun", ADMIN.email),
    Example(FORMS, "sans fichier", ADMIN.email, 422, presses("Joindre")),
)
