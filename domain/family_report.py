"""What is told of a town's list, line by line: as a table, and in one sentence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.family_plans import Outcome, Verdict
from domain.family_sheet import COLUMNS
from domain.french import plural

HEADS = ("Ligne", "Résultat", "Explication")
_LOOKED: Mapping[Verdict, str] = {
    Verdict.MADE: "À ajouter",
    Verdict.CHANGED: "À mettre à jour",
    Verdict.KNOWN: "Déjà connu",
    Verdict.REFUSED: "Refusé",
}
_DONE: Mapping[Verdict, str] = {
    **_LOOKED,
    Verdict.MADE: "Ajouté",
    Verdict.CHANGED: "Mis à jour",
}

ReportRow = tuple[str, str, str]


def report_row(outcome: Outcome, *, is_done: bool) -> ReportRow:
    """One line of the report, under `HEADS`."""
    words = " ; ".join(outcome.words)
    verdict = (_DONE if is_done else _LOOKED)[outcome.verdict]
    return str(outcome.number), verdict, f"{words[:1].upper()}{words[1:]}"


def count(outcomes: Iterable[Outcome], before: Mapping[str, int] | None = None) -> dict[str, int]:
    """How many lines of each verdict, those of `before` included."""
    return dict(Counter(before or {}) + Counter(one.verdict.value for one in outcomes))


def sentences(counts: Mapping[str, int], *, is_done: bool) -> Sequence[str]:
    """The counts, one sentence each; only what there is."""
    made, changed = ("ajoutée", "mise à jour") if is_done else ("à ajouter", "à mettre à jour")
    many_made, many_changed = ("ajoutées", "mises à jour") if is_done else (made, changed)
    told = (
        (Verdict.MADE, f"ligne {made}", f"lignes {many_made}"),
        (Verdict.CHANGED, f"ligne {changed}", f"lignes {many_changed}"),
        (Verdict.KNOWN, "ligne déjà connue", "lignes déjà connues"),
        (Verdict.REFUSED, "ligne refusée", "lignes refusées"),
    )
    return [
        f"{plural(counts[verdict.value], one, many)}"
        for verdict, one, many in told
        if counts.get(verdict.value)
    ]


def template_rows() -> tuple[Sequence[str], Sequence[str]]:
    """The headings of the template, and one example line."""
    example = {
        "last_name_1": "Martin",
        "first_name_1": "Claire",
        "email_1": "claire.martin@exemple.fr",
        "phone_1": "06 12 34 56 78",
        "last_name_2": "Petit",
        "first_name_2": "Paul",
        "email_2": "paul.petit@exemple.fr",
        "street": "3 rue des Lilas",
        "postal_code": "01000",
        "city": "Valbourg",
        "last_name": "Martin",
        "first_name": "Léna",
        "birth_date": "12/03/2021",
        "birth_place": "Valbourg",
        "grade": "PS",
    }
    return [names[0] for names in COLUMNS.values()], [example.get(code, "") for code in COLUMNS]
