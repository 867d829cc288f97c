"""Hashing passwords without blocking the site, and without telling who has an account."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import Unavailable

_AT_ONCE = 2  # 19 MiB each: a burst of sign-ins must not use more than 40 MiB
_MEMORY_KIB = 19 * 1024
_LONGEST_WAIT, _LONGEST_QUEUE = 4.0, 40
"""Seconds in the queue. Beyond, people are told to come back rather than left before no page."""


class TooManyHashes(Unavailable):
    """Too many people come in at this instant: nothing was looked at, nor kept."""

    def __init__(self) -> None:
        super().__init__("too_many_hashes")


class Passwords:
    """argon2id, in a thread, two at once; the others wait their turn, a few seconds at most."""

    def __init__(self, *, longest_wait: float = _LONGEST_WAIT) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._longest_wait = longest_wait
        self._waiting = 0
        # Verified when the address is unknown, so that an unknown one takes as long.
        self._nobodys_hash = self._hasher.hash("personne n'a ce mot de passe")

    def refuse_a_crowd(self) -> None:
        """Say so at once when the queue is too long already, before anything is done for it.

        Raises:
            TooManyHashes: forty people wait.
        """
        if self._waiting >= _LONGEST_QUEUE:
            raise TooManyHashes

    async def hash(self, password: str) -> str:
        """What may be kept of a password. TooManyHashes when its turn does not come in time."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def is_right(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; no hash: False, after the same work.

        Raises:
            TooManyHashes: its turn does not come in time.
        """
        async with self._turn():
            return await asyncio.to_thread(self._verify, password_hash, password)

    async def made_stronger(self, password_hash: str, password: str) -> str:
        """The hash to keep from now on, when this right one is weaker than today's; else ""."""
        if not self._hasher.check_needs_rehash(password_hash):
            return ""
        try:
            return await self.hash(password)
        except TooManyHashes:  # it opens the door all the same; the next time, then
            return ""

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self.refuse_a_crowd()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._turns.acquire()
        except TimeoutError:
            raise TooManyHashes from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or self._nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None
