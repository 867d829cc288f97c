"""A quotient familial in words, as the family and the town read it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain import french
from domain.quotient import SOURCES, Quotient, Standing, Verdict, standing

ZERO = (
    "«\u00a00\u00a0» peut vouloir dire «\u00a0pas encore calculé\u00a0» : il compte une fois que "
    "la mairie a vu l’attestation."
)
_WHY_NOT: Mapping[Standing, str] = {
    Standing.COUNTS: "",
    Standing.REPLACED: "Un autre quotient le remplace.",
    Standing.REFUSED: "La mairie l’a refusé.",
    Standing.OVER: "Il comptait jusqu’au {until}.",
    Standing.ZERO: ZERO,
}


def month_words(month: str) -> str:
    """`octobre 2026` for "2026-10"."""
    year, _, number = month.partition("-")
    return f"{french.MONTHS[int(number) - 1]} {year}"


def rows_of(given: Sequence[Quotient], today: date) -> Sequence[Mapping[str, Any]]:
    """Each quotient of a family: how much, of which month, who says it, whether it counts."""
    return [_row(one, standing(one, given, today)) for one in given]


def _row(quotient: Quotient, now: Standing) -> Mapping[str, Any]:
    until = french.short_day(quotient.holds_until)
    may_count = now not in {Standing.REFUSED, Standing.OVER}
    return {
        "id": quotient.id,
        "value": f"{quotient.value}\u00a0€",
        "month": month_words(quotient.month),
        "source": SOURCES[quotient.source],
        "given": french.short_day(quotient.declared_at),
        "until": until,
        "counts": now is Standing.COUNTS,
        "why_not": _WHY_NOT[now].format(until=until),
        "badge": _badge(quotient, now),
        "waits": may_count and not quotient.is_checked,
        "document_id": quotient.document_id or "",
    }


def _badge(quotient: Quotient, now: Standing) -> tuple[str, str, str]:
    """Kind, sign and words of the macro `badge`."""
    if quotient.verdict is Verdict.REFUSED:
        return "alert", "X", "Refusé par la mairie"
    if now is Standing.OVER:
        return "neutral", "–", "Plus valable"
    if quotient.is_checked:
        return "ok", "✓", "Vérifié"
    return "waiting", "?", "À vérifier par la mairie"
