"""The pages about the health of children, and about court rulings; see `example_pages.py`."""

from deploy.example.families import CLAIRE, SARAH
from deploy.example.sharing import ANTOINE
from deploy.example.valbourg import ACCUEIL, SOPHIE
from tests.journeys.example import Example
from tests.journeys.reaching import presses, types

LENA = "/famille/enfants/<child lena>/sante"
ZOE = "/famille/enfants/<child zoe>/sante"
RULINGS = "/agent/dossiers/<dossier sofia>/jugements"

HEALTH = (
    Example(LENA, "remplie, sans le PAI", CLAIRE.email),
    Example(LENA, "lue par l’autre parent", ANTOINE.email),
    Example(LENA, "d’une autre famille", SARAH.email, 404),
    Example(ZOE, "pas encore remplie", SARAH.email),
    Example(f"{LENA}/modifier", "à corriger", CLAIRE.email),
    Example(f"{ZOE}/modifier", "vide", SARAH.email),
    Example(f"{ZOE}/modifier", "sans réponse", SARAH.email, 422, presses("Enregistrer")),
    Example(f"{LENA}/vaccins", "quelques dates", CLAIRE.email),
    Example("/agent/familles/<family lena>/enfants/<child lena>/sante", "remplie", SOPHIE.email),
    Example("/agent/familles/<family zoe>/enfants/<child zoe>/sante", "manquante", SOPHIE.email),
    Example(
        "/agent/familles/<family lena>/enfants/<child lena>/sante", "sans droit", ACCUEIL.email, 404
    ),
    Example(RULINGS, "une décision", SOPHIE.email),
    Example("/agent/dossiers/<dossier lena>/jugements", "aucune", SOPHIE.email),
    Example(RULINGS, "rien de dit", SOPHIE.email, 422, presses("Voir ce que cela change")),
    Example(
        RULINGS,
        "ce que cela change",
        SOPHIE.email,
        after=types(
            {"Jour": "2", "Mois": "11", "Année": "2026"},
            "Voir ce que cela change",
            ticking="checkbox",
        ),
    ),
)
