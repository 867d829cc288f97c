"""Giving an address to a family that had none: a link in a mail, used by whoever reads it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import Request

from api.access.notices import mail_afterwards
from api.audit import line_of
from api.house import House
from domain.audit import What
from domain.errors import NotAllowed
from domain.paper import has_mail
from domain.states import Actor
from storage.accounts import PARENT, AccessLink, Account
from storage.merges import CannotMerge
from storage.store import Store

_LINKS_PER_HOUR = 5
_HOUR = timedelta(hours=1)


async def send_attachment(
    request: Request,
    house: House,
    family: Account,
    address: str,
    *,
    asked_by: Account,
    at: datetime,
) -> None:
    """Have the link mailed; beyond five in an hour to one address nothing is.

    The row first, the mail after the answer: how long that takes says nothing of the address.
    """
    async with house.writing() as store:
        await store.accounts.take_turn(address)
        if await store.accounts.links_since(address, at - _HOUR) >= _LINKS_PER_HOUR:
            return
        letter_id = await house.writer.access_link(
            store, address, known=True, at=at, kind="attach_link"
        )
        letter = await store.letters.find(letter_id)
        assert letter is not None
        assert letter.link_id is not None
        await store.attachments.add(letter.link_id, family.id, asked_by.id)
        await store.audit.add(line_of(request, What.ATTACHMENT_ASKED, subject=family.id))
    mail_afterwards(request, letter_id)


async def attach(request: Request, store: Store, link: AccessLink, at: datetime) -> Sequence[str]:
    """Give the link's address to the account it was made for; the letters that can be mailed now.

    The address of somebody who has an account already: the two are made one, with both histories.
    Nothing is done for any other link, nor for an account that has an address meanwhile.

    Raises:
        NotAllowed: the address is another guardian's of the same child (`attach_two_people`).
    """
    made_for = await store.attachments.of_link(link.id)
    if made_for is None:
        return ()
    await store.accounts.take_turn(made_for.account_id)
    family = await store.accounts.by_id(made_for.account_id)
    known = await store.accounts.by_email(link.email)
    if family is None or family.disabled_at is not None or has_mail(family.email):
        return ()
    if known is not None and (known.role != PARENT or known.disabled_at is not None):
        return ()
    if known is None:
        if not await store.accounts.set_email(family.id, link.email):
            return ()
    else:
        try:
            await store.merges.merge(known.id, family.id, by=made_for.asked_by, at=at)
        except CannotMerge as two:
            raise NotAllowed("attach_two_people") from two
    kept = known or family
    for dossier in await store.dossiers.of_account(kept.id):
        await store.events.add(
            dossier.id,
            f"attached:{link.id}",
            at=at,
            what="attached",
            actor=Actor.PARENT,
            actor_id=kept.id,
            state=dossier.state,
        )
    await store.audit.add(
        line_of(request, What.ACCOUNT_ATTACHED, actor_id=kept.id, subject=family.id)
    )
    return await store.paper_letters.mail_instead(kept.id, link.email)
