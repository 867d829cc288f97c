"""A change of the family's file: one subject, one page, the pieces that go with it."""

from datetime import date

import pytest

from domain.kinds.change import AUTOMATIC, RULES
from domain.kinds.change_subjects import ABOUT, CHILD_PAGE, WORDS, Subject, slug_of
from domain.questions import Answers, Choice, read
from domain.rights import FieldGroup

TODAY = date(2026, 11, 23)
LENA = {CHILD_PAGE: {"first_name": "Léna", "last_name": "Martin"}}


def about(subject: Subject, *, child: str = "", contact: str = "") -> Answers:
    said = {"subject": subject.value, "child": child, "contact": contact}
    return {ABOUT: said, **(LENA if child else {})}


@pytest.mark.parametrize("subject", Subject)
@pytest.mark.parametrize("child", ["", "c1"])
def test_a_subject_is_asked_on_one_page(subject: Subject, child: str) -> None:
    (page,) = RULES.sections_for(about(subject, child=child))
    assert page.title
    assert "{" not in page.title + page.intro
    assert WORDS[subject].title


def test_each_subject_has_a_procedure_of_its_own() -> None:
    assert len({slug_of(one) for one in Subject}) == len(Subject)
    assert Subject.ADDRESS not in AUTOMATIC
    assert Subject.CUSTODY not in AUTOMATIC


@pytest.mark.parametrize(
    ("subject", "child", "pieces"),
    [
        (Subject.CONTACT_DETAILS, "", []),
        (Subject.ADDRESS, "", ["proof_of_address"]),
        (Subject.PAYER, "", []),
        (Subject.CONTACTS, "c1", []),
        (Subject.SCHOOL, "c1", []),
        (Subject.CUSTODY, "c1", []),
        (Subject.IDENTITY, "c1", ["child_identity"]),
        (Subject.IDENTITY, "", ["guardian_identity"]),
    ],
)
def test_only_the_papers_that_prove_the_change_are_asked(
    subject: Subject, child: str, pieces: list[str]
) -> None:
    asked = RULES.needs(about(subject, child=child))
    assert [one.piece.code for one in asked] == pieces
    assert all(one.basis and one.why for one in asked)


def test_a_ruling_may_be_joined_where_the_family_says_there_is_one() -> None:
    said = {**about(Subject.CUSTODY, child="c1"), "garde": {"court_ruling": "yes"}}
    assert [one.piece.code for one in RULES.needs(said)] == ["court_ruling"]


def test_everything_about_custody_is_reserved() -> None:
    (page,) = RULES.sections_for(about(Subject.CUSTODY, child="c1"))
    assert {one.group for one in page.fields} == {FieldGroup.CUSTODY}


def test_only_somebody_who_is_on_the_list_can_be_taken_off_it() -> None:
    (new,) = RULES.sections_for(about(Subject.CONTACTS, child="c1"))
    (known,) = RULES.sections_for(about(Subject.CONTACTS, child="c1", contact="p1"))
    assert "removed" not in {one.name for one in new.fields}
    assert "removed" in {one.name for one in known.fields}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"grade": "cp", "school": "s1"}, []),
        ({"grade": "cp"}, ["school"]),
        ({"grade": "cp", "elsewhere": "yes"}, ["other_school"]),
        ({"grade": "cp", "elsewhere": "yes", "other_school": "Sainte-Marie"}, []),
    ],
)
def test_a_school_is_one_of_the_town_or_another(said: dict[str, str], wrong: list[str]) -> None:
    (page,) = RULES.sections_for(about(Subject.SCHOOL, child="c1"))
    lists = {"schools": [Choice("s1", "École Fabre")]}
    assert sorted(read(page, said, lists, today=TODAY)[1]) == wrong
