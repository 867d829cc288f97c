"""F1: the worker is killed when a step is done and the engine does not know it yet.

Every kind of step runs twice then, and its effect must be there once.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest

from activities.checker import Checker
from domain.messages import Decision
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.letters import ACCEPTED
from tests.faults.halted import HaltingWorker
from tests.faults.ledger import Ledger
from tests.living_town import LivingTown, an_act, eventually, in_one
from tests.samples import pdf

WITHIN = 30.0


@dataclass(frozen=True)
class Story:
    """What a kind of step is for, told by what leads to it and what it leaves behind.

    `is_sent`: the dossier is complete and under review before. `acts` is what somebody does, or
    `waits` how much time passes. `line` and `letter` are then there once.
    """

    step: str
    is_sent: bool = False
    acts: Action | None = None
    waits: timedelta = timedelta()
    line: str = ""
    letter: str = ""
    leads_to: State = State.DRAFT


STORIES = (
    Story("record", acts=Action.SUBMIT, line="submit", leads_to=State.AWAITING_FAMILY),
    Story("send", is_sent=True, acts=Action.APPROVE, letter="approve", leads_to=State.APPROVED),
    Story("inspect", acts=Action.ADD_DOCUMENT),
    Story("last_saved", waits=timedelta(days=3), letter="draft_reminder"),
    Story("remind", waits=timedelta(days=3), line="draft_reminder", letter="draft_reminder"),
    Story("note_unheard", line="decision_unheard"),
    Story(
        "acts_given_before",
        is_sent=True,
        waits=timedelta(days=70),
        line="deem_approved",
        letter="deem_approved",
        leads_to=State.APPROVED,
    ),
)
QUICK = {"record", "send"}


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(one, id=one.step, marks=() if one.step in QUICK else pytest.mark.fault)
        for one in STORIES
    ],
)
async def test_a_worker_killed_after_a_step_makes_it_run_twice_and_happen_once(
    town: LivingTown, halting: HaltingWorker, ledger: Ledger, story: Story
) -> None:
    dossier = await (town.sent() if story.is_sent else town.opens())
    await town.worker_stops()
    halting.starts(story.step)
    happening = asyncio.create_task(_happens(town, dossier, story))
    await halting.is_killed_at_the_barrier()
    began = time.monotonic()
    town.worker_starts()
    await eventually(_is_done(town, dossier, story), seconds=60, what=f"{story.step} is done")
    seconds = time.monotonic() - began
    await happening
    timeline, letters = await town.timeline(dossier), await town.letters(dossier)
    doubled = max(timeline.count(story.line), letters.count(story.letter), 1) - 1
    checker = Checker(
        town.open_store, town.parts.files, town.gateway, patience=timedelta(minutes=1)
    )
    breaches = [breach async for breach in checker.run()]
    ledger.note(
        fault="F1",
        what=f"kill -9 of the worker at the end of the step `{story.step}`",
        rounds=1,
        acknowledged=1,
        lost=len(breaches),
        doubled=doubled,
        seconds=seconds,
    )
    assert breaches == []
    assert doubled == 0
    assert seconds <= WITHIN


async def _happens(town: LivingTown, dossier: Dossier, story: Story) -> None:
    if story.waits:
        await town.waits(dossier, story.waits)
    elif story.acts is Action.ADD_DOCUMENT:
        kept = await town.parts.files.keep(in_one(pdf()), limit_bytes=10**8)
        await town.as_parent().give_file(dossier.id, "child_identity", kept, name="acte.pdf")
    elif story.acts is Action.SUBMIT:
        await town.submits(dossier)
    elif story.acts:
        await town.decides(story.acts, dossier)
    else:
        await town.handle(dossier).signal("approve", Decision(an_act(), town.sophie.id))


def _is_done(town: LivingTown, dossier: Dossier, story: Story):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_done() -> bool:
        async with town.open_store() as store:
            waits = await store.documents.pending_ids(dossier.id)
            letters = await store.letters.of_dossier(dossier.id)
        lines = await town.timeline(dossier)
        is_there = await town.state(dossier) is story.leads_to
        has_line = not story.line or story.line in lines
        has_letter = not story.letter or story.letter in [one.kind for one in letters]
        is_sent = all(one.status == ACCEPTED for one in letters)
        return is_there and has_line and has_letter and is_sent and not waits

    return is_done
