"""What outlives a session: forms that came too late for it, and a new address that waits."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.tables.base import Moment, id_column, metadata

kept_forms = Table(
    "kept_forms",
    metadata,
    id_column(),
    Column("browser_hash", String(64), nullable=False),
    # A mark of whose form it was: see `domain.tokens.owner_mark`.
    Column("owner", String(16), nullable=False),
    Column("page", String(300), nullable=False),
    Column("action", String(300), nullable=False),
    # Sealed: people write of their children.
    Column("fields", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Column("session_id", String(32), nullable=True),
    Index(None, "browser_hash"),
    Index(None, "session_id"),
    Index(None, "kept_at"),
)
address_changes = Table(
    "address_changes",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("old_link_id", ForeignKey("access_links.id"), nullable=True, unique=True),
    Column("new_link_id", ForeignKey("access_links.id"), nullable=True, unique=True),
    Column("old_said_at", Moment, nullable=True),
    Column("new_said_at", Moment, nullable=True),
    Column("ended_at", Moment, nullable=True),
    # "applied", "stopped", "replaced" or "taken"; "" while it waits.
    Column("outcome", String(20), nullable=False, default=""),
    Index(None, "account_id", "asked_at"),
)
