"""Every page of the portal in its states: where it is, who sees it, and how it comes to look so.

A new page needs at least one `Example` here, of the kind that its readers meet first; then one for
each state that looks different: empty, filled, wrong, read only. `<…>` in a path stands for what
the example town holds, see `tests/journeys/example_town.py`. A page that a form leads to is reached
by `after`, which must change nothing that another example shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.example.families import (
    AMELIE,
    CLAIRE,
    INES,
    JULIEN,
    LUCAS,
    MAI,
    SARAH,
    THOMAS,
    YASMINE,
)
from deploy.example.valbourg import ADMIN, HELENE, SOPHIE
from tests.journeys.reaching import (
    After,
    asks_for_a_link,
    asks_for_nothing,
    decides_what_is_decided,
    decides_what_was_changed,
    gives_up_too_late,
    lets_a_program_in,
    presses,
    sends_a_form_of_yesterday,
    sends_a_page_from_before,
    sends_after_the_session,
    sends_too_much,
    sends_what_cannot_be_kept,
    sends_what_changed_elsewhere,
    tries_six_passwords,
    types,
)

NOBODY = ""
NEWCOMER = "nouvelle-famille@exemple.fr"
"""A parent with an access and without any dossier."""
NEW_TOWN = "admin@nouvelle-ville"
"""The admin of a town without a single dossier."""


@dataclass(frozen=True)
class Example:
    """A page in one state, seen by one person (`who`: a mail address, or nobody)."""

    path: str
    state: str
    who: str = NOBODY
    status: int = 200
    after: After | None = None

    @property
    def name(self) -> str:
        """Short, unique, fit for the name of a file: `dossiers-lena, validé`."""
        place = re.sub(r"<(?:\w+ )?([^>]*)>", r"\1", self.path.partition("?")[0])
        return f"{re.sub(r'[^a-z0-9]+', '-', place.lower()).strip('-') or 'accueil'}, {self.state}"


PUBLIC = (
    Example("/", "procédures ouvertes"),
    Example("/", "déjà connecté", CLAIRE.email),
    Example("/aide", "avec les services"),
    Example("/accessibilite", "déclaration"),
    Example("/donnees-personnelles", "droits"),
    Example("/mentions-legales", "mentions"),
    Example("/api/v1", "mode d’emploi"),
    Example("/connexion", "vide"),
    Example("/connexion?suite=/accueil", "suite", after=presses("Continuer"), status=422),
    Example(
        "/connexion",
        "mot de passe faux",
        status=422,
        after=types({"Adresse mail": "personne@exemple.fr", "Mot de passe": "faux"}, "Continuer"),
    ),
    Example("/connexion", "trop d’essais", status=429, after=tries_six_passwords),
    Example("/connexion", "formulaire périmé", status=403, after=sends_a_form_of_yesterday),
    Example("/connexion/mail-envoye", "sans adresse"),
    Example("/connexion", "lien parti", after=asks_for_a_link),
    Example("/activation/<link new>", "premier accès"),
    Example("/activation/<link new>", "trop court", status=422, after=presses("Créer mon accès")),
    Example("/activation/<link known>", "accès connu"),
    Example("/activation/<link used>", "lien utilisé", status=410),
    Example("/activation/<link expired>", "lien trop vieux", status=410),
    Example("/activation/coupe", "lien coupé", status=404),
    Example("/nulle-part", "introuvable", status=404),
    Example("/deconnexion", "adresse d’envoi", status=405),
)

PARENTS = (
    Example("/accueil", "nouvelle famille", NEWCOMER),
    Example("/dossiers", "vide", NEWCOMER),
    Example("/courriers", "vide", NEWCOMER),
    Example("/compte", "nouvelle famille", NEWCOMER),
    Example("/inscription/inscription-scolaire", "nouvelle famille", NEWCOMER),
    Example("/inscription/inscription-scolaire/vous", "vide", NEWCOMER),
    Example(
        "/inscription/inscription-scolaire/vous",
        "rien d’écrit",
        NEWCOMER,
        422,
        presses("Enregistrer et continuer"),
    ),
    Example("/accueil", "à compléter", CLAIRE.email),
    Example("/accueil", "rien à faire", THOMAS.email),
    Example("/accueil", "brouillon", YASMINE.email),
    Example("/dossiers", "deux dossiers", CLAIRE.email),
    Example("/courriers", "plusieurs", CLAIRE.email),
    Example("/compte", "avec mot de passe", CLAIRE.email),
    Example("/compte/acces", "sans jeton", NEWCOMER),
    Example("/compte/acces", "jeton créé", CLAIRE.email, after=lets_a_program_in),
    Example("/compte/acces", "un jeton", CLAIRE.email),
    Example("/compte/acces", "rien de choisi", CLAIRE.email, 422, presses("Créer le jeton")),
    Example("/inscription/hors-commune", "famille connue", CLAIRE.email),
    Example("/inscription/inscription-scolaire", "brouillon commencé", YASMINE.email),
    Example("/inscription/inscription-scolaire/vous", "déjà rempli", CLAIRE.email),
    # One dossier in each of its states.
    Example("/dossiers/<dossier adam>", "brouillon", YASMINE.email),
    Example("/dossiers/<dossier hugo>", "contrôles", INES.email),
    Example("/dossiers/<dossier gabin>", "incomplet", JULIEN.email),
    Example("/dossiers/<dossier tom>", "complément demandé", CLAIRE.email),
    Example("/dossiers/<dossier noe>", "à l’étude", THOMAS.email),
    Example("/dossiers/<dossier louise>", "complément envoyé", AMELIE.email),
    Example("/dossiers/<dossier lena>", "validé", CLAIRE.email),
    Example("/dossiers/<dossier linh>", "refusé", MAI.email),
    Example("/dossiers/<dossier jade>", "retiré", LUCAS.email),
    Example("/dossiers/<dossier alba>", "classé sans suite", INES.email),
    Example("/dossiers/<dossier milo>", "abandonné", LUCAS.email),
    Example("/dossiers/<dossier zoe>", "validé par silence", SARAH.email),
    Example("/dossiers/<dossier elie>", "refusé par silence", SARAH.email),
    # Its questions.
    *(
        Example(f"/dossiers/<dossier adam>/{page}", "brouillon", YASMINE.email)
        for page in ("vous", "adresse", "autre-parent", "enfant", "ecole", "situation", "contacts")
    ),
    Example("/dossiers/<dossier adam>/ecole?a-corriger=1", "à corriger", YASMINE.email),
    Example(
        "/dossiers/<dossier adam>/vous",
        "changé ailleurs",
        YASMINE.email,
        409,
        sends_what_changed_elsewhere,
    ),
    Example(
        "/dossiers/<dossier adam>/adresse",
        "plus connecté",
        YASMINE.email,
        401,
        sends_after_the_session,
    ),
    Example(
        "/dossiers/<dossier adam>/adresse",
        "page d’avant",
        YASMINE.email,
        403,
        sends_a_page_from_before,
    ),
    Example("/dossiers/<dossier adam>/vous", "trop lourd", YASMINE.email, 413, sends_too_much),
    Example(
        "/dossiers/<dossier adam>/vous",
        "base occupée",
        YASMINE.email,
        503,
        sends_what_cannot_be_kept,
    ),
    Example("/dossiers/<dossier tom>/adresse", "à nouveau ouvert", CLAIRE.email),
    Example("/dossiers/<dossier tom>/contacts", "rempli", CLAIRE.email),
    Example("/dossiers/<dossier noe>/autre-parent", "lecture seule", THOMAS.email),
    Example("/dossiers/<dossier lena>/ecole", "fermé", CLAIRE.email),
    # Its documents.
    Example("/dossiers/<dossier adam>/documents", "brouillon", YASMINE.email),
    Example("/dossiers/<dossier hugo>/documents", "contrôle en cours", INES.email),
    Example("/dossiers/<dossier gabin>/documents", "il en manque un", JULIEN.email),
    Example("/dossiers/<dossier tom>/documents", "à remplacer", CLAIRE.email),
    Example("/dossiers/<dossier noe>/documents", "à l’étude", THOMAS.email),
    Example("/dossiers/<dossier linh>/documents", "fermé", MAI.email),
    Example("/dossiers/<dossier alba>/documents", "fermé et vide", INES.email),
    Example("/dossiers/<dossier tom>/documents/proof_of_address/attestation", "vide", CLAIRE.email),
    Example(
        "/dossiers/<dossier tom>/documents/proof_of_address/attestation",
        "pas cochée",
        CLAIRE.email,
        422,
        presses(re.compile("^Déclarer")),
    ),
    # Sending it, giving it up, and what comes back.
    Example("/dossiers/<dossier adam>/verifier", "incomplet", YASMINE.email),
    Example(
        "/dossiers/<dossier adam>/verifier",
        "réponses manquantes",
        YASMINE.email,
        422,
        presses("Envoyer le dossier"),
    ),
    Example(
        "/dossiers/<dossier adam>/verifier",
        "réponses changées",
        YASMINE.email,
        409,
        sends_what_changed_elsewhere,
    ),
    Example("/dossiers/<dossier noe>/recu", "envoyé", THOMAS.email),
    Example("/dossiers/<dossier gabin>/recu", "incomplet", JULIEN.email),
    Example("/dossiers/<dossier adam>/retirer", "brouillon", YASMINE.email),
    Example("/dossiers/<dossier noe>/retirer", "à l’étude", THOMAS.email),
    Example("/dossiers/<dossier noe>/retirer", "trop tard", THOMAS.email, 404, gives_up_too_late),
    Example(
        "/dossiers/<dossier tom>/lettres/<letter tom complement_request>",
        "complément",
        CLAIRE.email,
    ),
    Example("/dossiers/<dossier linh>/lettres/<letter linh refuse>", "refus", MAI.email),
    Example("/dossiers/<dossier noe>", "d’un autre", CLAIRE.email, 404),
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

LOCAL = (
    Example("/dev/letters", "reçus"),
    Example("/dev/letters?page=2", "page 2"),
    Example("/dev/letters?to=personne", "aucun"),
    Example("/composants", "tous"),
)

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "public": PUBLIC,
    "parents": PARENTS,
    "agents": AGENTS,
    "admins": ADMINS,
    "local": LOCAL,
}

FOR_PROGRAMS = "/api/v1/"
"""Everything under it answers with data."""
NOT_PAGES: Mapping[str, str] = {
    "/api/v1/openapi.json": "/api/v1/openapi.json",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/dossiers/{dossier_id}/documents/{piece}/etat": (
        "/dossiers/<dossier tom>/documents/proof_of_address/etat"
    ),
    "/static/{digest}/{name}": "/static/0/portail.css",
    "/dev/letters.json": "/dev/letters.json",
    "/dev/letters/{name}/html": "/dev/letters/<mail>/html",
    "/dossiers/{dossier_id}/fichiers/{document_id}": (
        "/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>"
    ),
    "/dossiers/{dossier_id}/fichiers/{document_id}/page/{name}": (
        "/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>/page/page-01.jpg"
    ),
    "/agent/dossiers/{dossier_id}/fichiers/{document_id}": (
        "/agent/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>"
    ),
    "/agent/dossiers/{dossier_id}/fichiers/{document_id}/page/{name}": (
        "/agent/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>/page/page-01.jpg"
    ),
    # Nobody in the example town gave several photos of one piece.
    "/agent/dossiers/{dossier_id}/pieces/{piece}/pdf": "",
}
"""What answers with a file, data, a letter or a part of a page: the route, and an address of it."""
