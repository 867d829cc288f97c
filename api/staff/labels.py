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
    "Êtes-vous hébergé par quelqu’un ?": "Hébergé par quelqu’un ?",
    "Prénom et nom de la personne qui vous héberge": "Personne qui héberge",
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
    """The label of a piece, a page or a question; unchanged when it speaks to nobody."""
    return _FOR_AGENTS.get(label, label)
