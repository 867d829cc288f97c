"""A family that looks again at what the town knows; see `tests/journeys/example_pages.py`."""

from deploy.example.homes import FATOU
from tests.journeys.example import NEWCOMER, Example
from tests.journeys.reaching import presses

_DRAFT = "/dossiers/<dossier diallo-actualisation>"

ACTUALISATIONS = (
    Example("/actualisation/actualisation-2026-2027", "commencée", FATOU.email),
    Example("/actualisation/reinscription-2027-2028", "à commencer", FATOU.email),
    Example("/actualisation/actualisation-2026-2027", "famille inconnue", NEWCOMER),
    Example(_DRAFT, "à vérifier", FATOU.email),
    Example(f"{_DRAFT}/enfants", "quatre enfants", FATOU.email),
    Example(f"{_DRAFT}/vous", "à compléter", FATOU.email),
    Example(f"{_DRAFT}/sante-1", "vide", FATOU.email),
    Example(f"{_DRAFT}/autorisations-1", "remplie", FATOU.email),
    Example(f"{_DRAFT}/documents", "par enfant", FATOU.email),
    Example(f"{_DRAFT}/verifier", "pages à vérifier", FATOU.email),
    Example(f"{_DRAFT}/verifier", "refusé", FATOU.email, 422, presses("Envoyer le dossier")),
)
