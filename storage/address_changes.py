"""Changes of a mail address that wait for a yes from both mailboxes, an hour at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, new_id
from storage.tables import access_links, address_changes

APPLIED, STOPPED, REPLACED, TAKEN = "applied", "stopped", "replaced", "taken"
OLD, NEW = "old", "new"
_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class AddressChange:
    """One change: `old_said_at` and `new_said_at` are when each mailbox said yes.

    `new_link_id` is None where the new address has an account already: it is never told to whoever
    asked, and never comes to anything. `outcome` is "" as long as it waits.
    """

    id: str
    account_id: str
    email: str
    asked_at: datetime
    expires_at: datetime
    old_link_id: str | None
    new_link_id: str | None
    old_said_at: datetime | None
    new_said_at: datetime | None
    outcome: str

    def waits_at(self, at: datetime) -> bool:
        """Whether a yes is still taken."""
        return not self.outcome and at < self.expires_at

    @property
    def is_agreed(self) -> bool:
        """Whether both mailboxes have said yes."""
        return self.old_said_at is not None and self.new_said_at is not None

    def link_of(self, side: str) -> str:
        """The link that was sent to this mailbox; "" when there is none."""
        return (self.old_link_id if side == OLD else self.new_link_id) or ""

    def side_of(self, link_id: str) -> str:
        """Which mailbox a link was sent to: "old" or "new"."""
        return OLD if link_id == self.old_link_id else NEW


class AddressChanges:
    """Questions and writes about changes of address. Whoever writes takes the account's turn."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def ask(
        self,
        account_id: str,
        email: str,
        *,
        at: datetime,
        until: datetime,
        old_link_id: str | None,
        new_link_id: str | None,
    ) -> None:
        """Keep a new change. The one that waited before is replaced, and its links are over."""
        await self.end_of_account(account_id, REPLACED, at)
        await self._db.execute(
            insert(address_changes).values(
                id=new_id(),
                account_id=account_id,
                email=email,
                asked_at=at,
                expires_at=until,
                old_link_id=old_link_id,
                new_link_id=new_link_id,
            )
        )

    async def latest(self, account_id: str) -> AddressChange | None:
        """What this account asked for last; of one instant, what still waits."""
        query = (
            select(*columns(address_changes, AddressChange))
            .where(address_changes.c.account_id == account_id)
            .order_by(
                address_changes.c.asked_at.desc(),
                address_changes.c.outcome,  # "" waits, and comes before any word
                address_changes.c.id,
            )
            .limit(1)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(AddressChange, row) if row else None

    async def asked_since(self, account_id: str, since: datetime) -> int:
        """How often this account asked since then."""
        query = select(func.count()).where(
            address_changes.c.account_id == account_id, address_changes.c.asked_at > since
        )
        return (await self._db.execute(query)).scalar_one()

    async def of_link(self, link_id: str) -> AddressChange | None:
        """The change that a link belongs to."""
        query = select(*columns(address_changes, AddressChange)).where(
            or_(address_changes.c.old_link_id == link_id, address_changes.c.new_link_id == link_id)
        )
        row = (await self._db.execute(query)).mappings().first()
        return as_record(AddressChange, row) if row else None

    async def say_yes(self, change: AddressChange, side: str, at: datetime) -> None:
        """One of the two mailboxes agrees. Twice: the first time stays."""
        said = address_changes.c[f"{side}_said_at"]
        await self._db.execute(
            update(address_changes)
            .where(address_changes.c.id == change.id, said.is_(None))
            .values({f"{side}_said_at": at})
        )

    async def end(self, change: AddressChange, outcome: str, at: datetime) -> None:
        """It waits no more, and its links open nothing. Twice: the first outcome stays."""
        await self._db.execute(
            update(address_changes)
            .where(address_changes.c.id == change.id, address_changes.c.outcome == "")
            .values(outcome=outcome, ended_at=at)
        )
        links = [one for one in (change.old_link_id, change.new_link_id) if one]
        await self._db.execute(
            update(access_links)
            .where(access_links.c.id.in_(links), access_links.c.used_at.is_(None))
            .values(used_at=at)
        )

    async def forget_old(self, at: datetime) -> None:
        """Erase what was asked more than two days ago: addresses that came to nothing, too."""
        await self._db.execute(
            delete(address_changes).where(address_changes.c.asked_at < at - _KEPT)
        )

    async def end_of_account(self, account_id: str, outcome: str, at: datetime) -> None:
        """End whatever waits for this account. Twice: nothing more."""
        waiting = await self.latest(account_id)
        if waiting is not None and not waiting.outcome:
            await self.end(waiting, outcome, at)
