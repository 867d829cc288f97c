"""What every table is made of: one list of them all, moments in UTC, opaque ids.

No SQLite-only SQL: the same tables serve PostgreSQL. Ids are 128 random bits, hexadecimal. Names
sort on an unaccented key column, the same everywhere.
"""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, MetaData, String, TypeDecorator
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


def id_column() -> Column[str]:
    """An opaque id, the key of its table."""
    return Column("id", String(32), primary_key=True)
