"""How each database is spoken to: SQLite for a town on one machine, PostgreSQL for a real one.

Both promise the same to whoever writes: what is read inside a transaction that `Dossiers.hold`s its
dossier is still true when it commits. On SQLite every transaction that writes begins with BEGIN
IMMEDIATE, so that writers wait for each other from the start. PostgreSQL lets them go on side by
side (READ COMMITTED): there, rows are held, and what must be there once is written ON CONFLICT.
"""

from typing import Any

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DataError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import sqlite

# InternalError: PostgreSQL ended a transaction that did nothing for too long, or is the copy of a
# server that fell, which does not take anything yet. ProgrammingError: the tables of this version
# are not there yet (SQLite says OperationalError).
DATABASE_ERRORS = (
    OperationalError,
    InterfaceError,
    InternalError,
    ProgrammingError,
    PoolTimeoutError,
    ConnectionError,
)
"""What escapes when the database does not answer, or is busy for too long."""

NO_SUCH_VALUE = DataError
"""What escapes when a value can be in no row: PostgreSQL refuses some that SQLite looks for.

A sign of number zero, for instance, or a number that is too large.
"""

# A statement of a page or a step takes milliseconds: one that takes seconds waits for something
# that is stuck, and whoever asked is better told so.
_STATEMENT_MS, _LOCK_MS, _IDLE_MS = 5_000, 4_000, 60_000
_SESSION = {
    "timezone": "UTC",
    "jit": "off",  # compiling a question of a page takes longer than answering it
    "statement_timeout": _STATEMENT_MS,
    "lock_timeout": _LOCK_MS,
    "idle_in_transaction_session_timeout": _IDLE_MS,
}
_POSTGRESQL: dict[str, Any] = {
    # A site has two pools (reading, writing) and a worker one: 48 connections at the very most, of
    # the 100 that a server takes by itself.
    "pool_size": 8,
    "max_overflow": 8,
    "pool_timeout": 10,
    "pool_recycle": 1_800,
    "connect_args": {
        "application_name": "ribambelle",
        "connect_timeout": 5,
        # A server that vanished without a word (a cut cable) is noticed within some 20 s.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 20_000,
        "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    },
}


def connect(sql_url: str) -> AsyncEngine:
    """The engine of this process. Nothing of what people typed appears in its errors or logs.

    `postgresql://` and `postgresql+psycopg://` are the same; libpq's own settings (`sslmode`,
    `sslrootcert`, several hosts…) are taken from the address.
    """
    url = _with_driver(make_url(sql_url))
    # A file does not go away while nobody looks: only a server is asked whether it is still there.
    is_file = url.get_backend_name() == "sqlite"
    more = {"async_creator": sqlite.opener(url)} if is_file else _POSTGRESQL
    engine = create_async_engine(url, hide_parameters=True, pool_pre_ping=not is_file, **more)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    else:
        event.listen(engine.sync_engine, "handle_error", _tell_no_values)
    return engine


async def why_away(sql_url: str) -> str:
    """Why nobody can work with this database now, in the driver's words; "" when it answers.

    The words name the server, the role and the database: they are for whoever runs the town.
    """
    engine = connect(sql_url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except DATABASE_ERRORS as error:
        return str(getattr(error, "orig", None) or error).strip()
    finally:
        await engine.dispose()
    return ""


def without_password(sql_url: str) -> str:
    """The address as it may be shown."""
    return make_url(sql_url).render_as_string(hide_password=True)


def is_postgresql(connection: Any) -> bool:
    """Whether this connection, engine or cursor speaks to PostgreSQL."""
    return bool(connection.dialect.name == "postgresql")


async def prepare_reading(connection: AsyncConnection) -> None:
    """Have the next transaction of this connection see one moment only, and write nothing."""
    if is_postgresql(connection):
        await connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    else:
        await connection.execution_options(ribambelle_reading=True)


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin_immediate` does, once, at the start.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Patience comes first: turning to WAL may have to wait for another process that does the same.
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    reading = connection.get_execution_options().get("ribambelle_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _tell_no_values(context: ExceptionContext) -> None:
    """Keep the code of an error of PostgreSQL, and the constraint it names: nothing else.

    Its sentences quote what people typed: "Key (email)=(…) already exists".
    """
    error = context.original_exception
    code = getattr(error, "sqlstate", None)
    if code is None:
        return  # no answer of the server at all: the words are about hosts and ports
    diagnosis = getattr(error, "diag", None)
    words = f"{code} {getattr(diagnosis, 'constraint_name', None) or ''}".strip()
    error.args = (words,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(error).__name__}) {words}",)
