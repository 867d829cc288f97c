"""An empty migrated database for each test: a SQLite file, or a database of a real PostgreSQL."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from storage.migrate import migrate
from tests.postgres import Postgres, running_postgres

KINDS = ("sqlite", "postgresql")

on_both = pytest.mark.parametrize("databases", KINDS, indirect=True, scope="session")
"""For tests, or a whole file of them, that are to be run on each kind of database."""


class Databases(Protocol):
    """Where tests get their databases from: migrated once a run, copied by each test."""

    def empty(self, folder: Path) -> AbstractContextManager[str]:
        """The address of a database of one's own, gone at the end; a file is in `folder`."""


class SqliteFiles:
    """Copies of one file."""

    def __init__(self, folder: Path) -> None:
        self._migrated = folder / "empty.db"
        asyncio.run(migrate(f"sqlite+aiosqlite:///{self._migrated}"))

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """A copy in this folder."""
        yield f"sqlite+aiosqlite:///{shutil.copy(self._migrated, folder / 'ribambelle.db')}"


class PostgresDatabases:
    """Copies of one database of a running server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._migrated = server.new_database()
        asyncio.run(migrate(server.url(self._migrated)))

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """A copy on the server."""
        del folder
        name = self._server.new_database(like=self._migrated)
        yield self._server.url(name)
        self._server.drop(name)


@contextmanager
def databases_of(kind: str, folder: Path) -> Iterator[Databases]:
    """What gives databases of this kind."""
    if kind == "sqlite":
        yield SqliteFiles(folder)
    else:
        with running_postgres() as server:
            yield PostgresDatabases(server)
