"""Every pair of the table, against a copy of the decisions written by hand: not derived from it."""

import pytest

from domain.states import (
    CLOSED,
    DECIDED,
    OPEN,
    Action,
    Actor,
    State,
    after,
    may,
    sources,
    why_not,
)

DRAFT, CHECKING, REVIEW, FAMILY = (
    State.DRAFT,
    State.CHECKING,
    State.UNDER_REVIEW,
    State.AWAITING_FAMILY,
)

LEADS_TO: dict[Action, dict[State, State]] = {
    Action.OPEN: {},
    Action.ADD_DOCUMENT: {DRAFT: DRAFT, FAMILY: FAMILY, REVIEW: REVIEW},
    Action.REMOVE_DOCUMENT: {DRAFT: DRAFT, FAMILY: FAMILY, REVIEW: REVIEW},
    Action.SUBMIT: {DRAFT: CHECKING},
    Action.FIND_COMPLETE: {CHECKING: REVIEW},
    Action.FIND_INCOMPLETE: {CHECKING: FAMILY},
    Action.ANSWER: {FAMILY: CHECKING},
    Action.ASK_TO_COMPLETE: {REVIEW: FAMILY},
    Action.CANCEL_REQUEST: {FAMILY: REVIEW},
    Action.APPROVE: {REVIEW: State.APPROVED},
    Action.REFUSE: {REVIEW: State.REFUSED},
    Action.WITHDRAW: {
        DRAFT: State.WITHDRAWN,
        CHECKING: State.WITHDRAWN,
        REVIEW: State.WITHDRAWN,
        FAMILY: State.WITHDRAWN,
    },
    Action.CLOSE_WITHOUT_ACTION: {FAMILY: State.CLOSED_WITHOUT_ACTION},
    Action.ABANDON: {DRAFT: State.ABANDONED},
    Action.DEEM_APPROVED: {REVIEW: State.APPROVED},
    Action.DEEM_REFUSED: {REVIEW: State.REFUSED},
    Action.APPROVE_BY_RULE: {REVIEW: State.APPROVED},
    Action.OBJECT: {CHECKING: CHECKING, REVIEW: REVIEW, FAMILY: FAMILY},
    Action.LIFT_OBJECTION: {CHECKING: CHECKING, REVIEW: REVIEW, FAMILY: FAMILY},
    Action.COSIGN: {CHECKING: CHECKING, REVIEW: REVIEW, FAMILY: FAMILY},
    Action.WAIVE_COSIGNATURE: {CHECKING: CHECKING, REVIEW: REVIEW, FAMILY: FAMILY},
}

OF_A_FAMILY = {
    Action.ADD_DOCUMENT,
    Action.REMOVE_DOCUMENT,
    Action.SUBMIT,
    Action.ANSWER,
    Action.WITHDRAW,
}
MAY_DO: dict[Actor, set[Action]] = {
    Actor.PARENT: OF_A_FAMILY,
    Actor.DESK: OF_A_FAMILY,
    Actor.AGENT: {
        Action.ASK_TO_COMPLETE,
        Action.CANCEL_REQUEST,
        Action.APPROVE,
        Action.REFUSE,
        Action.LIFT_OBJECTION,
        Action.WAIVE_COSIGNATURE,
    },
    Actor.GUARDIAN: {Action.OBJECT, Action.LIFT_OBJECTION, Action.COSIGN},
    Actor.ADMIN: set(),
    Actor.PORTAL: {
        Action.FIND_COMPLETE,
        Action.FIND_INCOMPLETE,
        Action.CLOSE_WITHOUT_ACTION,
        Action.ABANDON,
        Action.DEEM_APPROVED,
        Action.DEEM_REFUSED,
        Action.APPROVE_BY_RULE,
    },
}


def test_the_expected_table_speaks_of_every_action_and_every_actor() -> None:
    assert set(LEADS_TO) == set(Action)
    assert set(MAY_DO) == set(Actor)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_an_action_leads_where_the_table_says_or_nowhere(state: State, action: Action) -> None:
    assert after(state, action) == LEADS_TO[action].get(state)


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("action", Action)
def test_each_does_only_what_is_theirs(actor: Actor, action: Action) -> None:
    assert may(actor, action) == (action in MAY_DO[actor])


@pytest.mark.parametrize("action", set(Action) - {Action.OPEN})
def test_the_guard_of_a_conditional_write_is_the_same_table(action: Action) -> None:
    assert sources(action) == set(LEADS_TO[action])


def test_nothing_happens_to_a_closed_dossier() -> None:
    closed = {
        State.APPROVED,
        State.REFUSED,
        State.WITHDRAWN,
        State.CLOSED_WITHOUT_ACTION,
        State.ABANDONED,
    }
    assert closed == CLOSED
    assert {DRAFT, CHECKING, REVIEW, FAMILY} == OPEN
    assert {state for state in State if state.is_closed} == closed
    assert {State.APPROVED, State.REFUSED} == DECIDED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_is_not_allowed_always_has_a_reason_and_what_is_allowed_has_none(
    state: State, action: Action
) -> None:
    assert bool(why_not(state, action)) == (state not in LEADS_TO[action])


@pytest.mark.parametrize(
    ("state", "action", "code"),
    [
        (CHECKING, Action.SUBMIT, "already_submitted"),
        (REVIEW, Action.SUBMIT, "already_submitted"),
        (REVIEW, Action.ANSWER, "nothing_asked"),
        (DRAFT, Action.APPROVE, "not_under_review"),
        (FAMILY, Action.REFUSE, "not_under_review"),
        (CHECKING, Action.ASK_TO_COMPLETE, "not_under_review"),
        (CHECKING, Action.ADD_DOCUMENT, "not_now"),
        (REVIEW, Action.CANCEL_REQUEST, "not_now"),
        (State.APPROVED, Action.REFUSE, "already_decided"),
        (State.REFUSED, Action.SUBMIT, "already_decided"),
        (State.WITHDRAWN, Action.APPROVE, "dossier_closed"),
        (State.ABANDONED, Action.SUBMIT, "dossier_closed"),
        (State.CLOSED_WITHOUT_ACTION, Action.ANSWER, "dossier_closed"),
    ],
)
def test_the_reason_says_what_happened(state: State, action: Action, code: str) -> None:
    assert why_not(state, action) == code
