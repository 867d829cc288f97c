"""The beginning of an actualisation: what it is, and the button that opens it filled in."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import Parent, Visitor
from api.beginning import JUST_OPENED, begin_filled
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.form_acts import act_id_of
from api.known_family import known_family
from api.parents.dependencies import ParentActs
from api.parents.visited import dossiers_for, procedures_for, refuse_unless_open_to
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from storage.dossiers import Dossier
from storage.records import new_id
from storage.store import Store
from storage.town import Procedure

router = APIRouter()


@router.get("/actualisation/{slug}")
async def present(
    request: Request, visitor: Parent, slug: str, store: Reading, pages: PagesDep
) -> Response:
    """What is looked at, what becomes of it, and the way in or on."""
    procedure = await _filled_procedure(store, visitor, slug)
    mine = await _of(store, visitor, procedure)
    return pages.render(
        request,
        "parents/actualisation.html",
        procedure=procedure,
        department=await store.town.department(procedure.department),
        opened=next((one for one in mine if not one.state.is_closed), None),
        sent=next((one for one in mine if one.submitted_at is not None), None),
        is_known=await store.family_record.of(visitor.account.id) is not None,
        registrations=[
            one
            for one in procedures_for(visitor, await store.town.procedures())
            if one.kind == "registration"
        ],
        act_id=new_id(),
    )


@router.post("/actualisation/{slug}")
async def begin(
    visitor: Parent,
    slug: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    acts: ParentActs,
    at: Now,
) -> Response:
    """Open it, with all that the town knows. Twice, or when one is open already: that one.

    What was begun is finished after the closing; nothing new is begun then.
    """
    procedure = await _filled_procedure(store, visitor, slug)
    mine = await _of(store, visitor, procedure)
    there = next((one for one in mine if not one.state.is_closed), None)
    if there is not None and there.version > JUST_OPENED:
        return RedirectResponse(f"/dossiers/{there.id}", 303)
    known = None
    if there is not None or procedure.is_open:
        known = await known_family(
            store, visitor.account, procedure, paris_day(at), agent=visitor.behind
        )
    if known is None:
        return RedirectResponse(f"/actualisation/{procedure.slug}", 303)
    dossier = await begin_filled(
        writing, acts, procedure, known, act_id=act_id_of(form), account_id=visitor.account.id
    )
    return RedirectResponse(f"/dossiers/{dossier.id}", 303)


async def _filled_procedure(store: Store, visitor: Visitor, slug: str) -> Procedure:
    """The procedure of that slug, open or not; NotFound for one that starts empty."""
    procedure = await store.town.procedure(slug=slug)
    refuse_unless_open_to(visitor, procedure)
    if not RULES[procedure.kind].starts_filled:
        raise NotFound
    return procedure


async def _of(store: Store, visitor: Visitor, procedure: Procedure) -> list[Dossier]:
    """The family's dossiers of this procedure, the latest first."""
    every = dossiers_for(visitor, await store.dossiers.of_account(visitor.account.id))
    return [one for one in every if one.procedure_id == procedure.id]
