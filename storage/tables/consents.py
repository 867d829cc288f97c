"""What guardians say: of images of their children, and of the town's texts; its form in PDF.

Nothing of it is ever changed: the last row of a guardian about something counts.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import Moment, id_column, metadata

image_consents = Table(
    "image_consents",
    metadata,
    id_column(),
    Column("child_id", ForeignKey("children.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("school_year", String(9), nullable=False),
    Column("use", String(20), nullable=False),
    Column("medium", String(20), nullable=False),
    # Counts what this guardian said of this, this year: the highest is what counts.
    Column("n", Integer, nullable=False),
    Column("is_given", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    # The dossier in which it was said; None on the child's own page.
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=True),
    UniqueConstraint("child_id", "account_id", "school_year", "use", "medium", "n"),
    Index(None, "account_id"),
    Index(None, "dossier_id"),
)
texts = Table(
    "texts",
    metadata,
    id_column(),
    Column("code", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", String(160), nullable=False),
    Column("body", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("published_by", ForeignKey("accounts.id"), nullable=False),
    # The first day on which it counts, a civil day in Paris.
    Column("effective_from", Date, nullable=False),
    UniqueConstraint("code", "version"),
)
acceptances = Table(
    "acceptances",
    metadata,
    id_column(),
    Column("text_id", ForeignKey("texts.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=True),
    UniqueConstraint("text_id", "account_id"),
    Index(None, "account_id"),
    Index(None, "dossier_id"),
)
town_forms = Table(
    "town_forms",
    metadata,
    # Also the name of its bytes.
    id_column(),
    # What it goes with: the code of a text, or a procedure.
    Column("text_code", String(20), nullable=True),
    Column("procedure_id", ForeignKey("procedures.id"), nullable=True),
    Column("name", String(160), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("given_by", ForeignKey("accounts.id"), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("removed_at", Moment, nullable=True),
    Index(None, "procedure_id"),
    Index(None, "text_code"),
)
