"""The first page of a family: what to do, its children, its dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import Parent
from api.dependencies import Now, PagesDep, Reading
from api.parents.child_cards import own_card, shared_card
from api.parents.shared_children import waiting_of
from api.parents.todo import todo_of
from api.parents.told_dossiers import lately, signatures, told_card
from api.parents.visited import children_for, dossiers_for, procedures_for
from api.pieces import names_of
from api.standing import Standing, child_of, standing_of, steps_of
from domain.deadlines import last_day, paris_day
from domain.kinds.catalogue import RULES
from domain.states import State
from storage.changes import CHANGE
from storage.dossiers import Dossier
from storage.guardian_accesses import Share
from storage.households import Child
from storage.shared_dossiers import SharedDossier
from storage.town import Procedure
from storage.wallet import Held

router = APIRouter()

_MOST_TO_DO = 5
_LATEST = 3
_AT_THE_TOWN = frozenset({State.CHECKING, State.UNDER_REVIEW})
_UNNAMED = {"registration": "Nouvel enfant", "actualisation": "Ma famille"}


@dataclass(frozen=True)
class DossierCard:
    """One dossier in a list of the family's dossiers."""

    dossier: Dossier
    title: str
    standing: Standing
    steps: Sequence[Mapping[str, Any]]
    child: str
    href: str


def card_of(dossier: Dossier, title: str, asked: int, at: datetime) -> DossierCard:
    """A dossier as a card; `asked` is how many pieces the town waits for.

    `title` is that of its procedure: what changes the family's file is known by it.
    """
    whom = dossier.child_name or ("" if dossier.kind == CHANGE else _UNNAMED[dossier.kind])
    return DossierCard(
        dossier,
        " : ".join(part for part in (title if dossier.kind == CHANGE else "", whom) if part),
        standing_of(dossier, asked=asked, at=at),
        [asdict(one) for one in steps_of(dossier)],
        child_of(dossier),
        f"/dossiers/{dossier.id}",
    )


@router.get("/accueil")
async def home(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """What to do, by date; the children; where each open dossier stands."""
    me = visitor.account
    every = await store.dossiers.of_account(me.id)
    dossiers = dossiers_for(visitor, every)
    codes = await store.requests.open_of_account(me.id)
    asked = {
        one.id: await names_of(store, one, codes[one.id]) for one in dossiers if one.id in codes
    }
    offered = await store.town.every_procedure()
    titles = {one.id: one.title for one in offered}
    children = children_for(visitor, await store.households.children_of(me.id), every)
    shares: Sequence[Share] = ()
    held: Sequence[Held] = ()
    told: Sequence[SharedDossier] = ()
    if visitor.behind is None:  # what another household shares is for this person alone
        shares = await store.guardian_accesses.concerning(me.id, me.email, at)
        held = await store.wallet.of_account(me.id)
    followed = [one.dossier for one in shares if one.access.accepted_at]
    if followed:
        told = await store.shared_dossiers.of(me.id, at)
    count = {one.id: len(asked.get(one.id, ())) for one in dossiers}
    cards = [card_of(one, titles[one.procedure_id], count[one.id], at) for one in dossiers]
    invitation = await store.campaigns.open_for(me.id, paris_day(at))
    slugs = {one.id: one.slug for one in offered}
    if invitation and any(slugs[one.procedure_id] == invitation.slug for one in every):
        invitation = None
    invited_to = invitation.slug if invitation else ""
    in_hand = {one.procedure_id for one in dossiers if not one.state.is_closed}
    todo = todo_of(
        dossiers,
        asked,
        at,
        titles=titles,
        invitation=invitation,
        held=held,
        texts=await store.texts.to_accept(me.id, paris_day(at)),
        signatures=signatures([*followed, *told], at),
    )
    return pages.render(
        request,
        "parents/home.html",
        todo=todo[:_MOST_TO_DO],
        left=len(todo[_MOST_TO_DO:]),
        next_date=_next_date(dossiers),
        invitations=waiting_of(shares),
        children=[
            *(own_card(one.on(paris_day(at))) for one in children),
            *(shared_card(one) for one in followed),
        ],
        told=[told_card(one) for one in lately(told, at)],
        at_the_town=[one for one in cards if one.dossier.state in _AT_THE_TOWN],
        closed_cards=[one for one in cards if _is_only_closed(one, children)][:_LATEST],
        procedures=procedures_for(
            visitor,
            [
                one
                for one in _to_begin(offered)
                if not RULES[one.kind].starts_filled
                # Where no child is known there is nothing to look at again; nor where it is above.
                or (children and one.id not in in_hand and one.slug != invited_to)
            ],
        ),
        is_new=not dossiers and invitation is None,
        first_name=me.name.partition(" ")[0],
    )


@router.get("/dossiers")
async def list_dossiers(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Every dossier of the family, the latest first."""
    every = await store.dossiers.of_account(visitor.account.id)
    dossiers = dossiers_for(visitor, every)
    asked = await store.requests.open_of_account(visitor.account.id)
    offered = await store.town.every_procedure()
    titles = {one.id: one.title for one in offered}
    return pages.render(
        request,
        "parents/dossiers.html",
        cards=[
            card_of(one, titles[one.procedure_id], len(asked.get(one.id, ())), at)
            for one in dossiers
        ],
        procedures=procedures_for(visitor, _to_begin(offered)),
    )


def _to_begin(offered: Sequence[Procedure]) -> Sequence[Procedure]:
    """What a family may begin now from a list; its file is changed where it is read."""
    return [one for one in offered if one.is_open and one.kind != CHANGE]


def _is_only_closed(card: DossierCard, children: Sequence[Child]) -> bool:
    """Closed, and not already shown as a child of the family."""
    shown = {one.dossier_id for one in children}
    return card.dossier.state.is_closed and card.dossier.id not in shown


def _next_date(dossiers: Sequence[Dossier]) -> date | None:
    """The last day of the town to answer, the soonest of all dossiers it studies."""
    moments = [one.due_at for one in dossiers if one.state is State.UNDER_REVIEW and one.due_at]
    return last_day(min(moments)) if moments else None
