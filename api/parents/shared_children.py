"""The children that another guardian shares with this one: invitations, and where each stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rules import Parent, SharedChild
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.pages import Pages
from api.parents.child_cards import own_card, shared_card
from api.parents.other_say import say_of
from api.parents.shared_words import (
    REGISTRATION,
    child_rows,
    dossier_rows,
    standing_for_the_other,
)
from api.parents.told_dossiers import roads_to, told_card, told_of
from api.timeline import lines_for_the_other
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.guardian_access import GuardianAccess
from domain.kinds.words import KIND_WORDS
from domain.questions import as_day
from domain.reasons import REFUSALS
from domain.states import State
from storage.accounts import Account
from storage.guardian_accesses import Share
from storage.shared_dossiers import ChildFacts, SharedDossier
from storage.store import Store

router = APIRouter()

_A_CHILD = "cet enfant"
_NOT_THE_DAY = (
    "Ce n’est pas la date de naissance de l’enfant. Vérifiez le jour, le mois et l’année."
)
_NO_DAY = "Écrivez une date qui existe, par exemple 4 1 2021."
_CLOSED = (
    "L’invitation est fermée : la date de naissance n’était pas la bonne. Demandez une nouvelle "
    "invitation à l’autre parent."
)


@router.get("/enfants")
async def list_children(
    request: Request, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Every child this person follows, their own and shared ones, and what waits for a yes.

    Whoever comes for one invitation only is led to it.
    """
    shares = await store.guardian_accesses.concerning(visitor.account.id, visitor.account.email, at)
    own = await store.households.children_of(visitor.account.id)
    waiting = waiting_of(shares)
    if len(waiting) == len(shares) == 1 and not own:
        return RedirectResponse(waiting[0]["href"], 303)
    return pages.render(
        request,
        "parents/children.html",
        waiting=waiting,
        shared=[shared_card(one.dossier) for one in shares if one.access.accepted_at],
        own=[own_card(one.on(paris_day(at))) for one in own],
    )


def waiting_of(shares: Sequence[Share]) -> Sequence[Mapping[str, str]]:
    """The invitations among these, for a card each; before a yes, a first name is all they say."""
    return [
        {
            "of_child": french.of(one.dossier.child_first_name or _A_CHILD),
            "href": f"/enfants/invitations/{one.access.id}",
            "until": french.day(one.access.expires_at),
        }
        for one in shares
        if one.access.accepted_at is None
    ]


@router.get("/enfants/invitations/{access_id}")
async def show_invitation(
    request: Request, visitor: Parent, access_id: str, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """What is offered, to whom reads the mail it was sent to; NotFound for anybody else."""
    return await _invitation_page(request, store, pages, visitor.account, access_id, at)


@router.post("/enfants/invitations/{access_id}")
async def reply(
    request: Request,
    visitor: Parent,
    access_id: str,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Say yes, with the child's birth date, or no. Twice: the second finds it done.

    The birth date keeps out whoever owns an address that was mistyped; after five wrong ones the
    invitation is closed.
    """
    share = await _waiting(store, visitor.account, access_id, at)
    child = await store.guardian_accesses.child(share.dossier.id)
    of_child = french.of(share.dossier.child_first_name or _A_CHILD)
    if "decline" in form:
        await _note(request, writing, share.access, What.GUARDIAN_DECLINED, at=at)
        await tell("success", f"C’est noté : vous ne suivrez pas le dossier {of_child}.")
        return RedirectResponse("/accueil", 303)
    again = partial(_invitation_page, request, store, pages, visitor.account, access_id, at)
    typed, born = as_day(_typed_day(form)), as_day(child.birth_date)
    if typed is None:  # no guess: it costs no try
        return await again(values=form, errors={"birth_date": _NO_DAY})
    async with writing() as books:
        left = await books.guardian_accesses.claim_try(access_id, at)
    if left is None or typed != born:
        if left:
            return await again(values=form, errors={"birth_date": _NOT_THE_DAY})
        await _note(request, writing, share.access, What.GUARDIAN_DECLINED, at=at)
        await tell("error", _CLOSED)
        return RedirectResponse("/accueil", 303)
    account_id = visitor.account.id
    await _note(request, writing, share.access, What.GUARDIAN_ACCEPTED, at=at, by=account_id)
    await tell("success", f"Vous suivez maintenant le dossier {of_child}.")
    return RedirectResponse(f"/enfants/{share.dossier.id}", 303)


@router.get("/enfants/{dossier_id}")
async def show_child(
    request: Request, shared: SharedChild, visitor: Parent, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """The child, the school, where the dossier stands: nothing of the other guardian's.

    The page of a registration is the child's: it leads to all else that is asked for this child.
    """
    told: Sequence[SharedDossier] = ()
    if shared.kind == REGISTRATION:
        children: Sequence[ChildFacts] = [await store.guardian_accesses.child(shared.id)]
        told = told_of(await store.shared_dossiers.of(visitor.account.id, at), shared.id)
    else:
        children = await store.shared_dossiers.facts(shared)
    events = await store.events.of(shared.id)
    ground = REFUSALS.get(shared.reason_code, "") if shared.state is State.REFUSED else ""
    return pages.render(
        request,
        "parents/shared_child.html",
        dossier=shared,
        child=shared.child_first_name or _A_CHILD,
        is_registration=shared.kind == REGISTRATION,
        words=KIND_WORDS[shared.kind],
        children=[child_rows(shared, one) for one in children],
        rows=dossier_rows(shared),
        roads=roads_to(shared),
        record_id=await store.family_record.child_of(shared.id),
        told=[told_card(one) for one in told],
        standing=standing_for_the_other(shared),
        ground=ground,
        lines=lines_for_the_other(shared.kind, events),
        say=say_of(shared, await store.holds.of(shared.id), visitor.account.id),
        department=await store.town.department(shared.department),
    )


async def _waiting(store: Store, who: Account, access_id: str, at: datetime) -> Share:
    """The invitation, if it waits for this person; NotFound otherwise, as if there were none."""
    shares = await store.guardian_accesses.concerning(who.id, who.email, at)
    for one in shares:
        if one.access.id == access_id and one.access.accepted_at is None:
            return one
    raise NotFound


async def _note(
    request: Request,
    writing: Writing,
    access: GuardianAccess,
    what: What,
    *,
    at: datetime,
    by: str = "",
) -> None:
    async with writing() as store:
        accesses = store.guardian_accesses
        if by:
            is_done = await accesses.accept(access.id, by, at)
        else:
            is_done = await accesses.decline(access.id, at)
        if is_done:
            line = line_of(request, what, dossier_id=access.dossier_id, subject=access.id)
            await store.audit.add(line)


async def _invitation_page(
    request: Request,
    store: Store,
    pages: Pages,
    who: Account,
    access_id: str,
    at: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    share = await _waiting(store, who, access_id, at)
    context: dict[str, Any] = {
        "of_child": french.of(share.dossier.child_first_name or _A_CHILD),
        "action": f"/enfants/invitations/{access_id}",
        "until": french.day(share.access.expires_at),
        "values": values or {},
        "errors": errors or {},
    }
    status = 422 if errors else 200
    return pages.render(request, "parents/guardian_invitation.html", status_code=status, **context)


def _typed_day(form: Mapping[str, str]) -> str:
    parts = (form.get(f"birth_date_{part}", "").strip() for part in ("day", "month", "year"))
    return "/".join(parts)
