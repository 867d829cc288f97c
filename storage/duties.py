"""What somebody does for the town now: their own duties, and those of colleagues who are away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.rights import Duty, FieldGroup, groups_open
from storage.accounts import Account
from storage.records import sort_key
from storage.tables import absences, accounts

AGENT = "agent"


class Duties:
    """The one question that says which duties somebody has at a moment."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def on_duty(self, account: Account, at: datetime) -> Account:
        """The account with its own duties, then those of the colleagues it covers at this moment.

        Of a colleague's reserved groups the cover has only those that were let to it. Who has no
        duties by their role (families, admins) is asked nothing.
        """
        if account.role != AGENT:
            return account
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
            for duties, fields in await self._db.execute(query)
            for duty in duties
        ]
        return replace(account, duties=(*account.duties, *lent)) if lent else account

    async def readers(
        self, department: str, groups: frozenset[FieldGroup], *, limit: int = 3
    ) -> Sequence[str]:
        """The names of some agents who read all of these groups in this department, by name."""
        query = select(accounts.c.name, accounts.c.duties).where(
            accounts.c.role == AGENT, accounts.c.disabled_at.is_(None), accounts.c.name != ""
        )
        names = [
            name
            for name, duties in await self._db.execute(query)
            if groups <= groups_open(duties, department)
        ]
        return sorted(names, key=sort_key)[:limit]
