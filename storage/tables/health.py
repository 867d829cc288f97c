"""What is most private of a child: its health, and what a court decided. All of it is sealed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import Moment, id_column, metadata

health_records = Table(
    "health_records",
    metadata,
    Column("child_id", ForeignKey("children.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    # Answers and dates of vaccines together: `storage.health_records`.
    Column("content", Text, nullable=False),
    # When a guardian last said that all of it is true; None: never.
    Column("checked_at", Moment, nullable=True),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", ForeignKey("accounts.id"), nullable=False),
)
court_rulings = Table(
    "court_rulings",
    metadata,
    id_column(),
    # The dossier that brought it; its own child until the town has made one of it.
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("child_id", ForeignKey("children.id"), nullable=True),
    Column("document_id", ForeignKey("documents.id"), nullable=True),
    # Its days, what it decides and about whom: `storage.court_rulings`.
    Column("content", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("recorded_by", ForeignKey("accounts.id"), nullable=False),
    Column("ended_at", Moment, nullable=True),
    Column("ended_by", ForeignKey("accounts.id"), nullable=True),
    Index(None, "dossier_id"),
    Index(None, "child_id"),
)
