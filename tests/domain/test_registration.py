"""Every situation a family may tell of, and the exact pieces the town may then ask for."""

from itertools import product

import pytest

from domain.kinds.registration import RULES
from domain.kinds.rules import PieceRule, Requirement
from domain.questions import Answers
from domain.rights import FieldGroup

Said = tuple[str, str, str, str, str]
SITUATIONS: list[Said] = list(
    product(("yes", ""), ("yes", ""), ("yes", ""), ("yes", ""), ("yes", "no", "unsaid"))
)
FORBIDDEN = {"health_record", "school_insurance", "quotient_familial"}
GROUNDS = {
    "child_identity": "1°",
    "guardian_identity": "2°",
    "other_guardian_identity": "2°",
    "proof_of_address": "3°",
    "hosting_statement": "3°",
}
"""Which line of code de l'éducation D131-3-1 lets the town require each piece."""


def answers(said: Said) -> Answers:
    separated, court_ruling, hosted, from_other_school, has_other = said
    return {
        "autre-parent": {"has_other": has_other},
        "situation": {
            "separated": separated,
            "court_ruling": court_ruling,
            "hosted": hosted,
            "from_other_school": from_other_school,
        },
    }


def expected(said: Said) -> tuple[set[str], set[str]]:
    """The mandatory and the optional pieces, told in the order in which an agent would."""
    separated, court_ruling, hosted, from_other_school, has_other = said
    must, may = {"child_identity", "guardian_identity"}, set[str]()
    if hosted == "yes":
        must.add("hosting_statement")
        may.add("proof_of_address")
    else:
        must.add("proof_of_address")
    if has_other == "yes":
        (may if separated == "yes" else must).add("other_guardian_identity")
    if court_ruling == "yes":
        may.add("court_ruling")
    if from_other_school == "yes":
        may.add("leaving_certificate")
    return must, may


def codes(needs: tuple[PieceRule, ...], requirement: Requirement) -> set[str]:
    return {need.piece.code for need in needs if need.requirement is requirement}


@pytest.mark.parametrize("said", SITUATIONS, ids="-".join)
def test_each_situation_asks_for_exactly_its_pieces(said: Said) -> None:
    needs = RULES.needs(answers(said))
    must, may = expected(said)
    assert codes(needs, Requirement.MANDATORY) == must
    assert codes(needs, Requirement.OPTIONAL) == may
    assert len(needs) == len(must) + len(may), "each piece is asked once"


@pytest.mark.parametrize("said", SITUATIONS, ids="-".join)
def test_no_situation_shows_a_piece_the_law_forbids(said: Said) -> None:
    shown = {need.piece.code for need in RULES.needs(answers(said))}
    assert not shown & FORBIDDEN


@pytest.mark.parametrize("said", SITUATIONS, ids="-".join)
def test_only_identity_and_domicile_are_mandatory_and_each_may_be_sworn(said: Said) -> None:
    mandatory = [n for n in RULES.needs(answers(said)) if n.requirement is Requirement.MANDATORY]
    assert {GROUNDS[need.piece.code] for need in mandatory} == {"1°", "2°", "3°"}
    for need in mandatory:
        assert need.basis.startswith("Code de l’éducation, article D131-3-1, ")
        assert GROUNDS[need.piece.code] in need.basis
        assert need.piece.sworn_statement.startswith("Je déclare sur l’honneur")


@pytest.mark.parametrize("said", SITUATIONS, ids="-".join)
def test_mandatory_pieces_come_first(said: Said) -> None:
    order = [need.requirement for need in RULES.needs(answers(said))]
    assert order == sorted(order, key=[Requirement.MANDATORY, Requirement.OPTIONAL].index)


def test_before_any_answer_the_three_pieces_of_everybody_are_shown() -> None:
    needs = RULES.needs({})
    assert [need.piece.code for need in needs] == [
        "child_identity",
        "guardian_identity",
        "proof_of_address",
    ]


@pytest.mark.parametrize("rule", RULES.pieces, ids=lambda rule: rule.piece.code)
def test_each_rule_says_why_and_on_which_ground(rule: PieceRule) -> None:
    assert rule.why.endswith(".")
    assert "article" in rule.basis or "Circulaire" in rule.basis
    assert rule.piece.title
    if rule.requirement is not Requirement.FORBIDDEN:
        assert rule.piece.examples


def test_what_is_forbidden_is_written_down_so_that_nobody_adds_it() -> None:
    forbidden = {r.piece.code for r in RULES.pieces if r.requirement is Requirement.FORBIDDEN}
    assert forbidden == FORBIDDEN


def test_a_court_ruling_can_only_be_brought_never_sworn() -> None:
    assert RULES.piece("court_ruling").sworn_statement == ""


def test_the_pages_come_in_the_order_a_parent_meets_them() -> None:
    assert [section.code for section in RULES.sections] == [
        "vous",
        "adresse",
        "autre-parent",
        "enfant",
        "ecole",
        "situation",
        "contacts",
    ]
    assert RULES.section("enfant").title == "L’enfant"
    with pytest.raises(KeyError):
        RULES.section("cantine")


def test_no_question_asks_about_health_or_religion() -> None:
    words = " ".join(
        f"{section.title} {section.intro} {one.label} {one.hint}"
        for section in RULES.sections
        for one in section.fields
    ).lower()
    for word in ("santé", "vaccin", "allerg", "médic", "régime", "religi", "handicap"):
        assert word not in words


def test_separation_and_rulings_are_reserved_and_nothing_else_that_is_asked() -> None:
    reserved = {
        (section.code, field.name): field.group
        for section in RULES.sections
        for field in section.fields
        if field.group is not None
    }
    custody = FieldGroup.CUSTODY
    assert reserved == {
        ("situation", "separated"): custody,
        ("situation", "court_ruling"): custody,
    }
    assert RULES.group_of_piece("court_ruling") is custody
    assert RULES.group_of_piece("health_record") is FieldGroup.HEALTH
    assert RULES.group_of_piece("proof_of_address") is None
    assert RULES.reserved_groups == {custody}  # no health piece may be asked for here


def test_nothing_open_depends_on_a_reserved_answer_without_saying_so() -> None:
    """A question that is asked because of one would tell it; so would the reason of a piece."""
    for section in RULES.sections:
        for field in section.fields:
            if field.only_if and field.only_if[0] in section.reserved:
                assert field.group is not None, field.name
    answers = {"autre-parent": {"has_other": "yes"}, "situation": {}}
    plain = set(RULES.needs(answers))
    for name in RULES.section("situation").reserved:
        told = set(RULES.needs({**answers, "situation": {name: "yes"}})) - plain
        assert told
        assert all(rule.tells is FieldGroup.CUSTODY for rule in told), name
