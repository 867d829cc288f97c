"""Sending a link to come in: the same answer, in the same time, to everybody."""

import re
from datetime import datetime, timedelta

from api.house import House
from domain.errors import DomainError
from domain.tokens import subject_of, token_hash
from storage.accounts import AccessLink
from storage.identities import Identity
from storage.store import Store

LINKS_PER_HOUR, _LINKS_FROM_ONE_PLACE = 5, 40
_HOUR = timedelta(hours=1)
_LONGEST_ADDRESS = 254
_SIGN = r"[^@\s,;:<>\"()\[\]\\]"
_ADDRESS = re.compile(rf"{_SIGN}+@(?:[\w-]+\.)+[^\W\d_]{{2,}}")


class LinkIsOver(DomainError):  # noqa: N818
    """The link was used (`link_used`) or is more than an hour old (`link_expired`)."""


class LinkIsUnknown(DomainError):  # noqa: N818
    """Nobody was ever sent this link: most often an address that was cut in two."""

    def __init__(self) -> None:
        super().__init__("link_unknown")


def mail_address(text: str) -> str:
    """The address as it is kept (no spaces around, lower case), or "" when it is none."""
    address = text.strip().lower()
    is_one = len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address)
    return address if is_one and address.isprintable() else ""


async def send_link(
    house: House,
    email: str,
    at: datetime,
    *,
    place: str = "",
    offer: tuple[Identity, str] | None = None,
) -> None:
    """Have a link mailed; beyond five in an hour nothing is, and nobody is told.

    Nor beyond forty from one `place`, whatever the addresses: nobody mails a whole town from a
    table of addresses. The mail leaves after the answer: how long that takes says nothing of the
    address. `offer` is an identity that the link will tie to the account, in that browser.
    """
    from_there = subject_of(house.settings.secret.get_secret_value(), "links", place)
    async with house.writing() as store:
        await store.accounts.take_turn(email)
        known = await store.accounts.by_email(email) is not None
        if await store.accounts.links_since(email, at - _HOUR) >= LINKS_PER_HOUR:
            return
        if place:
            if await store.attempts.latest(from_there, _LINKS_FROM_ONE_PLACE, at, _HOUR):
                return
            await store.attempts.note(from_there, at)
        letter_id = await house.writer.access_link(store, email, known=known, at=at)
        if offer is not None:
            letter = await store.letters.find(letter_id)
            assert letter is not None
            assert letter.link_id is not None
            await store.identities.offer(offer[0], letter.link_id, offer[1])
    house.after_the_answer(house.gateway.send_letter(letter_id))


async def usable_link(store: Store, token: str, at: datetime, *, purpose: str = "") -> AccessLink:
    """The link of this token, which may still be used for this purpose.

    Raises:
        LinkIsUnknown: there is none.
        LinkIsOver: it was used, or is too old.
    """
    link = await store.accounts.link(token_hash(token))
    if link is None or link.purpose != purpose:
        raise LinkIsUnknown
    if link.used_at is not None:
        raise LinkIsOver("link_used", email=link.email)
    if at >= link.expires_at:
        raise LinkIsOver("link_expired")
    return link
