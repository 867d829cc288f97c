"""SQLite in a thread of its own, with one errand to it per statement.

The driver alone goes to its thread four times for a statement that gives rows (cursor, statement,
rows, end of the cursor), and once more for a commit or a rollback that has nothing to end. Each
errand wakes the thread and then the event loop: on a page of five statements that was most of the
time. docs/performance.md has the figures.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL

_ROWS_AT_ONCE = 64
_ENDS_WITHIN = 5.0


def opener(url: URL) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What opens a connection to the file of this address."""
    places, options = url.get_dialect()().create_connect_args(url)

    async def open_connection() -> aiosqlite.Connection:
        return await _Connection(partial(sqlite3.connect, *places, **options)).opened()

    return open_connection


class _Connection(aiosqlite.Connection):
    """A connection that asks its thread for whole statements."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=_ROWS_AT_ONCE)
        self._thread.daemon = True
        self._has_nothing_to_end = False

    async def opened(self) -> Self:
        """Open; a file that cannot be opened leaves no thread behind, which would speak later.

        Raises:
            sqlite3.OperationalError: it cannot be opened.
        """
        try:
            await self
        except sqlite3.Error:
            await asyncio.to_thread(self._thread.join, _ENDS_WITHIN)
            raise
        return self

    async def errand(self, method: str, *arguments: Any) -> "_Answer":
        """Have the thread do something whole, and wait for it."""
        # Stays so when the one who waits is cancelled: the thread may still begin a transaction.
        self._has_nothing_to_end = False
        function = getattr(self._conn, method)
        answer: _Answer = await self._execute(_whole, function, *arguments)  # type: ignore[no-untyped-call]
        self._has_nothing_to_end = not self._conn.in_transaction
        return answer

    def cursor(self) -> "_Cursor":  # type: ignore[override]
        """A cursor, which costs nothing before it is asked something."""
        return _Cursor(self)

    async def commit(self) -> None:
        """Make what was written durable; no errand when nothing was begun."""
        if not self._has_nothing_to_end:
            await self.errand("commit")

    async def rollback(self) -> None:
        """Take back what was written; no errand when nothing was begun."""
        if not self._has_nothing_to_end:
            await self.errand("rollback")


@dataclass(frozen=True)
class _Answer:
    """Everything a statement gave."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class _Cursor:
    """What the database library asks of a cursor; the rows are there once it has executed."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._answer = _Answer()

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """One statement, with everything it gives."""
        self._answer = await self._connection.errand("execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """One statement for many rows."""
        self._answer = await self._connection.errand("executemany", sql, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows that came with the answer."""
        return self._answer.rows

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def description(self) -> Any:
        """The columns; None for a statement that gives no rows."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were written; -1 when none could be."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row that was written last."""
        return self._answer.lastrowid


def _whole(function: Callable[..., sqlite3.Cursor | None], *arguments: Any) -> _Answer:
    """In the thread: one statement, from its cursor to its last row; or a transaction's end."""
    cursor = function(*arguments)
    if cursor is None:
        return _Answer()
    try:
        rows = cursor.fetchall() if cursor.description else ()
        return _Answer(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()
