"""Today's code still understands yesterday's nights."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.nights import NIGHTS, ORDER
from domain.retention import Category
from tests.replay.record_night import HISTORIES
from workflows.payloads import DATA_CONVERTER
from workflows.retention import NightlyRetention


@pytest.mark.parametrize("path", sorted(HISTORIES.glob("*.json")), ids=lambda path: path.stem)
async def test_a_kept_night_is_still_understood(path: Path) -> None:
    replayer = Replayer(workflows=[NightlyRetention], data_converter=DATA_CONVERTER)
    await replayer.replay_workflow(_kept(path))


def _kept(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(NIGHTS, path.read_text(encoding="utf-8"))


def test_nights_are_kept_and_go_through_every_category_once() -> None:
    assert list(HISTORIES.glob("*.json"))
    assert sorted(ORDER) == sorted(Category)
