"""Links that give an address to an account that had none."""

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns
from storage.tables import attachments


@dataclass(frozen=True)
class Attachment:
    """For which account a link was mailed, and which agent asked for it."""

    link_id: str
    account_id: str
    asked_by: str


class Attachments:
    """Which link is for which account."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, link_id: str, account_id: str, asked_by: str) -> None:
        """Remember for which account a link is mailed, and which agent asked for it."""
        await self._db.execute(
            insert(attachments).values(link_id=link_id, account_id=account_id, asked_by=asked_by)
        )

    async def of_link(self, link_id: str) -> Attachment | None:
        """What this link gives an address to; None for any other link."""
        query = select(*columns(attachments, Attachment)).where(attachments.c.link_id == link_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Attachment, row) if row else None
