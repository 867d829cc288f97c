"""How long what is kept: every state has its period, every period its words and its reason."""

from datetime import date

import pytest

from domain.retention import PERIODS, answer_due, kept_until, period_of
from domain.states import State


@pytest.mark.parametrize("state", State)
def test_a_dossier_in_any_state_has_a_period_that_is_told(state: State) -> None:
    assert period_of(state) in PERIODS


def test_every_period_says_how_long_and_why() -> None:
    assert len({one.code for one in PERIODS}) == len(PERIODS)
    for one in PERIODS:
        assert one.how_long.endswith("."), one
        assert one.why.endswith("."), one


def test_a_refusal_is_kept_for_a_year_and_a_registration_while_the_child_is_at_school() -> None:
    assert kept_until(State.REFUSED, date(2026, 11, 23)) == date(2027, 11, 24)
    assert kept_until(State.WITHDRAWN, date(2028, 2, 29)) == date(2029, 3, 1)
    assert kept_until(State.APPROVED, date(2026, 11, 23)) is None


def test_a_request_is_answered_within_a_month_however_long_the_month() -> None:
    assert answer_due(date(2026, 11, 23)) == date(2026, 12, 23)
    assert answer_due(date(2027, 1, 31)) == date(2027, 2, 28)
