"""A new mail address: asked for here, agreed to from both mailboxes, and then applied."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from activities.letter_writer import FOR_AN_ADDRESS, LINK_LIFE
from api.access.confirming import Confirmed
from api.access.kept_forms import typed_before
from api.access.links import LINKS_PER_HOUR, mail_address
from api.access.notices import mail_afterwards
from api.access.rules import SignedIn
from api.audit import line_of
from api.dependencies import CheckedForm, HouseDep, Now, PagesDep, Reading, Tell, Writing
from api.house import House
from domain.audit import What
from storage.accounts import Account
from storage.address_changes import STOPPED
from storage.store import Store

PAGE = "/compte/adresse"
router = APIRouter(prefix=PAGE)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_A_DAY, _LONGEST = 5, 254
_NO_ADDRESS = "Écrivez une adresse mail complète, par exemple prenom.nom@exemple.fr."
_SAME = "C’est déjà l’adresse de votre compte."
_TOO_OFTEN = "Vous avez déjà demandé cinq changements aujourd’hui. Recommencez demain."


@router.get("")
async def show(
    visitor: SignedIn, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what waits, or ask for the new address."""
    typed = typed_before(request, PAGE).get("email", "")
    return await _page(request, pages, store, visitor.account, now, typed)


@router.post("")
async def ask(
    visitor: SignedIn,
    request: Request,
    form: CheckedForm,
    _: Confirmed,
    house: HouseDep,
    store: Reading,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Write to both mailboxes. The page says the same whether the new one has an account or not."""
    account, typed = visitor.account, form.get("email", "")[:_LONGEST]
    email = mail_address(form.get("email", ""))
    wrong = _NO_ADDRESS if not email else _SAME if email == account.email else ""
    if not wrong and await store.address_changes.asked_since(account.id, now - _DAY) >= _MOST_A_DAY:
        wrong = _TOO_OFTEN
    if wrong:
        return await _page(request, pages, store, account, now, typed, {"email": wrong})
    async with house.writing() as books:
        await _ask(request, house, books, account, email, now)
    return RedirectResponse(PAGE, 303)


@router.post("/arret")
async def stop(
    visitor: SignedIn, request: Request, form: CheckedForm, writing: Writing, tell: Tell, now: Now
) -> Response:
    """Stop the change that waits. Twice: nothing more."""
    del form
    async with writing() as store:
        await store.accounts.take_turn(visitor.account.id)
        await store.address_changes.end_of_account(visitor.account.id, STOPPED, now)
        await store.audit.add(line_of(request, What.ADDRESS_STOPPED))
    await tell("success", "Le changement est annulé : votre adresse reste la même.")
    return RedirectResponse("/compte", 303)


async def _ask(
    request: Request, house: House, store: Store, account: Account, email: str, now: datetime
) -> None:
    """Keep the change and write the two letters, in one transaction."""
    for turn in (account.id, *sorted((account.email, email))):
        await store.accounts.take_turn(turn)
    is_taken = await store.accounts.by_email(email) is not None
    old = await house.writer.access_link(
        store,
        account.email,
        known=True,
        at=now,
        kind="address_change_old",
        purpose=FOR_AN_ADDRESS,
        new=email,
    )
    mail_afterwards(request, old)
    new = ""
    if await store.accounts.links_since(email, now - _HOUR) < LINKS_PER_HOUR:
        if is_taken:
            letter = await house.writer.to_address(
                store, email, "address_taken", path="/connexion", at=now
            )
        else:
            letter = new = await house.writer.access_link(
                store,
                email,
                known=False,
                at=now,
                kind="address_change_new",
                purpose=FOR_AN_ADDRESS,
            )
        mail_afterwards(request, letter)
    await store.address_changes.ask(
        account.id,
        email,
        at=now,
        until=now + LINK_LIFE,
        old_link_id=await _link_of(store, old),
        new_link_id=await _link_of(store, new),
    )
    await store.audit.add(line_of(request, What.ADDRESS_ASKED))


async def _link_of(store: Store, letter_id: str) -> str | None:
    letter = await store.letters.find(letter_id) if letter_id else None
    return letter.link_id if letter else None


async def _page(
    request: Request,
    pages: PagesDep,
    store: Store,
    account: Account,
    now: datetime,
    typed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    latest = await store.address_changes.latest(account.id)
    return pages.ask(
        request,
        "access/own_address.html",
        mine=account,
        waiting=latest if latest is not None and latest.waits_at(now) else None,
        values={"email": typed},
        errors=errors,
    )
