"""The families of `make bench` are as the portal would have left them, whatever columns come."""

from bench.crowd import add_families
from deploy.example.valbourg import SCHOOL_DEPARTMENT
from deploy.example_town import set_up
from storage.selections import Queue, Selection
from storage.store import OpenStore
from tests.storage.conftest import NOW


async def test_a_measured_crowd_fills_the_lists_of_its_department(open_store: OpenStore) -> None:
    await set_up(open_store)

    async with open_store() as store:
        ids = await add_families(store, 20, NOW, prefix="f", open_ones=5)
        selection = Selection(Queue.ALL, [SCHOOL_DEPARTMENT.code], NOW)
        lines = await store.queues.page(selection)
        last = await store.dossiers.find(ids[-1])

    assert {line.id for line in lines} <= set(ids)
    assert last.submitted_at is not None
    assert last.due_at is not None
    assert last.origin == "portal"
