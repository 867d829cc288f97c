"""What families keep and declare, and what agents approve together; see `example_pages.py`."""

from deploy.example.families import CLAIRE
from deploy.example.sharing import ANTOINE
from deploy.example.valbourg import SOPHIE
from tests.journeys.example import NEWCOMER, Example
from tests.journeys.reaching import presses, types

_READY = "/agent/dossiers?file=prets-a-valider"

WALLETS = (
    Example("/documents", "aucun", NEWCOMER),
    Example("/documents", "une pièce expirée", CLAIRE.email),
    Example("/documents", "donnés par l’autre parent", ANTOINE.email),
    Example("/quotient", "aucun", NEWCOMER),
    Example("/quotient", "à vérifier", CLAIRE.email),
    Example("/quotient", "rien d’écrit", NEWCOMER, 422, presses("Enregistrer mon quotient")),
    Example(
        "/quotient",
        "mois à venir",
        NEWCOMER,
        422,
        types(
            {"Quotient familial, en euros": "612", "Mois de ce quotient": "12/2099"},
            "Enregistrer mon quotient",
        ),
    ),
    Example("/agent/familles/<family lena>", "quotient à vérifier", SOPHIE.email),
    Example(_READY, "à cocher", SOPHIE.email),
    Example(_READY, "rien de coché", SOPHIE.email, after=presses("Valider les dossiers cochés")),
)
