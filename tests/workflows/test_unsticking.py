"""What supervision reads from a real engine, and a step tried again before its time."""

from datetime import timedelta

from storage.letters import ACCEPTED, RETRYING
from storage.supervision import Incident
from tests.living_town import LivingTown, eventually


async def a_greylisted_letter(town: LivingTown) -> Incident:
    """A dossier is sent while the mail server says: come back later."""
    await town.mail_waits(timedelta(hours=1))
    town.mail.answers = ["451 come back later"]
    await town.sent()

    async def has_failed() -> bool:
        async with town.open_store() as store:
            return bool(await store.supervision.open_incidents())

    await eventually(has_failed)
    async with town.open_store() as store:
        [incident] = await store.supervision.open_incidents()
    return incident


async def status_of(town: LivingTown, letter_id: str) -> str:
    async with town.open_store() as store:
        letter = await store.letters.find(letter_id)
    assert letter is not None
    return letter.status


async def test_a_letter_that_waits_for_an_hour_leaves_at_once_when_it_is_retried(
    town: LivingTown,
) -> None:
    incident = await a_greylisted_letter(town)
    assert await status_of(town, incident.subject) == RETRYING
    [step] = (await town.gateway.pending([incident.workflow_id]))[incident.workflow_id]
    assert (step.step, step.code, step.is_running) == ("send", "smtp_451", False)
    assert await town.gateway.retry_now(incident.workflow_id, incident.activity_id, "admin")

    async def is_sent() -> bool:
        return await status_of(town, incident.subject) == ACCEPTED

    await eventually(is_sent)
    assert len(town.mail.accepted) == 1


async def test_a_step_that_went_through_cannot_be_retried(town: LivingTown) -> None:
    incident = await a_greylisted_letter(town)
    await town.gateway.retry_now(incident.workflow_id, incident.activity_id, "admin")

    async def is_gone() -> bool:
        return not (await town.gateway.pending([incident.workflow_id]))[incident.workflow_id]

    await eventually(is_gone)
    assert not await town.gateway.retry_now(incident.workflow_id, incident.activity_id, "admin")
    assert not await town.gateway.retry_now("dossier-nobody", "1", "admin")


async def test_a_workflow_nobody_knows_has_no_pending_step(town: LivingTown) -> None:
    assert await town.gateway.pending(["dossier-nobody"]) == {"dossier-nobody": ()}


async def test_the_engine_says_that_a_worker_is_there_and_how_it_opens_documents(
    town: LivingTown,
) -> None:
    async def is_there() -> bool:
        reading = await town.gateway.engine_reading()
        return reading is not None and reading.last_call is not None

    await eventually(is_there)
    reading = await town.gateway.engine_reading()
    assert reading is not None
    assert reading == town.gateway.last_reading
    assert reading.is_isolated is town.parts.inspector.is_isolated
    assert reading.failing == ()
