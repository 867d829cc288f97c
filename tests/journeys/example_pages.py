"""Every page of the portal in its states: where it is, who sees it, and how it comes to look so.

A new page needs at least one `Example` here, of the kind that its readers meet first; then one for
each state that looks different: empty, filled, wrong, read only. `<…>` in a path stands for what
the example town holds, see `tests/journeys/example_town.py`. A page that a form leads to is reached
by `after`, which must change nothing that another example shows.
"""

from collections.abc import Mapping

from deploy.example.families import CLAIRE
from tests.journeys.example import Example
from tests.journeys.pages_of_accounts import ACCOUNTS
from tests.journeys.pages_of_actualisation import ACTUALISATIONS
from tests.journeys.pages_of_agreements import AGREEMENTS
from tests.journeys.pages_of_campaigns import CAMPAIGNS
from tests.journeys.pages_of_decisions import DECISIONS
from tests.journeys.pages_of_families import FAMILIES
from tests.journeys.pages_of_family_files import FAMILY_FILES
from tests.journeys.pages_of_health import HEALTH
from tests.journeys.pages_of_parents import PARENTS
from tests.journeys.pages_of_retention import RETENTION
from tests.journeys.pages_of_sessions import SESSIONS
from tests.journeys.pages_of_staff import ADMINS, AGENTS
from tests.journeys.pages_of_wallets import WALLETS
from tests.journeys.reaching import (
    asks_for_a_link,
    presses,
    sends_a_form_of_yesterday,
    tries_six_passwords,
    types,
)

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
    # Off in the example town; `test_france_connect` goes there and back.
    Example("/connexion/france-connect/retour", "sans FranceConnect", status=404),
    Example("/connexion/france-connect/fin", "revenu de FranceConnect"),
    Example("/activation/<link new>", "premier accès"),
    Example("/activation/<link new>", "trop court", status=422, after=presses("Créer mon accès")),
    Example("/activation/<link known>", "accès connu"),
    Example("/activation/<link used>", "lien utilisé", status=410),
    Example("/activation/<link expired>", "lien trop vieux", status=410),
    Example("/activation/coupe", "lien coupé", status=404),
    Example("/nulle-part", "introuvable", status=404),
    Example("/deconnexion", "adresse d’envoi", status=405),
)

LOCAL = (
    Example("/dev/letters", "reçus"),
    Example("/dev/letters?page=2", "page 2"),
    Example("/dev/letters?to=personne", "aucun"),
    Example("/composants", "tous"),
)

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "accounts": ACCOUNTS,
    "public": PUBLIC,
    "parents": PARENTS,
    "agents": AGENTS,
    "admins": ADMINS,
    "campaigns": CAMPAIGNS,
    "decisions": DECISIONS,
    "actualisations": ACTUALISATIONS,
    "families": FAMILIES,
    "family files": FAMILY_FILES,
    "health": HEALTH,
    "agreements": AGREEMENTS,
    "wallets": WALLETS,
    "retention": RETENTION,
    "sessions": SESSIONS,
    "local": LOCAL,
}

FOR_PROGRAMS = "/api/v1/"
"""Everything under it answers with data."""
NOT_PAGES: Mapping[str, str] = {
    "/api/v1/openapi.json": "/api/v1/openapi.json",
    "/compte/duree": "/compte/duree",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/dossiers/{dossier_id}/documents/{piece}/etat": (
        "/dossiers/<dossier tom>/documents/proof_of_address/etat"
    ),
    # Only once somebody has given a list: see tests/api/test_family_lists.py.
    "/admin/familles/listes/{file_id}/compte-rendu.csv": "",
    "/admin/familles/modele.csv": "",
    # Every family of the example's campaign has a mail address: see tests/api/test_campaigns.py.
    "/agent/courriers/{letter_id}/impression": "",
    # The example town replaced its forms in PDF by pages: see tests/api/test_town_forms.py.
    "/admin/formulaires/{form_id}": "",
    "/reglements/formulaires/{form_id}": "",
    "/static/{digest}/{name}": "/static/0/portail.css",
    "/dev/letters.json": "/dev/letters.json",
    "/dev/letters/{name}/html": "/dev/letters/<mail>/html",
    "/dossiers/{dossier_id}/fichiers/{document_id}": (
        "/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>"
    ),
    "/dossiers/{dossier_id}/fichiers/{document_id}/page/{name}": (
        "/dossiers/<dossier noe>/fichiers/<document noe proof_of_address>/page/page-01.jpg"
    ),
    # Only once a dossier was looked at: see tests/api/test_wallet.py.
    "/documents/{document_id}": "",
    "/documents/{document_id}/page/{name}": "",
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
