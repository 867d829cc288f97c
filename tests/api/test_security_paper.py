"""docs/security.md names the test of each promise: every one of them exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
THREATS = {f"T{n}" for n in range(1, 30)}
WITHOUT_TEST = {"T26"}
"""Advisories about dependencies are looked up over the network, where the town runs."""
REQUIREMENTS = {
    "3": "2.1 2.2 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4 4.5 4.6 5.1 5.2 5.3 5.4 5.5 7.1 7.2",
    "4": "1.1 1.2 1.3 2.1 3.1 3.2 4.1 4.2 4.3 4.4",
    "5": "1.1 2.1 2.2 2.3 3.1 3.2 4.1 4.2 4.3",
    "6": (
        "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 3.1 3.2 3.3 3.4 4.1 4.2 "
        "4.3 4.4 5.1 5.2 5.3 5.4 5.5 6.1 6.2 6.3 8.1 8.2 8.3 8.4"
    ),
    "7": "1.1 1.2 1.3 2.1 2.2 2.3 2.4 3.1 3.2 4.1 4.2 4.3 4.4 4.5 5.1 5.2 6.1 6.2",
    "8": "1.1 1.2 2.1 2.2 2.3 3.1 4.1",
    "11": "1.1 1.2 2.1 2.2 2.3 3.1 3.2 3.3 4.1 4.2 4.3 4.4 5.1 6.1",
    "14": "1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2 3.3",
    "16": "1.1 2.1 2.2 2.3 2.4 2.5 3.1 3.2 3.3 3.4 4.1 4.2 4.3 5.1 5.2 5.3",
}
"""The numbers of ASVS 5.0, levels 1 and 2, by chapter."""


def rows(first: str) -> list[list[str]]:
    """The rows of the tables whose first cell looks so."""
    lines = [line.strip("| ").split(" | ") for line in PAPER.splitlines() if line.startswith("| ")]
    return [line for line in lines if re.fullmatch(first, line[0])]


def test_every_test_that_the_paper_names_exists() -> None:
    named = NAMED.findall(PAPER)
    assert len(named) > 100
    files = {path: (ROOT / path).read_text("utf-8") for path, _ in named if (ROOT / path).exists()}
    missing = [
        f"{path}::{name}" for path, name in named if f"def {name}(" not in files.get(path, "")
    ]
    assert missing == []
    assert "::test_" not in NAMED.sub("", PAPER)


def test_every_threat_has_its_behaviour_and_its_test() -> None:
    found = rows(r"T\d+")
    assert sorted(row[0] for row in found) == sorted(THREATS)
    for threat, words, behaviour, proofs in found:
        assert words, threat
        assert behaviour, threat
        assert NAMED.search(proofs) or threat in WITHOUT_TEST, threat


def test_every_requirement_is_answered_once_with_a_test_or_a_reason() -> None:
    wanted = [f"{chapter}.{n}" for chapter, all_ in REQUIREMENTS.items() for n in all_.split()]
    found = rows(r"\d+\.\d+\.\d+")
    assert sorted(row[0] for row in found) == sorted(wanted)
    for number, level, about, held, reason in found:
        assert level in {"1", "2"}, number
        assert about, number
        assert held in {"held", "partly", "no", "–"}, number
        assert len(reason) >= 4, number


def test_the_sums_of_the_requirements_are_right() -> None:
    found = rows(r"\d+\.\d+\.\d+")
    for level in "12":
        sums = [
            str(sum(row[1] == level and row[3] == held for row in found))
            for held in ("held", "partly", "no", "–")
        ]
        assert rows(f"level {level}") == [[f"level {level}", *sums]]
