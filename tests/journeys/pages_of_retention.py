"""What goes by itself, and children who leave; see `example_pages.py`."""

from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.example import NEW_TOWN, Example
from tests.journeys.reaching import presses

LEAVING = "/agent/familles/<family lena>/enfants/<child lena>/depart"
RETENTION = (
    Example("/admin/donnees/durees/closed", "rien", ADMIN.email),
    Example("/admin/donnees/durees/enrolled", "rien", NEW_TOWN),
    Example("/admin/donnees/durees/letters", "ligne par ligne", ADMIN.email, 404),
    Example(
        "/admin/donnees",
        "numéro inconnu",
        ADMIN.email,
        422,
        presses("Suspendre l’effacement"),
    ),
    Example(LEAVING, "personne n’est parti", SOPHIE.email),
    Example(LEAVING, "sans jour", SOPHIE.email, 422, presses("Noter le départ")),
)
