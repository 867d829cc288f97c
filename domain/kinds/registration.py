"""A family asks for a school place for a child: what is asked, which pieces, and why.

Only three pieces may be required for the school list: the identity of the child, the identity of
the guardians and the domicile (code de l'éducation, D131-3-1), each replaceable by a sworn
statement. Anything else must not stop a registration.
"""

from domain.kinds.domicile import HOSTING, SCHOOL_LIST, is_hosted, lives_at_own_address
from domain.kinds.pieces import (
    CHILD_IDENTITY,
    COURT_RULING,
    GUARDIAN_IDENTITY,
    HEALTH_RECORD,
    LEAVING_CERTIFICATE,
    OTHER_GUARDIAN_IDENTITY,
    PROOF_OF_ADDRESS,
    QUOTIENT_FAMILIAL,
    SCHOOL_INSURANCE,
)
from domain.kinds.registration_questions import SECTIONS
from domain.kinds.rules import PieceRule, Requirement, Rules, always, said_yes
from domain.questions import Answers
from domain.rights import FieldGroup

_MUST, _MAY, _NEVER = Requirement.MANDATORY, Requirement.OPTIONAL, Requirement.FORBIDDEN

_separated = said_yes("situation", "separated")
_has_other = said_yes("autre-parent", "has_other")


def _together(answers: Answers) -> bool:
    return _has_other(answers) and not _separated(answers)


def _apart(answers: Answers) -> bool:
    return _has_other(answers) and _separated(answers)


RULES = Rules(
    kind="registration",
    title="Inscrire mon enfant à l’école",
    sections=SECTIONS,
    pieces=(
        PieceRule(
            CHILD_IDENTITY,
            _MUST,
            "Pour savoir qui est inscrit et à quel âge.",
            f"{SCHOOL_LIST}, 1°",
            always,
        ),
        PieceRule(
            GUARDIAN_IDENTITY,
            _MUST,
            "Pour savoir qui fait la demande.",
            f"{SCHOOL_LIST}, 2°",
            always,
        ),
        PieceRule(
            PROOF_OF_ADDRESS,
            _MUST,
            "Parce que l’école dépend de votre adresse.",
            f"{SCHOOL_LIST}, 3°",
            lives_at_own_address,
        ),
        HOSTING,
        PieceRule(
            OTHER_GUARDIAN_IDENTITY,
            _MUST,
            "Parce que vous avez indiqué un autre parent.",
            f"{SCHOOL_LIST}, 2°",
            _together,
        ),
        PieceRule(
            OTHER_GUARDIAN_IDENTITY,
            _MAY,
            "Si vous l’avez : vous avez indiqué être séparés.",
            f"{SCHOOL_LIST}, 2°",
            _apart,
            tells=FieldGroup.CUSTODY,
        ),
        PieceRule(
            PROOF_OF_ADDRESS,
            _MAY,
            "Celui de la personne qui vous héberge, si vous l’avez.",
            f"{SCHOOL_LIST}, 3°",
            is_hosted,
        ),
        PieceRule(
            COURT_RULING,
            _MAY,
            "Parce que vous avez signalé une décision de justice. Elle reste réservée au service.",
            "Code civil, articles 372-2 et 373-2",
            said_yes("situation", "court_ruling"),
            tells=FieldGroup.CUSTODY,
        ),
        PieceRule(
            LEAVING_CERTIFICATE,
            _MAY,
            "Parce que l’enfant vient d’une autre école. Vous pourrez aussi le donner à l’école.",
            "Circulaire du 9 juillet 2014 sur les écoles maternelles et élémentaires",
            said_yes("situation", "from_other_school"),
        ),
        PieceRule(HEALTH_RECORD, _NEVER, "L’école la demande, pas la mairie.", SCHOOL_LIST, always),
        PieceRule(
            SCHOOL_INSURANCE, _NEVER, "Utile aux activités, pas à l’école.", SCHOOL_LIST, always
        ),
        PieceRule(
            QUOTIENT_FAMILIAL, _NEVER, "Sert aux tarifs, pas à l’école.", SCHOOL_LIST, always
        ),
    ),
)
