"""A night on a real engine; and of an erased dossier nothing is left, wherever one looks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from temporalio.client import ScheduleHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.checker import Checker
from activities.retention import RetentionActivities, live_through
from activities.retention_letters import RetentionLetters
from api.engine_nights import EngineNights
from domain.deadlines import paris_day
from domain.nights import NIGHTS
from domain.retention import WARNED_BEFORE, kept_until
from domain.states import Action, State
from storage.clock import now
from storage.dossiers import Dossier
from storage.tables import accounts, metadata
from tests.builders import Someone, an_account
from tests.databases import on_both
from tests.living_town import ANSWERS, LivingTown, eventually
from worker import plan_the_nights

CANARY = "Canari-Zygomorphe"
_IDS_STAY = {"audit_log"}
"""Where the id of an erased dossier may stand: the journal, which says that it was erased."""


def nights_of(town: LivingTown) -> RetentionActivities:
    """The night's work of this town, by hand."""
    return RetentionActivities(
        town.open_store,
        town.parts.files,
        RetentionLetters(town.parts.writer),
        post=town.gateway.send_letter,
        forget=town.gateway.nights.forget,
    )


async def dump(town: LivingTown) -> Mapping[str, Sequence[str]]:
    """Every row of every table."""
    async with town.open_store() as store:
        return {
            table.name: [str(tuple(row)) for row in await store.connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


async def a_refused_dossier(town: LivingTown) -> Dossier:
    """A dossier with a word of the family's in every place that takes one, refused with more."""
    said = {name: {**values} for name, values in ANSWERS.items()}
    said["vous"]["last_name"] = said["enfant"]["first_name"] = CANARY
    said["situation"] |= {"separated": CANARY, "previous_school": CANARY}
    dossier = await town.opens(None, **said)
    await town.gives(dossier)
    await town.submits(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.asks(dossier, "proof_of_address")
    await town.gives(dossier, "proof_of_address")
    await town.replies(dossier)
    await town.reaches(dossier, State.UNDER_REVIEW)
    await town.decides(Action.REFUSE, dossier, reason_code="other", words=f"{CANARY} déménage.")
    assert await town.is_over(dossier) is State.REFUSED
    return dossier


async def has_history(town: LivingTown, dossier: Dossier) -> bool:
    """Whether the engine still knows of its workflow."""
    try:
        await town.handle(dossier).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


@on_both
async def test_nothing_is_left_of_an_erased_dossier_and_all_of_everybody_elses(
    town: LivingTown,
) -> None:
    dossier = await a_refused_dossier(town)
    async with town.open_store() as store:
        other = await an_account(store, Someone("karim@exemple.fr", name="Karim Haddad"), now())
        before = [one.id for one in await store.documents.of(dossier.id)]
    mine, town.parent = town.parent, other
    theirs = await town.sent()
    town.parent = mine
    gone_on = kept_until(State.REFUSED, paris_day(now()))
    assert gone_on is not None
    assert CANARY in str(await dump(town))
    await eventually(all_letters_left(town), what="every letter has left")
    kept = await rows_about(town, theirs)

    await live_through(nights_of(town), gone_on - WARNED_BEFORE)
    await live_through(nights_of(town), gone_on - timedelta(days=1))
    assert CANARY in str(await dump(town))
    await live_through(nights_of(town), gone_on)

    everything = await dump(town)
    assert CANARY.lower() not in str(everything).lower()
    told = {name for name, rows in everything.items() if dossier.id in str(rows)}
    assert told == _IDS_STAY
    for document_id in before:
        assert not town.folder.folder_of(document_id).exists()

    async def engine_forgot() -> bool:
        return not await has_history(town, dossier)

    # The engine takes its time: it deletes what has just ended by and by.
    await eventually(engine_forgot, seconds=180, what="the engine forgets the dossier")
    assert await has_history(town, theirs)
    assert await rows_about(town, theirs) == kept
    checker = Checker(town.open_store, town.parts.files, town.gateway)
    assert [one async for one in checker.run()] == []


def all_letters_left(town: LivingTown) -> Callable[[], Awaitable[bool]]:
    """Whether the mail server has them all: a letter that leaves changes its row."""

    async def is_so() -> bool:
        async with town.open_store() as store:
            return set(await store.letters.counts()) == {"accepted"}

    return is_so


async def rows_about(town: LivingTown, dossier: Dossier) -> Mapping[str, Sequence[str]]:
    """The rows that name this dossier."""
    found = await dump(town)
    return {
        name: sorted(row for row in rows if dossier.id in row)
        for name, rows in found.items()
        if dossier.id in str(rows)
    }


async def planned(town: LivingTown) -> ScheduleHandle:
    """The schedule, as a worker makes it when it starts; twice, as two workers would."""
    for _ in range(2):
        await EngineNights(town.parts.client).keep()
    return town.parts.client.get_schedule_handle(NIGHTS)


async def test_the_engine_plans_one_night_a_day_and_a_worker_lives_it(town: LivingTown) -> None:
    schedule = await planned(town)
    try:
        reading = await town.gateway.nights.read()
        assert reading is not None
        assert reading.next_at is not None
        local = reading.next_at.astimezone(ZoneInfo("Europe/Paris"))
        assert (local.hour, local.minute) == (4, 15)
        await schedule.trigger()

        async def is_over() -> bool:
            async with town.open_store() as store:
                nights = await store.erasure_nights.latest(limit=5)
            return [one.ended_at is not None for one in nights] == [True]

        await eventually(is_over, seconds=60, what="the night is over")
    finally:
        await schedule.delete()


async def test_an_engine_that_lost_everything_is_told_of_the_nights_again(town: LivingTown) -> None:
    lost = await planned(town)
    await lost.delete()
    reading = await town.gateway.nights.read()
    assert reading is not None
    assert reading.next_at is None
    found = await planned(town)
    try:
        reading = await town.gateway.nights.read()
        assert reading is not None
        assert reading.next_at is not None
    finally:
        await found.delete()


async def test_a_worker_that_stays_plans_the_nights_again_in_an_engine_that_lost_its_file(
    town: LivingTown,
) -> None:
    nights = EngineNights(town.parts.client)
    planning = asyncio.create_task(plan_the_nights(nights, turn=0.05))

    async def is_planned() -> bool:
        reading = await nights.read()
        return reading is not None and reading.next_at is not None

    schedule = town.parts.client.get_schedule_handle(NIGHTS)
    try:
        for _ in range(2):
            await eventually(is_planned, seconds=60, what="the nights are planned")
            await schedule.delete()
        await eventually(is_planned, seconds=60, what="the nights are planned again")
    finally:
        planning.cancel()
        with suppress(asyncio.CancelledError):
            await planning
        await schedule.delete()


async def test_a_paused_schedule_is_left_as_the_admin_wants_it(town: LivingTown) -> None:
    schedule = await planned(town)
    try:
        await schedule.pause(note="Une panne.")
        assert not await EngineNights(town.parts.client).plan_if_lost()
        reading = await town.gateway.nights.read()
        assert reading is not None
        assert reading.is_paused
    finally:
        await schedule.delete()


async def test_a_night_without_anything_to_do_leaves_accounts_alone(town: LivingTown) -> None:
    today: date = paris_day(now())
    stage = await live_through(nights_of(town), today)
    assert stage.failed == 0
    async with town.open_store() as store:
        (night,) = await store.erasure_nights.latest(limit=5)
        closed = select(accounts.c.id).where(accounts.c.disabled_at.is_not(None))
        assert (await store.connection.execute(closed)).all() == []
    assert isinstance(night.ended_at, datetime)
