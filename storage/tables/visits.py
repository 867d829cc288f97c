"""Agents on the pages of families, and addresses given to people who had none."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from storage.tables.base import Moment, id_column, metadata

visits = Table(
    "visits",
    metadata,
    id_column(),
    # Of the browser that visits: another one of the same agent does not.
    Column("session_id", String(32), nullable=False),
    Column("agent_id", ForeignKey("accounts.id"), nullable=False),
    Column("family_id", ForeignKey("accounts.id"), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    Index(None, "session_id", "ended_at"),
    Index(None, "ended_at", "until"),
)
attachments = Table(
    "attachments",
    metadata,
    # The link that was mailed to the address, and the account without mail that it is for.
    Column("link_id", ForeignKey("access_links.id"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("asked_by", ForeignKey("accounts.id"), nullable=False),
    Index(None, "account_id"),
)
