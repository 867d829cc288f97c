"""The pages about rules, objections and silent decisions; see `example_pages.py`."""

from deploy.example.disagreement import CELINE, HUGUES
from deploy.example.families import CLAIRE, EMMA, SARAH
from deploy.example.sharing import ANTOINE
from deploy.example.valbourg import ADMIN, SOPHIE
from tests.journeys.example import Example
from tests.journeys.reaching import presses, types

ROSE = "/enfants/<dossier rose>"
OUTSIDE = "/admin/demarches/hors-commune"

DECISIONS = (
    Example("/admin/demarches", "les règles", ADMIN.email),
    Example("/admin/demarches/inscription-scolaire", "une seule règle", ADMIN.email),
    Example(OUTSIDE, "une règle à venir", ADMIN.email),
    Example(OUTSIDE, "avant d’enregistrer", ADMIN.email, after=presses("Voir avant d’enregistrer")),
    Example(
        OUTSIDE,
        "date passée",
        ADMIN.email,
        422,
        types({"À partir du": "01/01/2020"}, "Voir avant d’enregistrer"),
    ),
    Example(ROSE, "pas d’accord", HUGUES.email),
    Example(f"{ROSE}/desaccord", "déjà dit", HUGUES.email),
    Example("/enfants/<dossier victor>", "peut s’opposer", CELINE.email),
    Example("/enfants/<dossier victor>/desaccord", "à dire", CELINE.email),
    Example("/enfants/<dossier lena>/desaccord", "décidé", ANTOINE.email),
    Example("/dossiers/<dossier rose>", "décision suspendue", EMMA.email),
    Example("/agent/dossiers/<dossier rose>", "désaccord à régler", SOPHIE.email),
    Example(
        "/agent/dossiers/<dossier rose>",
        "désaccord, sans explication",
        SOPHIE.email,
        422,
        presses("Lever ce désaccord"),
    ),
    Example("/dossiers/<dossier zoe>/attestation", "acceptée par silence", SARAH.email),
    Example("/dossiers/<dossier lena>/attestation", "acceptée par un agent", CLAIRE.email),
)
