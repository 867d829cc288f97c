"""Who did what: lines that nobody changes, read back in order, gone after a year."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.audit import KEPT, What
from domain.states import Actor, State
from storage.audit import Line
from storage.journal import TIMELINE, Search
from storage.tables import audit_log
from tests.storage.conftest import NOW, Valbourg

ROOT = Path(__file__).resolve().parents[2]
MINUTE = timedelta(minutes=1)


def a_line(minutes: int = 0, what: What = What.DOCUMENT_OPENED, **facts: str) -> Line:
    return replace(Line(NOW + minutes * MINUTE, what), **facts)  # type: ignore[arg-type]


async def kept(valbourg: Valbourg, search: Search | None = None, limit: int = 50) -> list[str]:
    async with valbourg.open_store() as store:
        found = await store.journal.page(search or Search(), limit=limit)
    return [one.what for one in found]


async def test_the_database_refuses_to_change_a_line(
    valbourg: Valbourg, database: AsyncEngine
) -> None:
    async with valbourg.open_store() as store:
        await store.audit.add(a_line(actor_id=valbourg.sophie.id))
    with pytest.raises(DBAPIError, match=r"never changed|P0001"):
        async with database.begin() as connection:
            await connection.execute(update(audit_log).values(actor_id=""))
    async with database.connect() as connection:
        row = (await connection.execute(select(audit_log))).mappings().one()
    assert row["actor_id"] == valbourg.sophie.id


async def test_the_database_refuses_to_erase_a_line_of_this_year(
    valbourg: Valbourg, database: AsyncEngine
) -> None:
    async with valbourg.open_store() as store:
        for age in (timedelta(), timedelta(days=100)):
            await store.audit.add(Line(NOW - age, What.SIGNED_IN))
    with pytest.raises(DBAPIError):
        async with database.begin() as connection:
            await connection.execute(delete(audit_log))
    if database.dialect.name == "postgresql":
        with pytest.raises(DBAPIError):
            async with database.begin() as connection:
                await connection.execute(text("TRUNCATE audit_log"))
    assert await kept(valbourg) == [What.SIGNED_IN] * 2


def test_no_statement_of_ours_changes_a_line_and_one_erases_some() -> None:
    files = [
        one for floor in ("storage", "activities", "api") for one in (ROOT / floor).rglob("*.py")
    ]
    said = "".join(one.read_text("utf-8") for one in files if "migrations" not in one.parts)
    assert not re.search(r"update\(audit_log\)", said)
    assert len(re.findall(r"delete\(audit_log\)", said)) == 1


async def test_lines_older_than_a_year_leave_and_the_others_stay(valbourg: Valbourg) -> None:
    later = NOW + KEPT
    async with valbourg.open_store() as store:
        await store.audit.add(a_line(-1, What.SIGNED_IN))
        await store.audit.add(a_line(1, What.SIGNED_OUT))
    async with valbourg.open_store() as store:
        await store.audit.add(Line(later, What.JOURNAL_PURGED))
        assert await store.audit.forget_before(later - KEPT) == 1
        assert await store.audit.forget_before(later - KEPT) == 0
    assert await kept(valbourg) == [What.JOURNAL_PURGED, What.SIGNED_OUT]


async def test_acts_and_lines_are_told_together_the_newest_first_and_page_after_page(
    valbourg: Valbourg,
) -> None:
    dossier = await valbourg.dossier(state=State.UNDER_REVIEW)
    async with valbourg.open_store() as store:
        for n in range(3):
            await store.audit.add(
                a_line(2 * n, actor_id=valbourg.sophie.id, dossier_id=dossier.id, subject=f"{n}")
            )
            for actor in (Actor.DESK, Actor.PORTAL, Actor.ADMIN):
                await store.events.add(
                    dossier.id,
                    f"{actor}{n}",
                    at=NOW + (2 * n + 1) * MINUTE,
                    what="approve",
                    actor=actor,
                    actor_id=valbourg.sophie.id,
                    state=dossier.state,
                )
        whole = await store.journal.page(Search(), limit=50)
        assert [one.is_act for one in whole] == [True, False] * 3
        assert [one.at for one in whole] == sorted((one.at for one in whole), reverse=True)
        assert await store.journal.count(Search()) == 6
        first = await store.journal.page(Search(), limit=4)
        rest = await store.journal.page(Search(), before=first[-1], limit=4)
        assert [*first, *rest] == list(whole)
        of_dossier = await store.journal.of_dossier(dossier.id, [What.DOCUMENT_OPENED])
        assert [one.subject for one in of_dossier] == ["2", "1", "0"]


async def test_a_search_narrows_by_person_dossier_kind_place_and_time(valbourg: Valbourg) -> None:
    dossier = await valbourg.dossier()
    sophie, karim = valbourg.sophie.id, valbourg.karim.id
    async with valbourg.open_store() as store:
        await store.audit.add(a_line(0, What.SIGNED_IN, actor_id=sophie, place="192.0.2.7"))
        await store.audit.add(
            a_line(1, What.DOCUMENT_OPENED, actor_id=sophie, dossier_id=dossier.id)
        )
        await store.audit.add(a_line(2, What.SIGNED_OUT, actor_id=karim, behind_id=sophie))
        await store.audit.add(a_line(3, What.PASSWORD_CHANGED, actor_id=karim))
        assert await store.journal.people_called("sophie g") == {sophie}
        assert await store.journal.people_called("karim@v") == {karim}
        assert await store.journal.people_called("personne") == frozenset()
        assert await store.journal.dossier_numbered(f" {dossier.number} ") == dossier.id
        assert await store.journal.dossier_numbered("2020-000000") == ""
    by_sophie = Search(people=frozenset({sophie}))
    assert await kept(valbourg, by_sophie) == [
        What.SIGNED_OUT,
        What.DOCUMENT_OPENED,
        What.SIGNED_IN,
    ]
    assert await kept(valbourg, Search(people=frozenset())) == []
    assert await kept(valbourg, Search(dossier_id=dossier.id)) == [What.DOCUMENT_OPENED]
    assert await kept(valbourg, Search(what=What.SIGNED_IN)) == [What.SIGNED_IN]
    assert await kept(valbourg, Search(what=TIMELINE)) == []
    assert await kept(valbourg, Search(place="192.0.2.7")) == [What.SIGNED_IN]
    between = Search(since=NOW + MINUTE, until=NOW + 3 * MINUTE)
    assert await kept(valbourg, between) == [What.SIGNED_OUT, What.DOCUMENT_OPENED]


async def test_whoever_opens_many_different_documents_is_found_and_nobody_else(
    valbourg: Valbourg,
) -> None:
    since = NOW - timedelta(hours=1)
    async with valbourg.open_store() as store:
        for n in range(4):
            await store.audit.add(a_line(-n, actor_id=valbourg.sophie.id, subject=f"{n}"))
            await store.audit.add(a_line(-n, actor_id=valbourg.karim.id, subject="the same"))
            await store.audit.add(a_line(-n, actor_id=valbourg.claire.id, subject=f"{n}"))
        (one,) = await store.journal.curious(since=since, more_than=3)
        assert (one.actor_id, one.documents) == (valbourg.sophie.id, 4)
        assert await store.journal.curious(since=since, more_than=4) == []
        # Whoever sits behind a family's account is who opens, not the family.
        for n in range(4, 6):
            await store.audit.add(
                a_line(
                    -n, actor_id=valbourg.claire.id, behind_id=valbourg.sophie.id, subject=f"{n}"
                )
            )
        (one,) = await store.journal.curious(since=since, more_than=3)
        assert one.documents == 6
