from datetime import date

import pytest

from domain.kinds.actualisation import RULES, grade_after
from domain.kinds.actualisation_questions import CHILDREN, chosen, month_of
from domain.kinds.people import named_on
from domain.kinds.registration import RULES as REGISTRATION
from domain.kinds.rules import PieceRule, Requirement
from domain.questions import Answers, Values, read
from domain.rights import FieldGroup

TODAY = date(2026, 11, 23)
TWO: Values = {
    "child_1": "a" * 32,
    "first_1": "Élise",
    "name_1": "Élise Martin",
    "update_1": "yes",
    "child_2": "b" * 32,
    "first_2": "Tom",
    "name_2": "Tom Martin",
    "update_2": "yes",
}


def asked(*, children: Values = TWO, **pages: Values) -> dict[str, Requirement]:
    answers = {CHILDREN: children, **{code.replace("_", "-"): said for code, said in pages.items()}}
    return {rule.piece.code: rule.requirement for rule in RULES.needs(answers)}


def test_each_chosen_child_has_its_pages_and_the_others_have_none() -> None:
    one = {**TWO, "update_1": ""}
    codes = [page.code for page in RULES.sections_for({CHILDREN: one})]
    assert codes == [
        "enfants",
        "foyer",
        "vous",
        "autre-parent",
        "situation",
        "ecole-2",
        "sante-2",
        "autorisations-2",
        "quotient",
        "reglement",
    ]
    assert chosen({CHILDREN: one}) == {2: "b" * 32}


def test_the_pages_of_a_child_say_whose_they_are() -> None:
    pages = {page.code: page for page in RULES.sections_for({CHILDREN: TWO})}
    assert pages["sante-1"].title == "La santé d’Élise"
    assert pages["autorisations-2"].title == "Les autorisations pour Tom"
    labels = [one.label for one in pages["enfants"].fields if one.name.startswith("update")]
    assert labels == ["Élise Martin", "Tom Martin"]


def test_a_dossier_is_about_one_child_at_least() -> None:
    page = next(iter(RULES.sections_for({CHILDREN: TWO})))
    nobody = {**TWO, "update_1": "", "update_2": ""}
    assert read(page, nobody, {}, today=TODAY)[1] == {"update_1": "Choisissez au moins un enfant."}
    assert read(page, TWO, {}, today=TODAY)[1] == {}


def test_where_nothing_changes_only_the_domicile_is_mandatory() -> None:
    must, may = Requirement.MANDATORY, Requirement.OPTIONAL
    assert asked() == {
        "proof_of_address": must,
        "quotient_familial": may,
        "school_insurance_1": may,
        "school_insurance_2": may,
    }


@pytest.mark.parametrize(
    ("page", "said", "piece", "requirement"),
    [
        ("situation", {"hosted": "yes"}, "hosting_statement", Requirement.MANDATORY),
        ("situation", {"court_ruling": "yes"}, "court_ruling", Requirement.OPTIONAL),
        ("situation", {"changes_school": "yes"}, "leaving_certificate", Requirement.OPTIONAL),
        ("situation", {"non_resident": "yes"}, "residence_agreement", Requirement.OPTIONAL),
        ("ecole_2", {"grade": "ps"}, "child_identity_2", Requirement.MANDATORY),
        ("sante_1", {"concern": "yes", "pai": "changed"}, "care_plan_1", Requirement.OPTIONAL),
    ],
)
def test_a_situation_brings_its_piece(
    page: str, said: Values, piece: str, requirement: Requirement
) -> None:
    assert piece not in asked()
    assert asked(**{page: said})[piece] is requirement


def test_a_care_plan_that_did_not_change_is_not_asked_again() -> None:
    assert "care_plan_1" not in asked(sante_1={"concern": "yes", "pai": "same"})
    assert "care_plan_1" not in asked(sante_1={"concern": "no", "pai": "changed"})


def test_the_pieces_of_a_child_bear_its_name() -> None:
    titles = {rule.piece.code: rule.piece.title for rule in RULES.needs({CHILDREN: TWO})}
    assert titles["school_insurance_1"] == "Assurance scolaire d’Élise"
    assert titles["school_insurance_2"] == "Assurance scolaire de Tom"


def test_every_piece_has_a_name_asked_or_not() -> None:
    titles = RULES.titles({CHILDREN: TWO})
    assert titles["child_identity_2"] == "Identité de Tom"
    assert titles["child_identity_3"] == "Identité de l’enfant"
    assert titles["proof_of_address"] == "Justificatif de domicile"


def test_nothing_is_mandatory_that_the_law_forbids_for_the_school() -> None:
    forbidden = {
        rule.piece.code for rule in REGISTRATION.pieces if rule.requirement is Requirement.FORBIDDEN
    }
    for rule in RULES.pieces:
        if any(rule.piece.code.startswith(code) for code in forbidden):
            assert rule.requirement is not Requirement.MANDATORY, rule.piece.code


@pytest.mark.parametrize("rule", RULES.pieces, ids=lambda rule: rule.piece.code)
def test_each_rule_says_why_and_on_which_ground(rule: PieceRule) -> None:
    assert rule.why.endswith(".")
    assert any(word in rule.basis for word in ("article", "Circulaire", "Loi"))
    if rule.requirement is not Requirement.FORBIDDEN:
        assert rule.piece.examples


def test_what_tells_of_health_or_custody_is_reserved() -> None:
    for rule in RULES.pieces:
        if rule.piece.code.startswith("care_plan"):
            assert rule.tells is rule.piece.group is FieldGroup.HEALTH
    assert RULES.section("sante-3").reserved == {
        one.name for one in RULES.section("sante-3").fields
    }
    assert RULES.section("situation").reserved == {"separated", "court_ruling"}


@pytest.mark.parametrize(
    ("grade", "years", "then"),
    [
        ("gs", 1, "cp"),
        ("ps", 1, "ms"),
        ("cm1", 1, "cm2"),
        ("cm2", 1, ""),
        ("cm2", 0, "cm2"),
        ("ce1", -1, "cp"),
        ("ps", -1, ""),
        ("", 1, ""),
        ("6e", 1, ""),
    ],
)
def test_a_class_moves_up_with_the_school_year(grade: str, years: int, then: str) -> None:
    assert grade_after(grade, years) == then


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, set()),
        ({"value": "850", "month": "10/2026"}, set()),
        ({"value": "850,50", "month": "9/2026"}, set()),
        ({"value": "850"}, {"month"}),
        ({"month": "10/2026"}, {"value"}),
        ({"value": "beaucoup", "month": "10/2026"}, {"value"}),
        ({"value": "850", "month": "13/2026"}, {"month"}),
    ],
)
def test_a_quotient_comes_with_its_month_or_not_at_all(said: Values, wrong: set[str]) -> None:
    assert set(read(RULES.section("quotient"), said, {}, today=TODAY)[1]) == wrong


def test_the_month_of_a_quotient_is_kept_as_months_sort() -> None:
    assert [month_of(typed) for typed in ("10/2026", "9/2026", "")] == ["2026-10", "2026-09", ""]


def test_the_house_rules_are_accepted_where_the_dossier_is_sent() -> None:
    page = RULES.section("reglement")
    assert page.with_sending
    assert set(read(page, {}, {}, today=TODAY)[1]) == {"accepted"}


@pytest.mark.parametrize(
    ("section", "values", "names", "firsts"),
    [
        ("enfants", TWO, "Élise Martin et Tom Martin", "Élise et Tom"),
        ("enfants", {**TWO, "update_1": ""}, "Tom Martin", "Tom"),
        ("enfants", {}, "", ""),
        ("enfant", {"first_name": "Léna", "last_name": "Petit"}, "Léna Petit", "Léna"),
    ],
)
def test_a_dossier_is_named_after_its_children(
    section: str, values: Values, names: str, firsts: str
) -> None:
    named = named_on(section, values)
    assert named is not None
    assert (named.names, named.first_names) == (names, firsts)


def test_a_page_about_nobody_names_nobody() -> None:
    answers: Answers = {"foyer": {"street": "1 rue Haute"}}
    assert named_on("foyer", answers["foyer"]) is None
    three = {**TWO, "child_3": "c" * 32, "first_3": "Zoé", "name_3": "Zoé Petit", "update_3": "yes"}
    named = named_on("enfants", three)
    assert named is not None
    assert named.first_names == "Élise, Tom et Zoé"
    assert (named.last, named.first) == ("Martin", "Élise")
