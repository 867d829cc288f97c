"""F1: workers are killed in the middle of a night: each family is erased once, and whole."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from api.gateway import QUEUE
from domain.audit import What
from domain.deadlines import paris_day
from domain.nights import NIGHTS, Stage
from domain.retention import Category
from domain.states import State
from storage.clock import now
from storage.dossiers import Dossier
from storage.records import new_id
from storage.retention import ToWarn
from storage.tables import audit_log, letters
from tests.builders import Someone, an_account
from tests.faults.halted import HaltingWorker
from tests.faults.ledger import Ledger
from tests.living_town import LivingTown, in_one
from tests.office import Office
from tests.overdue import a_closed_dossier
from tests.samples import pdf
from workflows.retention import NightlyRetention

TODAY = paris_day(now())
A_DAY = timedelta(days=1)
LONG_AGO, LATELY = TODAY - 400 * A_DAY, TODAY - 10 * A_DAY
SOON = TODAY - 360 * A_DAY
"""A refusal of that day goes within two weeks: its family is to be told."""
MANY = 6
WARNING = letters.c.kind == "retention_warning"


@dataclass(frozen=True)
class Given:
    """A refused dossier of some family, and the document that was given for it."""

    dossier: Dossier
    document_id: str


async def refused(town: LivingTown, name: str, day: Any, *, is_warned: bool) -> Given:
    """A family whose dossier was refused that day; with `is_warned`, it goes tonight."""
    office = Office(town.open_store, town.mail, town.folder, town.parent, town.sophie)
    async with town.open_store() as store:
        office.claire = await an_account(store, Someone(f"{name}@exemple.fr", name=name), now())
    dossier = await a_closed_dossier(office, day, State.REFUSED)
    kept = await town.parts.files.keep(in_one(pdf()), limit_bytes=10**8)
    await office.gives(dossier, "proof_of_address", id=kept.document_id)
    told = [ToWarn(Category.CLOSED, dossier.id, dossier.id)]
    if is_warned:
        async with town.open_store() as store:
            await store.retention.note_warned(office.claire.id, told, now(), TODAY)
    return Given(dossier, kept.document_id)


async def rows(town: LivingTown, table: Any, *which: Any) -> Sequence[Mapping[str, Any]]:
    async with town.open_store() as store:
        found = await store.connection.execute(select(table).where(*which))
        return [dict(row) for row in found.mappings()]


async def test_a_night_whose_workers_are_killed_erases_each_family_once_and_whole(
    town: LivingTown, halting: HaltingWorker, ledger: Ledger
) -> None:
    await town.worker_stops()
    gone = [await refused(town, f"parti{n}", LONG_AGO, is_warned=True) for n in range(MANY)]
    told = await refused(town, "prevenu", SOON, is_warned=False)
    kept = await refused(town, "reste", LATELY, is_warned=False)
    night = await town.parts.client.start_workflow(
        NightlyRetention.run, Stage(), id=f"{NIGHTS}-{new_id()}", task_queue=QUEUE
    )
    for moment in ("warn_families", "remove:3"):
        halting.starts(moment)
        await halting.is_killed_at_the_barrier()
    half = [one for one in gone if await rows_of(town, one)]
    assert 0 < len(half) < MANY, "it was killed in the middle"
    began = time.monotonic()
    town.worker_starts()
    await night.result()
    seconds = time.monotonic() - began

    lines = await rows(town, audit_log, audit_log.c.what == What.DATA_ERASED.value)
    erased = sorted(line["dossier_id"] for line in lines)
    assert erased == sorted(one.dossier.id for one in gone), "a line each, and of nobody else"
    assert [one for one in gone if await rows_of(town, one)] == []
    async with town.open_store() as store:
        (whole,) = await store.erasure_nights.latest(limit=5)
        counts = {one.category: one for one in await store.erasure_nights.lines(limit=50)}
    assert whole.ended_at is not None
    assert (counts["closed"].erased, counts["closed"].warned) == (MANY, 1)
    written = [one["account_id"] for one in await rows(town, letters, WARNING)]
    assert told.dossier.account_id in written
    assert len(written) == len(set(written)), "whoever is told is told once"

    await the_hour_of_the_sweep(town)
    assert [one for one in gone if town.folder.folder_of(one.document_id).exists()] == []
    for other in (told, kept):
        assert len(await rows_of(town, other)) == 1
        assert town.folder.original(other.document_id).exists()
    ledger.note(
        fault="F1",
        what="kill -9 of two workers in one night of retention: after its letters, and while it "
        "erases",
        rounds=2,
        acknowledged=MANY,
        lost=0,
        doubled=len(erased) - MANY,
        seconds=seconds,
    )


async def rows_of(town: LivingTown, one: Given) -> Sequence[Dossier]:
    """The dossier, as long as it is there."""
    async with town.open_store() as store:
        found = await store.dossiers.of_account(one.dossier.account_id)
    return [dossier for dossier in found if dossier.id == one.dossier.id]


async def the_hour_of_the_sweep(town: LivingTown) -> None:
    """What a killed worker left of a file is swept after an hour: it has passed."""
    hours_ago = now().timestamp() - 7200
    for folder in town.folder.folder_of("0" * 32).parents[1].glob("??/*"):
        os.utime(folder, (hours_ago, hours_ago))
    await town.parts.reconciler.run()
