"""Other software of the town: what each may do, for which department, and by which tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.granting import (
    Grant,
    give_token,
    grant_form,
    read_grant,
    take_token_back,
    token_rows,
)
from api.access.kept_forms import typed_before
from api.access.places import place_of
from api.access.rules import Admin
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Tell, Writing
from api.form_acts import act_id_of
from api.pages import Pages
from domain.audit import What
from domain.errors import NotFound
from domain.rights import EVERY_GROUP, Duty
from storage.accounts import SYSTEM, Account
from storage.audit import Line
from storage.records import is_id
from storage.store import Store

router = APIRouter(prefix="/acces")

_ALL = "tous"


@router.get("")
async def show(_: Admin, request: Request, store: Reading, pages: PagesDep, now: Now) -> Response:
    """Show every system with its tokens, and how to let another one in."""
    before = typed_before(request, "/admin/acces")
    return await _page(request, pages, store, now, values=before)


@router.post("")
async def give(
    visitor: Admin,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Make a token for a new system, or for one that is known, and show it once.

    The same form twice: nothing more is made, and the token is not shown again.
    """
    grant, errors = read_grant(form, SYSTEM)
    known = {one.id: one for one in await store.accounts.systems()}
    departments = [one.code for one in await store.town.departments()]
    system, department = known.get(form.get("system", "")), form.get("department", "")
    if system is None and department not in (*departments, _ALL):
        errors["department"] = "Choisissez un service."
    if grant is None or errors:
        return await _page(request, pages, store, now, values=form, errors=errors)
    token_id = act_id_of(form)
    async with writing() as unit:
        secret = await _give(
            unit, system, department, grant, token_id, visitor.account.id, now, place_of(request)
        )
    if not secret:
        return RedirectResponse("/admin/acces", 303)
    return pages.render(
        request,
        "access/token.html",
        secret=secret,
        name=grant.name,
        back="/admin/acces",
    )


async def _give(
    store: Store,
    system: Account | None,
    department: str,
    grant: Grant,
    token_id: str,
    admin_id: str,
    at: datetime,
    place: str,
) -> str:
    if await store.tokens.find(token_id) is not None:
        return ""
    account_id = system.id if system else ""
    if system is None:
        # An address that no mail can have: nobody ever signs in by it.
        account_id = await store.accounts.add(
            f"{SYSTEM}:{token_id}",
            SYSTEM,
            at,
            name=grant.name,
            title="logiciel de la mairie",
            # Every group: which of them a program reads is told by the scopes of its token.
            duties=[Duty(None if department == _ALL else department, EVERY_GROUP)],
        )
        let_in = Line(at, What.SYSTEM_LET_IN, admin_id, subject=account_id, place=place)
        await store.audit.add(let_in)
    return await give_token(
        store, account_id, grant, token_id=token_id, by=admin_id, at=at, place=place
    )


@router.post("/{token_id}/revoquer")
async def take_back(
    visitor: Admin,
    token_id: str,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Close a token of a system at once. Twice: once."""
    del form
    async with writing() as store:
        token = await store.tokens.find(token_id) if is_id(token_id) else None
        owner = await store.accounts.by_id(token.account_id) if token else None
        if token is None or owner is None or owner.role != SYSTEM:
            raise NotFound
        await take_token_back(store, token, by=visitor.account.id, at=now, place=place_of(request))
    await tell("success", f"Le jeton « {token.name} » n’ouvre plus rien.")
    return RedirectResponse("/admin/acces", 303)


@router.post("/systemes/{system_id}/fermer")
async def close(
    visitor: Admin,
    system_id: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    tell: Tell,
    now: Now,
) -> Response:
    """Close a system for good, with all its tokens. Twice: once."""
    del form
    async with writing() as store:
        system = await store.accounts.by_id(system_id) if is_id(system_id) else None
        if system is None or system.role != SYSTEM:
            raise NotFound
        for token in await store.tokens.of_account(system.id):
            await take_token_back(
                store, token, by=visitor.account.id, at=now, place=place_of(request)
            )
        if system.disabled_at is None:
            await store.accounts.disable(system.id, now)
            line = line_of(request, What.SYSTEM_SHUT_OUT, subject=system.id)
            await store.audit.add(line)
    await tell("success", f"« {system.name} » n’a plus accès au portail.")
    return RedirectResponse("/admin/acces", 303)


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    now: datetime,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    departments = await store.town.departments()
    systems = await store.accounts.systems()
    names = {one.code: one.name for one in departments}
    return pages.ask(
        request,
        "admins/systems.html",
        systems=await _systems(store, systems, names, now),
        known=[(one.id, one.name) for one in systems],
        departments=[
            *({"value": one.code, "label": one.name} for one in departments),
            {"value": _ALL, "label": "Tous les services"},
        ],
        **grant_form(SYSTEM, values, errors),
    )


async def _systems(
    store: Store, systems: Sequence[Account], names: Mapping[str, str], now: datetime
) -> Sequence[Mapping[str, Any]]:
    tokens = await store.tokens.of_systems()
    return [
        {
            "id": one.id,
            "name": one.name,
            "department": ", ".join(
                names.get(duty.department or "", "Tous les services") for duty in one.duties
            ),
            "tokens": token_rows([t for t in tokens if t.account_id == one.id], now),
        }
        for one in systems
    ]
