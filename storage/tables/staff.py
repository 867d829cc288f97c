"""How the town's people come in and stand in for each other: second factors, absences."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table

from storage.tables.base import Moment, id_column, metadata

second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    # Sealed: a copy of the database makes no code.
    Column("secret", String(500), nullable=False, default=""),
    Column("pending", String(500), nullable=False, default=""),
    Column("proven_at", Moment, nullable=True),
    Column("last_step", BigInteger, nullable=False, default=0),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=True),
    Index(None, "account_id"),
)
absences = Table(
    "absences",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("cover_id", ForeignKey("accounts.id"), nullable=True),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    # The reserved groups that an admin lets the cover read meanwhile.
    Column("fields", JSON, nullable=False, default=list),
    Column("said_by", ForeignKey("accounts.id"), nullable=False),
    Column("said_at", Moment, nullable=False),
    Index(None, "account_id", "ends_at"),
    Index(None, "cover_id", "ends_at"),
)
