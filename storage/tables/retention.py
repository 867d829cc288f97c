"""What leaves when its time is over: who was warned, what is held back, what each night did."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.base import Moment, id_column, metadata

departures = Table(
    "departures",
    metadata,
    # The last day at the town's schools, a civil day in Paris; gone when the child comes back.
    Column("child_id", ForeignKey("children.id"), primary_key=True),
    Column("left_on", Date, nullable=False),
    Column("noted_by", ForeignKey("accounts.id"), nullable=False),
    Column("noted_at", Moment, nullable=False),
)
legal_holds = Table(
    "legal_holds",
    metadata,
    id_column(),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("begun_by", ForeignKey("accounts.id"), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("ended_by", ForeignKey("accounts.id"), nullable=True),
    Column("ended_at", Moment, nullable=True),
    Index(None, "dossier_id"),
    Index(None, "ended_at"),
)
erasure_warnings = Table(
    "erasure_warnings",
    metadata,
    # `domain.retention.Category`, and the dossier, child or account that it is about.
    Column("category", String(20), primary_key=True),
    Column("subject_id", String(32), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("warned_at", Moment, nullable=False),
    # The first day on which it may go, a civil day in Paris.
    Column("erases_on", Date, nullable=False),
    Index(None, "account_id"),
    Index(None, "erases_on"),
)
erasure_nights = Table(
    "erasure_nights",
    metadata,
    Column("night", Date, primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
)
erasure_lines = Table(
    "erasure_lines",
    metadata,
    Column("night", Date, primary_key=True),
    Column("category", String(20), primary_key=True),
    Column("erased", Integer, nullable=False, default=0),
    Column("warned", Integer, nullable=False, default=0),
)
