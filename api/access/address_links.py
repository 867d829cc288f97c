"""What a mailbox is asked about a change of address: yes, or « ce n’est pas moi »."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from activities.letter_writer import FOR_AN_ADDRESS
from api.access.links import LinkIsOver, LinkIsUnknown, usable_link
from api.access.notices import mail_afterwards
from api.access.rules import Anyone
from api.access.sessions import prepare_form, renew_session
from api.audit import line_of
from api.dependencies import CheckedForm, Now, PagesDep, Reading, Writing
from api.house import house_of
from domain.audit import What
from storage.accounts import Account
from storage.address_changes import APPLIED, OLD, STOPPED, TAKEN, AddressChange
from storage.store import Store

router = APIRouter(prefix="/adresse")


@router.get("/{token}")
async def show(
    visitor: Anyone, token: str, request: Request, store: Reading, pages: PagesDep, now: Now
) -> Response:
    """Show what is asked. Opening it says nothing: mail scanners open links too."""
    del visitor
    prepare_form(request)
    change, side = await _change(store, token, now)
    return pages.render(
        request, "access/address_link.html", token=token, change=change, side=side, outcome=""
    )


@router.post("/{token}")
async def say(
    visitor: Anyone,
    token: str,
    request: Request,
    form: CheckedForm,
    writing: Writing,
    pages: PagesDep,
    now: Now,
) -> Response:
    """Take the answer of one mailbox, once; with the second yes the address changes.

    Raises:
        LinkIsOver, LinkIsUnknown: as `usable_link`; of two answers at once, one counts.
    """
    del visitor
    async with writing() as store:
        change, side = await _change(store, token, now)
        await store.accounts.take_turn(change.account_id)
        # Again, now that nobody else is at it.
        change, side = await _change(store, token, now)
        if not await store.accounts.use_link(change.link_of(side), now):
            raise LinkIsOver("link_used")
        outcome = await _take(request, store, change, side, now, is_no="no" in form)
    return pages.render(
        request, "access/address_link.html", token=token, change=change, side=side, outcome=outcome
    )


async def _take(
    request: Request, store: Store, change: AddressChange, side: str, at: datetime, *, is_no: bool
) -> str:
    account = await store.accounts.by_id(change.account_id)
    if account is None or account.disabled_at is not None:
        raise LinkIsUnknown
    if is_no:
        await store.address_changes.end(change, STOPPED, at)
        if side == OLD:
            # Somebody else asked for it in this account's name: they are out.
            await store.accounts.end_sessions_of(account.id)
        await store.audit.add(line_of(request, What.ADDRESS_STOPPED, actor_id=account.id))
        return STOPPED
    await store.address_changes.say_yes(change, side, at)
    fresh = await store.address_changes.of_link(change.link_of(side))
    if fresh is None or not fresh.is_agreed:
        return "waits"
    return await _apply(request, store, account, change, at)


async def _apply(
    request: Request, store: Store, account: Account, change: AddressChange, at: datetime
) -> str:
    if not await store.accounts.set_email(account.id, change.email):
        await store.address_changes.end(change, TAKEN, at)
        return TAKEN
    await store.address_changes.end(change, APPLIED, at)
    await store.letters.follow(account.id, account.email, change.email)
    await renew_everywhere(request, store, account.id)
    await store.audit.add(line_of(request, What.ADDRESS_CHANGED, actor_id=account.id))
    letter = await house_of(request).writer.to_address(
        store, account.email, "address_changed", path="/aide", at=at, by_town=False
    )
    mail_afterwards(request, letter)
    return APPLIED


async def renew_everywhere(request: Request, store: Store, account_id: str) -> None:
    """End the sessions of this account; the one of this browser, if it is one, goes on renewed."""
    mine = await renew_session(request, store, account_id)
    await store.sessions.end_others(account_id, mine)


async def _change(store: Store, token: str, at: datetime) -> tuple[AddressChange, str]:
    link = await usable_link(store, token, at, purpose=FOR_AN_ADDRESS)
    change = await store.address_changes.of_link(link.id)
    if change is None:
        raise LinkIsUnknown
    if not change.waits_at(at):
        raise LinkIsOver("link_expired")
    return change, change.side_of(link.id)
