"""Campaigns: families invited to bring their file up to date, from one day to another."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table

from storage.tables.base import Moment, id_column, metadata

campaigns = Table(
    "campaigns",
    metadata,
    id_column(),
    Column("procedure_id", ForeignKey("procedures.id"), nullable=False),
    Column("title", String(160), nullable=False),
    # Civil days in Paris: letters leave from the first one on, the last one is whole.
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("audience", JSON, nullable=False),
    # The town's own sentences in the letters, and the days of the reminders.
    Column("words", JSON, nullable=False),
    Column("reminders", JSON, nullable=False),
    # "planned", "running", "paused" or "closed".
    Column("state", String(10), nullable=False),
    Column("batch_size", Integer, nullable=False),
    Column("batch_pause", Integer, nullable=False),
    Column("created_by", ForeignKey("accounts.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    # What was said last, and what its workflow has heard of it.
    Column("version", Integer, nullable=False),
    Column("heard", Integer, nullable=False, default=0),
    Column("opened_at", Moment, nullable=True),
    Column("closed_at", Moment, nullable=True),
    # None where the last day closed it.
    Column("closed_by", ForeignKey("accounts.id"), nullable=True),
    Column("next_at", Moment, nullable=True),
    # Reminders up to this civil day have had their turn.
    Column("reminded_on", Date, nullable=True),
    Index(None, "state"),
    Index(None, "procedure_id"),
)
campaign_families = Table(
    "campaign_families",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("invited_at", Moment, nullable=False),
    # "" where nothing was written: the family had sent its dossier before its turn.
    Column("letter_id", String(32), nullable=False, default=""),
    Column("reminders", Integer, nullable=False, default=0),
    # The day of the last reminder it was given, a civil day in Paris.
    Column("reminded_on", Date, nullable=True),
    Index(None, "account_id"),
)
