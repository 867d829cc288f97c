"""The password of whoever is signed in, and the browsers in which they are: /compte/securite."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access.attempts import Attempts, Wait
from api.access.choosing import count_choice, why_not
from api.access.confirming import Confirmed
from api.access.notices import mail_afterwards
from api.access.rules import SignedIn, Visitor
from api.access.sessions import LIFETIMES, renew_session
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.house import House
from domain import french
from domain.audit import What
from domain.passwords import minimum_length
from storage.accounts import Account
from storage.sessions import Session
from storage.store import Store

PAGE = "/compte/securite"
router = APIRouter(prefix=PAGE)

_UNPROCESSABLE, _TOO_MANY = 422, 429
_CURRENT, _NEW, _REMOVE = "current_password", "password", "remove_password"
_WRONG = "Ce mot de passe n’est pas le vôtre."
_TOO_OFTEN = "Trop d’essais en peu de temps. Attendez cinq minutes, ou recevez un lien par mail."


@router.get("")
async def show(
    visitor: SignedIn, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show the password's state, and every browser that is signed in."""
    return await _page(request, pages, store, visitor, now)


@router.post("/mot-de-passe")
async def change(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Replace the password by a new one; the one of now is asked for.

    Whoever has none chooses their first by a link, which shows that the mailbox is theirs.
    """
    account, new = visitor.account, form.get(_NEW, "")
    errors = await _not_theirs(request, house, account, form.get(_CURRENT, ""), _CURRENT, now)
    if not errors and (wrong := await why_not(house, store, account.email, account, new, now)):
        errors = {_NEW: wrong}
    if errors:
        return await _page(request, pages, store, visitor, now, errors)
    password_hash = await house.passwords.hash(new)
    async with house.writing() as books:
        await books.accounts.set_password(account.id, password_hash)
        await count_choice(house, books, account.email, now)
        await _start_afresh(request, books, visitor)
        await books.audit.add(line_of(request, What.PASSWORD_CHANGED))
        letter = await house.writer.to_person(
            books, account, "password_changed", path="/connexion", at=now
        )
    mail_afterwards(request, letter)
    await tell("success", "Mot de passe changé. Vos autres appareils sont déconnectés.")
    return RedirectResponse(PAGE, 303)


@router.post("/sans-mot-de-passe")
async def remove(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    tell: Tell,
    now: Now,
) -> Response:
    """Go on without a password: a parent may prefer the link by mail at each visit.

    Twice: nothing more. The people of the town hall keep theirs.
    """
    account = visitor.account
    if account.password_hash and account.role == "parent":
        errors = await _not_theirs(request, house, account, form.get(_REMOVE, ""), _REMOVE, now)
        if errors:
            return await _page(request, pages, store, visitor, now, errors)
        async with house.writing() as books:
            await books.accounts.set_password(account.id, None)
            await _start_afresh(request, books, visitor)
            await books.audit.add(line_of(request, What.PASSWORD_REMOVED))
        await tell("success", "Mot de passe supprimé : un lien vous parviendra à chaque visite.")
    return RedirectResponse(PAGE, 303)


@router.post("/appareils/{session_id}/fin")
async def end_one(
    visitor: SignedIn,
    session_id: str,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    writing: Writing,
    tell: Tell,
) -> Response:
    """Sign one browser out, at once. Twice, or one that has left: nothing more."""
    del form
    async with writing() as store:
        if await store.sessions.end_one(visitor.account.id, session_id):
            await store.audit.add(line_of(request, What.DEVICES_ENDED, count="1"))
    if session_id == visitor.session.id:
        return RedirectResponse("/", 303)
    await tell("success", "Cet appareil est déconnecté.")
    return RedirectResponse(PAGE, 303)


@router.post("/appareils/fin")
async def end_others(
    visitor: SignedIn, request: Request, form: CheckedForm, writing: Writing, tell: Tell
) -> Response:
    """Sign every other browser out, at once. Twice: nothing more."""
    del form
    async with writing() as store:
        ended = await store.sessions.end_others(visitor.account.id, visitor.session.id)
        await store.audit.add(line_of(request, What.DEVICES_ENDED, count=str(ended)))
    await tell("success", "Seul cet appareil reste connecté.")
    return RedirectResponse(PAGE, 303)


async def _not_theirs(
    request: Request, house: House, account: Account, password: str, name: str, at: datetime
) -> dict[str, str]:
    """What is wrong with the password of now; nothing when it is right."""
    if not account.password_hash:
        return {name: "Vous n’avez pas encore de mot de passe : recevez un lien pour le choisir."}
    if not password:
        return {name: "Écrivez votre mot de passe actuel."}
    found = await Attempts(house, request, account.email).try_password(password, at)
    if isinstance(found, Wait):
        return {name: _TOO_OFTEN}
    return {} if found is not None and found.id == account.id else {name: _WRONG}


async def _start_afresh(request: Request, store: Store, visitor: Visitor) -> None:
    """Sign out every other browser, and give this one a new session's token."""
    await store.sessions.end_others(visitor.account.id, visitor.session.id)
    await renew_session(request, store)


async def _page(
    request: Request,
    pages: PagesDep,
    store: Store,
    visitor: Visitor,
    now: datetime,
    errors: Mapping[str, str] | None = None,
) -> Response:
    account = visitor.account
    idle = LIFETIMES[account.role].idle
    found = await store.sessions.of_account(account.id, seen_since=now - idle)
    status = _TOO_MANY if errors and _TOO_OFTEN in errors.values() else _UNPROCESSABLE
    return pages.render(
        request,
        "access/safety.html",
        status_code=status if errors else 200,
        mine=account,
        minimum=minimum_length(account.role),
        devices=_rows([one for one in found if one.expires_at > now], visitor.session, now),
        errors=errors or {},
    )


def _rows(devices: Sequence[Session], this: Session, now: datetime) -> Sequence[Mapping[str, Any]]:
    """The browsers, this one first."""
    return [
        {
            "id": one.id,
            "name": one.device or "Navigateur inconnu",
            "place": one.place,
            "is_this": one.id == this.id,
            "since": french.moment(one.created_at),
            "seen": french.ago(now, one.seen_at),
        }
        for one in sorted(devices, key=lambda one: one.id != this.id)
    ]
