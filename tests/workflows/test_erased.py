"""A family that is erased, in a real town: the engine lets go, the bytes leave."""

from datetime import timedelta

from activities.checker import Checker
from domain.states import State
from storage.clock import now
from tests.living_town import LivingTown, eventually


async def test_an_erased_draft_leaves_no_workflow_no_bytes_and_no_broken_promise(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "proof_of_address")
    async with town.open_store() as store:
        (document,) = await store.documents.of(dossier.id)
    await town.withdraws(dossier)
    assert await town.is_over(dossier) is State.WITHDRAWN
    async with town.open_store() as store:
        await store.accounts.disable(town.parent.id, now())
        await store.erasures.erase(town.parent.id, now())

    checker = Checker(
        town.open_store, town.parts.files, town.gateway, patience=timedelta(minutes=1)
    )
    assert [one async for one in checker.run()] == []
    async with town.open_store() as store:
        assert await store.dossiers.answers(dossier.id) == {}
        assert await store.letters.of_dossier(dossier.id) == []
        # What the sweeper asks before it erases bytes.
        assert await store.documents.with_bytes([document.id]) == frozenset()

    async def nothing_is_sent() -> bool:
        async with town.open_store() as store:
            return await store.letters.outbox() == []

    await eventually(nothing_is_sent, what="no letter about it is kept")
