"""Addresses that somebody asked a link for and that no account has: strangers', or mistyped."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import access_links, accounts, letters

KEPT: Final = timedelta(days=30)
_AT_ONCE = 500


async def forget_strangers(db: AsyncConnection, at: datetime) -> None:
    """Forget the addresses of links of thirty days ago that no account has, with their letters.

    The links stay without address: what was made of one still leads to it. Twice: nothing more.
    """
    is_known = exists().where(accounts.c.email == access_links.c.email)
    old = (access_links.c.created_at < at - KEPT) & (access_links.c.email != "")
    query = select(access_links.c.id).where(old, ~is_known).limit(_AT_ONCE)
    ids = (await db.execute(query)).scalars().all()
    if ids:
        await db.execute(delete(letters).where(letters.c.link_id.in_(ids)))
        await db.execute(update(access_links).where(access_links.c.id.in_(ids)).values(email=""))
