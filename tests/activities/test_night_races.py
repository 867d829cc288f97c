"""A night erases a family at the moment in which it comes back, or is written to: one comes first.

On both databases: PostgreSQL lets both go on and has them wait for the account they hold, SQLite
lets one transaction wait for the other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from api.act_checks import refuse_if_closed
from domain.campaigns import INVITATION, Position, Round
from domain.errors import NotAllowed
from domain.retention import WARNED_BEFORE, Category, runs_out
from storage.campaigns import Campaign
from storage.databases import is_postgresql
from storage.retention import Due
from storage.sessions import Session
from storage.store import Store
from storage.tables import letters, sessions
from tests.campaigns import a_campaign, a_family
from tests.databases import on_both
from tests.living_town import eventually
from tests.office import NOW, Office
from tests.overdue import Nights, comes_back, evening

pytestmark = on_both
SEEN = date(2027, 8, 31)
NIGHT = runs_out(Category.ACCOUNT, SEEN)
REMINDED = date(2026, 12, 15)


async def comes_in(office: Office, store: Store) -> None:
    """She signs in, as `open_session` does: nobody may whose account is closed."""
    await refuse_if_closed(store, office.claire.id)
    at = evening(NIGHT - timedelta(days=1))
    hour = at + timedelta(hours=1)
    await store.sessions.add(Session("hash", office.claire.id, "csrf", at, at, hour))


async def begins(office: Office, store: Store) -> None:
    """She begins a dossier, as `Acts.open` does."""
    await refuse_if_closed(store, office.claire.id)
    procedure = await store.town.procedure(slug="inscription-scolaire")
    await store.dossiers.open_new(procedure, office.claire.id, evening(NIGHT))


COMINGS = pytest.mark.parametrize("coming", [comes_in, begins])
Coming = Callable[[Office, Store], Awaitable[None]]


async def is_warned(office: Office) -> Due:
    """Claire has not come for two years, and was told two weeks ago that her account goes."""
    await comes_back(office, SEEN)
    await Nights(office).pass_one(NIGHT - WARNED_BEFORE)
    return Due(office.claire.id, office.claire.id, None, "")


async def erases(store: Store, due: Due, category: Category) -> bool:
    """The night's one transaction about her; whether she still was due."""
    if await store.retention.still_due(category, NIGHT, due) is None:
        return False
    await store.overdue.erase(category, due, NIGHT, evening(NIGHT))
    return True


async def is_patient(store: Store) -> None:
    """Wait as long as it takes: what is proved here does not depend on the machine's speed."""
    if is_postgresql(store.connection):
        for limit in ("lock_timeout", "statement_timeout"):
            await store.connection.execute(text(f"SET LOCAL {limit} = 0"))


async def somebody_waits(store: Store) -> None:
    """Until the other transaction waits for this one. On SQLite it does from its first word."""
    if not is_postgresql(store.connection):
        return
    waiting = text(
        "SELECT count(*) FROM pg_locks"
        " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )

    async def is_so() -> bool:
        return bool((await store.connection.execute(waiting)).scalar())

    await eventually(is_so, seconds=60, what="one waits for the other")


@COMINGS
async def test_who_comes_while_the_night_erases_the_account_finds_it_closed(
    office: Office, coming: Coming
) -> None:
    due = await is_warned(office)

    async def comes() -> None:
        async with office.open_store() as store:
            await is_patient(store)
            await coming(office, store)

    async with office.open_store() as night:
        assert await night.retention.still_due(Category.ACCOUNT, NIGHT, due)
        herself = asyncio.create_task(comes())
        await somebody_waits(night)
        await night.overdue.erase(Category.ACCOUNT, due, NIGHT, evening(NIGHT))
    with pytest.raises(NotAllowed):
        await herself
    async with office.open_store() as store:
        assert await store.dossiers.of_account(office.claire.id) == []
        assert (await store.connection.execute(select(sessions))).all() == []


@COMINGS
async def test_a_night_that_comes_a_moment_later_leaves_who_came_back_alone(
    office: Office, coming: Coming
) -> None:
    due = await is_warned(office)

    async def night() -> bool:
        async with office.open_store() as store:
            await is_patient(store)
            return await erases(store, due, Category.ACCOUNT)

    async with office.open_store() as store:
        await coming(office, store)
        erased = asyncio.create_task(night())
        await somebody_waits(store)
    assert not await erased
    async with office.open_store() as store:
        account = await store.accounts.by_id(office.claire.id)
    assert account is not None
    assert (account.disabled_at, account.email) == (None, office.claire.email)


async def a_family_that_never_came(office: Office) -> tuple[Campaign, Due]:
    """It is invited to a campaign that runs, and its time is over."""
    async with office.open_store() as store:
        campaign = await a_campaign(store, office.sophie.id, NOW)
        account_id = await a_family(store, "Haddad", evening(SEEN))
    return campaign, Due(account_id, account_id, None, "")


async def writes(office: Office, store: Store, campaign: Campaign) -> list[str]:
    """Write to those who were not invited yet, as `CampaignActivities` does; to whom."""
    invited = await store.campaign_families.to_invite(campaign, NOW, limit=20)
    for family in invited:
        account = await store.accounts.by_id(family.account_id)
        assert account is not None
        letter_id = await office.writer.to_person(
            store, account, "sign_in_link", path="/", at=NOW, campaign=INVITATION
        )
        await store.campaign_families.note_invited(
            campaign.id, family.account_id, letter_id, evening(NIGHT)
        )
    return [one.account_id for one in invited]


async def letters_of(office: Office, due: Due) -> int:
    query = select(func.count()).where(letters.c.account_id == due.account)
    async with office.open_store() as store:
        return int((await store.connection.execute(query)).scalar_one())


async def reminds(office: Office, store: Store, campaign: Campaign) -> list[str]:
    """Whom `CampaignActivities` would remind."""
    del office
    due = Round(REMINDED, Position.NOT_BEGUN, frozenset({Position.NOT_BEGUN}))
    limit = evening(REMINDED)
    found = await store.campaign_families.to_remind(campaign, due, invited_before=limit, limit=20)
    return [one.account_id for one in found]


@pytest.mark.parametrize("write", [writes, reminds])
async def test_a_campaign_writes_to_nobody_whom_the_night_erases_at_that_moment(
    office: Office, write: Callable[[Office, Store, Campaign], Awaitable[list[str]]]
) -> None:
    campaign, due = await a_family_that_never_came(office)
    if write is reminds:
        async with office.open_store() as store:
            await store.campaign_families.note_invited(campaign.id, due.account, "", NOW)
            assert due.account in await reminds(office, store, campaign)

    async def to_whom() -> list[str]:
        async with office.open_store() as store:
            await is_patient(store)
            return await write(office, store, campaign)

    async with office.open_store() as night:
        assert await night.retention.still_due(Category.KNOWN, NIGHT, due)
        written = asyncio.create_task(to_whom())
        await somebody_waits(night)
        await night.overdue.erase(Category.KNOWN, due, NIGHT, evening(NIGHT))
    assert due.account not in await written
    assert await letters_of(office, due) == 0


async def test_a_letter_that_a_campaign_writes_at_that_moment_goes_with_its_family(
    office: Office,
) -> None:
    campaign, due = await a_family_that_never_came(office)

    async def night() -> bool:
        async with office.open_store() as store:
            await is_patient(store)
            return await erases(store, due, Category.KNOWN)

    async with office.open_store() as store:
        assert due.account in await writes(office, store, campaign)
        erased = asyncio.create_task(night())
        await somebody_waits(store)
    assert await erased
    assert await letters_of(office, due) == 0
