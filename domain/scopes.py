"""What a program may do with its token: few scopes, readable by the person who gives them.

A token never opens more than its owner may do by hand: the scopes only narrow it.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

LONGEST_LIFE = timedelta(days=365)


class Scope(StrEnum):
    """One thing that a token lets a program do."""

    READ_DOSSIERS = "dossiers:read"
    WRITE_DOSSIERS = "dossiers:write"
    READ_DOCUMENTS = "documents:read"
    READ_LETTERS = "letters:read"
    WRITE_DECISIONS = "decisions:write"
    READ_RESERVED = "reserved:read"


WORDS: Mapping[Scope, str] = {
    Scope.READ_DOSSIERS: "Lire les dossiers, les réponses et l’historique",
    Scope.WRITE_DOSSIERS: "Ouvrir un dossier, le remplir, y ajouter des documents et l’envoyer",
    Scope.READ_DOCUMENTS: "Télécharger les documents",
    Scope.READ_LETTERS: "Lire les courriers",
    Scope.WRITE_DECISIONS: "Demander un complément, accepter ou refuser",
    Scope.READ_RESERVED: "Lire aussi ce qui est réservé (séparation, décisions de justice, santé)",
}
_OF_STAFF = (
    Scope.READ_DOSSIERS,
    Scope.READ_DOCUMENTS,
    Scope.READ_LETTERS,
    Scope.WRITE_DECISIONS,
    Scope.READ_RESERVED,
)
BY_ROLE: Mapping[str, tuple[Scope, ...]] = {
    "parent": (
        Scope.READ_DOSSIERS,
        Scope.WRITE_DOSSIERS,
        Scope.READ_DOCUMENTS,
        Scope.READ_LETTERS,
    ),
    "agent": _OF_STAFF,
    "system": _OF_STAFF,
}
"""What each role may give to a program. A role that is not here has no token."""
