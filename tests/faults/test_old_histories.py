"""F18: a worker with today's code takes over the dossiers of yesterday."""

from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.faults.ledger import Ledger
from tests.town import ROOT
from workflows.actualisation import Actualisation
from workflows.change import Change
from workflows.payloads import DATA_CONVERTER
from workflows.registration import Registration

HISTORIES = sorted((ROOT / "tests" / "replay" / "histories").glob("*.json"))


async def test_a_worker_of_today_takes_over_every_dossier_of_yesterday(ledger: Ledger) -> None:
    kinds = (Registration, Actualisation, Change)
    replayer = Replayer(workflows=kinds, data_converter=DATA_CONVERTER)
    not_understood = [
        path.stem
        for path in HISTORIES
        if (
            await replayer.replay_workflow(_kept(path), raise_on_replay_failure=False)
        ).replay_failure
    ]
    ledger.note(
        fault="F18",
        what="today's workflows take over dossiers whose history was kept",
        rounds=len(HISTORIES),
        acknowledged=len(HISTORIES),
        lost=len(not_understood),
        doubled=0,
    )
    assert HISTORIES
    assert not_understood == []


def _kept(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
