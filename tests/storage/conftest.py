"""A real migrated database for each test, with the people of Valbourg.

Everything asks for `sql_url`, and runs on each kind of database.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.states import State
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.store import OpenStore, connect, store_opener
from tests.builders import KEYS, Someone, a_dossier, a_town, an_account
from tests.databases import KINDS

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything here is true of each kind of database."""
    if "databases" in metafunc.fixturenames:
        metafunc.parametrize("databases", KINDS, indirect=True, scope="session")


@pytest.fixture
async def database(sql_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(sql_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def open_store(database: AsyncEngine) -> OpenStore:
    return store_opener(database, KEYS)


@dataclass(frozen=True)
class Valbourg:
    """The town of `tests/builders.py`, and who lives there."""

    open_store: OpenStore
    claire: Account
    sophie: Account
    karim: Account

    async def dossier(self, *, state: State = State.DRAFT) -> Dossier:
        """A dossier of Claire's in this state."""
        async with self.open_store() as store:
            return await a_dossier(store, self.claire, NOW, state=state)


@pytest.fixture
async def valbourg(open_store: OpenStore) -> Valbourg:
    async with open_store() as store:
        await a_town(store)
        people = [
            await an_account(store, Someone(email, role, name), NOW)
            for email, role, name in (
                ("claire@exemple.fr", "parent", "Claire Martin"),
                ("sophie@v.example", "agent", "Sophie Garnier"),
                ("karim@v.example", "agent", "Karim Benali"),
            )
        ]
    return Valbourg(open_store, *people)
