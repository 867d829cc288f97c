"""Several departments at once: the right dossiers, in their order, each found by its index."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.rights import Duty, FieldGroup, departments_of
from storage.accounts import Account
from storage.listings import Listing
from storage.records import new_id
from storage.selections import Queue, Selection
from storage.store import OpenStore, Store
from tests.builders import NURSERY, REGISTRATION, SCHOOLS, Someone, an_account
from tests.reviews import a_review
from tests.storage.conftest import NOW, Valbourg

SOON = NOW + timedelta(days=7)
BOTH = [NURSERY.code, SCHOOLS.code]
CUSTODY = frozenset({FieldGroup.CUSTODY})


@pytest.fixture
async def names(valbourg: Valbourg) -> Sequence[str]:
    """Twelve children, a day between each, the schools' and the nursery's in turn; three more in a
    third department that nobody here works for."""
    async with valbourg.open_store() as store:
        await store.town.put_department(SCHOOLS.__class__("sport", "Sport", "", "", ""))
        procedure = await store.town.procedure(slug=REGISTRATION.slug)
        for number in range(15):
            sent = NOW - timedelta(days=30 - number)
            dossier = await a_review(
                store, procedure, valbourg.claire, sent, first_name=f"E{number:02}"
            )
            code = [SCHOOLS.code, NURSERY.code][number % 2] if number < 12 else "sport"
            await store.connection.execute(
                text("UPDATE dossiers SET department = :code WHERE id = :id"),
                {"code": code, "id": dossier.id},
            )
    return [f"E{number:02}" for number in range(12)]


async def listed(store: Store, queue: Queue, **where: int) -> Sequence[str]:
    lines = await store.queues.page(Selection(queue, BOTH, SOON), **where)
    return [line.child_first_name for line in lines]


async def test_the_dossiers_of_two_departments_make_one_list_in_one_order(
    open_store: OpenStore, names: Sequence[str]
) -> None:
    async with open_store() as store:
        assert await listed(store, Queue.TO_CHECK) == names
        assert await listed(store, Queue.ALL) == names[::-1]
        paged = [
            name
            for offset in range(0, 12, 5)
            for name in await listed(store, Queue.TO_CHECK, limit=5, offset=offset)
        ]
        assert paged == names
        counts = await store.queues.counts(BOTH, SOON)
        assert (counts[Queue.ALL], counts[Queue.TO_CHECK]) == (12, 12)
        assert (await store.queues.counts([], SOON))[Queue.ALL] == 0
        assert await store.queues.page(Selection(Queue.ALL, [], SOON)) == []
        found = await store.queues.page(Selection(Queue.ALL, BOTH, SOON, "e1"))
        assert [line.child_first_name for line in found] == ["E11", "E10"]


async def test_neighbours_cross_from_one_department_to_the_other_and_to_no_third(
    open_store: OpenStore, names: Sequence[str]
) -> None:
    async with open_store() as store:
        selection = Selection(Queue.ALL, BOTH, SOON)
        ids = [line.id for line in await store.queues.page(selection)]
        for number, dossier_id in enumerate(ids):
            place = await store.queues.place(selection, await store.dossiers.find(dossier_id))
            assert (place.position, place.total) == (number + 1, len(names))
            assert (place.previous.id if place.previous else None) == (
                ids[number - 1] if number else None
            )
            assert (place.next.id if place.next else None) == (
                ids[number + 1] if number + 1 < len(ids) else None
            )


async def test_a_program_of_two_departments_reads_page_after_page(
    open_store: OpenStore, names: Sequence[str]
) -> None:
    listing, cursor, read = Listing(of_departments=BOTH), None, []
    async with open_store() as store:
        while True:
            page = await store.listings.page(listing, after=cursor, limit=5)
            read += [dossier.child_first_name for dossier in page]
            if len(page) < 5:
                break
            cursor = listing.cursor_at(page[-1])
        assert await store.listings.page(Listing(of_departments=[]), limit=5) == []
    assert read == names[::-1]


@pytest.mark.parametrize(
    "departments", [[SCHOOLS.code], BOTH, None], ids=["one", "two", "all of them"]
)
@pytest.mark.parametrize("queue", [Queue.ALL, Queue.DECIDED])
async def test_no_list_reads_every_dossier(
    valbourg: Valbourg,
    database: AsyncEngine,
    queue: Queue,
    departments: Sequence[str] | None,
) -> None:
    """The lists that only grow: their first page is read from an index, whatever the duties."""
    async with valbourg.open_store() as store:
        await _crowd(store, valbourg.claire)
        asked: list[tuple[str, Any]] = []
        event.listen(
            database.sync_engine,
            "before_cursor_execute",
            lambda *args: asked.append((args[2], args[3])),
        )
        await store.queues.page(Selection(queue, departments, SOON), limit=5)
        await store.listings.page(Listing(of_departments=departments), limit=5)
        questions = tuple(asked)
        is_sqlite = store.connection.dialect.name == "sqlite"
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        if not is_sqlite:
            await store.connection.exec_driver_sql("ANALYZE dossiers")
        for query, values in questions:
            plan = await store.connection.exec_driver_sql(f"{explain} {query}", values)
            lines = [" ".join(map(str, row)) for row in plan]
            whole = [
                line for line in lines if "SCAN dossiers" in line or "Seq Scan on doss" in line
            ]
            assert [one for one in whole if "USING" not in one] == [], lines


async def _crowd(store: Store, owner: Account) -> None:
    """Some thousands of dossiers, decided, in two departments."""
    procedure = await store.town.procedure(slug=REGISTRATION.slug)
    one = await store.dossiers.open_new(procedure, owner.id, NOW)
    await store.connection.execute(
        text("UPDATE dossiers SET submitted_at = :at, decided_at = :at, state = 'approved'"),
        {"at": NOW.replace(tzinfo=UTC).isoformat(" ")},
    )
    names = "kind, procedure_id, account_id, terms, state_since, version, opened_at, last_saved_at"
    rest = "due_at, decision_basis, reason_code, reason_words, draft_notices, child_name"
    more = "child_first_name, sort_key"
    for number in range(2_000):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        await store.connection.execute(
            text(
                f"INSERT INTO dossiers (id, number, department, state, submitted_at, decided_at,"
                f" {names}, {rest}, {more}) SELECT :id, :number, :code, 'approved', :at, :at,"
                f" {names}, {rest}, {more} FROM dossiers WHERE id = :one"
            ),
            {
                "id": new_id(),
                "number": f"n{number}",
                "code": BOTH[number % 2],
                "at": at.isoformat(" "),
                "one": one.id,
            },
        )


async def test_duties_are_kept_as_they_were_given(open_store: OpenStore) -> None:
    duties = (Duty("creche", frozenset(FieldGroup)), Duty(None), Duty("scolaire", CUSTODY))
    async with open_store() as store:
        account_id = await store.accounts.add("a@v.example", "agent", NOW, duties=duties)
        account = await store.accounts.by_id(account_id)
        assert account is not None
        assert account.duties == duties
        assert departments_of(account.duties) is None
        assert departments_of(duties[::2]) == BOTH
        new = await store.accounts.add("b@v.example", "agent", NOW)
        fresh = await store.accounts.by_id(new)
        assert fresh is not None
        assert fresh.duties == ()


async def test_who_stands_in_has_the_duties_of_the_absent_for_as_long_as_that_lasts(
    valbourg: Valbourg,
) -> None:
    away = Someone("h@v.example", "agent", "Hélène", "", "creche")
    back = NOW + timedelta(days=5)
    async with valbourg.open_store() as store:
        helene = await an_account(store, away, NOW)
        cover_id = await store.accounts.add(
            "c@v.example", "agent", NOW, name="Cyril", duties=(Duty("scolaire", CUSTODY),)
        )
        await store.connection.execute(
            text(
                "INSERT INTO absences (id, account_id, cover_id, begins_at, ends_at, fields,"
                " said_by, said_at) VALUES ('a', :who, :cover, :since, :until, :fields, :who, :at)"
            ),
            {
                "who": helene.id,
                "cover": cover_id,
                "since": NOW.isoformat(" "),
                "until": back.isoformat(" "),
                "fields": '["custody"]',
                "at": NOW.isoformat(" "),
            },
        )
        cover = await store.accounts.by_id(cover_id)
        assert cover is not None
        own = cover.duties
        for at, expected in (
            (NOW - timedelta(seconds=1), own),
            (NOW, (*own, Duty("creche", CUSTODY))),
            (back - timedelta(seconds=1), (*own, Duty("creche", CUSTODY))),
            (back, own),
        ):
            assert (await store.duties.on_duty(cover, at)).duties == expected, at
        assert (await store.duties.on_duty(helene, NOW)).duties == away.duties


async def test_readers_are_named_for_a_department_and_all_of_the_groups(
    valbourg: Valbourg,
) -> None:
    async with valbourg.open_store() as store:
        for name, duty in (
            ("Émile", Duty("scolaire", CUSTODY)),
            ("Anna", Duty(None, CUSTODY)),
            ("Rose", Duty("scolaire")),
            ("Nour", Duty("creche", frozenset(FieldGroup))),
        ):
            mail = f"{name.lower()}@v.example"
            await store.accounts.add(mail, "agent", NOW, name=name, duties=(duty,))
        everybody = await store.duties.readers("scolaire", CUSTODY, limit=9)
        # Sophie and Karim work for all departments, with every group.
        assert everybody == ["Anna", "Émile", "Karim Benali", "Sophie Garnier"]
        assert await store.duties.readers("scolaire", frozenset(FieldGroup)) == [
            "Karim Benali",
            "Sophie Garnier",
        ]
