"""The town: its departments, schools and procedures."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from storage.tables.base import Moment, id_column, metadata

town = Table(
    "town",
    metadata,
    id_column(),
    Column("name", String(120), nullable=False),
    Column("appeal_notice", Text, nullable=False),
)
departments = Table(
    "departments",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("address", String(300), nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(40), nullable=False),
)
facilities = Table(
    "facilities",
    metadata,
    id_column(),
    Column("name", String(120), nullable=False),
    Column("sort_key", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", String(300), nullable=False),
)
procedures = Table(
    "procedures",
    metadata,
    id_column(),
    Column("slug", String(60), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(160), nullable=False),
    Column("school_year", String(9), nullable=False),
    Column("department", ForeignKey("departments.code"), nullable=False),
    Column("terms", JSON, nullable=False),
    Column("is_open", Boolean, nullable=False, default=True),
    Column("intro", Text, nullable=False, default=""),
)
procedure_rules = Table(
    "procedure_rules",
    metadata,
    id_column(),
    Column("procedure_id", ForeignKey("procedures.id"), nullable=False),
    # The first civil day in Paris on which dossiers are opened under these terms.
    Column("effective_from", Date, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("set_by", ForeignKey("accounts.id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    Index(None, "procedure_id", "effective_from", "set_at"),
)
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)
