"""Giving an address to a family that had none: a link in a mail, used by whoever reads it."""

from datetime import datetime, timedelta

from fastapi import Request

from api.audit import line_of
from api.house import House
from domain.audit import What
from storage.accounts import Account

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
    house.after_the_answer(house.gateway.send_letter(letter_id))
