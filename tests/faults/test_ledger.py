"""The ledger itself: its table can be trusted only if it neither forgets nor invents."""

from datetime import date
from pathlib import Path

from tests.faults.ledger import BEGIN, END, Ledger

DAY = date(2026, 11, 21)


def a_ledger(fault: str = "F6", *, lost: int = 0) -> Ledger:
    ledger = Ledger()
    ledger.note(
        fault=fault,
        what="greylisting",
        rounds=3,
        acknowledged=1_200,
        lost=lost,
        doubled=0,
        seconds=2.34,
        on=DAY,
    )
    return ledger


def a_report(folder: Path) -> Path:
    report = folder / "reliability.md"
    report.write_text(f"Before.\n\n{BEGIN}\n{END}\n\nAfter.\n", "utf-8")
    return report


def test_a_run_writes_its_lines_between_the_marks_and_nowhere_else(tmp_path: Path) -> None:
    report = a_report(tmp_path)
    a_ledger().write(report)
    text = report.read_text("utf-8")
    assert text.startswith("Before.\n\n" + BEGIN)
    assert text.endswith(END + "\n\nAfter.\n")
    assert "| F6 | greylisting | 3 | 1,200 | 0 | 0 | 2.3 | 2026-11-21 |" in text


def test_a_later_run_replaces_its_own_faults_and_keeps_the_others(tmp_path: Path) -> None:
    report = a_report(tmp_path)
    a_ledger("F11").write(report)
    a_ledger("F6", lost=1).write(report)
    a_ledger("F6").write(report)
    rows = [row for row in report.read_text("utf-8").splitlines() if row.startswith("| F")]
    assert [row.split(" | ")[0] for row in rows] == ["| Fault", "| F6", "| F11"]
    assert all(" 1,200 | 0 | 0 |" in row for row in rows[1:])


def test_a_run_with_failures_says_so(tmp_path: Path) -> None:
    report = a_report(tmp_path)
    a_ledger().write(report, failed=2)
    assert "2 test(s) of this run failed" in report.read_text("utf-8")
