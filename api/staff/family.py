"""One family: what the agent's duties open of it, and the ways onto its pages."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.attaching import send_attachment
from api.access.links import mail_address
from api.access.rules import Agent
from api.access.sessions import guest_of
from api.access.visiting import begin_visit, end_visit
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.pages import Pages
from api.staff.family_view import (
    Family,
    child_rows,
    dossier_rows,
    load_family,
    why_not_hand_over,
    why_not_look,
)
from api.staff.quotients import quotients_of
from api.staff.room import see
from api.staff.trail import trail_from
from domain.errors import NotAllowed
from domain.paper import has_mail, shown_address
from domain.states import Actor
from domain.visits import Mode
from storage.store import Store

router = APIRouter()

_NO_ADDRESS = "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."


@router.get("/agent/familles/{family_id}")
async def show(
    request: Request, family_id: str, visitor: Agent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Who it is, its dossiers, and how to type for it or to see what it sees."""
    family = await load_family(store, family_id, visitor.account)
    return await _page(request, store, pages, family, at)


@router.post("/agent/familles/{family_id}/saisie")
async def type_for(
    request: Request, family_id: str, visitor: Agent, form: CheckedForm, writing: Writing
) -> Response:
    """Go on the family's pages, to type for the person who is there. Twice: the same."""
    del form, visitor
    async with writing() as store:
        await begin_visit(request, store, guest_of(request), family_id, Mode.DESK)
    return see("/accueil")


@router.post("/agent/familles/{family_id}/consultation")
async def look_as(
    request: Request, family_id: str, visitor: Agent, form: CheckedForm, writing: Writing
) -> Response:
    """Go on the family's pages, to look. The history of each of its dossiers says so.

    Raises:
        NotAllowed: the agent may not see all of what the family sees (`not_all_theirs`).
    """
    del form
    async with writing() as store:
        family = await load_family(store, family_id, visitor.account)
        if await why_not_look(store, family):
            raise NotAllowed("not_all_theirs", next_href=f"/agent/familles/{family_id}")
        visit = await begin_visit(request, store, guest_of(request), family_id, Mode.VIEW)
        for dossier in family.every:
            await store.events.add(
                dossier.id,
                f"visit:{visit.id}",
                at=visit.begun_at,
                what="seen_as_family",
                actor=Actor.AGENT,
                actor_id=visitor.account.id,
                state=dossier.state,
            )
    return see("/accueil")


@router.post("/agent/visite/fin")
async def leave(
    request: Request, visitor: Agent, form: CheckedForm, writing: Writing, tell: Tell
) -> Response:
    """Leave the family's pages. Twice: nothing more."""
    del form
    async with writing() as store:
        visit = await store.visits.current(visitor.session.id)
        if visit is not None:
            await end_visit(request, store, visit, why="left")
    if visit is None:
        return see("/agent/accueil")
    words = (
        "La saisie est terminée." if visit.mode is Mode.DESK else "La consultation est terminée."
    )
    await tell("success", words)
    return see(f"/agent/familles/{visit.family_id}")


@router.post("/agent/familles/{family_id}/adresse")
async def attach(
    request: Request,
    family_id: str,
    visitor: Agent,
    form: CheckedForm,
    store: Reading,
    house: HouseDep,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Mail a link to the address that the person gives; it is theirs once they have used it.

    The same words whether the address has an account or not.

    Raises:
        NotAllowed: some of what the family sees is closed to the agent (`not_all_theirs`), to whom
            an address of their own would open it.
    """
    family = await load_family(store, family_id, visitor.account)
    if has_mail(family.account.email):
        return see(f"/agent/familles/{family_id}")
    if await why_not_hand_over(store, family):
        raise NotAllowed("not_all_theirs", next_href=f"/agent/familles/{family_id}")
    address = mail_address(form.get("email", ""))
    if not address:
        errors = {"email": _NO_ADDRESS}
        return await _page(request, store, pages, family, at, values=form, errors=errors)
    await send_attachment(request, house, family.account, address, asked_by=visitor.account, at=at)
    words = (
        f"Un lien part à {address}. La personne l’ouvre dans l’heure\u00a0: l’adresse sera alors "
        "celle de la famille, et les courriers en attente partiront par mail."
    )
    await tell("success", words)
    return see(f"/agent/familles/{family_id}")


async def _page(
    request: Request,
    store: Store,
    pages: Pages,
    family: Family,
    at: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "staff/family.html",
        back=trail_from(request.query_params).back(request.query_params),
        family=family.account,
        address=shown_address(family.account.email),
        rows=await dossier_rows(store, family, at),
        children=await child_rows(store, family, at),
        others=family.others,
        quotient=await quotients_of(store, family, at),
        why_not_look=await why_not_look(store, family),
        values=values or {},
        errors=errors,
    )
