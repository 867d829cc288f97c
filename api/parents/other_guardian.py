"""The other guardian of a child, seen by the one who sent the dossier: invited, in, or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.links import mail_address
from api.access.notices import mail_afterwards
from api.access.rules import OwnDossier, Parent
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell
from api.house import House
from api.pages import Pages
from api.parents.shared_words import REGISTRATION
from api.standing import child_of
from domain import french
from domain.audit import What
from domain.deadlines import paris_day
from domain.errors import NotFound
from domain.guardian_access import (
    LETTERS_WITHIN,
    MOST_LETTERS,
    GuardianAccess,
    Stage,
    is_held_by_staff,
)
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter()

_MOST_AT_ONCE = 3
_SAME_PRESS = timedelta(minutes=10)
"""Within that time a second press sends no second letter."""
_WORDS: Mapping[Stage, tuple[str, str, str]] = {
    Stage.INVITED: ("waiting", "…", "Invitation envoyée"),
    Stage.EXPIRED: ("neutral", "–", "Invitation trop vieille"),
    Stage.OPEN: ("ok", "✓", "A accès"),
    Stage.DECLINED: ("neutral", "–", "Invitation sans suite"),
}
_SENT = (
    "L’invitation est partie à {email}. Elle vaut trente jours ; l’autre parent ne voit ni votre "
    "adresse, ni votre téléphone, ni vos documents."
)


@router.get("/dossiers/{dossier_id}/acces")
async def show(
    request: Request, dossier: OwnDossier, store: Reading, pages: PagesDep, at: Now
) -> Response:
    """Who else sees this child, and how to invite them; nothing for a draft.

    Nobody is invited to what is no registration: that leads to those of its children.
    """
    if dossier.submitted_at is None:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    if dossier.kind != REGISTRATION:
        return await _lead_to_registrations(request, dossier, store, pages)
    other = (await store.dossiers.answers(dossier.id)).get("autre-parent", {})
    proposed = other.get("email", "") if other.get("has_other") == "yes" else ""
    return await _page(request, dossier, store, pages, at, values={"email": proposed})


@router.post("/dossiers/{dossier_id}/acces")
async def invite(
    request: Request,
    visitor: Parent,
    dossier: OwnDossier,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Invite an address, or invite it again: the same words whether it has an account or not."""
    if dossier.submitted_at is None:
        return RedirectResponse(f"/dossiers/{dossier.id}", 303)
    if dossier.kind != REGISTRATION:
        return RedirectResponse(f"/dossiers/{dossier.id}/acces", 303)
    typed = form.get("email", "")
    email = mail_address(typed)
    problem = _problem(email, visitor.account)
    if not problem:
        problem = await _invite(request, house, dossier, email, visitor.account, at)
    if problem:
        errors = {"email": problem}
        return await _page(
            request, dossier, store, pages, at, values={"email": typed}, errors=errors
        )
    await tell("success", _SENT.format(email=email))
    return RedirectResponse(f"/dossiers/{dossier.id}/acces", 303)


@router.post("/dossiers/{dossier_id}/acces/{access_id}/reprendre")
async def take_back(
    request: Request,
    dossier: OwnDossier,
    access_id: str,
    form: CheckedForm,
    house: HouseDep,
    tell: Tell,
    at: Now,
) -> Response:
    """Take an invitation back, until it is accepted. Twice: once."""
    del form
    async with house.writing() as store:
        access = await store.guardian_accesses.find(access_id)
        if access is None or access.dossier_id != dossier.id:
            raise NotFound
        is_done = await store.guardian_accesses.take_back(access.id, at)
        if is_done:
            line = line_of(
                request, What.GUARDIAN_TAKEN_BACK, dossier_id=dossier.id, subject=access.id
            )
            await store.audit.add(line)
    if is_done:
        await tell("success", "L’invitation est reprise : elle n’ouvre plus rien.")
    else:
        await tell("attention", "Cette invitation n’attend plus de réponse.")
    return RedirectResponse(f"/dossiers/{dossier.id}/acces", 303)


async def _lead_to_registrations(
    request: Request, dossier: Dossier, store: Store, pages: Pages
) -> Response:
    """The one registration by which a child of this dossier is shared, or the choice of them."""
    told = await store.shared_dossiers.children_of(dossier.id)
    children = [
        one
        for one in await store.households.children_of(dossier.account_id)
        if one.dossier_id and (one.id in told or not told)
    ]
    if len(children) == 1:
        return RedirectResponse(f"/dossiers/{children[0].dossier_id}/acces", 303)
    return pages.render(
        request,
        "parents/other_guardian_of.html",
        dossier=dossier,
        child=child_of(dossier),
        children=children,
        department=await store.town.department(dossier.department),
    )


def _problem(email: str, inviter: Account) -> str:
    if not email:
        return "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."
    if email == inviter.email:
        return "C’est votre propre adresse. Écrivez celle de l’autre parent."
    return ""


async def _invite(
    request: Request, house: House, dossier: Dossier, email: str, inviter: Account, at: datetime
) -> str:
    """Write the invitation and its letter; gives what to say when it cannot be."""
    async with house.writing() as store:
        await store.dossiers.hold(dossier.id)
        await store.accounts.take_turn(inviter.id)
        known = await store.guardian_accesses.of_dossier(dossier.id)
        around = await store.guardian_accesses.around(dossier.id)
        before = next((one for one in known if one.email == email), None)
        is_held = is_held_by_staff(around) or (before is not None and before.ends_on is not None)
        if is_held or await store.court_rulings.closes_invitations(dossier.id, paris_day(at)):
            return "Pour changer cet accès, appelez le service chargé du dossier."
        others = [one for one in _live(known, at) if one.email != email]
        if len(others) >= _MOST_AT_ONCE:
            return "Trois personnes au plus : reprenez d’abord une invitation."
        stage = before.stage(at, paris_day(at)) if before else None
        if stage is Stage.OPEN:
            return "Cette personne a déjà accès au dossier."
        if before and stage is Stage.INVITED and at - before.invited_at < _SAME_PRESS:
            return ""
        sent = await store.audit.count(
            What.GUARDIAN_INVITED, actor_id=inviter.id, since=at - LETTERS_WITHIN
        )
        if sent >= MOST_LETTERS:
            return "Vous avez envoyé beaucoup d’invitations aujourd’hui. Réessayez demain."
        access = await store.guardian_accesses.invite(dossier.id, email, inviter.id, at)
        letter_id = await house.writer.to_address(
            store,
            email,
            "guardian_invitation",
            path="/connexion?suite=/enfants",
            at=at,
            of_child=french.of(child_of(dossier)),
            until=french.day(access.expires_at),
        )
        line = line_of(request, What.GUARDIAN_INVITED, dossier_id=dossier.id, subject=access.id)
        await store.audit.add(line)
    mail_afterwards(request, letter_id)
    return ""


def _live(accesses: Sequence[GuardianAccess], at: datetime) -> Sequence[GuardianAccess]:
    today = paris_day(at)
    return [one for one in accesses if one.stage(at, today) in {Stage.INVITED, Stage.OPEN}]


async def _page(
    request: Request,
    dossier: Dossier,
    store: Store,
    pages: Pages,
    at: datetime,
    *,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    accesses = await store.guardian_accesses.of_dossier(dossier.id)
    return pages.ask(
        request,
        "parents/other_guardian.html",
        dossier=dossier,
        child=child_of(dossier),
        department=await store.town.department(dossier.department),
        rows=_rows(accesses, at),
        is_held=is_held_by_staff(await store.guardian_accesses.around(dossier.id)),
        values=values,
        errors=errors,
    )


def _rows(accesses: Sequence[GuardianAccess], at: datetime) -> Sequence[Mapping[str, Any]]:
    """Those who are in or invited. What staff ended, or is about to, is not told here."""
    today, rows = paris_day(at), []
    for one in accesses:
        stage = one.stage(at, today)
        if stage in _WORDS:
            is_in = stage is Stage.OPEN
            since = one.accepted_at if one.accepted_at and is_in else one.invited_at
            rows.append(
                {
                    "id": one.id,
                    "email": one.email,
                    "state": _WORDS[stage],
                    "since": french.day(since),
                    "may_take_back": stage is Stage.INVITED,
                    "may_repeat": not is_in,
                }
            )
    return rows
