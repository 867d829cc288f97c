"""A family's lost telephone: taken off by an admin, once sure who asks, and told by mail."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.confirming import Confirmed
from api.access.links import mail_address
from api.access.notices import mail_afterwards
from api.access.rules import Admin
from api.access.ways import HOMES
from api.audit import line_of
from api.dependencies import CheckedForm, PagesDep, Tell, Writing
from api.house import house_of, now
from api.pages import Pages
from domain.audit import What
from storage.accounts import Account
from storage.store import Store

router = APIRouter(prefix="/agents/telephone-perdu")

_NONE = "Aucune famille de cette adresse n’a de téléphone relié."


@router.get("")
async def ask_whose(_: Admin, request: Request, pages: PagesDep) -> Response:
    """Ask for the address of the family."""
    return _page(request, pages)


@router.post("")
async def take_off(
    visitor: Admin,
    _: Confirmed,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
) -> Response:
    """Take the telephone off. Twice: the second finds none."""
    email, letter = mail_address(form.get("email", "")), ""
    async with writing() as store:
        account = await store.accounts.by_email(email) if email else None
        if account is not None and account.role == "parent":
            letter = await forget_telephone(request, store, account, visitor.account)
    if not letter:
        return _page(request, pages, values=form, errors={"email": _NONE})
    mail_afterwards(request, letter)
    await tell("success", f"Le téléphone est détaché. Un mail le dit à {email}.")
    return RedirectResponse("/admin/agents", 303)


async def forget_telephone(request: Request, store: Store, account: Account, admin: Account) -> str:
    """Take a telephone off, end the sessions, write it down; gives the letter that says so.

    Without a telephone: nothing, and "".
    """
    if not await store.second_factors.is_proven(account.id):
        return ""
    await store.second_factors.remove(account.id)
    await store.accounts.end_sessions_of(account.id)
    await store.audit.add(line_of(request, What.SECOND_FACTOR_RESET, subject=account.id))
    return await house_of(request).writer.to_person(
        store,
        account,
        "second_factor_reset",
        path=HOMES[account.role],
        at=now(request),
        by=admin.name or "La mairie",
    )


def _page(
    request: Request,
    pages: Pages,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return pages.ask(
        request,
        "admins/lost_telephone.html",
        values=values or {},
        errors=errors,
    )
