"""One dossier: its task list while it is a draft, then where it stands and what can be done."""

import asyncio
from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import OwnDossier, groups_of
from api.dependencies import CheckedForm, GatewayDep, Now, PagesDep, Reading, Tell
from api.form_acts import act_id_of
from api.pages import Pages
from api.parents.attestation import is_accepted_by_silence
from api.parents.checklist import show_checklist
from api.parents.dependencies import ParentActs
from api.parents.journey import journey_of
from api.parents.letters import rows_of
from api.parents.piece_cards import may_change
from api.parents.words import KEPT_BY_THE_TOWN, done
from api.pieces import pieces_and_request, pieces_of, worth_showing
from api.reserved import pieces_for
from api.standing import child_of, held_words, reason_of, standing_of, steps_of
from api.timeline import lines
from domain import french
from domain.deadlines import paris_day
from domain.kinds.catalogue import RULES
from domain.kinds.words import KIND_WORDS
from domain.states import Action, State, after
from storage.dossiers import Dossier
from storage.records import new_id
from storage.store import Store

router = APIRouter()

_REFUSALS = frozenset({"refuse", "deem_refused"})
_PERSONAL = frozenset({Action.SUBMIT, Action.ANSWER, Action.WITHDRAW})


@router.get("/dossiers/{dossier_id}")
async def show(
    request: Request,
    dossier: OwnDossier,
    store: Reading,
    gateway: GatewayDep,
    pages: PagesDep,
    at: Now,
) -> Response:
    """What is left to do in a draft; else who must act, by when, and what happens then."""
    waiting = await store.acts.waiting_in(dossier.id, given_before=at)
    kept = KEPT_BY_THE_TOWN if any(one.action in _PERSONAL for one in waiting) else ""
    if dossier.state is State.DRAFT and RULES[dossier.kind].starts_filled:
        return await show_checklist(request, dossier, store, pages, at=at, kept=kept)
    if dossier.state is State.DRAFT:
        return await _draft(request, dossier, store, pages, at=at, kept=kept)
    # The engine is asked meanwhile: its answer takes as long as all those of storage together.
    asking = None if dossier.state.is_closed else asyncio.create_task(gateway.situation(dossier.id))
    answers = await store.dossiers.answers(dossier.id)
    every, request_ = await pieces_and_request(store, dossier, answers, at)
    pieces = pieces_for(every, groups_of(request, dossier))
    asked = [one for one in pieces if one.asked is not None]
    events = await store.events.of(dossier.id)
    rows = rows_of(await store.letters.of_dossier(dossier.id))
    department = ""
    if dossier.state is State.UNDER_REVIEW:
        department = (await store.town.department(dossier.department)).name
    await store.release()
    situation = await asking if asking else None
    return pages.render(
        request,
        "parents/dossier.html",
        dossier=dossier,
        child=child_of(dossier),
        words=KIND_WORDS[dossier.kind],
        kept=kept,
        standing=standing_of(
            dossier, situation=situation, department=department, asked=len(asked), at=at
        ),
        reason=reason_of(dossier),
        steps=[asdict(one) for one in steps_of(dossier)],
        refusal_href=next((one["href"] for one in rows if one["kind"] in _REFUSALS), ""),
        lines=lines(dossier, events, "parent", answers=answers),
        letters=rows,
        pieces=worth_showing(dossier, pieces),
        sections=[(one.code, one.title) for one in RULES[dossier.kind].sections_for(answers)],
        request_words=request_.words if request_ else "",
        asked=asked,
        awaited=[one for one in asked if one.is_awaited],
        may_answer=dossier.state is State.AWAITING_FAMILY,
        may_add=may_change(dossier),
        may_withdraw=after(dossier.state, Action.WITHDRAW) is not None,
        is_settling=dossier.state is State.CHECKING or bool(kept),
        held=held_words(dossier, events),
        may_attest=is_accepted_by_silence(dossier),
        act_id=new_id(),
    )


async def _draft(
    request: Request, dossier: Dossier, store: Store, pages: Pages, *, at: Now, kept: str
) -> Response:
    journey = await journey_of(store, dossier, paris_day(at))
    every = await pieces_of(store, dossier, journey.answers, at)
    pieces = pieces_for(every, groups_of(request, dossier))
    left = journey.unfinished
    return pages.render(
        request,
        "parents/draft.html",
        dossier=dossier,
        child=child_of(dossier),
        kept=kept,
        standing=standing_of(dossier, at=at),
        tasks=[asdict(one) for one in journey.tasks(pieces)],
        next_href=journey.address(left[0] if left else "documents"),
        saved=french.moment(dossier.last_saved_at),
        is_settling=bool(kept),
    )


@router.post("/dossiers/{dossier_id}/repondre")
async def answer(dossier: OwnDossier, form: CheckedForm, acts: ParentActs, tell: Tell) -> Response:
    """Tell the town that the complement is whole. Twice with the same form: once."""
    outcome = await acts.give(Action.ANSWER, dossier.id, act_id=act_id_of(form))
    await tell(*done(outcome, "Votre réponse est envoyée à la mairie."))
    return RedirectResponse(f"/dossiers/{dossier.id}", 303)


@router.get("/dossiers/{dossier_id}/retirer")
async def confirm_withdrawal(request: Request, dossier: OwnDossier, pages: PagesDep) -> Response:
    """What withdrawing means, before it is done."""
    if after(dossier.state, Action.WITHDRAW) is None:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    return pages.render(
        request,
        "parents/withdraw.html",
        dossier=dossier,
        child=child_of(dossier),
        is_draft=dossier.state is State.DRAFT,
        act_id=new_id(),
    )


@router.post("/dossiers/{dossier_id}/retirer")
async def withdraw(
    dossier: OwnDossier, form: CheckedForm, acts: ParentActs, tell: Tell
) -> Response:
    """Take the request back, until the decision. Twice with the same form: once."""
    outcome = await acts.give(Action.WITHDRAW, dossier.id, act_id=act_id_of(form))
    is_draft = dossier.submitted_at is None
    words = "Votre brouillon est abandonné." if is_draft else "Votre demande est retirée."
    await tell(*done(outcome, words))
    return RedirectResponse(f"/dossiers/{dossier.id}", 303)
