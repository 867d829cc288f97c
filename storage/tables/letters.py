"""Every mail of the portal, what is stuck, and what admins did about it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import Moment, id_column, metadata

letters = Table(
    "letters",
    metadata,
    id_column(),
    Column("key", String(120), nullable=False, unique=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=True),
    Column("kind", String(40), nullable=False),
    Column("n", Integer, nullable=False),
    Column("to_address", String(254), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("message_id", String(200), nullable=False),
    Column("link_id", ForeignKey("access_links.id"), nullable=True),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("code", String(40), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("accepted_at", Moment, nullable=True),
    Column("printed_at", Moment, nullable=True),
    Index(None, "dossier_id", "created_at"),
    Index(None, "status", "created_at"),
    Index(None, "created_at"),
)
incidents = Table(
    "incidents",
    metadata,
    id_column(),
    Column("workflow_id", String(80), nullable=False),
    Column("activity_id", String(40), nullable=False),
    Column("step", String(60), nullable=False),
    Column("dossier_id", String(32), nullable=False, default=""),
    Column("subject", String(64), nullable=False, default=""),
    Column("code", String(60), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("next_try_at", Moment, nullable=True),
    Column("cleared_at", Moment, nullable=True),
    UniqueConstraint("workflow_id", "activity_id"),
    Index(None, "cleared_at", "last_at"),
)
interventions = Table(
    "interventions",
    metadata,
    id_column(),
    Column("at", Moment, nullable=False),
    Column("admin_id", ForeignKey("accounts.id"), nullable=False),
    Column("what", String(40), nullable=False),
    Column("dossier_id", String(32), nullable=False, default=""),
    Column("subject", String(120), nullable=False, default=""),
    Column("reason", Text, nullable=False),
    Column("result", String(60), nullable=False, default=""),
)
