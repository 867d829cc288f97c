"""What agents work through: the queues, their order, their counts, and the neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.states import Action, State
from storage.acts import KeptAct
from storage.documents import DOUBTFUL, REFUSED, Mark
from storage.dossiers import Dossier
from storage.queue_lines import Line
from storage.records import new_id
from storage.selections import Queue, Selection
from storage.store import OpenStore, Store
from tests.builders import REGISTRATION
from tests.reviews import PIECES, a_document, a_review
from tests.storage.conftest import NOW, Valbourg

SOON = NOW + timedelta(days=7)
NAMES = ("Léna", "Noé", "Inès", "Élie")


@dataclass
class Desk:
    """The queues of Valbourg's schools, with the dossiers of four children under review."""

    valbourg: Valbourg
    open_store: OpenStore
    dossiers: Sequence[Dossier]

    async def names(self, queue: Queue, words: str = "", department: str = "scolaire") -> list[str]:
        async with self.open_store() as store:
            lines = await store.queues.page(Selection(queue, [department], SOON, words))
        return [line.child_first_name for line in lines]

    async def line(self, number: int = 0) -> Line:
        async with self.open_store() as store:
            selection = Selection(Queue.ALL, None, SOON)
            return (await store.queues.place(selection, self.dossiers[number])).current


@pytest.fixture
async def desk(valbourg: Valbourg) -> Desk:
    """Léna's dossier came first, Élie's last: a day between each."""
    async with valbourg.open_store() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        dossiers = [
            await a_review(
                store, procedure, valbourg.claire, NOW - timedelta(days=9 - n), first_name=name
            )
            for n, name in enumerate(NAMES)
        ]
    return Desk(valbourg, valbourg.open_store, dossiers)


async def _decide(store: Store, dossier: Dossier, state: State, at: datetime) -> None:
    await store.dossiers.move(dossier.id, {State.UNDER_REVIEW}, state, at, decided_at=at)
    await store.dossiers.refresh_due(dossier.id)


async def test_the_oldest_legal_date_comes_first(desk: Desk) -> None:
    assert await desk.names(Queue.TO_CHECK) == list(NAMES)


async def test_the_list_of_all_begins_with_the_last_that_came(desk: Desk) -> None:
    assert await desk.names(Queue.ALL) == list(reversed(NAMES))


async def test_a_draft_is_in_no_list(desk: Desk) -> None:
    await desk.valbourg.dossier(state=State.DRAFT)
    async with desk.open_store() as store:
        counts = await store.queues.counts(None, SOON)
    assert counts[Queue.ALL] == counts[Queue.TO_CHECK] == len(NAMES)


async def test_another_department_sees_nothing_and_no_department_sees_all(desk: Desk) -> None:
    assert await desk.names(Queue.ALL, department="creche") == []
    async with desk.open_store() as store:
        assert (await store.queues.counts(["creche"], SOON))[Queue.ALL] == 0
        assert (await store.queues.counts(None, SOON))[Queue.ALL] == len(NAMES)


async def test_each_queue_counts_what_its_page_lists(desk: Desk) -> None:
    async with desk.open_store() as store:
        lena, noe, ines, _ = desk.dossiers
        await _decide(store, lena, State.APPROVED, NOW)
        await store.dossiers.move(noe.id, {State.UNDER_REVIEW}, State.AWAITING_FAMILY, NOW)
        await store.documents.add(a_document(ines, "proof_of_address", NOW))
    async with desk.open_store() as store:
        counts = await store.queues.counts(["scolaire"], NOW + timedelta(days=365))
        for queue in Queue:
            selection = Selection(queue, ["scolaire"], NOW + timedelta(days=365))
            assert counts[queue] == len(await store.queues.page(selection)), queue
    assert counts == {
        Queue.TO_CHECK: 2,
        Queue.READY: 1,
        Queue.URGENT: 2,
        Queue.RECEIVED: 1,
        Queue.ASKED: 1,
        Queue.DECIDED: 1,
        Queue.ALL: 4,
    }


async def test_a_dossier_is_urgent_before_its_legal_date_only_when_that_is_near(desk: Desk) -> None:
    assert await desk.names(Queue.URGENT) == []
    async with desk.open_store() as store:
        due = desk.dossiers[1].due_at
        assert due is not None
        near = Selection(Queue.URGENT, ["scolaire"], due + timedelta(seconds=1))
        assert [line.child_first_name for line in await store.queues.page(near)] == ["Léna", "Noé"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lena", ["Léna"]),
        ("LÉNA mart", ["Léna"]),
        ("martin", list(NAMES)),
        ("eli", ["Élie"]),
        ("artin", []),
        ("claire@exemple.fr", list(NAMES)),
        ("autre@", []),
        ("2026-0002", ["Noé"]),
        ("0003", ["Inès"]),
        ("3", ["Inès"]),
        ("@exemple", list(NAMES)),
        ("@autre", []),
        ("100%_", []),
    ],
)
async def test_a_search_finds_by_name_number_or_address(
    desk: Desk, words: str, found: list[str]
) -> None:
    assert await desk.names(Queue.TO_CHECK, words) == found


async def test_the_points_to_look_at_are_counted_beside_each_dossier(desk: Desk) -> None:
    lena = desk.dossiers[0]
    assert (await desk.line()).unmarked == len(PIECES)
    async with desk.open_store() as store:
        await store.documents.mark(
            lena.id, Mark(PIECES[0], "good", "", "", desk.valbourg.sophie.id, NOW)
        )
        await store.documents.mark(
            lena.id, Mark(PIECES[1], "replace", "unreadable", "", desk.valbourg.sophie.id, NOW)
        )
        for status in (DOUBTFUL, REFUSED):
            await store.documents.add(a_document(lena, PIECES[2], NOW, status=status))
    line = await desk.line()
    assert (line.doubtful, line.to_replace, line.unmarked) == (1, 1, 1)
    assert line.is_completed
    assert not (await desk.line(1)).is_completed


async def test_a_line_names_who_follows_and_whose_act_waits(desk: Desk) -> None:
    sophie, lena = desk.valbourg.sophie, desk.dossiers[0]
    async with desk.open_store() as store:
        await store.dossiers.follow(lena.id, sophie.id)
        await store.acts.add(
            KeptAct(new_id(), lena.id, Action.APPROVE, sophie.id, "agent", lena.version, NOW)
        )
    line = await desk.line()
    assert (line.follower, line.decider) == ("Sophie Garnier", "")
    assert line.waiting_action == "approve"
    assert (line.owner_name, line.owner_email) == ("Claire Martin", "claire@exemple.fr")


@pytest.mark.parametrize("queue", [Queue.TO_CHECK, Queue.ALL])
async def test_previous_and_next_walk_through_the_whole_queue(desk: Desk, queue: Queue) -> None:
    selection = Selection(queue, ["scolaire"], SOON)
    by_id = {dossier.id: dossier for dossier in desk.dossiers}
    async with desk.open_store() as store:
        ids = [line.id for line in await store.queues.page(selection)]
        for number, dossier_id in enumerate(ids):
            place = await store.queues.place(selection, by_id[dossier_id])
            assert (place.position, place.total) == (number + 1, len(ids))
            assert (place.previous.id if place.previous else None) == (
                ids[number - 1] if number else None
            )
            assert (place.next.id if place.next else None) == (
                ids[number + 1] if number + 1 < len(ids) else None
            )
            assert [line.id for line in place.lines] == ids


async def test_a_dossier_outside_the_queue_has_no_place_in_it(desk: Desk) -> None:
    async with desk.open_store() as store:
        await _decide(store, desk.dossiers[1], State.REFUSED, NOW)
        noe = await store.dossiers.find(desk.dossiers[1].id)
        place = await store.queues.place(Selection(Queue.TO_CHECK, ["scolaire"], SOON), noe)
    assert (place.position, place.previous, place.next) == (0, None, None)
    assert place.current.child_first_name == "Noé"
    assert "Noé" not in [line.child_first_name for line in place.lines]


async def test_dossiers_of_the_same_second_keep_one_order(desk: Desk) -> None:
    at = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    async with desk.open_store() as store:
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        twins = [await a_review(store, procedure, desk.valbourg.claire, at) for _ in range(20)]
        selection = Selection(Queue.TO_CHECK, ["scolaire"], SOON)
        ids = [line.id for line in await store.queues.page(selection, limit=20)]
        paged = [
            line.id
            for offset in range(0, 20, 5)
            for line in await store.queues.page(selection, limit=5, offset=offset)
        ]
        middle = next(twin for twin in twins if twin.id == ids[10])
        place = await store.queues.place(selection, middle)
    assert ids == paged
    assert place.position == 11
    assert [line.id for line in place.lines] == ids[6:19]


async def test_every_question_is_one_statement(desk: Desk, database: AsyncEngine) -> None:
    asked: list[str] = []
    event.listen(
        database.sync_engine,
        "before_cursor_execute",
        lambda *args: asked.append(args[2]) if args[2].startswith("SELECT") else None,
    )
    selection = Selection(Queue.TO_CHECK, ["scolaire"], SOON)
    async with desk.open_store() as store:
        await store.queues.counts(["scolaire"], SOON)
        await store.queues.page(selection)
        await store.queues.place(selection, desk.dossiers[2])
    assert len(asked) == 3
