"""The town's people: who they are and what they may do, and inviting one more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.notices import mail_afterwards
from api.access.rules import Admin
from api.admins.agent_forms import (
    ROLE_WORDS,
    Description,
    form_choices,
    read_address,
    read_description,
)
from api.admins.agent_view import agent_rows
from api.audit import line_of
from api.dependencies import CheckedForm, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.house import House, house_of, now
from api.pages import Pages
from domain.audit import What
from storage.accounts import Account
from storage.records import new_id
from storage.staff import ROLES
from storage.store import Store

router = APIRouter(prefix="/agents")


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Show every agent and admin, those whose access is open first."""
    return pages.render(request, "admins/agents.html", rows=await agent_rows(store, now(request)))


@router.get("/inviter")
async def ask_whom(_: Admin, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Ask who is to be invited, and for what."""
    return await _page(request, pages, store)


@router.post("/inviter")
async def invite(
    visitor: Admin,
    _: Confirmed,
    request: Request,
    form: CheckedForm,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Make the access and mail the invitation. The same form twice: one of each."""
    person, errors = read_description(form, await reading.town.departments())
    email, wrong = read_address(form)
    errors = {**wrong, **errors}
    if errors or person is None:
        return await _page(request, pages, reading, values=form, errors=errors)
    account_id, letter = act_id_of(form), ""
    async with writing() as store:
        await store.accounts.take_turn(email)
        known = await store.accounts.by_email(email)
        if known is None:
            admin = visitor.account
            letter = await _let_in(request, store, account_id, email, person, admin)
    if known is not None and known.id != account_id:
        return await _page(request, pages, reading, values=form, errors={"email": _why_not(known)})
    if letter:
        mail_afterwards(request, letter)
        await tell("success", f"L’invitation part vers {email}. Son lien sert pendant une heure.")
    return RedirectResponse("/admin/agents", 303)


async def send_invitation(
    store: Store, house: House, account: Account, by: Account, at: datetime
) -> str:
    """Write the letter of invitation of an account that is there, and give the letter's id."""
    return await house.writer.access_link(
        store,
        account.email,
        known=True,
        at=at,
        kind="invitation",
        name=account.name,
        by=by.name or "La mairie",
        role=ROLE_WORDS[account.role],
    )


async def _let_in(
    request: Request,
    store: Store,
    account_id: str,
    email: str,
    person: Description,
    admin: Account,
) -> str:
    at = now(request)
    await store.accounts.add(
        email,
        person.role,
        at,
        name=person.name,
        title=person.title,
        duties=person.duties,
        account_id=account_id,
    )
    account = await store.accounts.by_id(account_id)
    assert account is not None
    await store.audit.add(
        line_of(request, What.AGENT_INVITED, subject=account_id, role=person.role)
    )
    return await send_invitation(store, house_of(request), account, admin, at)


def _why_not(known: Account) -> str:
    if known.role in ROLES:
        return "Cette personne a déjà un accès : retrouvez-la dans la liste."
    return "Cette adresse est celle d’une famille. Un agent a une adresse à lui, de la mairie."


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "admins/invitation.html",
        **form_choices(await store.town.departments()),
        act_id=new_id(),
        values=values or {},
        errors=errors,
    )
