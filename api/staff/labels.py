"""The words of the family's pages as agents read them: « votre » is the family's, not theirs."""

from collections.abc import Mapping
from typing import Final

_FOR_AGENTS: Final[Mapping[str, str]] = {
    "Vous": "Demandeur",
    "Votre foyer": "Foyer",
    "Votre situation": "Situation",
    "Votre identité": "Identité du demandeur",
    "Votre prénom": "Prénom du demandeur",
    "Votre nom": "Nom du demandeur",
    "Vous êtes": "Lien avec l’enfant",
    "Votre téléphone": "Téléphone du demandeur",
    "Son adresse, si elle est différente de la vôtre": "Son adresse, si elle est différente",
    "Nous sommes hébergés par quelqu’un": "Hébergés par quelqu’un",
    "Prénom et nom de la personne qui vous héberge": "Personne qui héberge",
    "Nous allons déménager pendant l’année scolaire": "Déménage pendant l’année scolaire",
    "Votre future commune": "Future commune",
    "Nous n’habitons pas dans la commune": "N’habite pas dans la commune",
    "Pourquoi une école de notre commune ?": "Pourquoi une école de la commune ?",
    "Notre travail, sans garde ni cantine dans notre commune": (
        "Le travail des parents, sans garde ni cantine dans leur commune"
    ),
    "Une autre raison : le service vous appellera": "Une autre raison : appelez la famille",
    "Accord de votre commune": "Accord de la commune de la famille",
    "Votre quotient familial": "Quotient familial",
    "Votre adresse": "Adresse",
    "Votre adresse mail": "Adresse mail du demandeur",
    "Votre profession": "Profession du demandeur",
    "Vos coordonnées": "Coordonnées du demandeur",
    "Chez vous": "Chez le demandeur",
    "Votre enfant a-t-il une allergie ou un PAI (projet d’accueil individualisé)\u00a0?": (
        "Une allergie ou un PAI (projet d’accueil individualisé)"
    ),
    "Votre enfant a-t-il un PAI\u00a0?": "Un PAI",
}

_SHORT: Final[Mapping[str, str]] = {
    "child_identity": "Enfant",
    "guardian_identity": "Demandeur",
    "other_guardian_identity": "Autre parent",
    "proof_of_address": "Domicile",
    "hosting_statement": "Hébergement",
    "court_ruling": "Justice",
    "leaving_certificate": "Radiation",
}


def short_title(piece: str, title: str) -> str:
    """The name of a piece for a tab: one word where there is one."""
    return _SHORT.get(piece, for_agents(title))


def for_agents(label: str) -> str:
    """The label of a piece, a page, a question or a choice; unchanged when it speaks to nobody."""
    return _FOR_AGENTS.get(label, label)
