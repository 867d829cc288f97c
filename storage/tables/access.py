"""Who comes in: accounts, links, sessions, tokens, failed attempts."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, String, Table, false

from storage.tables.base import Moment, Word, id_column, metadata

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("name", String(160), nullable=False, default=""),
    Column("title", String(120), nullable=False, default=""),
    Column("department", ForeignKey("departments.code"), nullable=True),
    Column("password_hash", String(300), nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment, nullable=True),
    Column("seen_at", Moment, nullable=True),
    Column("is_example", Boolean, nullable=False, default=False, server_default=false()),
)
account_words = Table(
    "account_words",
    metadata,
    Column("word", Word, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Index(None, "account_id"),
)
access_links = Table(
    "access_links",
    metadata,
    id_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("email", String(254), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=True),
    Index(None, "email"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("notice", JSON, nullable=True),
    # What is to be done before anything opens: "second_factor", or nothing.
    Column("waits_for", String(20), nullable=False, default="", server_default=""),
    Index(None, "account_id"),
)
api_tokens = Table(
    "api_tokens",
    metadata,
    id_column(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", ForeignKey("accounts.id"), nullable=True),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment, nullable=True),
    Column("revoked_at", Moment, nullable=True),
    Index(None, "account_id"),
)
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    id_column(),
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "subject", "at"),
)
