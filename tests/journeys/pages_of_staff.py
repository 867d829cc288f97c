"""What agents and admins see, in every state; see `tests/journeys/example_pages.py`."""

from deploy.example.valbourg import ADMIN, HELENE, SOPHIE
from tests.journeys.example import NEW_TOWN, Example
from tests.journeys.reaching import (
    asks_for_nothing,
    decides_what_is_decided,
    decides_what_was_changed,
    lets_a_program_in,
    presses,
    types,
)

DESK = "/agent/dossiers"
AGENTS = (
    Example("/agent", "une journée", SOPHIE.email),
    Example("/agent", "rien à faire", HELENE.email),
    Example(DESK, "à vérifier", SOPHIE.email),
    Example(f"{DESK}?file=urgents", "urgents", SOPHIE.email),
    Example(f"{DESK}?file=complement-recu", "compléments reçus", SOPHIE.email),
    Example(f"{DESK}?file=complement-demande", "compléments demandés", SOPHIE.email),
    Example(f"{DESK}?file=decides", "décidés", SOPHIE.email),
    Example(f"{DESK}?file=tous", "tous", SOPHIE.email),
    Example(f"{DESK}?q=Martin&file=tous", "recherche", SOPHIE.email),
    Example(f"{DESK}?q=introuvable", "recherche vide", SOPHIE.email),
    Example(DESK, "file vide", HELENE.email),
    Example("/agent/familles", "avant de chercher", SOPHIE.email),
    Example("/agent/familles?q=Martin", "trouvées", SOPHIE.email),
    Example("/agent/familles?q=introuvable", "aucune", SOPHIE.email),
    Example("/agent/raccourcis", "liste", SOPHIE.email),
    Example("/compte", "agent", SOPHIE.email),
    Example("/compte/acces", "agent", SOPHIE.email),
    Example(f"{DESK}/<dossier noe>", "à vérifier", SOPHIE.email),
    Example(f"{DESK}/<dossier maylis>?piece=guardian_identity", "petite photo", SOPHIE.email),
    Example(f"{DESK}/<dossier maylis>?piece=proof_of_address", "sur l’honneur", SOPHIE.email),
    Example(f"{DESK}/<dossier sofia>?piece=court_ruling&zoom=200", "jugement, grand", SOPHIE.email),
    Example(f"{DESK}/<dossier louise>?file=complement-recu", "complément reçu", SOPHIE.email),
    Example(f"{DESK}/<dossier tom>", "complément demandé", SOPHIE.email),
    Example(f"{DESK}/<dossier hugo>", "contrôles", SOPHIE.email),
    Example(f"{DESK}/<dossier lena>", "validé", SOPHIE.email),
    Example(f"{DESK}/<dossier linh>", "refusé", SOPHIE.email),
    Example(f"{DESK}/<dossier alba>", "classé sans suite", SOPHIE.email),
    Example(f"{DESK}/<dossier zoe>", "validé par silence", SOPHIE.email),
    Example(f"{DESK}/<dossier jade>", "retiré", SOPHIE.email),
    Example(f"{DESK}/<dossier noe>", "complément vide", SOPHIE.email, 422, asks_for_nothing),
    Example(
        f"{DESK}/<dossier noe>",
        "déjà décidé",
        SOPHIE.email,
        409,
        decides_what_is_decided("<dossier lena>"),
    ),
    Example(
        f"{DESK}/<dossier noe>",
        "réponses changées",
        SOPHIE.email,
        409,
        decides_what_was_changed,
    ),
    Example(f"{DESK}/<dossier noe>/historique", "à l’étude", SOPHIE.email),
    Example(f"{DESK}/<dossier linh>/historique", "refusé", SOPHIE.email),
    Example(f"{DESK}/<dossier linh>/lettres/<letter linh refuse>", "refus", SOPHIE.email),
    Example(f"{DESK}/<dossier noe>/refuser", "vide", SOPHIE.email),
    Example(
        f"{DESK}/<dossier noe>/refuser", "sans motif", SOPHIE.email, 422, presses("Voir la lettre")
    ),
    Example(
        f"{DESK}/<dossier noe>/refuser",
        "lettre",
        SOPHIE.email,
        after=types(
            {"Explication pour la famille": "L’enfant habite à Agen."},
            "Voir la lettre",
            ticking="radio",
        ),
    ),
    Example(
        f"{DESK}/<dossier noe>/fichiers/<document noe proof_of_address>/seul", "seul", SOPHIE.email
    ),
    Example(f"{DESK}/<dossier adam>", "pas encore envoyé", SOPHIE.email, 404),
)

ADMINS = (
    Example("/admin/supervision", "des pannes", ADMIN.email),
    Example("/admin/supervision", "tout avance", NEW_TOWN),
    Example("/admin/supervision/<incident>", "un fichier perdu", ADMIN.email),
    Example(
        "/admin/supervision/<incident>",
        "sans raison",
        ADMIN.email,
        422,
        presses("Confirmer la relance", unfolding="Relancer l’étape"),
    ),
    Example("/admin/supervision/inconnu", "introuvable", ADMIN.email, 404),
    Example("/admin/acces", "aucun logiciel", NEW_TOWN),
    Example("/admin/acces", "jeton créé", ADMIN.email, after=lets_a_program_in),
    Example("/admin/acces", "un logiciel", ADMIN.email),
    Example("/admin/acces", "rien de choisi", ADMIN.email, 422, presses("Créer le jeton")),
    Example("/admin/journal", "des lignes", ADMIN.email),
    Example("/admin/journal?q=introuvable", "rien trouvé", ADMIN.email),
    Example("/admin/journal?du=hier", "date à corriger", ADMIN.email, 422),
    Example("/admin/mails", "tous", ADMIN.email),
    Example("/admin/mails?etat=refuse", "refusés", ADMIN.email),
    Example("/admin/mails?etat=essai", "nouveaux essais", ADMIN.email),
    Example("/admin/mails?etat=refuse", "aucun refusé", NEW_TOWN),
    Example("/admin/mails?etat=a-envoyer", "aucun", NEW_TOWN),
    Example("/admin/mails/<sent refused>", "refusé", ADMIN.email),
    Example("/admin/mails/<sent accepted>", "remis", ADMIN.email),
    Example("/admin/mails/<sent retrying>", "nouvel essai", ADMIN.email),
    Example("/admin/mails/<personal>", "lien personnel", ADMIN.email),
    Example("/admin/mails/<sent refused>", "sans raison", ADMIN.email, 422, presses("Renvoyer")),
    Example("/compte", "admin", ADMIN.email),
)
