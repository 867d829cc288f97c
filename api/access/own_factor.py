"""The second factor of whoever is signed in: a telephone, another one, none; recovery codes."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.code_attempts import CodeAttempts, NotShown, Shown
from api.access.codes import new_secret
from api.access.confirming import confirmed
from api.access.rules import SignedIn
from api.access.second_factor_news import OWN_PAGE
from api.access.sessions import guest_of, is_confirmed, open_session
from api.access.telephone import make_recovery_codes, telephone_view
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.pages import Pages
from domain.audit import What
from storage.accounts import Account
from storage.store import Store

router = APIRouter(prefix=OWN_PAGE)

_NEW_TELEPHONE = f"{OWN_PAGE}/telephone"


@router.get("")
async def look(visitor: SignedIn, request: Request, store: Reading, pages: PagesDep) -> Response:
    """Show whether a telephone is known, and what can be done about it."""
    return await _page(request, pages, store, visitor.account)


@router.post("")
async def change(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Do what was chosen (`act`: telephone, codes or remove), once a code in use was shown.

    For a first telephone they show who they are in another way (`Confirmed`). The town's people
    change telephones and never go without.
    """
    account, act, codes = visitor.account, form.get("act", ""), None
    is_proven = await reading.second_factors.is_proven(account.id)
    if not is_proven:
        await confirmed(request, guest_of(request), form)
    async with writing() as store:
        if is_proven:
            shown = await CodeAttempts(house, account).show(store, form.get("code", ""), now)
        else:
            shown = Shown(None, 0)
        if isinstance(shown, NotShown):
            await store.audit.add(line_of(request, What.SECOND_FACTOR_FAILED))
        elif act == "telephone" or not is_proven:
            # Who they are was shown just now, in one way or the other: the page that follows asks.
            await store.sessions.confirm(visitor.session.id, now)
            await store.second_factors.begin(account.id, new_secret())
        elif act == "codes":
            codes = await make_recovery_codes(store, account.id, now)
            await store.audit.add(line_of(request, What.RECOVERY_CODES_MADE))
        elif act == "remove" and account.role == "parent":
            await store.second_factors.remove(account.id)
            await store.audit.add(line_of(request, What.SECOND_FACTOR_REMOVED))
            await open_session(request, store, account)
    if isinstance(shown, NotShown):
        return await _page(
            request,
            pages,
            reading,
            account,
            status=shown.status,
            errors={"code": shown.words},
            act=act,
        )
    if codes:
        return _codes_page(request, pages, codes)
    if act == "remove":
        await tell("success", "Votre téléphone n’est plus demandé à vos visites.")
        return RedirectResponse(OWN_PAGE, 303)
    return RedirectResponse(_NEW_TELEPHONE, 303)


@router.get("/telephone")
async def show_telephone(
    visitor: SignedIn, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what a new telephone has to scan; without one begun just now, lead back.

    What somebody began and left would link the telephone of whoever finds the machine open.
    """
    if not is_confirmed(visitor.session, now):
        return RedirectResponse(OWN_PAGE, 303)
    return await _telephone_page(request, pages, store, visitor.account)


@router.post("/telephone")
async def prove(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Take the telephone whose code this is; every other session of the account ends.

    New recovery codes are shown, once; those from before are over. Later than ten minutes after
    the person has shown who they are, it begins again.
    """
    account = visitor.account
    if not is_confirmed(visitor.session, now):
        return RedirectResponse(OWN_PAGE, 303)
    async with writing() as store:
        shown = await CodeAttempts(house, account).prove(store, form.get("code", ""), now)
        if isinstance(shown, Shown):
            codes = await make_recovery_codes(store, account.id, now)
            await store.audit.add(line_of(request, What.SECOND_FACTOR_SET))
            await store.accounts.end_sessions_of(account.id)
            await open_session(request, store, account, has_passed=True)
    if isinstance(shown, NotShown):
        errors = {"code": shown.words}
        return await _telephone_page(request, pages, reading, account, errors, status=shown.status)
    return _codes_page(request, pages, codes)


def _codes_page(request: Request, pages: Pages, codes: object) -> Response:
    return pages.render(
        request,
        "access/recovery_codes.html",
        codes=codes,
        next_href=OWN_PAGE,
        next_words="C’est noté",
    )


async def _telephone_page(
    request: Request,
    pages: Pages,
    store: Store,
    account: Account,
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    factor = await store.second_factors.of(account.id)
    if factor is None or not factor.pending:
        return RedirectResponse(OWN_PAGE, 303)
    return pages.render(
        request,
        "access/telephone.html",
        status_code=status,
        action=_NEW_TELEPHONE,
        fields={},
        email=account.email,
        is_obligatory=False,
        errors=errors or {},
        **await telephone_view(store, account, factor),
    )


async def _page(
    request: Request,
    pages: Pages,
    store: Store,
    account: Account,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    factor = await store.second_factors.of(account.id)
    is_proven = factor is not None and factor.is_proven
    return pages.render(
        request,
        "access/own_factor.html",
        status_code=status,
        proven_at=factor.proven_at if factor and is_proven else None,
        left=await store.second_factors.codes_left(account.id) if is_proven else 0,
        may_remove=account.role == "parent",
        **{"errors": {}, "act": "", **more},
    )
