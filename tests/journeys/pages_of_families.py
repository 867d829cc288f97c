"""The pages about families known before the portal, and about those known twice."""

from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.example import NEW_TOWN, Example
from tests.journeys.reaching import presses

LISTS = "/admin/familles"
TWICE = "/agent/doublons"

FAMILIES = (
    Example(LISTS, "aucune liste", NEW_TOWN),
    Example(LISTS, "sans fichier", ADMIN.email, 422, presses("Essayer la liste")),
    Example(f"{LISTS}/listes/<list checked>", "essayée", ADMIN.email),
    Example(f"{LISTS}/listes/<list applied>", "importée", ADMIN.email),
    Example(f"{LISTS}/listes/<list checking>", "à l’essai", ADMIN.email),
    Example(f"{LISTS}/courriers", "personne à qui écrire", NEW_TOWN),
    Example(f"{LISTS}/courriers", "à envoyer", ADMIN.email),
    Example(TWICE, "à vérifier", SOPHIE.email),
    Example(f"{TWICE}/<family lena>/<family noe>", "à comparer", SOPHIE.email),
    Example(
        f"{TWICE}/<family lena>/<family noe>",
        "rien de choisi",
        SOPHIE.email,
        422,
        presses("Réunir les deux comptes"),
    ),
)
