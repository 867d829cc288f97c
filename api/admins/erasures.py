"""Requests of people to have their data erased: what waits, what would go, and doing it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.granting import take_token_back
from api.access.notices import mail_afterwards
from api.access.rules import Admin
from api.acts import Acts
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.gateway import Kept
from api.house import House
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.retention import kept_until, period_of
from domain.states import Action, Actor
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.erasures import ErasureRequest
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/donnees")

_HERE = "/admin/donnees"
_IN_HAND = (
    "La mairie étudie encore un dossier de cette personne. L’effacement se fait après la réponse, "
    "ou après le retrait de la demande."
)
_ENGINE_AWAY = (
    "Un brouillon n’a pas encore pu être fermé : le moteur ne répond pas. Rien n’est effacé ; "
    "recommencez dans un instant."
)


async def waiting_rows(store: Store, today: date) -> Sequence[Mapping[str, Any]]:
    """What waits for an answer, the first to be due first, as a page shows it."""
    return [
        {
            "href": f"{_HERE}/{one.request.id}",
            "who": one.name or one.email,
            "email": one.email,
            "asked": french.day(one.request.asked_at),
            "due": french.day(one.request.due_on),
            "left": french.remaining(today, one.request.due_on),
            "is_late": one.request.due_on < today,
        }
        for one in await store.erasures.waiting()
    ]


@router.get("/{request_id}")
async def show_one(
    _: Admin, request: Request, request_id: str, store: Reading, pages: PagesDep
) -> Response:
    """Show what would be erased and what the law has the town keep."""
    asked, account = await _found(store, request_id)
    dossiers = await store.dossiers.of_account(account.id)
    return pages.render(
        request,
        "admins/erasure.html",
        asked=asked,
        mine=account,
        drafts=len(_never_sent(dossiers)),
        kept=_kept(dossiers, len(await store.households.children_of(account.id))),
        in_hand=_IN_HAND if _in_hand(dossiers) else "",
        action=f"{_HERE}/{asked.id}/effacer",
    )


@router.post("/{request_id}/effacer")
async def erase(
    visitor: Admin,
    request: Request,
    request_id: str,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    store: Reading,
    tell: Tell,
    now: Now,
) -> Response:
    """Close the drafts, then erase, close the account and answer by mail. Twice: once.

    What stops in the middle is done again from the start: nothing is erased before every draft is
    closed, and then all of it is, in one transaction.
    """
    del form
    asked, account = await _found(store, request_id)
    dossiers = await store.dossiers.of_account(account.id)
    if _in_hand(dossiers):
        await tell("attention", _IN_HAND)
        return RedirectResponse(f"{_HERE}/{asked.id}", 303)
    acts = Acts(house.writing, house.gateway, actor=Actor.PARENT, actor_id=account.id, at=now)
    for draft in _never_sent(dossiers):
        if not draft.state.is_closed:
            act_id = sha256(f"{asked.id}:{draft.id}".encode()).hexdigest()[:32]
            outcome = await acts.give(Action.WITHDRAW, draft.id, act_id=act_id)
            if isinstance(outcome, Kept):
                await tell("attention", _ENGINE_AWAY)
                return RedirectResponse(f"{_HERE}/{asked.id}", 303)
    words = await _erase(request, house, asked, account, visitor.account.id, now)
    await tell(*words)
    return RedirectResponse(_HERE, 303)


async def _erase(
    request: Request,
    house: House,
    asked: ErasureRequest,
    account: Account,
    by: str,
    at: datetime,
) -> tuple[str, str]:
    async with house.writing() as store:
        await store.accounts.take_turn(account.id)
        dossiers = await store.dossiers.of_account(account.id)
        if any(not one.state.is_closed for one in dossiers):
            return "attention", _IN_HAND
        if not await store.erasures.note_done(asked.id, by, at):
            return "attention", "Cette demande a été annulée, ou faite, entre-temps."
        for token in await store.tokens.of_account(account.id):
            await take_token_back(store, token, by=by, at=at)
        await store.accounts.disable(account.id, at)
        children = len(await store.households.children_of(account.id))
        await store.erasures.erase(account.id, at)
        letter_id = await house.writer.to_address(
            store,
            account.email,
            "erasure_done",
            path="/donnees-personnelles",
            at=at,
            asked=french.day(asked.asked_at),
            kept="\n".join(f"- {line}" for line in _kept(dossiers, children)),
        )
        await store.audit.add(line_of(request, What.ERASURE_DONE, subject=account.id))
    mail_afterwards(request, letter_id)
    return "success", "C’est effacé. La personne en est prévenue par mail."


async def _found(store: Store, request_id: str) -> tuple[ErasureRequest, Account]:
    """The request that waits, and whose it is; NotFound once it is settled."""
    asked = await store.erasures.find(request_id) if is_id(request_id) else None
    if asked is None or asked.done_at is not None or asked.cancelled_at is not None:
        raise NotFound
    account = await store.accounts.by_id(asked.account_id)
    if account is None:
        raise NotFound
    return asked, account


def _never_sent(dossiers: Sequence[Dossier]) -> Sequence[Dossier]:
    return [one for one in dossiers if one.submitted_at is None]


def _in_hand(dossiers: Sequence[Dossier]) -> bool:
    return any(one.submitted_at is not None and not one.state.is_closed for one in dossiers)


def _kept(dossiers: Sequence[Dossier], children: int) -> Sequence[str]:
    family = "La fiche de la famille (noms, adresse, enfants) : tant qu’un enfant est scolarisé."
    return [*_kept_dossiers(dossiers), *([family] if children else [])]


def _kept_dossiers(dossiers: Sequence[Dossier]) -> Sequence[str]:
    return [
        f"Dossier n°\u00a0{one.number} : {_until(one)} {period_of(one.state, one.kind).why}"
        for one in dossiers
        if one.submitted_at is not None
    ]


def _until(dossier: Dossier) -> str:
    day = kept_until(dossier.state, paris_day(dossier.state_since), dossier.kind)
    how_long = period_of(dossier.state, dossier.kind).how_long
    return f"jusqu’au {french.day(day)}." if day else f"{how_long[:1].lower()}{how_long[1:]}"
