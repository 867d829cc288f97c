"""Every table, in the order of the house: the town, the people, the dossiers, the letters.

No SQLite-only SQL: the same tables serve PostgreSQL. Moments are kept in UTC (`Moment`), ids are
opaque (128 random bits, hexadecimal). Names sort on an unaccented key column, the same everywhere.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment: kept in UTC, given back aware. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into UTC; ValueError on a naive moment."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back from storage, in UTC: SQLite forgets the zone, PostgreSQL has its own idea of it."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# In the order of its signs, whatever the language of the database: found by its beginning.
Word = String(120).with_variant(String(120, collation="C"), "postgresql")


def _id() -> Column[str]:
    return Column("id", String(32), primary_key=True)


# The town ---------------------------------------------------------------------------------------

town = Table(
    "town",
    metadata,
    _id(),
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
    _id(),
    Column("name", String(120), nullable=False),
    Column("sort_key", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", String(300), nullable=False),
)
procedures = Table(
    "procedures",
    metadata,
    _id(),
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

# The people -------------------------------------------------------------------------------------

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("name", String(160), nullable=False, default=""),
    Column("title", String(120), nullable=False, default=""),
    Column("department", ForeignKey("departments.code"), nullable=True),
    Column("password_hash", String(300), nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment, nullable=True),
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
    _id(),
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
    Index(None, "account_id"),
)
api_tokens = Table(
    "api_tokens",
    metadata,
    _id(),
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
    _id(),
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "subject", "at"),
)
families = Table(
    "families",
    metadata,
    _id(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("street", String(160), nullable=False),
    Column("postal_code", String(10), nullable=False),
    Column("city", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
)
guardians = Table(
    "guardians",
    metadata,
    _id(),
    Column("family_id", ForeignKey("families.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=True),
    Column("first_name", String(120), nullable=False),
    Column("last_name", String(120), nullable=False),
    Column("sort_key", String(250), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("phone", String(40), nullable=False, default=""),
    Column("email", String(254), nullable=False, default=""),
    Column("is_payer", Boolean, nullable=False, default=False),
    UniqueConstraint("family_id", "sort_key"),
)
children = Table(
    "children",
    metadata,
    _id(),
    Column("family_id", ForeignKey("families.id"), nullable=False),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False, unique=True),
    Column("first_name", String(120), nullable=False),
    Column("last_name", String(120), nullable=False),
    Column("sort_key", String(250), nullable=False),
    Column("birth_date", String(10), nullable=False),
    Column("birth_place", String(120), nullable=False),
    Column("grade", String(10), nullable=False),
    Column("school_id", ForeignKey("facilities.id"), nullable=True),
    Index(None, "family_id"),
)
guardianships = Table(
    "guardianships",
    metadata,
    Column("child_id", ForeignKey("children.id"), primary_key=True),
    Column("guardian_id", ForeignKey("guardians.id"), primary_key=True),
)
contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("child_id", ForeignKey("children.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(160), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("link", String(120), nullable=False),
    Column("may_pick_up", Boolean, nullable=False),
    Column("is_emergency", Boolean, nullable=False),
    UniqueConstraint("child_id", "position"),
)

# The dossiers -----------------------------------------------------------------------------------

dossiers = Table(
    "dossiers",
    metadata,
    _id(),
    Column("number", String(20), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("procedure_id", ForeignKey("procedures.id"), nullable=False),
    Column("department", ForeignKey("departments.code"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("terms", JSON, nullable=False),
    Column("state", String(30), nullable=False),
    Column("state_since", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_saved_at", Moment, nullable=False),
    Column("submitted_at", Moment, nullable=True),
    Column("due_at", Moment, nullable=True),
    Column("decided_at", Moment, nullable=True),
    Column("decided_by", ForeignKey("accounts.id"), nullable=True),
    Column("decision_basis", String(20), nullable=False, default=""),
    Column("reason_code", String(40), nullable=False, default=""),
    Column("reason_words", Text, nullable=False, default=""),
    Column("draft_notices", Integer, nullable=False, default=0),
    Column("child_name", String(250), nullable=False, default=""),
    Column("child_first_name", String(120), nullable=False, default=""),
    Column("sort_key", String(250), nullable=False, default=""),
    Column("followed_by", ForeignKey("accounts.id"), nullable=True),
    Column("answered_at", Moment, nullable=True),
    Index(None, "state", "due_at"),
    Index(None, "department", "state", "due_at"),
    Index(None, "department", "submitted_at"),
    Index(None, "department", "decided_at"),
    Index(None, "account_id"),
)
dossier_words = Table(
    "dossier_words",
    metadata,
    Column("word", Word, primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Index(None, "dossier_id"),
)
answers = Table(
    "answers",
    metadata,
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Column("section", String(40), primary_key=True),
    Column("values", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
snapshots = Table(
    "snapshots",
    metadata,
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)
documents = Table(
    "documents",
    metadata,
    _id(),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("piece", String(40), nullable=False),
    Column("form", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("original_name", String(160), nullable=False, default=""),
    Column("media_type", String(60), nullable=False, default=""),
    Column("size_bytes", Integer, nullable=False, default=0),
    Column("sha256", String(64), nullable=False, default=""),
    Column("pages", Integer, nullable=False, default=0),
    Column("page_images", JSON, nullable=False, default=list),
    Column("remarks", JSON, nullable=False, default=list),
    Column("statement", Text, nullable=False, default=""),
    Column("rotation", Integer, nullable=False, default=0),
    Column("given_at", Moment, nullable=False),
    Column("given_by", ForeignKey("accounts.id"), nullable=False),
    Column("inspected_at", Moment, nullable=True),
    Column("removed_at", Moment, nullable=True),
    Column("scan", String(20), nullable=False, server_default="unscanned"),
    Column("scan_tried_at", Moment, nullable=True),
    Index(None, "dossier_id", "piece"),
    Index(None, "scan", "scan_tried_at"),
)
marks = Table(
    "marks",
    metadata,
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Column("piece", String(40), primary_key=True),
    Column("mark", String(10), nullable=False),
    Column("reason_code", String(40), nullable=False, default=""),
    Column("words", Text, nullable=False, default=""),
    Column("by", ForeignKey("accounts.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
requests = Table(
    "requests",
    metadata,
    _id(),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("asked_by", ForeignKey("accounts.id"), nullable=True),
    Column("items", JSON, nullable=False),
    Column("words", Text, nullable=False, default=""),
    Column("received_at", Moment, nullable=True),
    Column("cancelled_at", Moment, nullable=True),
    Column("reminders_sent", Integer, nullable=False, default=0),
    UniqueConstraint("dossier_id", "n"),
)
acts = Table(
    "acts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("action", String(30), nullable=False),
    Column("actor_id", ForeignKey("accounts.id"), nullable=True),
    Column("actor", String(10), nullable=False),
    Column("version_seen", Integer, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("subject", String(64), nullable=False, default=""),
    Column("reason_code", String(40), nullable=False, default=""),
    Column("words", Text, nullable=False, default=""),
    Column("items", JSON, nullable=False, default=list),
    Column("until", Moment, nullable=True),
    Column("outcome", String(10), nullable=False, default=""),
    Column("outcome_code", String(40), nullable=False, default=""),
    Column("outcome_at", Moment, nullable=True),
    Index(None, "outcome", "given_at"),
    Index(None, "dossier_id", "given_at"),
)
events = Table(
    "events",
    metadata,
    _id(),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("key", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(40), nullable=False),
    Column("actor", String(10), nullable=False),
    Column("actor_id", ForeignKey("accounts.id"), nullable=True),
    Column("state", String(30), nullable=False),
    Column("detail", JSON, nullable=False, default=dict),
    UniqueConstraint("dossier_id", "key"),
    Index(None, "dossier_id", "at"),
)

# The letters and what is stuck ------------------------------------------------------------------

letters = Table(
    "letters",
    metadata,
    _id(),
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
    Index(None, "dossier_id", "created_at"),
    Index(None, "status", "created_at"),
    Index(None, "created_at"),
)
incidents = Table(
    "incidents",
    metadata,
    _id(),
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
    _id(),
    Column("at", Moment, nullable=False),
    Column("admin_id", ForeignKey("accounts.id"), nullable=False),
    Column("what", String(40), nullable=False),
    Column("dossier_id", String(32), nullable=False, default=""),
    Column("subject", String(120), nullable=False, default=""),
    Column("reason", Text, nullable=False),
    Column("result", String(60), nullable=False, default=""),
)
