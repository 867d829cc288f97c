"""A quotient familial in words, as the family and the town read it."""

from collections.abc import Mapping
from typing import Any

from domain import french
from domain.quotient import SOURCES, Quotient, Source, Verdict


def month_words(month: str) -> str:
    """`octobre 2026` for "2026-10"."""
    year, _, number = month.partition("-")
    return f"{french.MONTHS[int(number) - 1]} {year}"


def row_of(quotient: Quotient) -> Mapping[str, Any]:
    """One quotient: how much, of which month, who says it, and what the town said of it."""
    return {
        "id": quotient.id,
        "value": f"{quotient.value}\u00a0€",
        "month": month_words(quotient.month),
        "source": SOURCES[quotient.source],
        "given": french.short_day(quotient.declared_at),
        "badge": _badge(quotient),
        "waits": quotient.verdict is Verdict.WAITING and quotient.source is Source.DECLARED,
        "document_id": quotient.document_id or "",
    }


def _badge(quotient: Quotient) -> tuple[str, str, str]:
    """Kind, sign and words of the macro `badge`."""
    if quotient.verdict is Verdict.REFUSED:
        return "alert", "X", "Refusé par la mairie"
    if quotient.is_checked:
        return "ok", "✓", "Vérifié"
    return "waiting", "?", "À vérifier par la mairie"
