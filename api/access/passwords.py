"""Hashing passwords without blocking the site, and without telling who has an account."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2  # 19 MiB each: a burst of sign-ins must not use more than 40 MiB
_MEMORY_KIB = 19 * 1024


class Passwords:
    """argon2id, in a thread, two at once."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        # Verified when the address is unknown, so that an unknown one takes as long.
        self._nobodys_hash = self._hasher.hash("personne n'a ce mot de passe")

    async def hash(self, password: str) -> str:
        """What may be kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def is_right(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; no hash: False, after the same work."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, password_hash, password)

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or self._nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None
