"""The families the town knows: guardians, children, contacts."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.tables.base import Moment, id_column, metadata

families = Table(
    "families",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("street", String(160), nullable=False),
    Column("postal_code", String(10), nullable=False),
    Column("city", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
)
guardians = Table(
    "guardians",
    metadata,
    id_column(),
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
    id_column(),
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
    id_column(),
    Column("child_id", ForeignKey("children.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(160), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("link", String(120), nullable=False),
    Column("may_pick_up", Boolean, nullable=False),
    Column("is_emergency", Boolean, nullable=False),
    UniqueConstraint("child_id", "position"),
)
