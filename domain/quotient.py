"""The quotient familial: what a family, the CAF or the MSA say of its income, month by month.

A quotient is a number of whole euros of one month. What is known today is the one of last month at
the latest: the CAF works it out at the beginning of each month from the month before. Without one
the highest price applies, with a warning, and is put right once the family gives its quotient.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.deadlines import add_months, paris_day
from domain.kinds.actualisation_questions import SECTIONS, month_of
from domain.questions import Section, Values
from domain.wallet import last_day

_ASKED = next(one for one in SECTIONS if one.code == "quotient")
PAGE: Section = replace(
    _ASKED, fields=tuple(replace(one, required=True) for one in _ASKED.fields), intro=""
)
"""The questions, as they are asked when a family declares its quotient by itself."""
NONE_COUNTS = (
    "Sans quotient, le tarif le plus haut s’applique. Il est régularisé quand vous en donnez un."
)
_MOST_MONTHS = 12


class Source(StrEnum):
    """Who says it. The value is kept."""

    DECLARED = "declared"
    CAF = "caf"
    MSA = "msa"


class Verdict(StrEnum):
    """What the town says of it; a declared one waits until somebody has looked."""

    WAITING = ""
    VERIFIED = "verified"
    REFUSED = "refused"


class Standing(StrEnum):
    """Whether a quotient counts on a day, or why it does not."""

    COUNTS = "counts"
    REPLACED = "replaced"
    REFUSED = "refused"
    OVER = "over"
    ZERO = "zero"


SOURCES: Mapping[Source, str] = {
    Source.DECLARED: "déclaré par la famille",
    Source.CAF: "donné par la CAF",
    Source.MSA: "donné par la MSA",
}
"""How each source is read."""


@dataclass(frozen=True)
class Quotient:
    """One quotient of a family: whole euros, of that month ("2026-10")."""

    id: str
    value: int
    month: str
    source: Source
    declared_at: datetime
    document_id: str | None = None
    verdict: Verdict = Verdict.WAITING
    verified_at: datetime | None = None
    verified_by: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the number can be believed as it is.

        The CAF and the MSA answer 0 as well for a household whose income they do not know: a zero
        counts once somebody of the town has seen the paper.
        """
        return self.value > 0 or self.verdict is Verdict.VERIFIED

    @property
    def is_checked(self) -> bool:
        """Whether nobody of the town has to look: it comes from the source itself, or was seen."""
        return self.verdict is Verdict.VERIFIED or (
            self.source is not Source.DECLARED and self.is_known
        )

    @property
    def holds_until(self) -> date:
        """The last day on which it counts: the school year in which it was given."""
        return last_day("", paris_day(self.declared_at))


def in_force(quotients: Iterable[Quotient], today: date) -> Quotient | None:
    """The quotient that counts today: of the latest month, the one given last. None without one.

    A declared one counts until the town refuses it.
    """
    counting = [one for one in quotients if _hindrance(one, today) is None]
    return max(counting, key=lambda one: (one.month, one.declared_at), default=None)


def standing(one: Quotient, quotients: Iterable[Quotient], today: date) -> Standing:
    """What becomes today of one of a family's quotients."""
    counts = Standing.COUNTS if one == in_force(quotients, today) else Standing.REPLACED
    return _hindrance(one, today) or counts


def _hindrance(one: Quotient, today: date) -> Standing | None:
    """Why a quotient cannot count, whatever others there are."""
    if one.verdict is Verdict.REFUSED:
        return Standing.REFUSED
    if today > one.holds_until:
        return Standing.OVER
    return None if one.is_known else Standing.ZERO


def latest_month(today: date) -> str:
    """The latest month of which a quotient can be known: the one before today's."""
    return f"{add_months(today.replace(day=1), -1):%Y-%m}"


def month_problem(month: str, today: date) -> str:
    """What is wrong with the month ("2026-10") of a quotient given today, as a sentence; or ""."""
    if month > f"{today:%Y-%m}":
        return "Ce mois n’est pas encore passé. Donnez le mois écrit sur l’attestation."
    if month < f"{add_months(today.replace(day=1), -_MOST_MONTHS):%Y-%m}":
        return "Cette attestation a plus d’un an. Demandez-en une nouvelle à la CAF ou à la MSA."
    return ""


def read_value(values: Values) -> int:
    """The quotient of accepted answers, in whole euros: cents are left out, for the family."""
    return int(values["value"].partition(",")[0])


def read_month(values: Values) -> str:
    """The month of accepted answers, "2026-10"."""
    return month_of(values["month"])
