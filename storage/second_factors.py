"""Second factors: the sealed secret of a telephone, and the codes for when it is lost.

The secret opens only with the town's keys; of a recovery code (120 random bits) only the SHA-256
is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealed import Keys, Place
from storage.tables import recovery_codes, second_factors
from storage.writes import put

_AHEAD = 2
"""Steps: no code that is taken now can be further from another one."""


@dataclass(frozen=True)
class SecondFactor:
    """What somebody's telephone knows. `pending` is a secret that no code has proven yet.

    `secret` is empty until one has, and then it is asked for at each sign-in.
    """

    account_id: str
    secret: str
    pending: str
    proven_at: datetime | None
    last_step: int

    @property
    def is_proven(self) -> bool:
        """Whether a code is asked for when this person signs in."""
        return bool(self.secret)


class SecondFactors:
    """Questions and writes about second factors and recovery codes."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def of(self, account_id: str) -> SecondFactor | None:
        """The second factor of an account, opened; None when it never began one.

        Raises:
            CannotUnsealError: the town's keys do not open it.
        """
        query = select(second_factors).where(second_factors.c.account_id == account_id)
        row = (await self._db.execute(query)).mappings().first()
        if row is None:
            return None
        return SecondFactor(
            account_id,
            self._opened(row["secret"], account_id, "secret"),
            self._opened(row["pending"], account_id, "pending"),
            row["proven_at"],
            row["last_step"],
        )

    async def proven(self) -> frozenset[str]:
        """The accounts that have one."""
        query = select(second_factors.c.account_id).where(second_factors.c.secret != "")
        return frozenset((await self._db.execute(query)).scalars())

    async def is_proven(self, account_id: str) -> bool:
        """Whether a code is asked for when this account signs in."""
        query = select(second_factors.c.secret != "").where(
            second_factors.c.account_id == account_id
        )
        return bool((await self._db.execute(query)).scalar())

    async def begin(self, account_id: str, secret: str) -> None:
        """Keep a new secret that has yet to be proven; the one in use goes on. The last counts."""
        pending = self._keys.seal(secret, _place(account_id, "pending"))
        first = {"secret": "", "last_step": 0}
        key = {"account_id": account_id}
        await put(self._db, second_factors, key, {"pending": pending}, first=first)

    async def prove(self, account_id: str, secret: str, step: int, at: datetime) -> None:
        """A code of the pending secret was shown: it is in use from now on."""
        await self._db.execute(
            update(second_factors)
            .where(second_factors.c.account_id == account_id)
            .values(
                secret=self._keys.seal(secret, _place(account_id, "secret")),
                pending="",
                proven_at=at,
                last_step=step,
            )
        )

    async def use_step(self, account_id: str, step: int) -> bool:
        """Consume the code of a step of thirty seconds. Conditional: each works once.

        False when it, or a later one, has served: somebody looked over a shoulder, or was faster.
        One that served far ahead of this one was used by a clock that has been set back since.
        """
        last = second_factors.c.last_step
        done = await self._db.execute(
            update(second_factors)
            .where(
                second_factors.c.account_id == account_id, or_(last < step, last > step + _AHEAD)
            )
            .values(last_step=step)
        )
        return done.rowcount == 1

    async def remove(self, account_id: str) -> None:
        """Forget the telephone and the recovery codes. Twice: nothing more."""
        for table in (recovery_codes, second_factors):
            await self._db.execute(delete(table).where(table.c.account_id == account_id))

    async def replace_codes(self, account_id: str, hashes: Sequence[str], at: datetime) -> None:
        """Keep new recovery codes; those from before open nothing any more."""
        mine = recovery_codes.c.account_id == account_id
        await self._db.execute(delete(recovery_codes).where(mine))
        await self._db.execute(
            insert(recovery_codes),
            [{"code_hash": one, "account_id": account_id, "made_at": at} for one in hashes],
        )

    async def use_code(self, account_id: str, code_hash: str, at: datetime) -> bool:
        """Consume a recovery code; False when it is none of theirs, or has served."""
        done = await self._db.execute(
            update(recovery_codes)
            .where(
                recovery_codes.c.account_id == account_id,
                recovery_codes.c.code_hash == code_hash,
                recovery_codes.c.used_at.is_(None),
            )
            .values(used_at=at)
        )
        return done.rowcount == 1

    async def codes_left(self, account_id: str) -> int:
        """How many recovery codes have not served yet."""
        query = select(func.count()).where(
            recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None)
        )
        return (await self._db.execute(query)).scalar_one()

    def _opened(self, sealed: str, account_id: str, column: str) -> str:
        return self._keys.unseal(sealed, _place(account_id, column)) if sealed else ""


def _place(account_id: str, column: str) -> Place:
    return ("second_factors", account_id, column)
