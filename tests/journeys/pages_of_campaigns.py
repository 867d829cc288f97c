"""The pages about campaigns: all of them, planning one, one that runs, and what is asked before."""

from playwright.sync_api import Page

from deploy.example.valbourg import ADMIN
from tests.journeys.example import NEW_TOWN, Example
from tests.journeys.example_town import Addresses
from tests.journeys.reaching import presses

ALL = "/admin/campagnes"
ONE = f"{ALL}/<campaign running>"


def reads_over(page: Page, _: Addresses) -> None:
    """Everything is filled in: the campaign is shown with its count and its letters."""
    page.get_by_label("Titre").fill("Réinscription 2027-2028")
    page.get_by_label("Démarche").select_option(index=1)
    page.get_by_label("Premier jour").fill("01/03/2099")
    page.get_by_label("Dernier jour").fill("31/05/2099")
    page.get_by_label("Rappel à qui n’a pas commencé").first.fill("15/03/2099")
    page.get_by_role("button", name="Relire avant de confirmer").click()
    page.get_by_role("button", name="Prévoir la campagne").wait_for()


CAMPAIGNS = (
    Example(ALL, "aucune", NEW_TOWN),
    Example(ALL, "deux", ADMIN.email),
    Example(f"{ALL}/nouvelle", "vide", ADMIN.email),
    Example(f"{ALL}/nouvelle", "sans démarche", NEW_TOWN),
    Example(
        f"{ALL}/nouvelle", "à corriger", ADMIN.email, 422, presses("Relire avant de confirmer")
    ),
    Example(f"{ALL}/nouvelle", "à relire", ADMIN.email, after=reads_over),
    Example(ONE, "à mi-chemin", ADMIN.email),
    Example(f"{ALL}/<campaign planned>", "prévue", ADMIN.email),
    Example(f"{ONE}/familles?etape=invited", "pas venues", ADMIN.email),
    Example(f"{ONE}/familles?etape=approved", "aucune", ADMIN.email),
    Example(f"{ONE}/pause", "pause", ADMIN.email),
    Example(f"{ONE}/prolongation", "prolonger", ADMIN.email),
    Example(f"{ONE}/prolongation", "sans jour", ADMIN.email, 422, presses("Prolonger")),
    Example(f"{ONE}/fin", "terminer", ADMIN.email),
)
