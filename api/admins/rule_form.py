"""The rule of a procedure as an admin types it: read, and told in French."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain import french
from domain.deadlines import Delay, SilenceRule, Terms, Validation
from domain.questions import as_day

_MONTHS, _DAYS = 12, 120
_ALERTS = (21, 14, 7, 2)
"""How many days before the silent decision a department is told, unless an admin says otherwise."""

SILENCE = (
    {"value": "acceptance", "label": "La demande est acceptée"},
    {"value": "rejection", "label": "La demande est refusée"},
    {"value": "none", "label": "Rien n’est décidé : le dossier attend"},
)
VALIDATION = (
    {"value": "staff", "label": "Un agent"},
    {
        "value": "automatic",
        "label": "Le portail, si rien ne manque",
        "hint": "Dès qu’un document est douteux, un agent décide comme ailleurs.",
    },
)
UNITS = (("months", "mois"), ("days", "jours"))


def values_of(terms: Terms, day: date) -> dict[str, str]:
    """The fields of the form, filled in with these terms."""
    delay = terms.silence_delay
    return {
        "effective_from": f"{day:%d/%m/%Y}",
        "silence_rule": terms.silence_rule.value,
        "delay": str(delay.months or delay.days or 2),
        "unit": "days" if delay.days else "months",
        "basis": terms.silence_basis,
        "alerts": ", ".join(str(one.days) for one in terms.silence_alerts if one.days)
        or ", ".join(map(str, _ALERTS)),
        "complement": str(terms.complement_delay.days or 30),
        "validation": terms.validation.value,
        "cosign": str(terms.cosign_within.days) if terms.cosign_within else "",
    }


def read_rule(
    form: Mapping[str, str], before: Terms, today: date
) -> tuple[Terms, date, dict[str, str]]:
    """The terms and their first day as typed, and what is to be corrected, by field.

    What the form does not ask is taken over from `before`.
    """
    errors: dict[str, str] = {}
    day = as_day(form.get("effective_from", "").strip())
    if day is None:
        errors["effective_from"] = "Écrivez une date qui existe, par exemple 04/01/2027."
    elif day < today:
        errors["effective_from"] = "Une règle ne vaut pas pour le passé : aujourd’hui au plus tôt."
    if form.get("silence_rule") not in {one["value"] for one in SILENCE}:
        errors["silence_rule"] = "Choisissez ce que vaut le silence de la mairie."
    if form.get("validation") not in {one["value"] for one in VALIDATION}:
        errors["validation"] = "Choisissez qui valide."
    in_days = form.get("unit") == "days"
    delay = _number(form, "delay", _DAYS if in_days else _MONTHS, errors)
    complement = _number(form, "complement", _DAYS, errors)
    cosign = _number(form, "cosign", _DAYS, errors) if form.get("cosign", "").strip() else 0
    basis, alerts = " ".join(form.get("basis", "").split()), _read_alerts(form, errors)
    if form.get("silence_rule") != "none" and not basis:
        errors["basis"] = "Citez le texte : il est imprimé dans l’accusé de réception."
    if errors or day is None:
        return before, day or today, errors
    return _terms(form, before, delay, complement, cosign, basis, alerts), day, {}


def _terms(
    form: Mapping[str, str],
    before: Terms,
    delay: int,
    complement: int,
    cosign: int,
    basis: str,
    alerts: Sequence[int],
) -> Terms:
    in_days = form.get("unit") == "days"
    return replace(
        before,
        silence_rule=SilenceRule(form["silence_rule"]),
        silence_delay=Delay(days=delay) if in_days else Delay(months=delay),
        silence_basis=basis or before.silence_basis,
        silence_alerts=tuple(Delay(days=one) for one in alerts),
        complement_delay=Delay(days=complement),
        validation=Validation(form["validation"]),
        cosign_within=Delay(days=cosign) if cosign else None,
    )


def _number(form: Mapping[str, str], name: str, most: int, errors: dict[str, str]) -> int:
    typed = form.get(name, "").strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < len("1000") else 0
    if not 0 < number <= most:
        errors[name] = f"Écrivez un nombre entre 1 et {most}."
    return number


def _read_alerts(form: Mapping[str, str], errors: dict[str, str]) -> Sequence[int]:
    typed = [one.strip() for one in form.get("alerts", "").split(",") if one.strip()]
    if any(not (one.isascii() and one.isdecimal() and 0 < len(one) < len("100")) for one in typed):
        errors["alerts"] = "Écrivez des nombres de jours séparés par des virgules : 21, 14, 7, 2."
        return ()
    return sorted({int(one) for one in typed}, reverse=True)


def rule_rows(terms: Terms) -> Sequence[tuple[str, str]]:
    """The terms as a list of pairs, in the words of the admins."""
    labels = {one["value"]: one["label"] for one in SILENCE}
    silence = labels[terms.silence_rule.value]
    if terms.silence_rule is not SilenceRule.NONE:
        silence += f", au bout de {french.delay(terms.silence_delay)}"
    alerts = ", ".join(str(one.days) for one in terms.silence_alerts if one.days)
    rows = (
        ("Sans réponse de la mairie", silence),
        (
            "Texte qui le fonde",
            "" if terms.silence_rule is SilenceRule.NONE else terms.silence_basis,
        ),
        ("Service prévenu", f"{alerts} jours avant" if alerts else "Non"),
        ("Délai pour compléter", french.delay(terms.complement_delay)),
        ("Qui valide", next(v["label"] for v in VALIDATION if v["value"] == terms.validation)),
        (
            "Accord de l’autre parent",
            f"Demandé, sous {french.delay(terms.cosign_within)}"
            if terms.cosign_within
            else "Non demandé",
        ),
    )
    return [row for row in rows if row[1]]
