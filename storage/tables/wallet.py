"""What a family gives once, for several dossiers: documents that still hold, and its quotient."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from storage.tables.base import Moment, id_column, metadata

wallet = Table(
    "wallet",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    # None for what belongs to the whole family.
    Column("child_id", ForeignKey("children.id"), nullable=True),
    Column("piece", String(40), nullable=False),
    # The last day on which it holds, a civil day in Paris; None without an end.
    Column("valid_until", Date, nullable=True),
    # A mark of the address it proves: `domain.wallet.address_mark`.
    Column("proves", String(16), nullable=False, default=""),
    Column("put_at", Moment, nullable=False),
    # An agent found that it holds no longer.
    Column("ended_at", Moment, nullable=True),
    Index(None, "account_id", "piece"),
    Index(None, "child_id"),
)
wallet_uses = Table(
    "wallet_uses",
    metadata,
    # A document of the wallet that stood for a piece of this dossier when it was sent.
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Column("piece", String(40), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("used_at", Moment, nullable=False),
    Index(None, "document_id"),
)
quotients = Table(
    "quotients",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    # Whole euros, as the CAF writes it.
    Column("value", Integer, nullable=False),
    # "2026-10"
    Column("month", String(7), nullable=False),
    # "declared", "caf" or "msa".
    Column("source", String(10), nullable=False),
    Column("document_id", ForeignKey("documents.id"), nullable=True),
    Column("declared_at", Moment, nullable=False),
    Column("declared_by", ForeignKey("accounts.id"), nullable=False),
    # "verified", "refused" or "" while nobody has looked.
    Column("verdict", String(10), nullable=False, default=""),
    Column("verified_at", Moment, nullable=True),
    Column("verified_by", ForeignKey("accounts.id"), nullable=True),
    Index(None, "account_id", "declared_at"),
)
