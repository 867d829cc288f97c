"""A family changes one thing of its file: what is asked, which pieces, and why.

One procedure of the town per subject: so the town says for each whether the portal approves it by
itself (a phone) or an agent looks (an address, the custody, who pays, a school, a name).
"""

from domain.kinds.change_subjects import PAGES, Subject, about
from domain.kinds.domicile import SCHOOL_LIST
from domain.kinds.pieces import (
    CHILD_IDENTITY,
    COURT_RULING,
    GUARDIAN_IDENTITY,
    PROOF_OF_ADDRESS,
)
from domain.kinds.rules import PieceRule, Requirement, Rules, said_yes
from domain.rights import FieldGroup

_MUST, _MAY = Requirement.MANDATORY, Requirement.OPTIONAL

AUTOMATIC = frozenset({Subject.CONTACT_DETAILS, Subject.CONTACTS})
"""What a town usually lets the portal approve by itself."""

RULES = Rules(
    kind="change",
    title="Changer une information",
    sections=PAGES,
    pieces=(
        PieceRule(
            PROOF_OF_ADDRESS,
            _MUST,
            "Parce que l’école dépend de votre adresse.",
            f"{SCHOOL_LIST}, 3°",
            about(Subject.ADDRESS),
            new=True,
        ),
        PieceRule(
            CHILD_IDENTITY,
            _MUST,
            "Pour écrire le nom et la date exacts.",
            f"{SCHOOL_LIST}, 1°",
            about(Subject.IDENTITY, of_child=True),
        ),
        PieceRule(
            GUARDIAN_IDENTITY,
            _MUST,
            "Pour écrire votre nom exact.",
            f"{SCHOOL_LIST}, 2°",
            about(Subject.IDENTITY, of_child=False),
        ),
        PieceRule(
            COURT_RULING,
            _MAY,
            "Parce que vous avez signalé une décision de justice. Elle reste réservée au service.",
            "Code civil, articles 372-2 et 373-2",
            said_yes("garde", "court_ruling"),
            tells=FieldGroup.CUSTODY,
        ),
    ),
)
