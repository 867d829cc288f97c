"""« Confirmez que c’est bien vous »: before an act that would do much harm in the wrong hands.

    async def retry(incident_id: str, visitor: Admin, form: CheckedForm, _: Confirmed, …)

Whoever has shown within ten minutes who they are goes straight on. Anybody else is asked once: for
the password, or for a code of the telephone when there is no password, or for a link by mail when
there is neither. Everything typed goes with the question, and the answer does the act.
"""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.attempts import Attempts, Wait
from api.access.code_attempts import CodeAttempts, Shown
from api.access.cookies import set_cookie
from api.access.kept_forms import keep_form, way_back
from api.access.links import send_link
from api.access.passwords import TooManyHashes
from api.access.places import place_of
from api.access.rules import SignInFirst
from api.access.sessions import GUEST, Guest, is_confirmed
from api.access.typed_words import is_secret
from api.access.ways import ADDRESS_COOKIE, WAY_COOKIE
from api.audit import line_of
from api.forms import Form, checked_form
from api.house import house_of, now
from domain.audit import What
from domain.errors import DomainError
from domain.french import plural
from storage.accounts import Account

PASSWORD, CODE = "confirm_password", "confirm_code"
_BY_LINK = "confirm_link"
_AN_HOUR = 3600
_FORBIDDEN, _TOO_MANY = 403, 429
_WRONG = "Ce mot de passe ne convient pas."
_CROWDED = "Beaucoup de personnes se connectent en ce moment. Attendez une minute."


class ConfirmFirst(DomainError):  # noqa: N818
    """The person has to show again who they are; `wrong` says what did not do."""

    def __init__(self, account: Account, form: Form, wrong: str = "", *, waits: bool) -> None:
        super().__init__("confirm_first")
        self.account = account
        self.form = form
        self.wrong = wrong
        self.waits = waits


async def confirmed(
    request: Request,
    guest: Annotated[Guest, GUEST],
    form: Annotated[Form, Depends(checked_form)],
) -> None:
    """Let through whoever has shown within ten minutes, or shows now, that it is they.

    Raises:
        ConfirmFirst: nothing was shown, or not the right thing; nothing was done.
        SignInFirst: nobody is signed in.
    """
    account, session = guest.behind or guest.account, guest.session
    if account is None or session is None:
        raise SignInFirst(way_back(request))
    if is_confirmed(session, now(request)):
        return
    wrong, waits = await _why_not(request, account, form)
    house = house_of(request)
    if wrong is None:
        async with house.writing() as store:
            await store.sessions.confirm(session.id, now(request))
            await store.audit.add(line_of(request, What.CONFIRMED))
        return
    if wrong:
        async with house.writing() as store:
            await store.audit.add(line_of(request, What.CONFIRM_FAILED))
    raise ConfirmFirst(account, form, wrong, waits=waits)


Confirmed = Annotated[None, Depends(confirmed)]
"""For routes of acts that the password of a machine left open must not be enough for."""


async def _why_not(request: Request, account: Account, form: Form) -> tuple[str | None, bool]:
    """None when it is they; else what was wrong ("" when nothing was shown), and if it waits."""
    house, at = house_of(request), now(request)
    if form.get(PASSWORD) and account.password_hash:
        try:
            found = await Attempts(house, request, account.email).try_password(form[PASSWORD], at)
        except TooManyHashes:
            return _CROWDED, True
        if isinstance(found, Wait):
            minutes = max(1, -(-int(found.time.total_seconds()) // 60))
            return f"Trop d’essais. Attendez {plural(minutes, 'minute')}.", True
        return (None if found is not None and found.id == account.id else _WRONG), False
    if form.get(CODE):
        async with house.writing() as store:
            shown = await CodeAttempts(house, account).show(store, form[CODE], at)
        return (None, False) if isinstance(shown, Shown) else (shown.words, shown.is_waiting)
    return "", False


async def ask_who_it_is(request: Request, error: Exception) -> Response:
    """The page that asks, with everything typed; the act goes on from there."""
    assert isinstance(error, ConfirmFirst)
    if request.headers.get("x-autosave") or request.headers.get("sec-fetch-dest") == "empty":
        return JSONResponse({"error": error.code}, _FORBIDDEN)
    if _BY_LINK in error.form:
        return await _send_link(request, error)
    return house_of(request).pages.render(
        request,
        "access/confirm.html",
        status_code=_TOO_MANY if error.waits else _FORBIDDEN,
        is_kept=False,
        action=f"{request.url.path}{f'?{request.url.query}' if request.url.query else ''}",
        typed=_handed_on(error.form),
        back=way_back(request),
        email=error.account.email,
        way=await _way_of(request, error.account),
        errors=_errors(error),
    )


async def _send_link(request: Request, error: ConfirmFirst) -> Response:
    """A link that signs in again; what was typed waits for it in this browser."""
    house, email = house_of(request), error.account.email
    await keep_form(request, error.form)
    await send_link(house, email, now(request), place=place_of(request))
    set_cookie(request, WAY_COOKIE, way_back(request), seconds=_AN_HOUR)
    set_cookie(request, ADDRESS_COOKIE, email, seconds=_AN_HOUR)
    return RedirectResponse("/connexion/mail-envoye", 303)


async def _way_of(request: Request, account: Account) -> str:
    if account.password_hash:
        return "password"
    async with house_of(request).reading() as store:
        return "code" if await store.second_factors.is_proven(account.id) else "link"


def _handed_on(form: Form) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name in form
        if name not in {"csrf", _BY_LINK} and not is_secret(name)
        for value in form.getlist(name)
    ]


def _errors(error: ConfirmFirst) -> dict[str, str]:
    if not error.wrong:
        return {}
    return {CODE if CODE in error.form else PASSWORD: error.wrong}
