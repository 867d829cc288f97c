"""Reading a list of families as town halls have it: a CSV file, most often saved by a spreadsheet.

UTF-8 with or without its mark, or Windows-1252; semicolons, commas or tabs; quoted cells, `sep=;`
first lines, empty lines. A file that cannot be read right is refused whole, with a sentence and the
number of the line, as a spreadsheet counts them.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.likeness import plain

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
_LONGEST_CELL = 300
_MARK = b"\xef\xbb\xbf"
_SEPARATORS = ";,\t"
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO_BREAKS = str.maketrans("\u00a0\u202f\ufeff", "   ")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "last_name_1": ("Nom du responsable 1", "nom responsable 1", "nom parent 1"),
    "first_name_1": ("Prénom du responsable 1", "prénom responsable 1", "prénom parent 1"),
    "email_1": ("Mail du responsable 1", "mail responsable 1", "email 1", "courriel 1"),
    "phone_1": ("Téléphone du responsable 1", "téléphone responsable 1", "téléphone 1"),
    "last_name_2": ("Nom du responsable 2", "nom responsable 2", "nom parent 2"),
    "first_name_2": ("Prénom du responsable 2", "prénom responsable 2", "prénom parent 2"),
    "email_2": ("Mail du responsable 2", "mail responsable 2", "email 2", "courriel 2"),
    "phone_2": ("Téléphone du responsable 2", "téléphone responsable 2", "téléphone 2"),
    "street": ("Adresse", "numéro et rue", "rue"),
    "postal_code": ("Code postal", "cp"),
    "city": ("Ville", "commune"),
    "last_name": ("Nom de l’enfant", "nom enfant"),
    "first_name": ("Prénom de l’enfant", "prénom enfant"),
    "birth_date": ("Date de naissance", "date de naissance de l’enfant", "né le", "née le"),
    "birth_place": ("Lieu de naissance", "commune de naissance"),
    "grade": ("Niveau", "classe", "niveau scolaire"),
    "school": ("École", "établissement"),
}
"""What each column is called: the heading of the template first, then those also understood."""
REQUIRED = ("last_name_1", "first_name_1", "last_name", "first_name", "birth_date")
_BY_HEADING = {plain(words): code for code, names in COLUMNS.items() for words in names}


class FileRefused(Exception):  # noqa: N818
    """The file cannot be read; the message is a sentence, `line` where in the file (0: nowhere)."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(f"Ligne {line} : {sentence}" if line else sentence)
        self.line = line


@dataclass(frozen=True)
class Row:
    """One line of the file: its number, and its cells by column; `problem` when it has too many."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file that can be read. `ignored` are the headings that say nothing to the portal."""

    text: str
    separator: str
    first: int
    codes: Sequence[str] = field(default=())
    ignored: Sequence[str] = field(default=())

    def rows(self) -> Iterator[Row]:
        """The lines with something in them, one after the other; read as they are asked for.

        Raises:
            FileRefused: a quotation mark is not closed, or there are too many lines.
        """
        count = 0
        for number, cells in _cells(self.text, self.separator):
            if number <= self.first or not any(cells):
                continue
            count += 1
            if count > MOST_LINES:
                raise FileRefused(
                    f"Le fichier a plus de {MOST_LINES} lignes. Faites-en plusieurs.", number
                )
            known = {code: text for code, text in zip(self.codes, cells, strict=False) if code}
            yield Row(number, known, _problem(cells, len(self.codes)))


def read_sheet(content: bytes) -> Sheet:
    """The file, its lines counted and its columns known.

    Raises:
        FileRefused: it is no CSV file, or not one that can be read right.
    """
    text = _decoded(content)
    first, separator, headings = _headings(text)
    codes = [_BY_HEADING.get(plain(one), "") for one in headings]
    for code in codes:
        if code and codes.count(code) > 1:
            raise FileRefused(f"La colonne « {COLUMNS[code][0]} » est là deux fois.", first)
    missing = [COLUMNS[code][0] for code in REQUIRED if code not in codes]
    if missing:
        names = ", ".join(f"« {one} »" for one in missing)
        raise FileRefused(
            f"Il manque {'cette colonne' if len(missing) == 1 else 'ces colonnes'} : {names}. "
            "La première ligne du fichier donne le nom des colonnes, comme dans le modèle.",
            first,
        )
    ignored = [one for one, code in zip(headings, codes, strict=True) if one and not code]
    sheet = Sheet(text, separator, first, codes, ignored)
    if not any(True for _ in sheet.rows()):
        raise FileRefused("Le fichier n’a aucune ligne sous le nom des colonnes.")
    return sheet


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileRefused(
            f"Le fichier est trop gros : {MOST_BYTES // 1024 // 1024}\u00a0Mo au plus. Faites-en "
            "plusieurs."
        )
    if not content.strip():
        raise FileRefused("Le fichier est vide.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(
            "C’est un classeur, pas un fichier CSV. Dans le tableur, choisissez « Enregistrer "
            "sous », puis « CSV UTF-8 »."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(
            "Enregistrez le fichier au format « CSV UTF-8 » : celui-ci est en UTF-16."
        )
    if (nul := content.find(b"\x00")) >= 0:
        raise FileRefused(
            "Le fichier contient un caractère nul : ce n’est pas un fichier CSV.",
            _line_of(content, nul),
        )
    if found := _CONTROLS.search(content):
        raise FileRefused(
            "Le fichier contient des caractères de contrôle : ce n’est pas un fichier CSV.",
            _line_of(content, found.start()),
        )
    try:
        return content.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        return _as_windows(content, error.start)


def _as_windows(content: bytes, wrong_at: int) -> str:
    """The file in Windows-1252, if it is that everywhere."""
    if content.startswith(_MARK):
        raise FileRefused("Ces lettres ne sont pas en UTF-8.", _line_of(content, wrong_at))
    text = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            text.append(line.decode("cp1252"))
        except UnicodeDecodeError:
            raise FileRefused(
                "Ces lettres ne sont ni en UTF-8 ni en Windows-1252.", number
            ) from None
        if not line.isascii() and _is_utf8(line):
            raise FileRefused(
                "Le fichier mélange deux codages : cette ligne est en UTF-8, d’autres en "
                "Windows-1252. Enregistrez-le de nouveau au format « CSV UTF-8 ».",
                number,
            )
    return "\n".join(text)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _headings(text: str) -> tuple[int, str, list[str]]:
    """The number of the line of headings, the separator, and the headings."""
    found = [one for separator in _SEPARATORS if (one := _first_line(text, separator))]
    if not found:
        # No separator reads it: say what is wrong with the one that town halls use.
        number, cells = next(_cells(text, _SEPARATORS[0]), (0, []))
        return number, _SEPARATORS[0], cells
    return max(found, key=lambda one: sum(plain(cell) in _BY_HEADING for cell in one[2]))


def _first_line(text: str, separator: str) -> tuple[int, str, list[str]] | None:
    """The first line with something in it, but for `sep=;`; None if this is not the separator."""
    try:
        for number, cells in _cells(text, separator):
            if any(cells) and not plain(cells[0]).startswith("sep"):
                return number, separator, cells
    except FileRefused:
        return None
    return None


def _cells(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number, as spreadsheets and text editors count them."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefused(
                "Un guillemet de cette ligne n’est pas fermé, ou n’est pas à sa place.", number
            ) from None
        yield number, [" ".join(one.translate(_NO_BREAKS).split()) for one in cells]


def _problem(cells: Sequence[str], columns: int) -> str:
    if any(cells[columns:]):
        return "cette ligne a plus de cases que de colonnes : un séparateur est de trop"
    if any(len(one) > _LONGEST_CELL for one in cells):
        return f"une case a plus de {_LONGEST_CELL} caractères"
    return ""
