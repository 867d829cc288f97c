"""F1 for what is more than a dossier's step: the worker is killed in a batch, and in an effect."""

import asyncio
import time
from collections import Counter
from datetime import timedelta

import pytest

from activities.checker import Checker
from domain.deadlines import paris_day
from domain.states import Action, State
from storage.clock import now
from storage.letters import ACCEPTED
from tests.campaigns import a_campaign, a_plan
from tests.families import SCHOOL
from tests.faults.halted import HaltingWorker
from tests.faults.ledger import Ledger
from tests.living_campaigns import DAY, Run, families_of
from tests.living_changes import record_of
from tests.living_town import LivingTown, eventually
from tests.living_updates import updates

FAMILIES = 25
"""Two transactions of one batch: the first letter is handed over while others are written."""


@pytest.mark.fault
async def test_a_worker_killed_in_a_batch_of_a_campaign_invites_everybody_once(
    town: LivingTown, halting: HaltingWorker, ledger: Ledger
) -> None:
    families = await families_of(town, FAMILIES)
    await town.worker_stops()
    today = paris_day(now())
    days = {"opens_on": today - DAY, "closes_on": today + 30 * DAY}
    plan = a_plan(**days, batch_size=FAMILIES, reminders={}, last_days=0)
    async with town.open_store() as store:
        campaign = await a_campaign(store, town.sophie.id, now(), plan)
    halting.starts("send")
    await town.gateway.tell_campaign(campaign.id)
    await halting.is_killed_at_the_barrier()
    began = time.monotonic()
    run = Run(town, campaign.id)
    town.worker_starts()

    await eventually(run.is_heard, seconds=300, what="the batch was gone on with")
    await town.parts.reconciler.run()  # as the worker does each minute: what was not handed over

    async def is_done() -> bool:
        async with town.open_store() as store:
            letters = await store.letters.counts()
        return letters == {ACCEPTED: FAMILIES}

    await eventually(is_done, seconds=400, what="every family has its letter")
    seconds = time.monotonic() - began
    written = await run.written()
    mails = Counter(str(mail["Message-ID"]) for mail in town.mail.accepted)
    readers = Counter(str(mail["To"]) for mail in town.mail.accepted)
    doubled = [one for one, kinds in written.items() if kinds != ["invitation"]]
    lost = set(families) - set(written)
    ledger.note(
        fault="F1",
        what=f"kill -9 of the worker in a campaign's batch of {FAMILIES} families",
        rounds=1,
        acknowledged=FAMILIES,
        lost=len(lost),
        doubled=len(doubled),
        seconds=seconds,
    )
    assert lost == set()
    assert doubled == []
    assert len(mails) == len(readers) == FAMILIES  # a copy has the same Message-ID


@pytest.mark.fault
async def test_a_worker_killed_after_an_approval_changes_the_family_s_file_once(
    town: LivingTown, halting: HaltingWorker, ledger: Ledger
) -> None:
    dossier = await updates(town)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.worker_stops()
    halting.starts("record")
    deciding = asyncio.create_task(town.decides(Action.APPROVE, dossier))
    await halting.is_killed_at_the_barrier()
    began = time.monotonic()
    (before,) = (await record_of(town)).children
    town.worker_starts()
    assert await town.is_over(dossier, seconds=60) is State.APPROVED
    seconds = time.monotonic() - began
    await deciding
    (child,) = (await record_of(town)).children
    async with town.open_store() as store:
        health = await store.health_records.of(child.id)
    checker = Checker(
        town.open_store, town.parts.files, town.gateway, patience=timedelta(minutes=1)
    )

    async def is_at_rest() -> bool:
        async with town.open_store() as store:
            letters = await store.letters.of_dossier(dossier.id)
        return all(one.status == ACCEPTED for one in letters)

    await eventually(is_at_rest, seconds=60, what="its letters have left")
    found = [breach async for breach in checker.run()]
    breaches = [one for one in found if one.dossier_id == dossier.id]  # another is a row only
    timeline, letters = await town.timeline(dossier), await town.letters(dossier)
    doubled = max(timeline.count("approve"), letters.count("approve"), 1) - 1
    ledger.note(
        fault="F1",
        what="kill -9 of the worker at the end of an update's approval, its effects written",
        rounds=1,
        acknowledged=1,
        lost=len(breaches),
        doubled=doubled,
        seconds=seconds,
    )
    assert child == before
    assert (child.grade, child.school_id) == ("ms", SCHOOL)
    assert health is not None
    assert health.version == 1
    assert breaches == []
    assert doubled == 0
