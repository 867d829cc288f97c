"""Reading what people type: kept as it was, and told in one sentence when it cannot be."""

from datetime import date

import pytest

from domain.kinds.registration import RULES
from domain.questions import (
    YES_NO,
    Choice,
    Field,
    Section,
    as_day,
    changed,
    is_email,
    is_of_age,
    read,
    shown,
    unfinished,
)

TODAY = date(2026, 11, 23)
SCHOOLS = {"schools": (Choice("jm", "École Jean-Moulin"), Choice("fa", "École Fabre"))}
PAGE = Section(
    "page",
    "Une page",
    (
        Field("name", "Votre nom"),
        Field("hosted", "Êtes-vous hébergé ?", "choice", choices=YES_NO),
        Field("host", "Nom de la personne", only_if=("hosted", "yes")),
        Field("why", "Une raison", "long_text", required=False, max_length=20),
        Field("school", "École souhaitée", "select", required=False, choices_from="schools"),
        Field("agreed", "D’accord", "checkbox", required=False),
        Field("code", "Code", required=False, pattern=r"\d{5}", pattern_message="Cinq chiffres."),
    ),
)


def reading(**typed: str) -> tuple[dict[str, str], dict[str, str]]:
    return read(PAGE, {"name": "Martin", "hosted": "no", **typed}, SCHOOLS, today=TODAY)


def problem(kind: str, text: str) -> str:
    field = Field("one", "Une réponse", kind)  # type: ignore[arg-type]
    return read(Section("s", "S", (field,)), {"one": text}, {}, today=TODAY)[1].get("one", "")


def test_what_is_right_is_kept_without_a_word() -> None:
    values, problems = reading(why="Un frère.", school="jm", agreed="on", code="47240")
    assert problems == {}
    assert values == {
        "name": "Martin",
        "hosted": "no",
        "host": "",
        "why": "Un frère.",
        "school": "jm",
        "agreed": "yes",
        "code": "47240",
    }


def test_spaces_around_and_doubled_are_tidied_and_what_is_not_asked_is_dropped() -> None:
    values, _ = reading(name="  Le \u00a0 Goff\t", unknown="x", why="a\r\n b \x00")
    assert values["name"] == "Le Goff"
    assert values["why"] == "a\n b"
    assert "unknown" not in values


@pytest.mark.parametrize(
    ("sent", "kept"), [("on", "yes"), ("yes", "yes"), ("", ""), (" ", ""), ("no", "")]
)
def test_a_ticked_box_is_a_yes_however_it_is_sent(sent: str, kept: str) -> None:
    assert reading(agreed=sent)[0]["agreed"] == kept


def test_a_missing_answer_is_named() -> None:
    _, problems = reading(name=" ", hosted="")
    assert problems == {
        "name": "Indiquez : votre nom.",
        "hosted": "Choisissez une réponse : « Êtes-vous hébergé ? ».",
    }


def test_a_question_that_does_not_count_is_not_missed() -> None:
    assert reading()[1] == {}
    assert reading(hosted="yes")[1] == {"host": "Indiquez : nom de la personne."}
    assert reading(hosted="yes", host="Zoé Petit")[1] == {}


def test_an_answer_too_long_is_kept_whole_and_told() -> None:
    values, problems = reading(name="x" * 121, why="y" * 21)
    assert values["name"] == "x" * 121
    assert problems["name"] == "Raccourcissez cette réponse : 120 caractères au plus."
    assert problems["why"] == "Raccourcissez cette réponse : 20 caractères au plus."
    assert reading(name="x" * 120)[1] == {}


@pytest.mark.parametrize("field", ["hosted", "school"])
def test_an_answer_outside_the_list_is_refused(field: str) -> None:
    assert reading(**{field: "maybe"})[1][field] == "Choisissez une réponse de la liste."


def test_a_choice_from_a_list_the_town_does_not_keep_is_refused() -> None:
    _, problems = read(PAGE, {"name": "A", "hosted": "no", "school": "jm"}, {}, today=TODAY)
    assert problems == {"school": "Choisissez une réponse de la liste."}


@pytest.mark.parametrize("code", ["4724", "472400", "47 240", "abcde"])
def test_a_pattern_says_its_own_sentence(code: str) -> None:
    assert reading(code=code)[1] == {"code": "Cinq chiffres."}


def test_a_postal_code_typed_with_a_space_is_kept_without_it() -> None:
    address = next(section for section in RULES.sections if section.code == "adresse")
    typed = {"street": "1 rue Haute", "postal_code": " 47\u00a0240 ", "city": "Bon-Encontre"}
    values, problems = read(address, typed, {}, today=TODAY)
    assert problems == {}
    assert values["postal_code"] == "47240"


@pytest.mark.parametrize(
    ("typed", "country", "kept", "is_good"),
    [
        ("47240", "France", "47240", True),
        ("97400", "La Réunion", "97400", True),
        ("SW1A 1AA", "", "SW1A1AA", False),
        ("SW1A 1AA", "Royaume-Uni", "SW1A 1AA", True),
        ("", "Irlande", "", True),
        ("", "", "", False),
        ("SW1A 1AA and much more", "Royaume-Uni", "SW1A 1AA and much more", False),
    ],
)
def test_a_postal_code_abroad_is_as_it_is_there(
    typed: str, country: str, kept: str, is_good: bool
) -> None:
    address = RULES.section("adresse")
    said = {"street": "1 rue Haute", "postal_code": typed, "city": "X", "country": country}
    values, problems = read(address, said, {}, today=TODAY)
    assert values["postal_code"] == kept
    assert ("postal_code" not in problems) is is_good


@pytest.mark.parametrize(
    ("born", "day", "is_so"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(2008, 11, 23), date(2026, 11, 22), False),
        (date(2008, 11, 23), date(2026, 11, 23), True),
    ],
)
def test_somebody_is_of_age_on_the_eighteenth_birthday(born: date, day: date, is_so: bool) -> None:
    assert is_of_age(born, day) is is_so


def test_answers_that_contradict_each_other_are_told_once_each_is_right() -> None:
    page = Section(
        "s",
        "S",
        (
            Field("value", "Valeur", pattern=r"\d+", pattern_message="Des chiffres."),
            Field("month", "Mois"),
        ),
        check=lambda values: {"value": "Contradiction.", "gone": values["month"]},
    )
    assert read(page, {"value": "1", "month": "x"}, {}, today=TODAY)[1] == {
        "value": "Contradiction."
    }
    assert read(page, {"value": "a", "month": "x"}, {}, today=TODAY)[1] == {
        "value": "Des chiffres."
    }


def test_a_box_that_must_be_ticked_is_named() -> None:
    page = Section("s", "S", (Field("accepted", "J’accepte le règlement", "checkbox"),))
    told = {"accepted": "Cochez la case : « J’accepte le règlement »."}
    assert read(page, {}, {}, today=TODAY)[1] == told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+33 (0)6 12 34 56 78", "+33 6 12 34 56 78"),
        ("+33(0)612345678", "+33 612345678"),
        ("+33 (0) 6.12.34.56.78", "+33 6.12.34.56.78"),
        ("06 12 34 56 78", "06 12 34 56 78"),
    ],
)
def test_the_zero_in_brackets_of_a_phone_number_is_dropped(typed: str, kept: str) -> None:
    page = Section("s", "S", (Field("phone", "Téléphone", "tel"),))
    assert read(page, {"phone": typed}, {}, today=TODAY) == ({"phone": kept}, {})


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2021-03-12", date(2021, 3, 12)),
        ("12/03/2021", date(2021, 3, 12)),
        ("12.03.2021", date(2021, 3, 12)),
        ("12-03-2021", date(2021, 3, 12)),
        ("12 03 2021", date(2021, 3, 12)),
        ("1/3/2021", date(2021, 3, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("29/02/2023", None),
        ("31/04/2021", None),
        ("03/13/2021", None),
        ("12/03/21", None),
        ("0000-01-01", None),
        ("31/12/9999", None),
        ("12/03/0021", None),
        ("le 12 mars", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_the_ways_people_type_it(typed: str, day: date | None) -> None:
    assert as_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12/03/2021", ""),
        ("23/11/2026", ""),
        ("31/02/2021", "Écrivez une date qui existe, par exemple 12/03/2021."),
        ("24/11/2026", "Cette date est dans le futur. Vérifiez l’année."),
        ("12/03/1985", "Cette date est trop ancienne pour un enfant. Vérifiez l’année."),
        ("24/11/2008", ""),
        ("23/11/2008", "Cette date est trop ancienne pour un enfant. Vérifiez l’année."),
        ("12/03/2007", "Cette date est trop ancienne pour un enfant. Vérifiez l’année."),
        ("29/02/2024", ""),
    ],
)
def test_a_birth_date_is_one_of_a_child(typed: str, sentence: str) -> None:
    assert problem("date", typed) == sentence


@pytest.mark.parametrize(
    ("typed", "is_good"),
    [
        ("0612345678", True),
        ("06 12 34 56 78", True),
        ("06.12.34.56.78", True),
        ("06-12-34-56-78", True),
        ("+33 6 12 34 56 78", True),
        ("+262692123456", True),
        ("0690 12 34 56", True),
        ("0262 12 34 56", True),
        ("(0262) 12 34 56", True),
        ("+596 696 12 34 56", True),
        ("+1 (415) 555-2671", True),
        ("0170/1234567", True),
        ("0041 79 123 45 67", True),
        ("+376 312 345", True),
        ("(0612", False),
        ("6 12 34 56 78", False),
        ("061234", False),
        ("0---------", False),
        ("0 . . . . . .", False),
        ("06 12 34 56 78 90 12 34 56", False),
        ("zéro six", False),
    ],
)
def test_a_phone_number_has_enough_digits(typed: str, is_good: bool) -> None:
    sentence = "Écrivez un numéro de téléphone, par exemple 06 12 34 56 78."
    assert problem("tel", typed) == ("" if is_good else sentence)


@pytest.mark.parametrize(
    ("typed", "is_good"),
    [
        ("claire@exemple.fr", True),
        ("claire.martin+ecole@mail.exemple.fr", True),
        ("o'neil@exemple.fr", True),
        ("claire@exemple", False),
        ("claire@", False),
        ("@exemple.fr", False),
        ("claire@@exemple.fr", False),
        ("claire martin@exemple.fr", False),
        ("claire@exemple.fr, paul@exemple.fr", False),
        ("Claire <claire@exemple.fr>", False),
        ("claire@exemple.fr\nBcc:x@y.fr", False),
        ("c" * 65 + "@exemple.fr", False),
        ("c" * 64 + "@" + "e" * 200 + ".fr", False),
    ],
)
def test_a_mail_address_can_be_written_to(typed: str, is_good: bool) -> None:
    assert is_email(typed) is is_good


def test_answers_are_shown_as_people_read_them() -> None:
    assert shown(PAGE.field("hosted"), "yes", SCHOOLS) == "Oui"
    assert shown(PAGE.field("school"), "fa", SCHOOLS) == "École Fabre"
    assert shown(PAGE.field("school"), "closed-school", SCHOOLS) == "closed-school"
    assert shown(PAGE.field("agreed"), "on", SCHOOLS) == "Oui"
    assert shown(PAGE.field("agreed"), "", SCHOOLS) == "Non"
    assert shown(Field("d", "Jour", "date"), "2021-03-12", {}) == "12/03/2021"
    assert shown(Field("d", "Jour", "date"), "bientôt", {}) == "bientôt"
    assert shown(PAGE.field("name"), "Martin", SCHOOLS) == "Martin"


def test_pages_not_met_or_not_right_are_unfinished_in_their_order() -> None:
    pages = (PAGE, Section("autre", "Autre", (Field("x", "X", required=False),)))
    good = {"name": "Martin", "hosted": "no"}
    assert unfinished(pages, {}, SCHOOLS, today=TODAY) == ("page", "autre")
    assert unfinished(pages, {"autre": {}}, SCHOOLS, today=TODAY) == ("page",)
    assert unfinished(pages, {"page": {"name": "A"}, "autre": {}}, SCHOOLS, today=TODAY) == (
        "page",
    )
    assert unfinished(pages, {"page": good, "autre": {}}, SCHOOLS, today=TODAY) == ()


def test_what_changed_is_told_by_question() -> None:
    before = {"enfant": {"first_name": "Léna", "last_name": "Martin"}, "vous": {"phone": "1"}}
    now = {"enfant": {"first_name": "Lena", "last_name": "Martin"}, "vous": {"phone": "1"}}
    assert changed(before, now) == (("enfant", "first_name"),)
    assert changed(before, before) == ()
    assert changed({}, {"vous": {"phone": "1", "name": ""}}) == (("vous", "phone"),)
    assert changed({"vous": {"phone": "1"}}, {}) == (("vous", "phone"),)


@pytest.mark.parametrize("section", RULES.sections, ids=lambda section: section.code)
def test_the_pages_of_a_registration_are_well_made(section: Section) -> None:
    names = [one.name for one in section.fields]
    assert len(set(names)) == len(names)
    for one in section.fields:
        assert one.label[:1].isupper()
        assert (one.kind in {"choice", "select"}) == bool(one.choices or one.choices_from)
        assert bool(one.pattern) == bool(one.pattern_message)
        if one.only_if:
            other, value = one.only_if
            asked = section.field(other)
            possible = {choice.value for choice in asked.choices}
            assert value in (possible or {"yes"})
            assert possible or asked.kind == "checkbox"


@pytest.mark.parametrize(("sent", "kept"), [("yes", "yes"), ("on", "yes"), ("no", ""), ("", "")])
def test_a_box_is_ticked_or_not_whatever_sent_it(sent: str, kept: str) -> None:
    values, problems = reading(school="jm", agreed=sent)
    assert values["agreed"] == kept
    assert "agreed" not in problems


@pytest.mark.parametrize(
    ("typed", "is_right"), [("01/09/2030", True), ("12/03/1980", True), ("31/02/2027", False)]
)
def test_a_date_that_may_be_any_day_may_be_to_come(typed: str, is_right: bool) -> None:
    page = Section("jour", "Jour", (Field("until", "Jusqu’au", "date", any_day=True),))
    _, problems = read(page, {"until": typed}, {}, today=TODAY)
    assert (problems == {}) is is_right
