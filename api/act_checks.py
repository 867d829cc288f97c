"""Why an act cannot be taken: its dossier's state, its version, its reason, an earlier act.

The state is asked of the same domain function that the workflow asks (`domain.states.why_not`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.confirmed import gone_children, unconfirmed
from api.house_rules import TICK
from domain.deadlines import paris_day
from domain.errors import Invalid, NotAllowed, Stale, TransitionNotAllowed
from domain.holds import NOBODY_LEFT, held_back
from domain.kinds.actualisation_questions import CHILDREN
from domain.kinds.catalogue import RULES
from domain.questions import unfinished
from domain.reasons import REFUSALS
from domain.states import Action, Actor, State, why_not
from storage.cosigners import has_nobody_left
from storage.dossiers import Dossier
from storage.store import Store
from storage.town import Procedure

_MISSING = "Des réponses manquent sur cette page."
_DECISIONS = frozenset({Action.APPROVE, Action.REFUSE})
_SETTLES = {
    Action.APPROVE: State.APPROVED,
    Action.REFUSE: State.REFUSED,
    Action.WITHDRAW: State.WITHDRAWN,
    Action.ASK_TO_COMPLETE: State.AWAITING_FAMILY,
}


async def check_act(
    store: Store,
    dossier: Dossier,
    action: Action,
    version_seen: int | None = None,
    *,
    subject: str = "",
    at: datetime | None = None,
    reason: str = "",
) -> None:
    """Whether this can be done to the dossier as it is now.

    `subject`, `at` and `reason` are those of the act: whose objection it is about, when it is
    given, and the code of why.

    Raises:
        TransitionNotAllowed, Stale, Invalid: as `Acts.give` says.
    """
    code = why_not(dossier.state, action)
    if code:
        raise await refusal(store, dossier, code)
    holds = await store.holds.of(dossier.id)
    if reason == NOBODY_LEFT and at and not await has_nobody_left(store, dossier, at):
        reason = ""  # somebody came in meanwhile
    if held := held_back(holds, action, subject=subject, at=at, reason=reason):
        raise await refusal(store, dossier, held)
    if version_seen is not None and version_seen != dossier.version:
        raise Stale(version=dossier.version, seen=version_seen, dossier_id=dossier.id)
    if action is Action.SUBMIT:
        await _check_answers(store, dossier)


def check_reason(
    action: Action, actor: Actor, reason_code: str, words: str, items: Sequence[dict[str, Any]]
) -> None:
    """A refusal is reasoned in law and in fact (CRPA L211-2); a request says what it asks for.

    An agent who settles an objection, or does without a signature, says why.
    """
    if actor is Actor.AGENT and action in _SETTLED_IN_WORDS and not words.strip():
        raise Invalid({"words": _SETTLED_IN_WORDS[action]})
    problems = {}
    if action is Action.REFUSE and reason_code not in REFUSALS:
        problems["reason"] = "Choisissez le motif du refus."
    if action is Action.REFUSE and not words.strip():
        problems["words"] = "Expliquez à la famille pourquoi, avec les faits de son dossier."
    if action is Action.ASK_TO_COMPLETE and not items and not words.strip():
        problems["words"] = "Dites à la famille ce qui manque."
    if problems:
        raise Invalid(problems)


async def refuse_if_closed(store: Store, owner_id: str) -> None:
    """Let nobody begin anything for an account that a night erases at this moment.

    Raises:
        NotAllowed: it is closed (`account_closed`).
    """
    owner = await store.accounts.hold(owner_id)
    if owner is None or owner.disabled_at is not None:
        raise NotAllowed("account_closed")


async def open_one(store: Store, owner_id: str, procedure: Procedure) -> Dossier | None:
    """The open dossier that a family has of this procedure; nobody opens another meanwhile."""
    await store.accounts.take_turn(owner_id)
    mine = await store.dossiers.of_account(owner_id)
    is_open = (one for one in mine if one.procedure_id == procedure.id and not one.state.is_closed)
    return next(is_open, None)


async def _check_answers(store: Store, dossier: Dossier) -> None:
    """A request without its answers is none: the town could not even say whose it is."""
    answers = await store.dossiers.answers(dossier.id)
    sections = RULES[dossier.kind].sections_for(answers)
    lists, today = await store.town.lists(), paris_day(dossier.last_saved_at)
    left = unfinished(sections, answers, lists, today=today)
    if left:
        with_sending = {one.code for one in sections if one.with_sending}
        raise Invalid({code: TICK if code in with_sending else _MISSING for code in left})
    if unseen := await unconfirmed(store, dossier, answers):
        raise Invalid(dict.fromkeys(unseen, "Dites que cette page est exacte, ou changez-la."))
    if gone := await gone_children(store, dossier, answers):
        raise Invalid({CHILDREN: f"{', '.join(gone)} : cet enfant n’est plus dans votre famille."})


_SETTLED_IN_WORDS = {
    Action.LIFT_OBJECTION: "Dites à l’autre parent comment le désaccord est réglé.",
    Action.WAIVE_COSIGNATURE: "Dites pourquoi la mairie se passe de l’accord de l’autre parent.",
}


async def refuse_if_settled(store: Store, dossier: Dossier, action: Action) -> None:
    """Let the first decision stand while the engine is away: it is kept, and comes first.

    So does an objection.

    Raises:
        TransitionNotAllowed: an act that waits settles the dossier; `facts` say whose, and when.
    """
    if action not in _SETTLES and action is not Action.OBJECT:
        return
    for act in await store.acts.waiting_in(dossier.id):
        if act.action == Action.OBJECT and action in _DECISIONS:
            raise await refusal(store, dossier, "objection_open")
        state = _SETTLES.get(Action(act.action), dossier.state)
        if code := why_not(state, action):
            who = await store.accounts.by_id(act.actor_id) if act.actor_id else None
            raise TransitionNotAllowed(
                code,
                dossier_id=dossier.id,
                number=dossier.number,
                state=state,
                decided_by=who.name if who else "",
                decided_at=act.given_at,
                since=act.given_at,
            )


async def refusal(store: Store, dossier: Dossier, code: str) -> TransitionNotAllowed:
    """Why not, with what the person needs to understand: the state, who decided and when."""
    decider = await store.accounts.by_id(dossier.decided_by) if dossier.decided_by else None
    return TransitionNotAllowed(
        code,
        dossier_id=dossier.id,
        number=dossier.number,
        state=dossier.state,
        decided_by=decider.name if decider else "",
        decided_at=dossier.decided_at,
        since=dossier.state_since,
    )
