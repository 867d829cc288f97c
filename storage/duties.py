"""What somebody does for the town now: their own duties, and those of colleagues who are away."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import Duty
from storage.accounts import Account
from storage.tables import absences, accounts


class Duties:
    """The one question that says which duties somebody has at a moment."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def now(self, account: Account, at: datetime) -> tuple[Duty, ...]:
        """The account's own duties, then those of the colleagues it stands in for at this moment.

        Of an absent colleague's reserved groups, only those that were let to the cover; of a
        colleague whose account is closed, everything still.
        """
        query = (
            select(accounts.c.duties, absences.c.fields)
            .select_from(absences.join(accounts, accounts.c.id == absences.c.account_id))
            .where(
                absences.c.cover_id == account.id,
                absences.c.begins_at <= at,
                absences.c.ends_at > at,
            )
            .order_by(absences.c.begins_at, absences.c.id)
        )
        lent = [
            Duty(duty.department, duty.fields & frozenset(fields))
            for duties, fields in (await self._db.execute(query)).tuples()
            for duty in duties
        ]
        return (*account.duties, *lent)
