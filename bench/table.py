"""The table of a run: what was measured, the figure, the goal, and whether it was met."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BEGIN: Final = "<!-- the table of the last full run: `make bench WRITE=1` -->"
END: Final = "<!-- end of the table -->"


@dataclass(frozen=True)
class Row:
    """One line of the table. `is_met` is None where no goal was set."""

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """« met » or a plain « missed »; empty without a goal."""
        return "" if self.is_met is None else "met" if self.is_met else "**missed**"


def at_most(what: str, value: float, goal: float, unit: str, *, more: str = "") -> Row:
    """A row whose goal is an upper limit; `more` is said beside the figure."""
    return _row(what, value, f"≤ {number(goal)}{unit}", unit, more, is_met=value <= goal)


def at_least(what: str, value: float, goal: float, unit: str, *, more: str = "") -> Row:
    """A row whose goal is a lower limit."""
    return _row(what, value, f"≥ {number(goal)}{unit}", unit, more, is_met=value >= goal)


def _row(what: str, value: float, goal: str, unit: str, more: str, *, is_met: bool) -> Row:
    return Row(what, f"{number(value)}{unit}" + (f" ({more})" if more else ""), goal, is_met=is_met)


def number(value: float) -> str:
    """Three significant figures, without an exponent: 0.123, 4.56, 78, 1,234."""
    if value == int(value) or abs(value) >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1  # noqa: PLR2004
    return f"{value:.{digits}f}"


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| What | Figure | Goal | |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.figure} | {row.goal} | {row.verdict} |" for row in rows]
    return "\n".join(lines)


def write_into(page: Path, table: str) -> None:
    """Replace the table of the page by this one.

    Raises:
        ValueError: the page has no place for it.
    """
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no place for the table")
    page.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", "utf-8")
