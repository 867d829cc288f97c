"""Of which dossiers the other guardian of a child is told, and of which never."""

import pytest

from domain.kinds.both_guardians import (
    TOLD_OF_CHILD,
    TOLD_OF_FAMILY,
    Concerned,
    concerned,
    school_asked,
)
from domain.kinds.change_subjects import ABOUT, Subject
from domain.questions import Answers

LENA, TOM = "1" * 32, "2" * 32
NOBODY = Concerned()
ALL = Concerned(is_whole_family=True)
OF_LENA = Concerned((LENA,))


def a_change(subject: Subject, child: str = "") -> Answers:
    return {ABOUT: {"subject": subject.value, "child": child}}


@pytest.mark.parametrize(
    ("subject", "child", "whom"),
    [
        (Subject.SCHOOL, LENA, OF_LENA),
        (Subject.CUSTODY, LENA, OF_LENA),
        (Subject.IDENTITY, LENA, OF_LENA),
        (Subject.IDENTITY, "", NOBODY),
        (Subject.PAYER, "", ALL),
        (Subject.CONTACT_DETAILS, "", NOBODY),
        (Subject.ADDRESS, "", NOBODY),
        (Subject.CONTACTS, LENA, NOBODY),
    ],
)
def test_the_other_guardian_is_told_what_is_about_the_child_or_about_both(
    subject: Subject, child: str, whom: Concerned
) -> None:
    assert concerned("change", a_change(subject, child)) == whom


def test_where_a_guardian_lives_is_reached_or_whom_they_trust_is_never_told() -> None:
    never = {Subject.CONTACT_DETAILS, Subject.ADDRESS, Subject.CONTACTS}
    assert not never & (TOLD_OF_CHILD | TOLD_OF_FAMILY)


def test_a_subject_that_nobody_thought_of_is_told_to_nobody() -> None:
    told = {one for one in Subject if concerned("change", a_change(one, LENA)) != NOBODY}
    assert told == {Subject.SCHOOL, Subject.CUSTODY, Subject.IDENTITY, Subject.PAYER}
    assert concerned("change", {ABOUT: {"subject": "autre", "child": LENA}}) == NOBODY


def test_an_actualisation_is_told_for_the_children_it_is_about() -> None:
    children = {"child_1": LENA, "update_1": "yes", "child_2": TOM, "update_2": ""}
    answers = {"enfants": children, "ecole-1": {"grade": "ce1"}, "ecole-2": {"grade": "gs"}}
    assert concerned("actualisation", answers) == OF_LENA
    assert school_asked("actualisation", answers, LENA) == {"grade": "ce1"}
    assert school_asked("actualisation", answers, TOM) == {}


def test_a_registration_is_shared_by_its_own_accesses() -> None:
    assert concerned("registration", a_change(Subject.SCHOOL, LENA)) == NOBODY


def test_the_school_is_that_of_the_child_and_of_nobody_else() -> None:
    asked = {**a_change(Subject.SCHOOL, LENA), "ecole": {"grade": "ce1"}}
    assert school_asked("change", asked, LENA) == {"grade": "ce1"}
    assert school_asked("change", asked, TOM) == {}
    assert school_asked("change", {**a_change(Subject.PAYER), "ecole": {"grade": "x"}}, LENA) == {}
