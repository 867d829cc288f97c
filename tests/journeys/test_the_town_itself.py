"""The town of `make run`: it starts, falls, comes back, stops, and finds everything again."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from deploy.engine import SEARCH_ATTRIBUTES
from tests.town import RunningTown, is_running, wait_until

PARTS = ("site", "worker", "engine", "catcher")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    with RunningTown(tmp_path_factory.mktemp("town") / "home") as town:
        yield town


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def test_a_town_that_is_ready_shows_its_first_page_and_says_where(town: RunningTown) -> None:
    assert answers(town.base_url)
    assert answers(f"{town.base_url}/healthz")
    assert answers(f"{town.base_url}/readyz")
    assert "La ville de Valbourg est prête" in town.screen
    assert town.base_url in town.screen


@pytest.mark.parametrize("part", PARTS)
def test_the_portal_answers_thirty_seconds_after_any_part_was_killed(
    town: RunningTown, part: str
) -> None:
    killed = town.kill(part)
    town.wait_for_return_of(part, killed=killed, seconds=30)
    wait_until(lambda: answers(f"{town.base_url}/readyz"), seconds=30, what="the portal answers")


def test_a_second_town_in_the_same_home_is_refused(town: RunningTown) -> None:
    second = RunningTown(town.home)
    with pytest.raises(AssertionError, match="Une ville tourne déjà"):
        second.start()


async def test_the_engine_keeps_closed_dossiers_and_knows_the_search_attributes(
    town: RunningTown,
) -> None:
    client = await Client.connect(town.engine_address)
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="default")
    )
    assert described.config.workflow_execution_retention_ttl.seconds == 400 * 24 * 3600
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="default")
    )
    assert set(SEARCH_ATTRIBUTES) <= set(known.custom_attributes)


def test_a_stopped_town_leaves_nothing_running_and_starts_again(tmp_path: Path) -> None:
    with RunningTown(tmp_path / "home") as town:
        pids = [town.pid(part) for part in PARTS]
        town.stop()
        assert not [pid for pid in pids if is_running(pid)]
        assert town.status == {}
        town.start()
        assert answers(town.base_url)


def test_a_killed_supervisor_leaves_nothing_running_and_the_town_starts_again(
    tmp_path: Path,
) -> None:
    with RunningTown(tmp_path / "home") as town:
        pids = [town.pid(part) for part in PARTS]
        town.kill("supervisor")
        wait_until(lambda: not any(map(is_running, pids)), seconds=10, what="every part is gone")
        town.start()
        assert answers(town.base_url)


def test_two_towns_live_side_by_side(town: RunningTown, tmp_path: Path) -> None:
    with RunningTown(tmp_path / "other") as other:
        assert other.base_url != town.base_url
        assert answers(other.base_url)
        assert answers(town.base_url)
