"""Approving several dossiers at once: those in which nothing has to be looked at.

Each is an act of its own, given by this agent and written in its own dossier. What is no longer
ready when the form arrives is left, and said.
"""

import asyncio
from dataclasses import dataclass
from hashlib import sha256

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Agent, groups_read, may_see
from api.acts import Acts
from api.dependencies import CheckedForm, PagesDep, Reading
from api.form_acts import act_id_of
from api.gateway import Kept
from api.pieces import pieces_of
from api.reserved import pieces_for
from api.reviewing import why_not_yet
from api.staff.review import verdict_of, worth_a_look
from api.staff.room import AgentActs
from api.staff.trail import trail_from
from domain.errors import NotFound, Stale, TransitionNotAllowed
from domain.readiness import WORDS, WhyNot, why_not_ready
from domain.states import Action, State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.records import is_id
from storage.store import Store

router = APIRouter()

MOST = 25
"""The most dossiers one form approves: a page of the list."""
_CHANGED = "La famille l’a modifié depuis : ouvrez-le."
_KEPT = "Validation gardée : elle s’appliquera dès que le service est rétabli."
_DONE = "Validé."


@dataclass(frozen=True)
class Result:
    """What became of one dossier: a line of the page."""

    dossier: Dossier
    words: str
    is_done: bool


@router.post("/agent/dossiers/valider")
async def approve_several(
    request: Request,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    acts: AgentActs,
    pages: PagesDep,
) -> Response:
    """Approve the ticked dossiers that are ready, and say of each what became of it.

    Twice with the same form: the same acts, once.
    """
    trail = trail_from(form)
    chosen = [one for one in dict.fromkeys(form.getlist("dossier")) if is_id(one)][:MOST]
    left: list[Result] = []
    ready: list[Dossier] = []
    for dossier_id in chosen:
        dossier = await store.dossiers.find(dossier_id)
        if not may_see(visitor.account, dossier):
            raise NotFound
        if dossier.decided_by == visitor.account.id and dossier.state is State.APPROVED:
            left.append(Result(dossier, _DONE, is_done=True))  # the same form, sent again
        elif form.get(f"seen-{dossier.id}") != str(dossier.version):
            left.append(Result(dossier, _CHANGED, is_done=False))
        elif why := await _why_not(store, dossier, visitor.account):
            left.append(Result(dossier, why, is_done=False))
        else:
            ready.append(dossier)
    await store.release()
    stem = act_id_of(form)
    results = [*await asyncio.gather(*(_approve(acts, one, stem) for one in ready)), *left]
    return pages.render(
        request,
        "staff/approved.html",
        rows=[
            {
                "href": trail.desk_href(one.dossier.id),
                "child": one.dossier.child_name or "Toute la famille",
                "number": one.dossier.number,
                "words": one.words,
                "is_done": one.is_done,
            }
            for one in results
        ],
        done=sum(one.is_done for one in results),
        queue_href=trail.queue_href(),
    )


async def _why_not(store: Store, dossier: Dossier, agent: Account) -> str:
    """Why this dossier cannot be approved with the others, as a sentence; "" when it can."""
    answers = await store.dossiers.answers(dossier.id)
    whole = await pieces_of(store, dossier, answers, None)
    pieces = pieces_for(worth_a_look(whole), groups_read(agent, dossier))
    holds = await store.holds.of(dossier.id)
    why = why_not_ready(
        dossier.state,
        [verdict_of(one) for one in pieces],
        is_held=any(one.is_open for one in holds),
        is_completed=dossier.answered_at is not None,
    )
    return WORDS[why] if why else why_not_yet(pieces)


async def _approve(acts: Acts, dossier: Dossier, stem: str) -> Result:
    """Give the approval of one dossier; somebody may have been faster."""
    act_id = sha256(f"{stem} {dossier.id}".encode()).hexdigest()[:32]
    try:
        outcome = await acts.give(
            Action.APPROVE, dossier.id, act_id=act_id, version_seen=dossier.version
        )
    except Stale:
        return Result(dossier, _CHANGED, is_done=False)
    except TransitionNotAllowed:
        return Result(dossier, WORDS[WhyNot.DECIDED], is_done=False)
    return Result(dossier, _KEPT if isinstance(outcome, Kept) else _DONE, is_done=True)
