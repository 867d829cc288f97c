"""How a family proves where it lives; a town may ask for no more than the law's list says."""

from domain.kinds.pieces import HOSTING_STATEMENT
from domain.kinds.rules import PieceRule, Requirement, said_yes
from domain.questions import Answers

SCHOOL_LIST = "Code de l’éducation, article D131-3-1"
"""All that may be required for the school: identity of the child 1°, of parents 2°, domicile 3°."""

is_hosted = said_yes("situation", "hosted")


def lives_at_own_address(answers: Answers) -> bool:
    """Whether the family has a domicile of its own to prove: nobody said that they are hosted."""
    return not is_hosted(answers)


HOSTING = PieceRule(
    HOSTING_STATEMENT,
    Requirement.MANDATORY,
    "Parce que vous avez indiqué être hébergé par quelqu’un.",
    f"{SCHOOL_LIST}, 3° (domicile prouvé par tous moyens)",
    is_hosted,
)
"""Whoever is hosted proves the domicile by a word of the host."""
