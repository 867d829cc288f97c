"""The lists that town halls have, with the habits of their spreadsheets."""

from datetime import date

import pytest

from domain.family_lines import FamilySaid, family_of
from domain.family_sheet import MOST_BYTES, MOST_LINES, FileRefused, read_sheet

HEADS = (
    "Nom du responsable 1;Prénom du responsable 1;Mail du responsable 1;"
    "Téléphone du responsable 1;Nom de l’enfant;Prénom de l’enfant;Date de naissance;Niveau;École"
)
LINE = "Martin;Claire;Claire@Exemple.fr;06 12 34 56 78;Martin;Léna;12/03/2021;PS;jean moulin"
SCHOOLS = {"e" * 32: "École Jean-Moulin", "f" * 32: "Groupe scolaire Les Lilas"}
TODAY = date(2026, 11, 23)


def families(content: bytes) -> list[FamilySaid]:
    read = [family_of(row, SCHOOLS, TODAY) for row in read_sheet(content).rows()]
    assert [wrong for _, wrong in read] == [()] * len(read)
    return [said for said, _ in read if said]


def wrongs(line: str, heads: str = HEADS) -> str:
    [row] = read_sheet(f"{heads}\n{line}".encode()).rows()
    said, wrong = family_of(row, SCHOOLS, TODAY)
    assert said is None
    return " | ".join(wrong)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_same_list_is_read_however_it_was_saved(
    codec: str, ending: str, separator: str
) -> None:
    text = f"{HEADS}{ending}{LINE}{ending}".replace(";", separator)
    [said] = families(text.encode(codec))
    [guardian] = said.guardians
    assert (guardian.name, guardian.email) == ("Claire Martin", "claire@exemple.fr")
    assert guardian.phone == "0612345678"
    assert (said.child.name, said.child.birth_date) == ("Léna Martin", "2021-03-12")
    assert (said.child.grade, said.child.school_id) == ("ps", "e" * 32)


def test_a_list_with_every_cell_in_quotation_marks_is_read() -> None:
    for separator in ";,":
        text = "\n".join(
            separator.join(f'"{cell}"' for cell in line.split(";")) for line in (HEADS, LINE)
        )
        assert len(families(text.encode())) == 1


def test_habits_of_spreadsheets_are_forgiven() -> None:
    content = (
        f"sep=;\r\n;;;;;;;;\r\n{HEADS};Colonne à nous\r\n\r\n"
        '"Martin ""Petit""";Claire ;;612345678;MARTIN;"Léna\u00a0";2021-03-12 00:00:00;'
        'Petite section;"ÉCOLE  Jean Moulin";x\r\n;;;;;;;;\r\n'
    ).encode("utf-8-sig")
    assert read_sheet(content).ignored == ["Colonne à nous"]
    [said] = families(content)
    assert said.number == 5
    assert said.guardians[0].phone == "0612345678"
    assert said.guardians[0].last_name == 'Martin "Petit"'
    assert said.child.birth_date == "2021-03-12"


def test_a_line_in_several_lines_keeps_the_number_of_its_first() -> None:
    content = f'{HEADS}\n"Martin\nPetit";Claire;;;Martin;Léna;12/03/2021;;\n{LINE}'
    assert [one.number for one in families(content.encode())] == [2, 4]


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b"", "vide", 0),
        (b"PK\x03\x04....", "classeur", 0),
        (b"%PDF-1.7\x01", "caractères de contrôle", 1),
        ("\ufeffa;b".encode("utf-16"), "UTF-16", 0),
        (f"{HEADS}\n{LINE}\n\x00".encode(), "nul", 3),
        (f"{HEADS}\n".encode(), "aucune ligne", 0),
        (f"{HEADS}\n{LINE}\n".encode() + "Zoé".encode("cp1252"), "mélange deux codages", 1),
        (b"Nom\x81;x", "ni en UTF-8", 1),
        ("\ufeffé".encode() + b"\xe9", "pas en UTF-8", 1),
        (f'{HEADS}\n{LINE}\n"Martin;Claire'.encode(), "guillemet", 3),
        (f'{HEADS}\n{LINE}\n"Martin"x;Claire'.encode(), "guillemet", 3),
        ("Nom;Prénom\nMartin;Claire".encode(), "manque ces colonnes", 1),
        (f"{HEADS};niveau\n{LINE};x".encode(), "deux fois", 1),
        (b"x" * (MOST_BYTES + 1), "trop gros", 0),
        (f"{HEADS}\n{LINE}".encode() + b"\na;b" * MOST_LINES, "plus de 20000 lignes", 20002),
    ],
    ids=range(15),
)
def test_a_wrong_file_is_refused_with_a_sentence_and_a_line(
    content: bytes, said: str, line: int
) -> None:
    with pytest.raises(FileRefused, match=said) as refused:
        list(read_sheet(content).rows())
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (LINE.replace("12/03/2021", "12/03/21"), "n’est pas une date"),
        (LINE.replace("12/03/2021", "44267"), "n’est pas une date"),
        (LINE.replace("12/03/2021", "31/02/2021"), "n’est pas une date"),
        (LINE.replace("12/03/2021", "12/03/1991"), "vérifiez l’année"),
        (LINE.replace("12/03/2021", "12/03/2031"), "vérifiez l’année"),
        (LINE.replace("12/03/2021", ""), "« Date de naissance » est vide"),
        (LINE.replace("PS", "6e"), "le niveau « 6e »"),
        (LINE.replace("jean moulin", "les lila"), "peut-être « Groupe scolaire Les Lilas »"),
        (LINE.replace("Claire@Exemple.fr", "claire@"), "n’est pas une adresse mail"),
        (LINE.replace("06 12 34 56 78", "12"), "n’est pas un numéro"),
        (LINE.replace("Léna", "--"), "formule"),
        (LINE.replace("Léna", "…"), "« Prénom de l’enfant » est vide"),
        (LINE.replace("Léna", "=cmd|' /C calc'!A0"), "« = », comme une formule"),
        (LINE.replace("Léna", "＝1+1"), "« ＝ », comme une formule"),
        (LINE.replace("Martin;Claire", '"\t@SUM(A1)";Claire'), "« @ »"),
        (LINE + ";trop", "plus de cases"),
        (LINE.replace("Léna", "L" * 301), "plus de 300 caractères"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, said: str) -> None:
    assert said in wrongs(line)


def test_every_reason_of_a_line_is_said_at_once() -> None:
    said = wrongs(LINE.replace("12/03/2021", "hier").replace("PS", "6e").replace("Claire@", "c"))
    assert said.count("|") == 2
