"""What every floor's tests may ask for: a real engine, a browser. Both cost time, so once a run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.buckets import BucketServer, running_bucket_server
from tests.clamd import RunningClamd, running_clamd
from tests.databases import Databases, databases_of
from tests.faults.ledger import Ledger
from tests.town import Engine, running_engine

_LEDGER = pytest.StashKey[Ledger]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make faults` and `make test-postgres` ask for."""
    parser.addoption(
        "--write-report", action="store_true", help="tell docs/reliability.md what the faults cost"
    )
    parser.addoption("--kills", type=int, default=200, help="how many random kills")
    parser.addoption("--minutes", type=int, default=90, help="for how long there are kills at most")
    parser.addoption("--seed", type=int, default=1, help="what the random kills begin with")
    parser.addoption("--fuzz", type=int, default=10, help="how many requests of each kind to try")
    parser.addoption(
        "--postgres", action="store_true", help="use databases of a real PostgreSQL, not SQLite"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LEDGER] = Ledger()


@pytest.fixture
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """Where a test notes what a fault cost; see tests/faults/ledger.py."""
    return pytestconfig.stash[_LEDGER]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    noted = config.stash[_LEDGER]
    if noted.lines and config.getoption("--write-report"):
        failed = len(terminalreporter.getreports("failed") + terminalreporter.getreports("error"))
        noted.write(failed=failed)
        terminalreporter.section("faults")
        terminalreporter.write_line(noted.table())


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A real Temporal dev server for the whole run, on which time may be skipped."""
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """A server that speaks S3, for the whole run."""
    with running_bucket_server() as server:
        yield server


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[RunningClamd]:
    """A real clamd of this test's own, which may be killed. Without one, the test is skipped."""
    with running_clamd(tmp_path / "clamd") as clamd:
        yield clamd


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """What gives each test its database; see `tests.databases.on_both`."""
    usual = "postgresql" if request.config.getoption("--postgres") else "sqlite"
    kind = getattr(request, "param", usual)
    with databases_of(kind, tmp_path_factory.mktemp("migrated")) as databases:
        yield databases


@pytest.fixture
def sql_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of an empty migrated database of this test's own."""
    with databases.empty(tmp_path) as sql_url:
        yield sql_url


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's chromium. Without it the journeys are skipped; in CI that is an error."""
    found = shutil.which("chromium")
    if found is not None:
        return Path(found)
    reason = "chromium est introuvable (apt-get install chromium)"
    if os.environ.get("CI") == "true":  # noqa: TID251  (not a setting of the town)
        pytest.fail(reason)
    pytest.skip(reason)


_BY_COST = (
    "domain",
    "replay",
    "storage",
    "activities",
    "api",
    "deploy",
    "workflows",
    "faults",
    "journeys",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The cheapest floor first, so that most mistakes are told within seconds.

    What drives a browser comes last: Playwright keeps its event loop running until its end, and no
    other test may begin one beside it.
    """
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, _cost(item)))


def _cost(item: pytest.Item) -> int:
    floor = item.path.relative_to(Path(__file__).parent).parts[0]
    return _BY_COST.index(floor) if floor in _BY_COST else len(_BY_COST)
