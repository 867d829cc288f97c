"""One transaction per unit of work, and errors that name nobody."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.store import OpenStore, store_opener
from tests.storage.conftest import NOW, Valbourg


async def test_what_is_written_is_there_once_the_block_has_ended(open_store: OpenStore) -> None:
    async with open_store() as store:
        await store.accounts.add("claire@exemple.fr", "parent", NOW)
    async with open_store() as store:
        assert await store.accounts.by_email("claire@exemple.fr") is not None


async def add_claire(open_store: OpenStore, *, then_fail: bool = False) -> None:
    async with open_store() as store:
        await store.accounts.add("claire@exemple.fr", "parent", NOW)
        if then_fail:
            raise LookupError


async def test_an_exception_takes_everything_back(open_store: OpenStore) -> None:
    with pytest.raises(LookupError):
        await add_claire(open_store, then_fail=True)
    async with open_store() as store:
        assert await store.accounts.by_email("claire@exemple.fr") is None


async def test_an_error_of_the_database_carries_no_address(open_store: OpenStore) -> None:
    await add_claire(open_store)
    with pytest.raises(IntegrityError) as failed:
        await add_claire(open_store)
    assert "claire" not in str(failed.value)


async def test_what_points_nowhere_is_refused(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        with pytest.raises(IntegrityError):
            await store.dossiers.follow(dossier.id, "nobody")


async def test_moments_come_back_aware_and_a_naive_one_is_refused(open_store: OpenStore) -> None:
    naive = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="a moment without time zone"):
        async with open_store() as store:
            await store.accounts.add_link("l" * 32, "t" * 64, "a@b.fr", naive, NOW)
    async with open_store() as store:
        await store.accounts.add_link("l" * 32, "t" * 64, "a@b.fr", NOW, NOW)
        link = await store.accounts.link("t" * 64)
    assert link is not None
    assert link.expires_at == NOW
    assert link.expires_at.tzinfo is not None


async def test_a_reader_does_not_wait_for_a_writer(database: AsyncEngine) -> None:
    writing, reading = store_opener(database), store_opener(database, reading=True)
    async with writing() as writer:
        await writer.accounts.add("claire@exemple.fr", "parent", NOW)
        async with reading() as reader:
            assert await reader.accounts.by_email("claire@exemple.fr") is None
