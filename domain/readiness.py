"""Which dossiers are ready to be approved: complete, and with nothing that somebody has to look at.

Ready is an order of work for agents, never a verdict: each approval is a person's, and its own act.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.kinds.catalogue import RULES
from domain.states import State


class WhyNot(StrEnum):
    """Why a dossier is not ready."""

    DECIDED = "decided"
    HELD = "held"
    COMPLETED = "completed"
    DOUBTFUL = "doubtful"
    TO_REPLACE = "to_replace"
    MISSING = "missing"
    CHECKING = "checking"
    RESERVED = "reserved"


WORDS: Mapping[WhyNot, str] = {
    WhyNot.DECIDED: "Le dossier n’est plus à vérifier.",
    WhyNot.HELD: "Le dossier attend l’autre parent.",
    WhyNot.COMPLETED: "La famille a envoyé un complément : relisez-le.",
    WhyNot.DOUBTFUL: "Un document est à regarder.",
    WhyNot.TO_REPLACE: "Une pièce est à remplacer.",
    WhyNot.MISSING: "Une pièce manque.",
    WhyNot.CHECKING: "Un document est encore en contrôle.",
    WhyNot.RESERVED: "Une pièce réservée est à regarder par un collègue qui a cet accès.",
}
"""As an agent reads it."""

_BY_VERDICT: Mapping[str, WhyNot] = {
    "doubtful": WhyNot.DOUBTFUL,
    "to_replace": WhyNot.TO_REPLACE,
    "missing": WhyNot.MISSING,
    "refused": WhyNot.MISSING,
    "checking": WhyNot.CHECKING,
    "reserved": WhyNot.RESERVED,
}

RESERVED_PIECES: frozenset[str] = frozenset(
    rule.piece.code
    for rules in RULES.values()
    for rule in rules.pieces
    if rule.piece.group is not None
)
"""The pieces that a person who may has to look at, whatever the checks say of the file."""


def why_not_ready(
    state: State, verdicts: Iterable[str], *, is_held: bool, is_completed: bool
) -> WhyNot | None:
    """Why a dossier is not ready, or None.

    `verdicts` are what an agent reads of each piece; `is_held`: an objection or a co-signature is
    open; `is_completed`: something came from the family since it sent the dossier.
    """
    if state is not State.UNDER_REVIEW:
        return WhyNot.DECIDED
    if is_held:
        return WhyNot.HELD
    if is_completed:
        return WhyNot.COMPLETED
    return next((_BY_VERDICT[one] for one in verdicts if one in _BY_VERDICT), None)
