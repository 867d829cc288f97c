"""Health records: one each, by version, sealed; two rows of one child are one."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from storage.sealed import CannotUnsealError
from storage.store import OpenStore
from storage.tables import children, health_records
from tests.builders import Someone, a_dossier, a_town, an_account
from tests.storage.conftest import NOW

WELL = {"concern": "no", "diet": "no_pork", "vaccines": "exempt", "doctor": "Docteur Ravel"}
DOSES = {"six": [date(2024, 2, 29), date(2024, 5, 1)]}
LATER = NOW + timedelta(hours=1)


async def a_child(open_store: OpenStore) -> tuple[str, str]:
    """A child of Claire's, and her account."""
    async with open_store() as store:
        await a_town(store)
        claire = await an_account(store, Someone("claire@exemple.fr"), NOW)
        dossier = await a_dossier(store, claire, NOW)
        return await store.households.admit(dossier, {}, claire.email, NOW), claire.id


async def test_a_record_comes_back_as_it_was_told(open_store: OpenStore) -> None:
    child, claire = await a_child(open_store)
    async with open_store() as store:
        assert await store.health_records.of(child) is None
        kept = await store.health_records.keep(child, WELL, DOSES, seen=0, by=claire, at=NOW)
        assert kept is None
    async with open_store() as store:
        record = await store.health_records.of(child)
        checked = await store.health_records.checked([child])
    assert record is not None
    assert (record.values, record.doses, record.version) == (WELL, DOSES, 1)
    assert (record.changed_by, record.checked_at) == (claire, None)
    assert checked == {child: None}


async def test_the_same_again_changes_nothing(open_store: OpenStore) -> None:
    child, claire = await a_child(open_store)
    for at in (NOW, LATER):
        async with open_store() as store:
            await store.health_records.keep(child, WELL, {}, seen=0, by=claire, at=at, checks=True)
    async with open_store() as store:
        record = await store.health_records.of(child)
    assert record is not None
    assert (record.version, record.changed_at, record.checked_at) == (1, NOW, LATER)


async def test_who_did_not_see_the_last_change_is_given_it_and_writes_nothing(
    open_store: OpenStore,
) -> None:
    child, claire = await a_child(open_store)
    async with open_store() as store:
        await store.health_records.keep(child, WELL, {}, seen=0, by=claire, at=NOW)
        mine = {**WELL, "doctor": "Docteur Nouveau"}
        newer = await store.health_records.keep(child, mine, {}, seen=0, by=claire, at=LATER)
        assert newer is not None
        assert newer.values == WELL
        assert not await store.health_records.check(child, seen=2, at=LATER)
        assert await store.health_records.keep(child, mine, {}, seen=1, by=claire, at=LATER) is None


async def test_of_two_who_write_at_the_same_instant_one_is_told(open_store: OpenStore) -> None:
    child, claire = await a_child(open_store)
    async with open_store() as store:
        await store.health_records.keep(child, WELL, {}, seen=0, by=claire, at=NOW)

    async def writes(doctor: str) -> bool:
        said = {**WELL, "doctor": doctor}
        async with open_store() as store:
            newer = await store.health_records.keep(child, said, {}, seen=1, by=claire, at=LATER)
        return newer is None

    done = await asyncio.gather(writes("Docteur Un"), writes("Docteur Deux"))
    assert sorted(done) == [False, True]
    async with open_store() as store:
        record = await store.health_records.of(child)
    assert record is not None
    assert record.version == 2


async def test_an_approved_update_leaves_the_days_of_vaccines(open_store: OpenStore) -> None:
    child, claire = await a_child(open_store)
    said = {**WELL, "diet": "vegetarian", "allergies": "of a closed question", "odd": "of no field"}
    async with open_store() as store:
        await store.health_records.keep(child, WELL, DOSES, seen=0, by=claire, at=NOW)
        for _ in range(2):
            await store.health_records.take_over(child, said, LATER, claire, given_at=NOW)
        record = await store.health_records.of(child)
    assert record is not None
    assert record.doses == DOSES
    assert record.values == {**WELL, "diet": "vegetarian"}
    assert (record.version, record.checked_at) == (2, LATER)


async def test_the_record_of_a_row_that_became_another_s_is_that_child_s(
    open_store: OpenStore,
) -> None:
    child, claire = await a_child(open_store)
    async with open_store() as store:
        account = await store.accounts.by_id(claire)
        assert account is not None
        dossier = await a_dossier(store, account, NOW)
        answers = {"enfant": {"first_name": "Léna", "last_name": "Martin"}}
        twin_row = await store.households.admit(dossier, answers, "", NOW)
        await store.health_records.keep(twin_row, WELL, DOSES, seen=0, by=claire, at=NOW)
        await store.connection.execute(
            update(children).where(children.c.id == twin_row).values(same_as=child)
        )
    async with open_store() as store:
        record = await store.health_records.of(child)
        assert record is not None
        assert (record.child_id, record.values, record.doses) == (child, WELL, DOSES)
        newer = {**WELL, "doctor": "Docteur Nouveau"}
        assert (
            await store.health_records.keep(
                child, newer, {}, seen=record.version, by=claire, at=LATER
            )
            is None
        )
        record = await store.health_records.of(child)
        assert record is not None
        assert record.values == newer


async def test_a_record_that_was_moved_to_another_child_does_not_open(
    open_store: OpenStore,
) -> None:
    child, claire = await a_child(open_store)
    async with open_store() as store:
        await store.health_records.keep(child, WELL, {}, seen=0, by=claire, at=NOW)
        account = await store.accounts.by_id(claire)
        assert account is not None
        dossier = await a_dossier(store, account, NOW)
        answers = {"enfant": {"first_name": "Noé", "last_name": "Martin"}}
        other = await store.households.admit(dossier, answers, "", NOW)
        await store.connection.execute(update(health_records).values(child_id=other))
    async with open_store() as store:
        with pytest.raises(CannotUnsealError, match="seal_broken"):
            await store.health_records.of(other)
