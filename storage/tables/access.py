"""Who comes in: accounts, links, sessions, tokens, failed attempts."""

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    TypeDecorator,
    false,
)
from sqlalchemy.engine import Dialect

from domain.rights import Duty, FieldGroup
from storage.tables.base import Moment, Word, id_column, metadata


class DutyList(TypeDecorator[tuple[Duty, ...]]):
    """What somebody does for the town, in the order in which it was given."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Duty] | None, dialect: Dialect) -> Any:
        """As a list of objects; the groups in a stable order."""
        del dialect
        return [{"department": one.department, "fields": sorted(one.fields)} for one in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Duty, ...]:
        """Back as duties."""
        del dialect
        return tuple(
            Duty(one["department"], frozenset(FieldGroup(name) for name in one["fields"]))
            for one in value or ()
        )


accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("name", String(160), nullable=False, default=""),
    Column("title", String(120), nullable=False, default=""),
    # What `duties` replaced; it leaves with the next release.
    Column("department", ForeignKey("departments.code"), nullable=True),
    Column("duties", DutyList, nullable=False, default=(), server_default="[]"),
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
    # What it opens: "" to come in; a change of address.
    Column("purpose", String(20), nullable=False, default="", server_default=""),
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
    # What a person recognises in a list: never the token, nor its hash.
    Column("id", String(32), nullable=False, unique=True, default=lambda: token_hex(16)),
    Column("device", String(80), nullable=False, default="", server_default=""),
    Column("place", String(64), nullable=False, default="", server_default=""),
    Column("confirmed_at", Moment, nullable=True),
    # Whether forms wait for it that were sent to the session before this one.
    Column("has_kept_forms", Boolean, nullable=False, default=False, server_default=false()),
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
