"""The tokens of whoever is signed in: made for a program, seen once, taken back."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.granting import (
    give_token,
    grant_form,
    read_grant,
    take_token_back,
    token_rows,
)
from api.access.places import place_of
from api.access.rules import SignedIn, Visitor
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from domain.errors import NotFound
from domain.scopes import BY_ROLE
from storage.accounts import Account
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/compte/acces")

_FOR_SYSTEMS = "/admin/acces"


@router.get("")
async def show(
    visitor: SignedIn, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """What programs may do in this person's name, and how to let one in."""
    if visitor.account.role not in BY_ROLE:
        return RedirectResponse(_FOR_SYSTEMS, 303)
    return await _page(request, pages, store, visitor.account, now)


@router.post("")
async def give(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Make a token and show it, once. The same form twice: it is not shown again."""
    account = _owner(visitor)
    grant, errors = read_grant(form, account.role)
    if grant is None:
        return await _page(request, pages, store, account, now, values=form, errors=errors)
    async with writing() as unit:
        secret = await give_token(
            unit,
            account.id,
            grant,
            token_id=act_id_of(form),
            by=account.id,
            at=now,
            place=place_of(request),
        )
    if not secret:
        return RedirectResponse("/compte/acces", 303)
    return pages.render(
        request,
        "access/token.html",
        secret=secret,
        name=grant.name,
        back="/compte/acces",
    )


@router.post("/{token_id}/revoquer")
async def take_back(
    visitor: SignedIn,
    token_id: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Close a token at once. Twice: once."""
    del form
    account = _owner(visitor)
    async with writing() as store:
        token = await store.tokens.find(token_id) if is_id(token_id) else None
        if token is None or token.account_id != account.id:
            raise NotFound
        await take_token_back(store, token, by=account.id, at=now, place=place_of(request))
    await tell("success", f"« {token.name} » ne peut plus rien faire en votre nom.")
    return RedirectResponse("/compte/acces", 303)


def _owner(visitor: Visitor) -> Account:
    if visitor.account.role not in BY_ROLE:
        raise NotFound
    return visitor.account


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    account: Account,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "access/tokens.html",
        tokens=token_rows(await store.tokens.of_account(account.id), now),
        **grant_form(account.role, values, errors),
    )
