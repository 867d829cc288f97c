"""The town: its departments, schools and procedures."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text

from storage.tables.base import id_column, metadata

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
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)
