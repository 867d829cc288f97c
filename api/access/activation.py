"""What the link of a mail opens: a first access, or the way back in, with a new password or not.

Opening the page consumes nothing: mail scanners open links too. The button does, once.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.attaching import attach
from api.access.choosing import count_choice, why_not
from api.access.cookies import cookie, set_cookie
from api.access.france_connect import link_identity
from api.access.links import LinkIsOver, usable_link
from api.access.notices import mail_afterwards
from api.access.round_trips import browser_hash
from api.access.rules import Anyone
from api.access.sessions import open_session, prepare_form
from api.access.sign_in import came_in
from api.access.ways import ADDRESS_COOKIE, HOMES, WAY_COOKIE, way_after
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Writing
from domain.audit import What
from domain.errors import NotAllowed
from domain.passwords import minimum_length
from storage.accounts import AccessLink, Account
from storage.store import Store

router = APIRouter()


@router.get("/activation/{token}")
async def show(
    visitor: Anyone, token: str, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what the link opens, without opening it."""
    try:
        link = await usable_link(store, token, now)
    except LinkIsOver as over:
        # Pressed twice in the mail: the person is in already.
        if visitor.account is not None and over.facts.get("email") == visitor.account.email:
            return RedirectResponse(HOMES[visitor.account.role], 303)
        raise
    return await _page(request, store, pages, token, link)


@router.post("/activation/{token}")
async def use(
    visitor: Anyone,
    token: str,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Use the link, once: make the account if there is none, and sign in.

    Raises:
        LinkIsOver, LinkIsUnknown: as `usable_link`; of two at once, one gets in.
    """
    del visitor
    link = await usable_link(store, token, now)
    known = await store.accounts.by_email(link.email)
    password = "" if "without" in form else form.get("password", "")
    # Whoever is known needs none; the Enter key in the field of a new one sends it, though.
    is_without = "without" in form or (known is not None and not password and "with" not in form)
    if is_invited(known):
        is_without = False
    wrong = "" if is_without else await why_not(house, store, link.email, known, password, now)
    if wrong:
        return await _page(request, store, pages, token, link, {"password": wrong})
    password_hash = await house.passwords.hash(password) if password else None
    async with writing() as books:
        if not await books.accounts.use_link(link.id, now):
            raise LinkIsOver("link_used", email=link.email)
        await books.accounts.take_turn(link.email)
        letters = await attach(request, books, link, now)
        account, is_new = await _account(books, link.email, now, password_hash)
        await open_session(request, books, account)
        if password_hash:
            await count_choice(house, books, account.email, now)
            await books.audit.add(line_of(request, What.PASSWORD_CHANGED, actor_id=account.id))
        account = await link_identity(request, books, link.id, account)
        await came_in(request, books, account, "link")
        procedures = await books.town.procedures()
        # Whom another guardian invited has something to read first, on their home page.
        is_new &= not await books.guardian_accesses.concerning(account.id, account.email, now)
    for letter_id in letters:
        mail_afterwards(request, letter_id)
    way = cookie(request, WAY_COOKIE)
    for name in (WAY_COOKIE, ADDRESS_COOKIE):
        set_cookie(request, name, "")
    return RedirectResponse(way_after(account, way, procedures, is_new=is_new), 303)


def is_invited(known: Account | None) -> bool:
    """Whether somebody of the town comes in for the first time: they choose a password."""
    return known is not None and known.role != "parent" and known.password_hash is None


async def _account(
    store: Store, email: str, now: Now, password_hash: str | None
) -> tuple[Account, bool]:
    """The account of this address, made if need be, with its new password if there is one."""
    account = await store.accounts.by_email(email)
    if account is not None and account.disabled_at is not None:
        raise NotAllowed("account_closed")
    is_new = account is None
    if account is None:
        await store.accounts.add(email, "parent", now, password_hash=password_hash)
        account = await store.accounts.by_email(email)
        assert account is not None
    elif password_hash is not None:
        await store.accounts.set_password(account.id, password_hash)
        # Whoever knew the old password is signed out everywhere.
        await store.accounts.end_sessions_of(account.id)
    return account, is_new


async def _page(
    request: Request,
    store: Store,
    pages: PagesDep,
    token: str,
    link: AccessLink,
    errors: dict[str, str] | None = None,
) -> Response:
    prepare_form(request)
    known = await store.accounts.by_email(link.email)
    offered = await store.identities.offered(link.id)
    return pages.ask(
        request,
        "access/activation.html",
        token=token,
        email=link.email,
        is_known=known is not None and not is_invited(known),
        is_invited=is_invited(known),
        vouched=offered[0] if offered else None,
        is_vouched_here=offered is not None and offered[1] == browser_hash(request),
        minimum=minimum_length(known.role if known else "parent"),
        errors=errors,
    )
