"""Attempts that are counted, browsers that are known, identities that others vouch for."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.browsers import KEPT
from storage.identities import TRIP_LASTS, Identity, RoundTrip
from storage.store import OpenStore
from storage.tables import federated_sessions
from tests.storage.conftest import NOW, Valbourg

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLAIRE = Identity("https://fc.example", "s1", "Claire", "Martin")


async def test_attempts_are_counted_by_the_latest_and_can_be_taken_back(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        ids = [await store.attempts.note("s", NOW - n * MINUTE) for n in (3, 0, 1)]
        await store.attempts.note("other", NOW)
        assert await store.attempts.latest("s", 1, NOW, HOUR) == NOW
        assert await store.attempts.latest("s", 3, NOW, HOUR) == NOW - 3 * MINUTE
        assert await store.attempts.latest("s", 3, NOW, 3 * MINUTE) is None
        for _ in range(2):
            await store.attempts.take_back(ids[1])
        assert await store.attempts.latest("s", 1, NOW, HOUR) == NOW - MINUTE
        await store.attempts.forget("s")
        assert await store.attempts.latest("s", 1, NOW, HOUR) is None
        assert await store.attempts.latest("other", 1, NOW, HOUR) == NOW


async def test_attempts_of_a_clock_that_was_set_back_keep_nobody_waiting(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        await store.attempts.note("s", NOW + HOUR)
        await store.attempts.note("s", NOW + MINUTE / 2)
        assert await store.attempts.latest("s", 1, NOW, HOUR) == NOW + MINUTE / 2
        assert await store.attempts.latest("s", 2, NOW, HOUR) is None


async def test_a_browser_is_known_for_a_year_or_until_a_new_password(valbourg: Valbourg) -> None:
    claire, sophie = valbourg.claire.id, valbourg.sophie.id
    async with valbourg.open_store() as store:
        await store.browsers.add("a", claire, NOW)
        await store.browsers.add("b", sophie, NOW)
        assert await store.browsers.owners(["a", "b", "c"], NOW) == {"a": claire, "b": sophie}
        assert await store.browsers.owners([], NOW) == {}
        assert await store.browsers.owners(["a"], NOW + KEPT) == {}
        await store.accounts.set_password(claire, "hash")
        assert await store.browsers.owners(["a", "b"], NOW) == {"b": sophie}
        await store.browsers.forget_unused(NOW + KEPT)
        assert await store.browsers.owners(["b"], NOW) == {"b": sophie}
        await store.browsers.forget_unused(NOW + KEPT + MINUTE)
        assert await store.browsers.owners(["b"], NOW) == {}


async def test_a_hash_is_made_anew_unless_another_password_was_chosen(valbourg: Valbourg) -> None:
    claire = valbourg.claire.id
    async with valbourg.open_store() as store:
        await store.accounts.set_password(claire, "old")
        await store.browsers.add("a", claire, NOW)
        await store.accounts.rehash(claire, "old", "stronger")
        await store.accounts.rehash(claire, "old", "of the password before")
        account = await store.accounts.by_id(claire)
        assert account is not None
        assert account.password_hash == "stronger"
        assert await store.browsers.owners(["a"], NOW) == {"a": claire}


async def test_a_trip_ends_once_in_its_own_browser_and_in_time(open_store: OpenStore) -> None:
    trip = RoundTrip("n", "v", "/accueil", "b")
    async with open_store() as store:
        for state in ("one", "late", "back"):
            await store.identities.begin(state, trip, NOW)

    async def comes_back(state: str, browser: str = "b", wait: timedelta = MINUTE) -> bool:
        async with open_store() as store:
            return await store.identities.end(state, browser, NOW + wait) == trip

    assert not await comes_back("one", "another browser")
    assert not await comes_back("unknown")
    assert not await comes_back("late", wait=TRIP_LASTS + MINUTE)
    assert not await comes_back("late"), "it was consumed all the same"
    assert not await comes_back("back", wait=-HOUR)
    assert sorted(await asyncio.gather(*(comes_back("one") for _ in range(4)))) == [
        *[False] * 3,
        True,
    ]


async def test_an_identity_opens_one_account_only(valbourg: Valbourg) -> None:
    claire, sophie = valbourg.claire.id, valbourg.sophie.id
    async with valbourg.open_store() as store:
        books = store.identities
        assert await books.account_of(CLAIRE.issuer, "s1") == ""
        assert await books.link(CLAIRE, claire, NOW)
        assert not await books.link(CLAIRE, sophie, NOW)
        assert await books.account_of(CLAIRE.issuer, "s1") == claire
        assert await books.account_of("https://other.example", "s1") == ""
        assert await books.of(claire) == [CLAIRE]
        assert await books.of(sophie) == []


async def test_an_identity_waits_for_the_link_that_proves_the_address(
    open_store: OpenStore,
) -> None:
    async with open_store() as store:
        await store.accounts.add_link("l" * 32, "t" * 64, "c@exemple.fr", NOW, NOW + HOUR)
        await store.identities.offer(CLAIRE, "l" * 32, "b")
        assert await store.identities.offered("l" * 32) == (CLAIRE, "b")
        assert await store.identities.offered("m" * 32) is None


async def test_the_proof_of_a_sign_in_is_sealed_and_taken_once(open_store: OpenStore) -> None:
    async with open_store() as store:
        await store.identities.keep_proof("h", "id.token.signed", NOW)
        (kept,) = (await store.connection.execute(select(federated_sessions.c.id_token))).scalars()
        assert "token" not in kept
        assert await store.identities.take_proof("h") == "id.token.signed"
        assert await store.identities.take_proof("h") == ""


@pytest.mark.parametrize("minutes", [9, 11])
async def test_what_nobody_came_back_for_is_forgotten(open_store: OpenStore, minutes: int) -> None:
    async with open_store() as store:
        await store.identities.begin("s", RoundTrip("n", "v", "", "b"), NOW)
        await store.identities.keep_proof("h", "id.token.signed", NOW)
        await store.identities.forget_expired(NOW + minutes * MINUTE)
        assert (await store.identities.end("s", "b", NOW) is None) is (minutes > 10)
        await store.identities.forget_expired(NOW + timedelta(days=1, minutes=1))
        assert await store.identities.take_proof("h") == ""
