"""The admins hear of whoever opens too much, once an hour; the journal forgets after a year."""

from datetime import datetime, timedelta

from activities.journal_watch import JournalWatch, purge_journal
from domain.audit import KEPT, MANY, What
from storage.audit import Line
from storage.journal import Search
from tests.builders import Someone, an_account
from tests.office import NOW, Office

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def opens(office: Office, who: str, documents: int, at: datetime) -> None:
    async with office.open_store() as store:
        for n in range(documents):
            await store.audit.add(
                Line(at - timedelta(seconds=n), What.DOCUMENT_OPENED, who, subject=f"{n:032x}")
            )


async def two_admins(office: Office) -> None:
    async with office.open_store() as store:
        for name in ("Ana", "Bruno", "Parti"):
            email = f"{name.lower()}@v.example"
            account = await an_account(store, Someone(email, "admin", name), NOW)
            if name == "Parti":
                await store.accounts.disable(account.id, NOW)


async def kinds(office: Office, what: What) -> list[dict[str, object]]:
    async with office.open_store() as store:
        return [dict(one.detail) for one in await store.journal.page(Search(what=what), limit=99)]


async def test_every_admin_is_written_to_once_an_hour_about_whoever_opens_too_much(
    office: Office,
) -> None:
    await two_admins(office)
    watch = JournalWatch(office.open_store, office.writer)
    await opens(office, office.sophie.id, MANY, NOW)
    assert await watch.warn(NOW) == []
    await opens(office, office.sophie.id, MANY + 1, NOW)
    letters = [await office.letter(one) for one in await watch.warn(NOW)]
    assert sorted(one.to_address for one in letters) == ["ana@v.example", "bruno@v.example"]
    assert f"Sophie Garnier a ouvert {MANY + 1} documents différents" in letters[0].text
    assert await watch.warn(NOW + timedelta(minutes=30)) == []
    assert await JournalWatch(office.open_store, office.writer).warn(NOW) == []
    assert await kinds(office, What.MANY_OPENINGS) == [{"documents": f"{MANY + 1}"}]
    await opens(office, office.sophie.id, MANY + 1, NOW + HOUR)
    assert len(await watch.warn(NOW + HOUR + timedelta(minutes=1))) == 2


async def test_the_journal_forgets_after_a_year_and_says_so_once(office: Office) -> None:
    await opens(office, office.sophie.id, 3, NOW)
    for early in (DAY, KEPT - DAY):
        assert await purge_journal(office.open_store, NOW + early) == 0
    assert await kinds(office, What.JOURNAL_PURGED) == []
    later = NOW + KEPT + DAY
    assert await purge_journal(office.open_store, later) == 3
    assert await purge_journal(office.open_store, later) == 0
    assert await kinds(office, What.JOURNAL_PURGED) == [{"lines": "3"}]
    assert await kinds(office, What.DOCUMENT_OPENED) == []
    # What says that lines were erased is a line like the others.
    assert await purge_journal(office.open_store, later + KEPT + DAY) == 1


async def test_the_watch_purges_once_a_day(office: Office) -> None:
    watch, later = JournalWatch(office.open_store, office.writer), NOW + KEPT + DAY
    await opens(office, office.sophie.id, 1, NOW)
    assert await watch.purge_daily(later) == 1
    await opens(office, office.sophie.id, 1, NOW + timedelta(minutes=1))
    assert await watch.purge_daily(later + timedelta(hours=23)) == 0
    assert await watch.purge_daily(later + DAY) == 1
