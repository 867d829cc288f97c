"""The town of `make run` on a PostgreSQL of its own: processes, each of which can be killed."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from deploy.example.valbourg import SOPHIE
from domain.states import State
from domain.tokens import token_hash
from storage.clock import now
from storage.sessions import Session
from storage.store import OpenStore, connect, store_opener
from tests.builders import KEYS
from tests.faults.people import Agent, Family, Person
from tests.postgres import OwnPostgres, own_postgres
from tests.town import ROOT, RunningTown

PARTS = ("worker", "site", "engine", "database")


@dataclass
class BreakableTown:
    """The town of `make run` on a PostgreSQL of its own: every part can be killed."""

    town: RunningTown
    postgres: OwnPostgres
    sql_url: str

    def kill(self, part: str) -> None:
        """`kill -9`. The database is started again at once; the rest is the supervisor's."""
        if part == "database":
            self.postgres.kill()
            self.postgres.start()
        else:
            self.town.kill(part)

    def kill_everything(self) -> None:
        """All four within the same moment."""
        for part in ("worker", "site", "engine"):
            with suppress(ProcessLookupError):
                self.town.kill(part)
        self.postgres.kill()
        self.postgres.start()

    def __post_init__(self) -> None:
        self._database = connect(self.sql_url)
        self.open_store: OpenStore = store_opener(self._database, KEYS)
        self._people: list[Person] = []

    @property
    def mails(self) -> Path:
        return self.town.home / "mails"

    def check(self, *, patience: int = 60) -> subprocess.CompletedProcess[str]:
        """`ribambelle check --invariants`, as a person types it beside the town."""
        command = [sys.executable, "-m", "cli", "check", "--invariants"]
        return subprocess.run(
            [*command, "--patience", str(patience)],
            cwd=ROOT,
            env=self.town.variables,
            capture_output=True,
            text=True,
            check=False,
        )

    async def family(self, name: str) -> Family:
        """A new parent, signed in."""
        email = f"{name}@exemple.fr"
        family = Family(self.town.base_url, await self._session(email, "parent"), email)
        self._people.append(family)
        return family

    async def agent(self) -> Agent:
        agent = Agent(self.town.base_url, await self._session(SOPHIE.email, "agent"))
        self._people.append(agent)
        return agent

    async def everybody_leaves(self) -> None:
        """Close every browser, and the test's own way to the database."""
        for person in self._people:
            await person.leaves()
        await self._database.dispose()

    async def _session(self, email: str, role: str) -> str:
        token, at = token_hex(32), now()
        async with self.open_store() as store:
            account = await store.accounts.by_email(email)
            account_id = account.id if account else await store.accounts.add(email, role, at)
            await store.sessions.add(
                Session(
                    token_hash=token_hash(token),
                    account_id=account_id,
                    csrf_token=token_hex(32),
                    created_at=at,
                    seen_at=at,
                    expires_at=at + timedelta(hours=8),
                )
            )
        return token

    async def state(self, dossier_id: str) -> State:
        async with self.open_store() as store:
            return (await store.dossiers.find(dossier_id)).state


@asynccontextmanager
async def breakable_town(home: Path) -> AsyncIterator[BreakableTown]:
    """A town without example families, on free ports, stopped at the end."""
    with own_postgres(durable=True, tcp=True) as postgres:
        sql_url = postgres.url(postgres.new_database())
        # One family stands for all those who notice at once that uploads work again.
        with RunningTown(
            home, RIBAMBELLE_DATABASE_URL=sql_url, RIBAMBELLE_UPLOADS_PER_HOUR="100000"
        ) as town:
            breakable = BreakableTown(town, postgres, sql_url)
            try:
                yield breakable
            finally:
                await breakable.everybody_leaves()
