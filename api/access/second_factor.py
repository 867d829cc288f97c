"""Between the password and the site: the code of a telephone, which is set up the first time."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.code_attempts import CodeAttempts, NotShown, Shown
from api.access.notices import mail_afterwards
from api.access.rules import HalfSignedIn, SignInFirst
from api.access.second_factor_news import tell_of_recovery
from api.access.sessions import open_session
from api.access.telephone import make_recovery_codes, telephone_view
from api.access.ways import SECOND_FACTOR_PAGE, safe_way, second_factor_way, way_after
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Writing
from domain.audit import What
from storage.accounts import Account
from storage.audit import Line
from storage.store import Store

router = APIRouter()

_SET_UP_PAGE = "/connexion/second-facteur"


@router.get(SECOND_FACTOR_PAGE)
async def ask(
    visitor: HalfSignedIn, request: Request, store: Reading, pages: PagesDep, suite: str = ""
) -> Response:
    """Ask for a code; whoever has no telephone known here is led to set one up."""
    if not await store.second_factors.is_proven(visitor.account.id):
        return _see(_SET_UP_PAGE, suite)
    return pages.render(
        request, "access/code.html", suite=safe_way(suite), email=visitor.account.email, errors={}
    )


@router.post(SECOND_FACTOR_PAGE)
async def show(
    visitor: HalfSignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Let in with a code, in a new session. Two at once with the same code: one gets in."""
    account, suite, letter = visitor.account, safe_way(form.get("suite", "")), ""
    async with writing() as store:
        shown = await CodeAttempts(house, account).show(store, form.get("code", ""), now)
        if isinstance(shown, Shown):
            if shown.is_recovery:
                letter = await tell_of_recovery(request, store, account, shown.left)
            await store.audit.add(_came_in(request, account, shown))
            await open_session(request, store, account, has_passed=True)
        else:
            await store.audit.add(line_of(request, What.SECOND_FACTOR_FAILED, actor_id=account.id))
    if isinstance(shown, NotShown):
        return pages.render(
            request,
            "access/code.html",
            status_code=shown.status,
            suite=suite,
            email=account.email,
            errors={"code": shown.words},
        )
    mail_afterwards(request, letter)
    return RedirectResponse(way_after(account, suite), 303)


@router.get(_SET_UP_PAGE)
async def set_up(
    visitor: HalfSignedIn, request: Request, store: Reading, pages: PagesDep, suite: str = ""
) -> Response:
    """Show what to scan, or to type, into a telephone; once it is known, ask for a code."""
    if await store.second_factors.is_proven(visitor.account.id):
        return _see(SECOND_FACTOR_PAGE, suite)
    return await _set_up_page(request, store, pages, visitor.account, safe_way(suite))


@router.post(_SET_UP_PAGE)
async def prove(
    visitor: HalfSignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    reading: Reading,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Take the telephone whose code this is, open the site, and show the recovery codes once."""
    account, suite = visitor.account, safe_way(form.get("suite", ""))
    codes: Sequence[str] = ()
    async with writing() as store:
        shown = await CodeAttempts(house, account).prove_first(store, form.get("code", ""), now)
        if isinstance(shown, Shown):
            codes = await make_recovery_codes(store, account.id, now)
            await store.audit.add(line_of(request, What.SECOND_FACTOR_SET, actor_id=account.id))
            await store.audit.add(_came_in(request, account, shown))
            await open_session(request, store, account, has_passed=True)
    if shown is None:
        return _see(SECOND_FACTOR_PAGE, suite)
    if isinstance(shown, NotShown):
        return await _set_up_page(
            request, reading, pages, account, suite, {"code": shown.words}, status=shown.status
        )
    return pages.render(
        request,
        "access/recovery_codes.html",
        codes=codes,
        next_href=way_after(account, suite),
        next_words="C’est noté, entrer sur le portail",
    )


async def _set_up_page(
    request: Request,
    store: Store,
    pages: PagesDep,
    account: Account,
    suite: str,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    factor = await store.second_factors.of(account.id)
    if factor is None:  # taken off on another device meanwhile: the way in begins again
        raise SignInFirst(suite)
    if not factor.pending:  # proven on another device meanwhile
        return _see(SECOND_FACTOR_PAGE, suite)
    return pages.render(
        request,
        "access/telephone.html",
        status_code=status,
        action=_SET_UP_PAGE,
        fields={"suite": suite},
        email=account.email,
        is_obligatory=True,
        errors=errors or {},
        **await telephone_view(store, account, factor),
    )


def _came_in(request: Request, account: Account, shown: Shown) -> Line:
    how = "recovery_code" if shown.is_recovery else "code"
    return line_of(request, What.SIGNED_IN, actor_id=account.id, how=how, step="second")


def _see(page: str, suite: str) -> Response:
    return RedirectResponse(second_factor_way(suite, page), 303)
