"""A change of keys: nothing stays under the old one, and nothing is lost on the way."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.rotation import Rotated, rotate_keys
from storage.kept_forms import KeptForm
from storage.resealing import SEALED
from storage.sealed import CannotUnsealError, Keys, new_key
from storage.store import OpenStore, Store, store_opener
from storage.tables import metadata
from tests.builders import Someone, a_dossier, a_town, an_account
from tests.rulings import a_ruling
from tests.storage.conftest import NOW

OLD, NEW = new_key(), new_key()
BEFORE, DURING, AFTER = Keys([OLD]), Keys([NEW, OLD]), Keys([NEW])
SITUATION = {"separated": "yes", "court_ruling": "", "hosted": "yes"}


async def fill(store: Store) -> str:
    """Something in each sealed column, and a dossier without anything reserved."""
    await a_town(store)
    claire = await an_account(store, Someone("claire@exemple.fr"), NOW)
    dossier = await a_dossier(store, claire, NOW)
    await store.dossiers.save_answers(dossier, "situation", SITUATION, NOW)
    for version in (1, 2, 3):
        await store.dossiers.keep_snapshot(dossier.id, version, NOW)
    await store.second_factors.begin(claire.id, "JBSWY3DPEHPK3PXP")
    await store.second_factors.prove(claire.id, "JBSWY3DPEHPK3PXP", step=1, at=NOW)
    await store.second_factors.begin(claire.id, "KRSXG5CTMVRXEZLU")
    await store.kept_forms.keep("b" * 64, "o" * 16, KeptForm("/p", "/a", [("words", "…")]), NOW)
    await store.identities.keep_proof("s" * 32, "proof", NOW)
    child = await store.households.admit(dossier, {}, claire.email, NOW)
    await store.custody.say(child, {"residence": "alternating"})
    await store.health_records.keep(child, {"diet": "no_pork"}, {}, seen=0, by=claire.id, at=NOW)
    await store.court_rulings.record(a_ruling(dossier, by=claire.id, at=NOW))
    await a_dossier(store, claire, NOW)
    return dossier.id


async def heads(store: Store) -> Sequence[tuple[str, str]]:
    """Table and column of each text of the whole database that some key sealed, with its key."""
    found = []
    for table in metadata.sorted_tables:
        for row in (await store.connection.execute(select(table))).mappings():
            found += [
                (f"{table.name}.{name}", value.split(".")[1])
                for name, value in row.items()
                if isinstance(value, str) and value.startswith("1.") and value.count(".") == 2
            ]
    return found


@pytest.fixture
def under(database: AsyncEngine) -> dict[str, OpenStore]:
    return {
        "old": store_opener(database, BEFORE),
        "both": store_opener(database, DURING),
        "new": store_opener(database, AFTER),
    }


async def test_after_a_change_of_keys_the_old_one_may_go(under: dict[str, OpenStore]) -> None:
    async with under["old"]() as store:
        dossier_id = await fill(store)
        assert {key for _, key in await heads(store)} == {BEFORE.newest}
    done = 0
    rotated = await rotate_keys(under["both"], at_once=2)
    async with under["new"]() as store:
        sealed = await heads(store)
        done = len(sealed)
        assert {key for _, key in sealed} == {AFTER.newest}
        assert {name for name, _ in sealed} == {
            f"{column.table.name}.{column.name}" for column in SEALED
        }
        answers = await store.dossiers.answers(dossier_id)
        assert answers["situation"] == SITUATION
        assert [one["situation"] for _, one in await store.dossiers.sent_answers(dossier_id)] == [
            SITUATION
        ] * 3
        told = await store.dossiers.answers_told(dossier_id)
        assert told.now == answers
        assert told.sent == await store.dossiers.sent_answers(dossier_id)
        assert await store.resealing.by_key() == {AFTER.newest: done}
    assert rotated == Rotated(done=done, closed=0)


async def test_a_second_time_there_is_nothing_left_to_do(under: dict[str, OpenStore]) -> None:
    async with under["old"]() as store:
        await fill(store)
    await rotate_keys(under["both"])
    assert await rotate_keys(under["both"]) == Rotated()


async def test_a_change_that_was_cut_goes_on_where_it_was(under: dict[str, OpenStore]) -> None:
    class CutError(Exception):
        pass

    def cut(done: int) -> None:
        if done >= 3:
            raise CutError

    async with under["old"]() as store:
        dossier_id = await fill(store)
        whole = len(await heads(store))
    with pytest.raises(CutError):
        await rotate_keys(under["both"], at_once=1, after_each=cut)
    async with under["both"]() as store:
        assert (await store.dossiers.answers(dossier_id))["situation"] == SITUATION
        assert set((await store.resealing.by_key()).values()) == {3, whole - 3}
    assert await rotate_keys(under["both"]) == Rotated(done=whole - 3)


async def test_what_no_key_opens_is_counted_and_left_as_it_is(under: dict[str, OpenStore]) -> None:
    async with under["old"]() as store:
        dossier_id = await fill(store)
        whole = len(await heads(store))
    assert await rotate_keys(under["new"], at_once=2) == Rotated(closed=whole)
    async with under["new"]() as store:
        assert await store.resealing.by_key() == {BEFORE.newest: whole}
        with pytest.raises(CannotUnsealError, match=f"key_unknown {BEFORE.newest}"):
            await store.dossiers.answers(dossier_id)
    async with under["old"]() as store:
        assert (await store.dossiers.answers(dossier_id))["situation"] == SITUATION


async def test_what_a_family_saves_during_a_change_of_keys_stands(
    under: dict[str, OpenStore],
) -> None:
    """The change reads the old text, waits for the family's save, and must not write over it."""
    async with under["old"]() as store:
        dossier_id = await fill(store)
    async with under["old"]() as store:
        dossier = await store.dossiers.hold(dossier_id)
        await store.dossiers.save_answers(dossier, "situation", {"separated": "new"}, NOW)
        changing = asyncio.create_task(rotate_keys(under["both"]))
        await asyncio.sleep(0.5)  # by then it waits for this transaction, on both databases
    assert (await changing).closed == 0
    await rotate_keys(under["both"])
    async with under["new"]() as store:
        assert (await store.dossiers.answers(dossier_id))["situation"] == {"separated": "new"}


async def test_reserved_answers_are_in_no_open_column(open_store: OpenStore) -> None:
    async with open_store() as store:
        await fill(store)
        for table in ("answers", "snapshots"):
            rows = await store.connection.execute(text(f"SELECT * FROM {table}"))
            kept = [str(row) for row in rows]
            assert any("hosted" in row for row in kept)
            assert not any("separated" in row or "court_ruling" in row for row in kept)


async def test_answers_of_a_dossier_moved_to_another_do_not_open(open_store: OpenStore) -> None:
    async with open_store() as store:
        dossier_id = await fill(store)
        other = (
            await store.connection.execute(
                text("SELECT id FROM dossiers WHERE id <> :id"), {"id": dossier_id}
            )
        ).scalar_one()
        await store.connection.execute(
            text("UPDATE answers SET dossier_id = :other WHERE section = 'situation'"),
            {"other": other},
        )
        with pytest.raises(CannotUnsealError, match="seal_broken"):
            await store.dossiers.answers(str(other))
