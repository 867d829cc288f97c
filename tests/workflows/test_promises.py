"""Each promise that may be broken is broken here, in a real town, and seen by the checker."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from activities.checker import Checker
from domain.breaches import BREACHES, Breach
from domain.states import Action, State
from storage.dossiers import Dossier
from storage.store import Store
from storage.tables import acts, documents, dossiers, events, letters, snapshots
from tests.living_town import LivingTown, eventually, kept_act

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


async def checked(town: LivingTown, *, patience: timedelta = timedelta(minutes=1)) -> set[Breach]:
    checker = Checker(town.open_store, town.parts.files, town.gateway, patience=patience)
    return {breach async for breach in checker.run()}


async def codes_in(town: LivingTown) -> set[str]:
    return {breach.code for breach in await checked(town)}


async def decided(town: LivingTown, action: Action = Action.APPROVE) -> Dossier:
    dossier = await town.sent()
    await town.decides(action, dossier, reason_code="capacity", words="Plus de place.")
    await town.is_over(dossier)
    return dossier


async def test_a_town_that_lives_its_life_breaks_no_promise(town: LivingTown) -> None:
    await town.opens()
    await decided(town)
    await decided(town, Action.REFUSE)
    asked = await town.sent()
    await town.asks(asked, "child_identity")
    await town.gives(asked, "child_identity")
    await town.replies(asked)
    await town.reaches(asked, State.UNDER_REVIEW)
    await town.withdraws(await town.declared())
    assert await checked(town) == set()


Plant = Callable[[Store, Dossier], Awaitable[None]]


async def _forget_the_sending(store: Store, dossier: Dossier) -> None:
    mine = (acts.c.dossier_id == dossier.id) & (acts.c.action == "submit")
    await store.connection.execute(delete(acts).where(mine))


async def _forget_the_answers(store: Store, dossier: Dossier) -> None:
    await store.connection.execute(delete(snapshots).where(snapshots.c.dossier_id == dossier.id))


async def _forget_a_line(store: Store, dossier: Dossier) -> None:
    mine = (events.c.dossier_id == dossier.id) & (events.c.what == "submit")
    await store.connection.execute(delete(events).where(mine))


async def _forget_the_line_of_the_decision(store: Store, dossier: Dossier) -> None:
    mine = (events.c.dossier_id == dossier.id) & (events.c.what == "approve")
    await store.connection.execute(delete(events).where(mine))


async def _decide_again(store: Store, dossier: Dossier) -> None:
    await store.events.add(
        dossier.id,
        "act:again",
        at=LONG_AGO,
        what="refuse",
        actor="agent",
        actor_id=None,
        state="refused",
    )


async def _forget_the_letter(store: Store, dossier: Dossier) -> None:
    mine = (letters.c.dossier_id == dossier.id) & (letters.c.kind == "approve")
    await store.connection.execute(delete(letters).where(mine))


async def _tell_the_contrary(store: Store, dossier: Dossier) -> None:
    mine = (letters.c.dossier_id == dossier.id) & (letters.c.kind == "approve")
    await store.connection.execute(update(letters).where(mine).values(kind="refuse"))


async def _forget_the_day(store: Store, dossier: Dossier) -> None:
    await store.connection.execute(
        update(dossiers).where(dossiers.c.id == dossier.id).values(decided_at=None)
    )


async def _forget_an_upload(store: Store, dossier: Dossier) -> None:
    mine = (acts.c.dossier_id == dossier.id) & (acts.c.action == "add_document")
    await store.connection.execute(delete(acts).where(mine))


async def _double_a_message_id(store: Store, dossier: Dossier) -> None:
    mine = letters.c.dossier_id == dossier.id
    await store.connection.execute(update(letters).where(mine).values(message_id="<one@v.example>"))


async def _forget_when_it_left(store: Store, dossier: Dossier) -> None:
    mine = letters.c.dossier_id == dossier.id
    await store.connection.execute(update(letters).where(mine).values(accepted_at=None))


async def _leave_a_letter(store: Store, dossier: Dossier) -> None:
    mine = letters.c.dossier_id == dossier.id
    late = {"status": "to_send", "created_at": LONG_AGO}
    await store.connection.execute(update(letters).where(mine).values(late))


async def _leave_a_document(store: Store, dossier: Dossier) -> None:
    mine = documents.c.dossier_id == dossier.id
    late = {"status": "pending", "given_at": LONG_AGO}
    await store.connection.execute(update(documents).where(mine).values(late))


@pytest.mark.parametrize(
    ("code", "plant"),
    [
        ("sending_without_act", _forget_the_sending),
        ("sending_without_answers", _forget_the_answers),
        ("act_without_line", _forget_a_line),
        ("decision_without_line", _forget_the_line_of_the_decision),
        ("decided_twice", _decide_again),
        ("decision_without_letter", _forget_the_letter),
        ("told_otherwise", _tell_the_contrary),
        ("decision_without_day", _forget_the_day),
        ("document_without_act", _forget_an_upload),
        ("letter_doubled", _double_a_message_id),
        ("letter_accepted_never", _forget_when_it_left),
        ("letter_forgotten", _leave_a_letter),
        ("document_stuck", _leave_a_document),
    ],
)
async def test_a_row_that_breaks_a_promise_is_found(
    town: LivingTown, code: str, plant: Plant
) -> None:
    dossier = await decided(town)
    async with town.open_store() as store:
        await plant(store, dossier)
    found = await checked(town)
    assert (code, dossier.id) in {(breach.code, breach.dossier_id) for breach in found}


async def test_an_act_that_nobody_applies_is_found_unless_its_cause_is_known(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    act = kept_act(town.sophie, Action.APPROVE, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(act)
        await store.connection.execute(
            update(acts).where(acts.c.id == act.id).values(given_at=LONG_AGO)
        )
    assert await checked(town) == {Breach("act_undelivered", dossier.id, act.id)}
    async with town.open_store() as store:
        await store.supervision.note_failure(
            workflow_id=f"dossier-{dossier.id}",
            activity_id="1",
            step="record",
            dossier_id=dossier.id,
            subject="",
            code="operational_error",
            attempt=3,
            at=LONG_AGO,
            next_try_at=LONG_AGO,
        )
    assert await checked(town) == set()


async def test_a_file_that_is_gone_changed_or_left_over_is_found(town: LivingTown) -> None:
    dossier = await town.opens()
    await town.gives(dossier)
    async with town.open_store() as store:
        gone, changed, _ = await store.documents.of(dossier.id)
        await store.connection.execute(
            update(documents)
            .where(documents.c.id == changed.id)
            .values(sha256=hashlib.sha256(b"autre").hexdigest())
        )
    await town.parts.files.remove(gone.id)
    assert await checked(town) == {
        Breach("file_missing", dossier.id, gone.id),
        Breach("file_changed", dossier.id, changed.id),
    }


async def test_a_dossier_the_engine_does_not_know_is_found(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.handle(dossier).terminate("lost")

    async def is_found() -> bool:
        return await checked(town) == {Breach("dossier_not_running", dossier.id)}

    await eventually(is_found)
    await town.parts.reconciler.run()
    assert await checked(town) == set()


async def test_rows_and_engine_that_tell_different_states_are_found(town: LivingTown) -> None:
    ahead, behind = await town.sent(), await town.opens()
    async with town.open_store() as store:
        for dossier, state in ((ahead, "draft"), (behind, "withdrawn")):
            await store.connection.execute(
                update(dossiers).where(dossiers.c.id == dossier.id).values(state=state)
            )
    found = {b for b in await checked(town) if b.code == "engine_tells_otherwise"}
    assert {breach.dossier_id for breach in found} == {ahead.id, behind.id}


async def test_a_check_that_lasts_is_found(town: LivingTown) -> None:
    dossier = await town.sent()
    late = {"state": "checking", "state_since": LONG_AGO}
    async with town.open_store() as store:
        await store.connection.execute(
            update(dossiers).where(dossiers.c.id == dossier.id).values(late)
        )
    assert "check_stuck" in await codes_in(town)


def test_every_breach_has_its_promise_and_a_french_sentence() -> None:
    for code in BREACHES:
        assert Breach(code).invariant in {"I1", "I2", "I3", "I4", "I5"}
        assert Breach(code).sentence.endswith(".")
