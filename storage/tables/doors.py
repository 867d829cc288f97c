"""The ways in beside the password: browsers that are known, identities others vouch for."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.tables.base import Moment, metadata

known_browsers = Table(
    "known_browsers",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index(None, "account_id"),
    Index(None, "seen_at"),
)
round_trips = Table(
    "round_trips",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("way", String(300), nullable=False, default=""),
    Column("began_at", Moment, nullable=False),
    Index(None, "began_at"),
)
identities = Table(
    "identities",
    metadata,
    Column("issuer", String(200), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("first_name", String(120), nullable=False, default=""),
    Column("last_name", String(120), nullable=False, default=""),
    Column("linked_at", Moment, nullable=False),
    Index(None, "account_id"),
)
identity_offers = Table(
    "identity_offers",
    metadata,
    # Whoever uses this link has proved the mail address: only then is the identity linked.
    Column("link_id", ForeignKey("access_links.id"), primary_key=True),
    Column("issuer", String(200), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("first_name", String(120), nullable=False, default=""),
    Column("last_name", String(120), nullable=False, default=""),
    Column("browser_hash", String(64), nullable=False),
)
federated_sessions = Table(
    "federated_sessions",
    metadata,
    # Sessions are removed where they end; what is left here of one opens nothing.
    Column("session_id", String(32), primary_key=True),
    Column("id_token", Text, nullable=False),  # sealed: it names the person
    Column("began_at", Moment, nullable=False),
    Index(None, "began_at"),
)
