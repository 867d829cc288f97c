"""Who else sees a child, until when, and which dossiers; who asked for their data to be erased."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.tables.base import Moment, id_column, metadata

guardian_accesses = Table(
    "guardian_accesses",
    metadata,
    id_column(),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("invited_by", ForeignKey("accounts.id"), nullable=False),
    Column("invited_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("account_id", ForeignKey("accounts.id"), nullable=True),
    Column("accepted_at", Moment, nullable=True),
    Column("taken_back_at", Moment, nullable=True),
    Column("declined_at", Moment, nullable=True),
    # The first day without access, a civil day in Paris.
    Column("ends_on", Date, nullable=True),
    Column("ended_by", ForeignKey("accounts.id"), nullable=True),
    Column("ended_at", Moment, nullable=True),
    Column("reason_code", String(40), nullable=False, default=""),
    Column("ruling_on", Date, nullable=True),
    UniqueConstraint("dossier_id", "email"),
    Index(None, "account_id"),
    Index(None, "email"),
)
dossier_children = Table(
    "dossier_children",
    metadata,
    # Of a dossier that is no registration: the children whose other guardians are told of it.
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    Column("child_id", ForeignKey("children.id"), primary_key=True),
    Index(None, "child_id"),
)
erasure_requests = Table(
    "erasure_requests",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("cancelled_at", Moment, nullable=True),
    Column("done_at", Moment, nullable=True),
    Column("done_by", ForeignKey("accounts.id"), nullable=True),
    Index(None, "account_id"),
    Index(None, "done_at", "due_on"),
)
