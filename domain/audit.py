"""What is written down of who did what: every kind of line, and how it reads.

A line says who, what, when, to which dossier and from where; never what was read or written. Lines
are kept twelve months (CNIL, recommandation sur la journalisation, 2021).
"""

from collections.abc import Mapping
from enum import StrEnum


class What(StrEnum):
    """A kind of line. The value is kept: it is never changed, only added to."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    NOT_ALLOWED = "not_allowed"
    DOCUMENT_OPENED = "document_opened"
    RESERVED_READ = "reserved_read"


WORDS: Mapping[What, str] = {
    What.SIGNED_IN: "est entré",
    What.SIGN_IN_FAILED: "n’a pas pu entrer",
    What.SIGNED_OUT: "est sorti",
    What.PASSWORD_CHANGED: "a choisi un nouveau mot de passe",
    What.NOT_ALLOWED: "a demandé ce qui ne lui est pas ouvert",
    What.DOCUMENT_OPENED: "a ouvert un document",
    What.RESERVED_READ: "a lu des réponses réservées",
}
"""How a line reads after the name of whoever did it."""
