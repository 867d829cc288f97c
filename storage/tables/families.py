"""The families the town knows: guardians, children, contacts; lists of them, and doubles.

`imported` is what a list of the town's said last of a row: who changes it later is not overruled.
"""

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
    UniqueConstraint,
)

from storage.tables.base import Moment, id_column, metadata

families = Table(
    "families",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("street", String(160), nullable=False),
    Column("postal_code", String(10), nullable=False),
    Column("city", String(120), nullable=False),
    # Empty: France.
    Column("country", String(60), nullable=False, default="", server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("imported", JSON(none_as_null=True), nullable=True),
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
    Column("profession", String(120), nullable=False, default="", server_default=""),
    Column("imported", JSON(none_as_null=True), nullable=True),
    UniqueConstraint("family_id", "sort_key"),
    Index(None, "account_id"),
    Index(None, "email"),
    Index(None, "sort_key"),
)
children = Table(
    "children",
    metadata,
    id_column(),
    Column("family_id", ForeignKey("families.id"), nullable=False),
    # None for a child that the town knew before any dossier.
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=True, unique=True),
    Column("first_name", String(120), nullable=False),
    Column("last_name", String(120), nullable=False),
    Column("sort_key", String(250), nullable=False),
    Column("birth_date", String(10), nullable=False),
    Column("birth_place", String(120), nullable=False),
    Column("grade", String(10), nullable=False),
    Column("school_id", ForeignKey("facilities.id"), nullable=True),
    # A private school, or another town's: the name, as the family gave it.
    Column("other_school", String(200), nullable=False, default="", server_default=""),
    # Where the child lives and since when, sealed: `storage.custody`.
    Column("custody", Text, nullable=False, default="", server_default=""),
    Column("imported", JSON(none_as_null=True), nullable=True),
    # The row that stands for the same child since two families were found to be one.
    Column("same_as", ForeignKey("children.id"), nullable=True),
    Index(None, "family_id"),
    Index(None, "birth_date"),
)
child_years = Table(
    "child_years",
    metadata,
    # What the child's own row says holds until the first of these school years begins.
    Column("child_id", ForeignKey("children.id"), primary_key=True),
    Column("school_year", String(9), primary_key=True),
    Column("grade", String(10), nullable=False),
    Column("school_id", ForeignKey("facilities.id"), nullable=True),
    Column("other_school", String(200), nullable=False),
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
    # Civil days in Paris: the first and the last on which this person counts; None is no limit.
    Column("since", Date, nullable=True),
    Column("until", Date, nullable=True),
    UniqueConstraint("child_id", "position"),
)
family_files = Table(
    "family_files",
    metadata,
    id_column(),
    # Sealed, and erased once it has served; the report names people as well.
    Column("content", Text, nullable=False),
    Column("report", Text, nullable=False, default=""),
    Column("name", String(160), nullable=False),
    Column("given_by", ForeignKey("accounts.id"), nullable=False),
    Column("given_at", Moment, nullable=False),
    # "checking", "checked", "applying", "applied" or "failed".
    Column("stage", String(12), nullable=False),
    Column("lines", Integer, nullable=False),
    Column("done", Integer, nullable=False, default=0),
    Column("counts", JSON, nullable=False, default=dict),
    Column("worked_at", Moment, nullable=False),
    Index(None, "given_at"),
)
activations = Table(
    "activations",
    metadata,
    # Once per account and turn: however often it is asked for, one letter leaves.
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("asked_by", ForeignKey("accounts.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("letter_id", ForeignKey("letters.id"), nullable=True),
    Column("ended_at", Moment, nullable=True),
    Index(None, "ended_at", "due_at"),
)
doubles = Table(
    "doubles",
    metadata,
    # Two accounts, the smaller id first.
    Column("first_id", ForeignKey("accounts.id"), primary_key=True),
    Column("second_id", ForeignKey("accounts.id"), primary_key=True),
    Column("reasons", JSON, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("dismissed_at", Moment, nullable=True),
    Column("dismissed_by", ForeignKey("accounts.id"), nullable=True),
    Index(None, "second_id"),
    Index(None, "dismissed_at", "found_at"),
)
merged_accounts = Table(
    "merged_accounts",
    metadata,
    # Its address leads to the other one from then on.
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("into_id", ForeignKey("accounts.id"), nullable=False),
    Column("merged_by", ForeignKey("accounts.id"), nullable=False),
    Column("merged_at", Moment, nullable=False),
    Index(None, "into_id"),
)
