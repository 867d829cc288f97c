"""The worked examples of docs/clocks.md, which a jurist can check, against the code."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from domain import life as lives
from domain.deadlines import (
    PARIS,
    Delay,
    Pause,
    SilenceRule,
    Terms,
    alerts,
    end_of_day,
    last_day,
    paris_day,
)
from domain.holds import Hold, HoldKind
from domain.life import Life
from domain.states import State

PAPER = Path(__file__).resolve().parents[2] / "docs" / "clocks.md"
FEWEST = 20
RULES = {
    "acceptation": SilenceRule.ACCEPTANCE,
    "rejet": SilenceRule.REJECTION,
    "aucune": SilenceRule.NONE,
}
ALERTS = tuple(Delay(days=days) for days in (21, 14, 7, 2))
Row = tuple[str, ...]


def rows() -> list[Row]:
    lines = [line for line in PAPER.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.strip()).replace(tzinfo=PARIS)


def asked(told: str) -> Pause | None:
    """`2026-11-02 10:00 → 2026-12-02, complété 2026-11-20 18:30`; None for one taken back."""
    since, rest = told.split("→")
    until, *ending = rest.split(",")
    if ending and "annulée" in ending[0]:
        return None
    done = re.search(r"\d{4}.*", ending[0]) if ending else None
    limit = end_of_day(date.fromisoformat(until.strip()))
    return Pause(at(since), limit, at(done.group()) if done else None)


def life_of(row: Row) -> Life:
    """The dossier as it stands at the end of the story of this row."""
    _, _, _, received, pauses, objection, signature, *_ = row
    sent = at(received)
    life = Life(State.UNDER_REVIEW, since=sent, last_saved=sent, submitted=sent)
    for told in filter(None, (one.strip() for one in pauses.split(";"))):
        pause = asked(told)
        if pause is None:
            life = lives.request_cancelled(lives.asked(life, sent, sent))
        else:
            life = lives.asked(life, pause.since, pause.until)
            life = lives.completed(life, pause.received) if pause.received else life
    if objection:
        since, until = (one.strip() for one in objection.split("→"))
        life = lives.objected(life, "o", "paul", at(since))
        lifted = at(until) if until else None
        life = lives.held_by(
            life, (Hold("o", HoldKind.OBJECTION, at(since), "paul", ended=lifted),)
        )
    if signature and (wait := asked(signature)):
        hold = Hold("s", HoldKind.COSIGNATURE, wait.since, until=wait.until, ended=wait.received)
        life = lives.held_by(life, (*life.holds, hold))
    return life


def terms_of(row: Row) -> Terms:
    number, unit = row[2].split()
    delay = Delay(months=int(number)) if unit == "mois" else Delay(days=int(number))
    return Terms(silence_rule=RULES[row[1]], silence_delay=delay, silence_alerts=ALERTS)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[1]}: {row[0]}")
def test_the_last_day_is_the_one_of_the_paper(row: Row) -> None:
    end = lives.silent_decision(life_of(row), terms_of(row))
    assert (last_day(end).isoformat() if end else "aucun") == row[7]


@pytest.mark.parametrize("row", [row for row in rows() if row[8]], ids=lambda row: row[0])
def test_the_alerts_leave_in_the_morning_of_the_days_of_the_paper(row: Row) -> None:
    end = lives.silent_decision(life_of(row), terms_of(row))
    assert end is not None
    told = [moment.astimezone(PARIS) for moment in alerts(end, ALERTS)]
    assert ", ".join(paris_day(one).isoformat() for one in told) == row[8]
    assert {(one.hour, one.minute) for one in told} == {(7, 0)}


def test_the_paper_has_enough_examples_of_each_clock_each_with_its_reason() -> None:
    told = rows()
    assert len(told) >= FEWEST
    assert {row[1] for row in told} == set(RULES)
    assert all(row[9].endswith(".") for row in told)
