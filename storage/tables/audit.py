"""Who did what: lines are added, and leave when they are too old; nobody changes one."""

from sqlalchemy import JSON, Column, Index, String, Table

from storage.tables.base import Moment, id_column, metadata

audit_log = Table(
    "audit_log",
    metadata,
    id_column(),
    Column("at", Moment, nullable=False),
    Column("what", String(40), nullable=False),
    # Names of people leave with their account; a line stays: no foreign keys here.
    Column("actor_id", String(32), nullable=False, default=""),
    Column("behind_id", String(32), nullable=False, default=""),
    Column("dossier_id", String(32), nullable=False, default=""),
    Column("subject", String(64), nullable=False, default=""),
    Column("place", String(64), nullable=False, default=""),
    Column("detail", JSON, nullable=False, default=dict),
    Index(None, "at"),
    Index(None, "actor_id", "at"),
    Index(None, "dossier_id", "at"),
)
