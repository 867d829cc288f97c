"""The unit of work: one transaction, committed once when the block ends well.

    async with open_store() as store:
        await store.dossiers.find(dossier_id)

Nothing commits by itself; an exception rolls everything back. On SQLite a transaction that writes
begins with BEGIN IMMEDIATE, so that two writers wait for each other instead of failing half-way.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.accounts import Accounts
from storage.acts import Acts
from storage.documents import Documents
from storage.dossiers import Dossiers
from storage.events import Events
from storage.households import Households
from storage.letters import Letters
from storage.queues import Queues
from storage.requests import Requests
from storage.supervision import Supervision
from storage.town import Town


class Store:
    """The named questions and writes of one transaction, by noun."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def release(self) -> None:
        """Give the connection back before the block ends, for what lasts long without it.

        Nothing more can be asked of this store. What was written and not committed is lost.
        """
        await self.connection.close()

    @cached_property
    def town(self) -> Town:
        """Departments, facilities, procedures."""
        return Town(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts, access links, sessions."""
        return Accounts(self.connection)

    @cached_property
    def dossiers(self) -> Dossiers:
        """Dossiers and their answers."""
        return Dossiers(self.connection)

    @cached_property
    def requests(self) -> Requests:
        """What families were asked to complete."""
        return Requests(self.connection)

    @cached_property
    def documents(self) -> Documents:
        """Documents and the agents' marks on pieces."""
        return Documents(self.connection)

    @cached_property
    def acts(self) -> Acts:
        """What people did, delivered or not."""
        return Acts(self.connection)

    @cached_property
    def events(self) -> Events:
        """The timeline of each dossier, append-only."""
        return Events(self.connection)

    @cached_property
    def households(self) -> Households:
        """Families, guardians, children, contacts."""
        return Households(self.connection)

    @cached_property
    def letters(self) -> Letters:
        """Every mail the portal sends."""
        return Letters(self.connection)

    @cached_property
    def queues(self) -> Queues:
        """The lists that agents work through."""
        return Queues(self.connection)

    @cached_property
    def supervision(self) -> Supervision:
        """What is stuck, and what admins did about it."""
        return Supervision(self.connection)


DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError, ConnectionError)
"""What escapes when the database does not answer, or is busy for too long."""

OpenStore = Callable[[], AbstractAsyncContextManager[Store]]


def connect(sql_url: str) -> AsyncEngine:
    """The engine of this process. Parameters never appear in errors or logs."""
    engine = create_async_engine(sql_url, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin_immediate` does, once, at the start.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    reading = connection.get_execution_options().get("ribambelle_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def store_opener(engine: AsyncEngine, *, reading: bool = False) -> OpenStore:
    """What opens a unit of work on this engine; `reading` for one that writes nothing."""

    @asynccontextmanager
    async def open_store() -> AsyncIterator[Store]:
        async with engine.connect() as connection:
            if reading:
                await connection.execution_options(ribambelle_reading=True)
            async with connection.begin():
                yield Store(connection)

    return open_store
