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
from api.parents.visited import children_for, dossiers_for, procedures_for
from api.standing import Standing, child_of, standing_of, steps_of
from domain.deadlines import last_day
from domain.states import State
from storage.dossiers import Dossier
from storage.guardian_accesses import Share
from storage.households import Child

router = APIRouter()

_MOST_TO_DO = 5
_LATEST = 3


@dataclass(frozen=True)
class DossierCard:
    """One dossier in a list of the family's dossiers."""

    dossier: Dossier
    standing: Standing
    steps: Sequence[Mapping[str, Any]]
    child: str
    href: str


def card_of(dossier: Dossier, asked: int, at: datetime) -> DossierCard:
    """A dossier as a card; `asked` is how many pieces the town waits for."""
    return DossierCard(
        dossier,
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
    every = await store.dossiers.of_account(visitor.account.id)
    dossiers = dossiers_for(visitor, every)
    asked = await store.requests.open_of_account(visitor.account.id)
    procedures = procedures_for(visitor, await store.town.procedures())
    children = children_for(visitor, await store.households.children_of(visitor.account.id), every)
    shares: Sequence[Share] = ()
    if visitor.behind is None:  # what another household shares is for this person alone
        me = visitor.account
        shares = await store.guardian_accesses.concerning(me.id, me.email, at)
    shared = [shared_card(one.dossier) for one in shares if one.access.accepted_at]
    cards = [card_of(one, len(asked.get(one.id, ())), at) for one in dossiers]
    return pages.render(
        request,
        "parents/home.html",
        todo=todo_of(dossiers, asked, at)[:_MOST_TO_DO],
        next_date=_next_date(dossiers),
        invitations=waiting_of(shares),
        children=[*(own_card(one) for one in children), *shared],
        open_cards=[one for one in cards if not one.dossier.state.is_closed],
        closed_cards=[one for one in cards if _is_only_closed(one, children)][:_LATEST],
        procedures=procedures,
        is_new=not dossiers,
        first_name=visitor.account.name.partition(" ")[0],
    )


@router.get("/dossiers")
async def list_dossiers(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Every dossier of the family, the latest first."""
    every = await store.dossiers.of_account(visitor.account.id)
    dossiers = dossiers_for(visitor, every)
    asked = await store.requests.open_of_account(visitor.account.id)
    return pages.render(
        request,
        "parents/dossiers.html",
        cards=[card_of(one, len(asked.get(one.id, ())), at) for one in dossiers],
        procedures=procedures_for(visitor, await store.town.procedures()),
    )


def _is_only_closed(card: DossierCard, children: Sequence[Child]) -> bool:
    """Closed, and not already shown as a child of the family."""
    shown = {one.dossier_id for one in children}
    return card.dossier.state.is_closed and card.dossier.id not in shown


def _next_date(dossiers: Sequence[Dossier]) -> date | None:
    """The last day of the town to answer, the soonest of all dossiers it studies."""
    moments = [one.due_at for one in dossiers if one.state is State.UNDER_REVIEW and one.due_at]
    return last_day(min(moments)) if moments else None
