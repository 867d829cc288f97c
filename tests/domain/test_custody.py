"""Court rulings: for which days they bind, whom they shut out, and what the agent is told first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.custody import (
    Decision,
    Effect,
    Ruling,
    Somebody,
    closes_invitations,
    consequences,
    may_not_fetch,
    shut_out,
)

CLAIRE = Somebody("Claire Martin", "a" * 32, "claire@example.org", is_guardian=True)
LUC = Somebody("Luc Garnier", "b" * 32, "luc@example.org", is_guardian=True)
GRANNY = Somebody("Renée Garnier")
PEOPLE = (CLAIRE, LUC, GRANNY)
AWAY = Decision(Effect.NO_CONTACT, LUC)
ALONE = Decision(Effect.SOLE_AUTHORITY, CLAIRE)


def a_ruling(*decisions: Decision) -> Ruling:
    day, at = date(2026, 11, 2), datetime(2026, 11, 23, tzinfo=UTC)
    return Ruling("r", "d", None, None, day, day, None, decisions, at, "agent")


def said(*decisions: Decision, access: tuple[Somebody, ...] = (LUC,)) -> str:
    told = consequences(
        a_ruling(*decisions), PEOPLE, owner=CLAIRE, with_access=access, contacts=[GRANNY.name]
    )
    return "\n".join(told)


@pytest.mark.parametrize(
    ("today", "binds"),
    [
        (date(2026, 11, 1), False),
        (date(2026, 11, 2), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_ruling_binds_from_its_first_to_its_last_day(today: date, binds: bool) -> None:
    ruling = replace(a_ruling(AWAY), until=date(2026, 12, 31))
    assert ruling.counts_on(today) is binds
    ended = replace(ruling, ended_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert not ended.counts_on(today)
    assert not ended.is_to_come(today)


def test_who_is_kept_away_is_shut_out_and_nobody_else() -> None:
    assert shut_out([AWAY], PEOPLE) == [LUC]


def test_whoever_exercises_authority_alone_shuts_out_the_other_guardians_only() -> None:
    assert shut_out([ALONE], PEOPLE) == [LUC]


@pytest.mark.parametrize("effect", [Effect.NO_PICK_UP, Effect.RESIDENCE])
def test_what_is_not_about_authority_or_contact_shuts_nobody_out(effect: Effect) -> None:
    assert shut_out([Decision(effect, LUC)], PEOPLE) == []


@pytest.mark.parametrize(
    "typed",
    [
        Somebody("GARNIER luc"),
        Somebody("Luc-Garnier"),
        Somebody("L. G.", email="luc@example.org"),
        Somebody("", account_id="b" * 32),
    ],
)
def test_a_person_is_known_by_account_address_or_name(typed: Somebody) -> None:
    assert shut_out([Decision(Effect.NO_CONTACT, typed)], PEOPLE) == [LUC]


def test_two_people_of_one_name_with_two_accounts_are_two() -> None:
    namesake = Somebody("Luc Garnier", "c" * 32)
    assert not namesake.is_same(LUC)
    assert not Somebody("").is_same(Somebody(""))


def test_who_is_kept_away_may_not_fetch_either() -> None:
    assert may_not_fetch([AWAY, ALONE, Decision(Effect.NO_PICK_UP, GRANNY)]) == [LUC, GRANNY]


def test_each_effect_is_told_before_it_is_written() -> None:
    assert "L’accès de Luc Garnier à cet enfant se ferme le lundi 2 novembre 2026." in said(AWAY)
    assert "ne peut plus s’y opposer" in said(ALONE)
    assert "L’accès de" not in said(AWAY, access=())
    assert "Renée Garnier sort de la liste" in said(Decision(Effect.NO_PICK_UP, GRANNY))
    assert said(Decision(Effect.RESIDENCE)).startswith("Rien ne change dans les accès")


def test_what_closes_by_itself_is_never_the_account_that_holds_the_dossier() -> None:
    told = said(Decision(Effect.NO_CONTACT, CLAIRE))
    assert "Claire Martin tient ce dossier" in told
    assert "L’accès de Claire" not in told


@pytest.mark.parametrize(
    ("decision", "closes"),
    [
        (AWAY, True),
        (ALONE, True),
        (Decision(Effect.NO_PICK_UP, LUC), False),
        (Decision(Effect.RESIDENCE), False),
    ],
)
def test_while_authority_or_contact_is_ruled_only_staff_lets_anybody_in(
    decision: Decision, closes: bool
) -> None:
    ruling = a_ruling(decision)
    assert closes_invitations([ruling], date(2026, 11, 23)) is closes
    assert closes_invitations([ruling], date(2026, 11, 1)) is closes  # one to come counts
    over = replace(ruling, until=date(2026, 11, 20))
    assert closes_invitations([over], date(2026, 11, 23)) is False
