from domain.asking import as_asked, told
from domain.kinds.rules import Rules, said_yes
from domain.questions import Field, Section

CHILDREN = Section("enfants", "Les enfants", (Field("name_1", "Prénom", "hidden"),))
SCHOOL = Section(
    "ecole-1",
    "L’école {de enfants.name_1}",
    (
        Field("grade", "Classe de {enfants.name_1}"),
        Field("why", "Pourquoi ?", when=said_yes("situation", "moves")),
    ),
    intro="{enfants.name_1} change d’école ?",
    when=said_yes("enfants", "update_1"),
)
RULES = Rules("test", "Test", (CHILDREN, SCHOOL), ())


def test_a_page_that_no_answer_brings_is_not_there() -> None:
    assert [one.code for one in RULES.sections_for({})] == ["enfants"]
    answers = {"enfants": {"update_1": "yes", "name_1": "Élise"}}
    assert [one.code for one in RULES.sections_for(answers)] == ["enfants", "ecole-1"]


def test_a_page_names_the_child_it_is_about() -> None:
    page = as_asked(SCHOOL, {"enfants": {"name_1": "Élise"}})
    assert page.title == "L’école d’Élise"
    assert page.intro == "Élise change d’école ?"
    assert page.field("grade").label == "Classe de Élise"


def test_a_name_that_looks_like_one_of_our_marks_stays_what_it_is() -> None:
    assert told("{enfants.name_1}", {"enfants": {"name_1": "{vous.phone}"}}) == "{vous.phone}"


def test_a_question_is_there_for_the_answers_of_another_page() -> None:
    names = [one.name for one in as_asked(SCHOOL, {"situation": {"moves": "yes"}}).fields]
    assert names == ["grade", "why"]
    assert [one.name for one in as_asked(SCHOOL, {}).fields] == ["grade"]


def test_a_page_that_depends_on_nothing_stays_the_very_same() -> None:
    assert as_asked(CHILDREN, {}) is CHILDREN


def test_what_the_portal_writes_is_not_a_question() -> None:
    assert CHILDREN.written_by_the_portal == {"name_1"}
