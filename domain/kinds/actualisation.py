"""A family looks again at all the town knows of it, and enrols its children for a school year.

The annual update and the re-enrolment for the next school year are one kind: the procedure says for
which year. A piece is asked only where something new has to be proved, and what the family gave
before stands as long as it holds. For the school itself nothing more may be required than at a
first registration (code de l'éducation, D131-3-1): insurance, quotient and care plan are offered,
for activities and for prices, and never stop anybody.
"""

from dataclasses import replace

from domain.kinds.actualisation_questions import MOST_CHILDREN, SECTIONS, is_chosen
from domain.kinds.domicile import HOSTING, SCHOOL_LIST, lives_at_own_address
from domain.kinds.pieces import (
    CARE_PLAN,
    CHILD_IDENTITY,
    COURT_RULING,
    HEALTH_RECORD,
    LEAVING_CERTIFICATE,
    PROOF_OF_ADDRESS,
    QUOTIENT_FAMILIAL,
    RESIDENCE_AGREEMENT,
    SCHOOL_INSURANCE,
    TOWN_FORM,
)
from domain.kinds.registration_questions import GRADES
from domain.kinds.rules import Piece, PieceRule, Requirement, Rules, always, said_yes
from domain.questions import Answers
from domain.rights import FieldGroup

_MUST, _MAY, _NEVER = Requirement.MANDATORY, Requirement.OPTIONAL, Requirement.FORBIDDEN
_ORDER = tuple(one.value for one in GRADES)


def grade_after(grade: str, years: int) -> str:
    """The class of a child some school years later (or before): "" where it is at no school here.

    >>> grade_after("gs", 1), grade_after("cm2", 1), grade_after("ce1", 0)
    ('cp', '', 'ce1')
    """
    if grade not in _ORDER:
        return ""
    place = _ORDER.index(grade) + years
    return _ORDER[place] if 0 <= place < len(_ORDER) else ""


def _of(piece: Piece, place: int) -> Piece:
    return replace(piece, code=f"{piece.code}_{place}", place=place)


def _pieces_of_child(place: int) -> tuple[PieceRule, ...]:
    here = is_chosen(place)

    def enters(answers: Answers) -> bool:
        return here(answers) and answers.get(f"ecole-{place}", {}).get("grade") == "ps"

    def has_new_plan(answers: Answers) -> bool:
        said = answers.get(f"sante-{place}", {})
        has_care = said.get("concern") == "yes"
        return here(answers) and has_care and said.get("pai") == "changed"

    return (
        PieceRule(
            _of(CHILD_IDENTITY, place),
            _MUST,
            "Parce que c’est sa première année d’école.",
            f"{SCHOOL_LIST}, 1°",
            enters,
        ),
        PieceRule(
            _of(SCHOOL_INSURANCE, place),
            _MAY,
            "Utile aux activités et aux sorties. L’école ne l’exige pas.",
            "Code de l’action sociale et des familles, article L227-5",
            here,
        ),
        PieceRule(
            _of(CARE_PLAN, place),
            _MAY,
            "Parce que vous avez indiqué un PAI nouveau ou qui a changé.",
            "Circulaire du 10 février 2021 sur le projet d’accueil individualisé",
            has_new_plan,
            tells=FieldGroup.HEALTH,
        ),
    )


RULES = Rules(
    kind="actualisation",
    title="Actualiser mon dossier et réinscrire mes enfants",
    sections=SECTIONS,
    starts_filled=True,
    pieces=(
        PieceRule(
            PROOF_OF_ADDRESS,
            _MUST,
            "Parce que l’école dépend de votre adresse : une fois par année scolaire.",
            f"{SCHOOL_LIST}, 3°",
            lives_at_own_address,
        ),
        HOSTING,
        PieceRule(
            COURT_RULING,
            _MAY,
            "Parce que vous avez signalé une décision de justice. Elle reste réservée au service.",
            "Code civil, articles 372-2 et 373-2",
            said_yes("situation", "court_ruling"),
            tells=FieldGroup.CUSTODY,
            new=True,
        ),
        PieceRule(
            LEAVING_CERTIFICATE,
            _MAY,
            "Parce qu’un enfant change d’école. Vous pourrez aussi le donner à l’école.",
            "Circulaire du 9 juillet 2014 sur les écoles maternelles et élémentaires",
            said_yes("situation", "changes_school"),
            new=True,
        ),
        PieceRule(
            RESIDENCE_AGREEMENT,
            _MAY,
            "Parce que vous habitez une autre commune. Sans lui, la mairie le demande elle-même.",
            "Code de l’éducation, articles L212-8 et R212-21",
            said_yes("situation", "non_resident"),
        ),
        PieceRule(
            QUOTIENT_FAMILIAL,
            _MAY,
            "Pour calculer vos tarifs. Sans quotient, le tarif le plus haut s’applique.",
            "Loi du 29 juillet 1998 contre les exclusions, article 147",
            always,
        ),
        PieceRule(
            TOWN_FORM,
            _MAY,
            "Parce que la mairie a un formulaire à remplir : téléchargez-le dans « Règlements ».",
            "Code général des collectivités territoriales, article L2121-29",
            said_yes("enfants", "town_form"),
            new=True,
        ),
        *(rule for n in range(1, MOST_CHILDREN + 1) for rule in _pieces_of_child(n)),
        PieceRule(
            HEALTH_RECORD,
            _NEVER,
            "La fiche santé suffit : les vaccins se lisent dans le carnet, à l’école.",
            SCHOOL_LIST,
            always,
        ),
    ),
)
