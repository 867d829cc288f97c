from datetime import timedelta

from storage.dossiers import Dossier
from storage.store import Store
from tests.storage.conftest import NOW, Valbourg

DAY = timedelta(days=1)


async def ask(store: Store, dossier: Dossier, day: int = 0) -> int:
    at = NOW + day * DAY
    items = [{"piece": "child_identity", "reason": "missing", "words": ""}]
    return await store.requests.add(dossier.id, asked_at=at, until=at + 30 * DAY, items=items)


async def test_requests_are_numbered_in_each_dossier(valbourg: Valbourg) -> None:
    first, second = [await valbourg.dossier() for _ in range(2)]
    async with valbourg.open_store() as store:
        assert [await ask(store, one) for one in (first, first, second)] == [1, 2, 1]
        assert [one.n for one in await store.requests.of(first.id)] == [1, 2]


async def test_a_request_is_open_until_it_is_answered(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        assert await store.requests.current(dossier.id) is None
        await ask(store, dossier)
        current = await store.requests.current(dossier.id)
        assert current is not None
        assert current.is_open
        await store.requests.receive(dossier.id, NOW + DAY)
        await store.requests.receive(dossier.id, NOW + 2 * DAY)
        await store.requests.cancel(dossier.id, NOW + 3 * DAY)
        (answered,) = await store.requests.of(dossier.id)
        assert (answered.received_at, answered.cancelled_at) == (NOW + DAY, None)
        assert await store.requests.current(dossier.id) is None


async def test_only_the_open_request_is_reminded_or_taken_back(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    async with valbourg.open_store() as store:
        await ask(store, dossier)
        await store.requests.receive(dossier.id, NOW + DAY)
        await store.requests.note_reminder(dossier.id, 1)
        await ask(store, dossier, day=2)
        await store.requests.note_reminder(dossier.id, 1)
        await store.requests.cancel(dossier.id, NOW + 3 * DAY)
        first, second = await store.requests.of(dossier.id)
        assert (first.reminders_sent, first.cancelled_at) == (0, None)
        assert (second.reminders_sent, second.cancelled_at) == (1, NOW + 3 * DAY)
