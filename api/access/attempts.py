"""Trying a password: counted before it is looked at, and the same whether the account exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from api.house import House
from domain.tokens import subject_of
from storage.accounts import Account

WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Wait:
    """Too many attempts: nothing was looked at, and this is how long to wait."""

    time: timedelta


@dataclass(frozen=True)
class _Limit:
    subject: str
    most: int


class Attempts:
    """The attempts on one mail address from one place.

    Five on the address from there, ten on it from anywhere, thirty from there on any: per five
    minutes. It delays and never locks: a link by mail always lets the owner in.
    """

    def __init__(self, house: House, request: Request, email: str) -> None:
        self._house = house
        self._email = email
        secret = house.settings.secret.get_secret_value()
        place = request.client.host if request.client else ""
        self._pair = _Limit(subject_of(secret, "pair", email, place), 5)
        self._account = _Limit(subject_of(secret, "account", email), 10)
        self._network = _Limit(subject_of(secret, "network", place), 30)

    async def try_password(self, password: str, at: datetime) -> Account | Wait | None:
        """The account this password opens, None if it opens none, or how long to wait."""
        async with self._house.writing() as store:
            await store.accounts.take_turn(self._account.subject)
            for limit in (self._pair, self._account, self._network):
                failures = await store.accounts.failures_since(limit.subject, at - WINDOW)
                if len(failures) >= limit.most:
                    return Wait(failures[-limit.most] + WINDOW - at)
            # Counted first, so that a thousand attempts at once are not a thousand looks.
            for limit in (self._pair, self._account):
                await store.accounts.note_failure(limit.subject, at)
            account = await store.accounts.by_email(self._email)
        is_right = await self._house.passwords.is_right(
            account.password_hash if account else None, password
        )
        async with self._house.writing() as store:
            if account is None or not is_right or account.disabled_at is not None:
                await store.accounts.note_failure(self._network.subject, at)
                return None
            for limit in (self._pair, self._account):
                await store.accounts.forget_failures(limit.subject)
        return account
