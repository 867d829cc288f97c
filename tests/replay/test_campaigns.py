"""Today's code still understands yesterday's campaigns; see `record_campaign`."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from workflows.campaign import Campaign
from workflows.payloads import DATA_CONVERTER

HISTORIES = sorted((Path(__file__).parent / "campaigns").glob("*.json"))


def test_there_is_a_kept_history() -> None:
    assert {path.stem for path in HISTORIES} >= {"paused_and_extended"}


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_kept_campaign_is_still_understood(path: Path) -> None:
    history = _kept(path)
    await Replayer(workflows=[Campaign], data_converter=DATA_CONVERTER).replay_workflow(history)


def _kept(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("campaign-kept", path.read_text(encoding="utf-8"))
