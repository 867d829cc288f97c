"""A town that cannot start says what to change, in French, and starts nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.home import LOG_LIMIT_BYTES, LOGS_KEPT, Home, HomeIsTakenError
from storage.sealed import new_key
from tests.town import free_ports

ROOT = Path(__file__).resolve().parents[2]
PORTS = (
    "RIBAMBELLE_PORT",
    "RIBAMBELLE_TEMPORAL_PORT",
    "RIBAMBELLE_TEMPORAL_UI_PORT",
    "RIBAMBELLE_SMTP_PORT",
)


def what_it_says(home: Path, **changes: str) -> str:
    """Try to start a town that must not start, and return what was printed."""
    ports = dict(zip(PORTS, map(str, free_ports(4)), strict=True))
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "--without-examples"],
        cwd=ROOT,
        env={**os.environ, "RIBAMBELLE_HOME": str(home), **ports, **changes},  # noqa: TID251
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("variable", PORTS)
def test_a_busy_port_is_named_with_its_setting(
    variable: str, busy_port: int, tmp_path: Path
) -> None:
    said = what_it_says(tmp_path, **{variable: str(busy_port)})
    assert f"Le port {busy_port} est déjà pris" in said
    assert f"{variable}=" in said


def test_a_port_asked_for_twice_is_named(tmp_path: Path) -> None:
    [port] = free_ports(1)
    said = what_it_says(tmp_path, RIBAMBELLE_PORT=str(port), RIBAMBELLE_SMTP_PORT=str(port))
    assert said.startswith(f"Le port {port} est demandé deux fois")
    assert "RIBAMBELLE_PORT et RIBAMBELLE_SMTP_PORT" in said


def test_the_same_folder_twice_is_refused(tmp_path: Path) -> None:
    with Home(tmp_path).taken():
        said = what_it_says(tmp_path)
    assert f"Une ville tourne déjà dans {tmp_path} (processus {os.getpid()})." in said
    assert "RIBAMBELLE_HOME" in said


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = what_it_says(tmp_path / "file")
    assert "n’est pas utilisable" in said
    assert "RIBAMBELLE_HOME" in said


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    said = what_it_says(tmp_path, RIBAMBELLE_PORT="huit mille")
    assert said == "Réglage incorrect : RIBAMBELLE_PORT=huit mille\n"


def test_production_is_not_started_by_make_run(tmp_path: Path) -> None:
    said = what_it_says(
        tmp_path,
        RIBAMBELLE_ENV="production",
        RIBAMBELLE_SECRET="x" * 40,
        RIBAMBELLE_KEYS=new_key(),
        RIBAMBELLE_BASE_URL="https://famille.example",
    )
    assert "RIBAMBELLE_ENV=production" in said


def test_a_folder_left_by_one_town_may_be_taken_by_the_next(tmp_path: Path) -> None:
    for _ in range(2):
        with Home(tmp_path).taken(), pytest.raises(HomeIsTakenError), Home(tmp_path).taken():
            pass


def test_a_log_grown_too_large_or_of_another_month_makes_room_while_it_is_written(
    tmp_path: Path,
) -> None:
    home, at = Home(tmp_path), datetime(2026, 11, 30, 12, tzinfo=UTC)
    logs = tmp_path / "logs"
    with home.taken():
        home.tidy_logs(at)
        with home.log("site").open("ab", buffering=0) as site:
            site.write(b"x" * (LOG_LIMIT_BYTES + 1))
            home.log("worker").write_bytes(b"hier")
            home.tidy_logs(at)
            site.write(b"la suite")
        assert home.log("site").read_bytes() == b"la suite"
        assert home.log("worker").read_bytes() == b"hier"
        (large,) = logs.glob("site.log.*")
        assert large.stat().st_size == LOG_LIMIT_BYTES + 1
        home.tidy_logs(at + timedelta(days=1))
        home.tidy_logs(at + timedelta(days=1))
        assert home.log("worker").read_bytes() == b""
        assert [one.read_bytes() for one in logs.glob("worker.log.*")] == [b"hier"]


def test_a_technical_log_is_kept_six_months_and_no_longer(tmp_path: Path) -> None:
    home, at = Home(tmp_path), datetime(2027, 6, 1, tzinfo=UTC)
    with home.taken():
        for name, age in (("site.log.a", LOGS_KEPT), ("site.log.b", LOGS_KEPT + timedelta(days=1))):
            path, last = tmp_path / "logs" / name, (at - age).timestamp()
            path.write_bytes(b"x")
            os.utime(path, (last, last))
        home.tidy_logs(at)
        assert [one.name for one in (tmp_path / "logs").glob("site.log.*")] == ["site.log.a"]


def test_a_database_that_does_not_answer_is_waited_for_then_named_without_its_password(
    tmp_path: Path,
) -> None:
    [port] = free_ports(1)
    said = what_it_says(
        tmp_path,
        RIBAMBELLE_DATABASE_URL=f"postgresql://mairie:tres-secret@127.0.0.1:{port}/portail",
    )
    assert "La base de données ne répond pas encore, la ville l’attend" in said
    assert f"La base de données ne répond pas : postgresql://mairie:***@127.0.0.1:{port}" in said
    assert "RIBAMBELLE_DATABASE_URL" in said
    assert "tres-secret" not in said


def test_a_database_of_another_make_is_refused_without_its_password(tmp_path: Path) -> None:
    said = what_it_says(tmp_path, RIBAMBELLE_DATABASE_URL="mysql://mairie:tres-secret@h/portail")
    assert "l’adresse commence par postgresql://" in said
    assert "tres-secret" not in said
