"""Writers wait for each other; one that gives up, or fails, holds nobody up."""

import asyncio
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.store import OpenStore, store_opener
from tests.storage.conftest import NOW


async def _write(open_store: OpenStore, email: str) -> None:
    async with open_store() as store:
        await store.accounts.add(email, "parent", NOW)


async def _is_known(open_store: OpenStore, email: str) -> bool:
    async with open_store() as store:
        return await store.accounts.by_email(email) is not None


async def test_whoever_gives_up_waiting_to_write_holds_nobody_up(database: AsyncEngine) -> None:
    writing = store_opener(database)
    await asyncio.gather(_write(writing, "a@exemple.fr"), _write(writing, "b@exemple.fr"))
    async with writing() as first:
        waiting = asyncio.create_task(_write(writing, "impatiente@exemple.fr"))
        await first.accounts.add("claire@exemple.fr", "parent", NOW)
        for _ in range(20):
            await asyncio.sleep(0)
        waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    for number in range(4):
        await _write(writing, f"suivante{number}@exemple.fr")
    assert await _is_known(writing, "claire@exemple.fr")
    assert await _is_known(writing, "suivante3@exemple.fr")


async def test_whoever_is_cut_while_writing_leaves_nothing(database: AsyncEngine) -> None:
    writing = store_opener(database)
    begun = asyncio.Event()

    async def begin() -> None:
        async with writing() as store:
            await store.accounts.add("claire@exemple.fr", "parent", NOW)
            begun.set()
            await asyncio.Event().wait()

    cut = asyncio.create_task(begin())
    await begun.wait()
    cut.cancel()
    with suppress(asyncio.CancelledError):
        await cut
    await _write(writing, "karim@exemple.fr")
    assert not await _is_known(writing, "claire@exemple.fr")
