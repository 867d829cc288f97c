"""Trying a password: counted before it is looked at, and the same whether the account exists.

Every limit delays and none locks: whoever attacks an account keeps others waiting a minute at most,
a browser that came in before not at all, and a link by mail lets its owner in whatever happens.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from api.access.browsers import known_as
from api.access.passwords import TooManyHashes
from api.access.places import place_of
from api.house import House
from domain.tokens import subject_of
from storage.accounts import Account
from storage.store import Store

WINDOW = timedelta(minutes=5)
_FROM_ONE_PLACE, _OF_ONE_ACCOUNT, _IN_ONE_PLACE, _OF_ALL = 5, 10, 30, 1_000
_BEFORE_A_CROWD = 5
"""Attempts on an account after which only those get in who are not the crowd: one a minute."""
_NOT_THE_CROWD = 3
_TURN_OF_AN_ACCOUNT, _TURN_OF_ALL = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Wait:
    """Too many attempts: nothing was looked at, and this is how long to wait."""

    time: timedelta


class Attempts:
    """The attempts on one mail address from one place.

    In five minutes: five on the address from there, ten on it from anywhere, thirty from there on
    any, a thousand in all. Half of what an address, and some of what all may have, is kept for
    places that have not failed three times: a minute apart for an address, a second for all.
    A browser known for the account has five of its own, which neither count nor are counted.
    """

    def __init__(self, house: House, request: Request, email: str) -> None:
        self._house = house
        self._request = request
        self._email = email
        self._secret = house.settings.secret.get_secret_value()
        place = place_of(request)
        self._pair = self._subject("pair", email, place)
        self._account = self._subject("account", email)
        self._turns = self._subject("turns", email)
        self._network = self._subject("network", place)
        self._all, self._turns_of_all = self._subject("all"), self._subject("turns of all")

    async def try_password(self, password: str, at: datetime) -> Account | Wait | None:
        """The account this password opens, None if it opens none, or how long to wait.

        Raises:
            TooManyHashes: too many people come in at this instant; the attempt is not counted.
        """
        self._house.passwords.refuse_a_crowd()
        async with self._house.writing() as store:
            for subject in (self._network, self._account):
                await store.accounts.take_turn(subject)
            account = await store.accounts.by_email(self._email)
            counted = await self._counted_as(store, account, at)
            if isinstance(counted, Wait):
                return counted
            # Counted first, so that a thousand attempts at once are not a thousand looks.
            noted = [await store.attempts.note(subject, at) for subject in counted]
        kept = account.password_hash if account else None
        try:
            is_right = await self._house.passwords.is_right(kept, password)
        except TooManyHashes:
            await self._take_back(noted)
            raise
        if account is None or kept is None or not is_right or account.disabled_at is not None:
            return None
        stronger = await self._house.passwords.made_stronger(kept, password)
        await self._take_back(noted)
        async with self._house.writing() as store:
            # From there only: what strangers tried elsewhere still counts.
            await store.attempts.forget(counted[0])
            if stronger:
                await store.accounts.rehash(account.id, kept, stronger)
        return account

    async def _take_back(self, noted: Sequence[str]) -> None:
        async with self._house.writing() as store:
            for attempt in noted:
                await store.attempts.take_back(attempt)

    async def _counted_as(
        self, store: Store, account: Account | None, at: datetime
    ) -> list[str] | Wait:
        """What this attempt counts as, the place first; or how long to wait before it."""
        browser = await known_as(self._request, store, account.id if account else "", at)
        if browser:
            own = self._subject("browser", browser)
            if await store.attempts.latest(own, _FROM_ONE_PLACE, at, WINDOW) is None:
                return [own]
        counted = [self._pair, self._account, self._network, self._all]
        async for wait, turn in self._limits(store, at):
            if wait > timedelta():
                return Wait(min(wait, WINDOW))
            counted += turn
        return counted

    async def _limits(
        self, store: Store, at: datetime
    ) -> AsyncIterator[tuple[timedelta, list[str]]]:
        """How long each limit wants it to wait, and what it takes a turn of if it need not."""
        for subject, most in (
            (self._pair, _FROM_ONE_PLACE),
            (self._network, _IN_ONE_PLACE),
            (self._account, _OF_ONE_ACCOUNT),
        ):
            yield await _until_fewer(store, subject, most, at), []
        crowd = await _until_fewer(store, self._account, _BEFORE_A_CROWD, at)
        if crowd:
            own = await _until_fewer(store, self._pair, _NOT_THE_CROWD, at)
            turn = await _until_fewer(store, self._turns, 1, at, _TURN_OF_AN_ACCOUNT)
            yield own or turn, [self._turns]
        crowd = await _until_fewer(store, self._all, _OF_ALL, at)
        if crowd:
            own = await _until_fewer(store, self._network, _NOT_THE_CROWD, at)
            turn = await _until_fewer(store, self._turns_of_all, 1, at, _TURN_OF_ALL)
            yield own or turn, [self._turns_of_all]

    def _subject(self, *facts: str) -> str:
        return subject_of(self._secret, *facts)


async def _until_fewer(
    store: Store, subject: str, most: int, at: datetime, within: timedelta = WINDOW
) -> timedelta:
    """How long until there are fewer than that many: nothing when there are."""
    oldest = await store.attempts.latest(subject, most, at, within)
    return oldest + within - at if oldest else timedelta()
