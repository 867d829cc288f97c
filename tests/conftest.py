"""What every floor's tests may ask for: a real engine, a browser. Both cost time, so once a run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.town import Engine, running_engine

_LEDGER = pytest.StashKey[Ledger]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-report`: what the faults cost goes to docs/reliability.md (`make faults`)."""
    parser.addoption("--write-report", action="store_true", help=pytest_addoption.__doc__)


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
