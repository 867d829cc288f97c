"""What is ready to be approved with others, and why something is not."""

import pytest

from domain.readiness import RESERVED_PIECES, WORDS, WhyNot, why_not_ready
from domain.states import State

GOOD = ("conform", "not_seen", "given", "sworn", "optional")


def test_a_complete_dossier_without_a_doubt_is_ready() -> None:
    assert why_not_ready(State.UNDER_REVIEW, GOOD, is_held=False, is_completed=False) is None


@pytest.mark.parametrize("state", [one for one in State if one is not State.UNDER_REVIEW])
def test_only_what_is_under_review_is_ready(state: State) -> None:
    assert why_not_ready(state, GOOD, is_held=False, is_completed=False) is WhyNot.DECIDED


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        ("doubtful", WhyNot.DOUBTFUL),
        ("to_replace", WhyNot.TO_REPLACE),
        ("missing", WhyNot.MISSING),
        ("refused", WhyNot.MISSING),
        ("checking", WhyNot.CHECKING),
        ("reserved", WhyNot.RESERVED),
    ],
)
def test_one_piece_that_needs_a_look_is_enough(verdict: str, why: WhyNot) -> None:
    found = why_not_ready(State.UNDER_REVIEW, (*GOOD, verdict), is_held=False, is_completed=False)
    assert found is why


def test_an_objection_and_a_complement_call_for_a_person() -> None:
    ready = (State.UNDER_REVIEW, GOOD)
    assert why_not_ready(*ready, is_held=True, is_completed=False) is WhyNot.HELD
    assert why_not_ready(*ready, is_held=False, is_completed=True) is WhyNot.COMPLETED


def test_each_reason_is_said_in_words() -> None:
    assert set(WORDS) == set(WhyNot)


def test_rulings_and_care_plans_are_looked_at_by_those_who_may() -> None:
    assert {"court_ruling", "care_plan_1"} <= RESERVED_PIECES
