"""What one line of a town's list says of a family, or why it cannot be taken as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from domain.family_sheet import COLUMNS, Row
from domain.kinds.registration_questions import GRADES
from domain.likeness import name_key, plain
from domain.questions import as_day, is_email

_FORMULA = re.compile(r"[=+\-@＝＋－＠]")
_PHONE = re.compile(r"\+?\d{9,15}")
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_OLDEST, _LONGEST_NAME, _LONGEST_STREET = 20, 80, 160
_SCHOOL_WORDS = frozenset(
    {"ecole", "maternelle", "elementaire", "primaire", "publique", "groupe", "scolaire"}
)
_GRADES = {
    words: one.value
    for one in GRADES
    for words in (plain(one.value), plain(one.label.partition("(")[0]))
}


@dataclass(frozen=True)
class PersonSaid:
    """Somebody as the line says."""

    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first_name} {self.last_name}"

    @property
    def key(self) -> str:
        """The same for the same names, however they are typed."""
        return name_key(self.first_name, self.last_name)


@dataclass(frozen=True)
class GuardianSaid(PersonSaid):
    """A guardian as the line says."""

    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class ChildSaid(PersonSaid):
    """A child as the line says. `birth_date` is ISO; `school_id` is empty when none is said."""

    birth_date: str
    birth_place: str = ""
    grade: str = ""
    school_id: str = ""


@dataclass(frozen=True)
class FamilySaid:
    """One line that can be taken: one child, with one or two guardians and an address."""

    number: int
    guardians: Sequence[GuardianSaid]
    child: ChildSaid
    address: Mapping[str, str] = field(default_factory=dict)


def family_of(
    row: Row, schools: Mapping[str, str], today: date
) -> tuple[FamilySaid | None, Sequence[str]]:
    """What the line says, or what is wrong with it: every reason, as sentences without capital.

    `schools` are the town's, their names by id.
    """
    wrong = [row.problem] if row.problem else []
    cells = {code: row.cells.get(code, "") for code in COLUMNS}
    wrong += [
        f"la case « {COLUMNS[code][0]} » commence par « {text[0]} », comme une formule de tableur"
        for code, text in cells.items()
        if not code.startswith("phone") and _FORMULA.match(text)
    ]
    if wrong:
        return None, wrong
    guardians = [one for n in "12" if (one := _guardian(cells, n, wrong))]
    child = _child(cells, schools, today, wrong)
    address = _address(cells, wrong)
    if wrong:
        return None, wrong
    return FamilySaid(row.number, guardians, child, address), ()


def _guardian(cells: Mapping[str, str], n: str, wrong: list[str]) -> GuardianSaid | None:
    said = {name: cells[f"{name}_{n}"] for name in ("first_name", "last_name", "email", "phone")}
    if n == "2" and not any(said.values()):
        return None
    for name in ("last_name", "first_name"):
        _name(said[name], COLUMNS[f"{name}_{n}"][0], wrong)
    email = said["email"].lower().removeprefix("mailto:")
    if email and not is_email(email):
        wrong.append(f"« {said['email']} » n’est pas une adresse mail complète")
    phone = _phone(said["phone"])
    if phone is None:
        wrong.append(f"« {said['phone']} » n’est pas un numéro de téléphone")
    return GuardianSaid(said["first_name"], said["last_name"], email, phone or "")


def _child(
    cells: Mapping[str, str], schools: Mapping[str, str], today: date, wrong: list[str]
) -> ChildSaid:
    for name in ("last_name", "first_name"):
        _name(cells[name], COLUMNS[name][0], wrong)
    typed = _TIME_OF_DAY.sub("", cells["birth_date"])
    born = as_day(typed)
    if born is None:
        wrong.append(
            f"« {typed} » n’est pas une date : écrivez JJ/MM/AAAA, par exemple 12/03/2021"
            if typed
            else f"la case « {COLUMNS['birth_date'][0]} » est vide"
        )
    elif born > today or today.year - born.year > _OLDEST:
        wrong.append(f"un enfant ne peut pas être né le {born:%d/%m/%Y} : vérifiez l’année")
    grade = _GRADES.get(plain(cells["grade"]), "")
    if cells["grade"] and not grade:
        known = ", ".join(one.value.upper() for one in GRADES)
        wrong.append(f"le niveau « {cells['grade']} » n’est pas connu : {known}")
    return ChildSaid(
        cells["first_name"],
        cells["last_name"],
        born.isoformat() if born else "",
        cells["birth_place"][:120],
        grade,
        _school(cells["school"], schools, wrong),
    )


def _name(text: str, column: str, wrong: list[str]) -> None:
    if not plain(text):
        wrong.append(f"la case « {column} » est vide")
    elif len(text) > _LONGEST_NAME:
        wrong.append(f"la case « {column} » a plus de {_LONGEST_NAME} caractères")


def _phone(text: str) -> str | None:
    """The number without its spaces, with the zero that spreadsheets drop; None for none."""
    digits = re.sub(r"[\s./()-]", "", text)
    if not digits:
        return ""
    if len(digits) == len("612345678") and digits[0] in "1234567":
        digits = f"0{digits}"
    return digits if _PHONE.fullmatch(digits) else None


def _address(cells: Mapping[str, str], wrong: list[str]) -> Mapping[str, str]:
    code = cells["postal_code"].replace(" ", "")
    if len(code) == len("1000") and code.isdecimal():
        code = f"0{code}"
    if code and not re.fullmatch(r"\d{5}", code):
        wrong.append(f"« {cells['postal_code']} » n’est pas un code postal de 5 chiffres")
    if len(cells["street"]) > _LONGEST_STREET:
        wrong.append(f"l’adresse a plus de {_LONGEST_STREET} caractères")
    return {"street": cells["street"], "postal_code": code, "city": cells["city"][:120]}


def _school(text: str, schools: Mapping[str, str], wrong: list[str]) -> str:
    if not text:
        return ""
    known = {_school_key(name): id_ for id_, name in schools.items()}
    if found := known.get(_school_key(text)):
        return found
    near = get_close_matches(_school_key(text), list(known), n=3, cutoff=0.5)
    names = [f"« {schools[known[key]]} »" for key in near] or [
        f"« {name} »" for name in sorted(schools.values())[:3]
    ]
    hint = f" ; peut-être {' ou '.join(names)}" if near else f" ; par exemple {', '.join(names)}"
    wrong.append(f"l’école « {text} » n’est pas connue{hint if schools else ''}")
    return ""


def _school_key(name: str) -> str:
    words = [one for one in plain(name).split() if one not in _SCHOOL_WORDS]
    return " ".join(words) or plain(name)
