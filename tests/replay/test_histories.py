"""Today's code still understands yesterday's dossiers: every kept history is replayed."""

import base64
import json
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.states import State
from tests.replay.hasty import Hasty
from tests.replay.scenarios import SCENARIOS
from workflows.actualisation import Actualisation
from workflows.change import Change
from workflows.payloads import DATA_CONVERTER
from workflows.registration import Registration

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def replayer(*workflows: type) -> Replayer:
    return Replayer(workflows=workflows, data_converter=DATA_CONVERTER)


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_kept_history_is_still_understood(path: Path) -> None:
    history = _kept(path)
    await replayer(Registration, Actualisation, Change).replay_workflow(history)


def test_every_branch_of_the_life_has_a_kept_history() -> None:
    assert {path.stem for path in HISTORIES} >= set(SCENARIOS)
    ends = {_end_of(path) for path in HISTORIES}
    assert {State(end) for end in ends} == {state for state in State if state.is_closed}


def _kept(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json("dossier-kept", path.read_text(encoding="utf-8"))


def _end_of(path: Path) -> str:

    last = json.loads(path.read_text(encoding="utf-8"))["events"][-1]
    payload = last["workflowExecutionCompletedEventAttributes"]["result"]["payloads"][0]
    return str(json.loads(base64.b64decode(payload["data"])))


async def test_the_replay_would_notice_a_careless_change() -> None:
    path = next(path for path in HISTORIES if path.stem == "approved")
    history = _kept(path)
    with pytest.raises(workflow.NondeterminismError):
        await replayer(Hasty).replay_workflow(history)
