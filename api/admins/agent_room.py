"""One of the town's people, as the pages and forms about them find and show them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.absences import colleagues, group_choices
from api.access.rules import Admin
from api.admins.agent_forms import form_choices, values_of
from api.admins.agent_view import agent_facts
from api.dependencies import Reading
from api.form_acts import act_id_of
from api.pages import Pages
from domain.errors import NotAllowed, NotFound
from storage.accounts import Account
from storage.records import is_id, new_id
from storage.staff import ADMIN
from storage.store import Store

PREFIX = "/agents/{account_id}"


async def _colleague(_: Admin, account_id: str, store: Reading) -> Account:
    """The agent or admin of this address; NotFound for anybody else."""
    account = await store.staff.find(account_id) if is_id(account_id) else None
    if account is None:
        raise NotFound
    return account


Colleague = Annotated[Account, Depends(_colleague)]


async def in_turn(store: Store, account_id: str, admin: Account, *, loses: bool = False) -> Account:
    """The person as they are now, while nobody else changes anybody's rights.

    `loses`: they will be no admin any more.

    Raises:
        NotAllowed: whoever asks is an admin no more (`no_more_admin`), would lose their own rights
            (`own_rights`), or nobody would be left to govern the portal (`last_admin`).
    """
    await store.staff.take_turn()
    if not await store.staff.is_admin(admin.id):
        raise NotAllowed("no_more_admin")
    account = await store.staff.find(account_id)
    if account is None:
        raise NotFound
    if loses and account.role == ADMIN:
        if account.id == admin.id:
            raise NotAllowed("own_rights")
        if account.disabled_at is None and not await store.staff.other_admins(account.id):
            raise NotAllowed("last_admin")
    return account


def back_to(agent: Account) -> Response:
    """The page of this person, after a form."""
    return RedirectResponse(f"/admin/agents/{agent.id}", 303)


async def agent_page(
    request: Request,
    pages: Pages,
    store: Store,
    agent: Account,
    admin: Account,
    now: datetime,
    *,
    values: Mapping[str, Any] | None = None,
    absence: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """The page of this person, with what was typed and what is wrong with it."""
    return pages.ask(
        request,
        "admins/agent.html",
        **await agent_facts(store, agent, now),
        **form_choices(await store.town.departments()),
        is_own=agent.id == admin.id,
        covers=await colleagues(store, agent),
        groups=group_choices(agent),
        act_id=act_id_of(absence or {}) if absence else new_id(),
        values=values if values is not None else values_of(agent),
        absence=absence or {},
        errors=errors,
    )
