"""Links that give an address to an account that had none."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import attachments


class Attachments:
    """Which link is for which account."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, link_id: str, account_id: str, asked_by: str) -> None:
        """Remember for which account a link is mailed, and which agent asked for it."""
        await self._db.execute(
            insert(attachments).values(link_id=link_id, account_id=account_id, asked_by=asked_by)
        )

    async def account_of(self, link_id: str) -> str | None:
        """The account that this link gives an address to; None for any other link."""
        query = select(attachments.c.account_id).where(attachments.c.link_id == link_id)
        return (await self._db.execute(query)).scalar()
