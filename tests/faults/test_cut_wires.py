"""Cut, frozen and slow cables between the parts: nobody waits for ever, and nothing is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
from sqlalchemy import make_url

from activities.mail_server import MailServer
from api.gateway import Gateway, Kept, connect
from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from storage.dossiers import Dossier
from tests.databases import PostgresDatabases
from tests.faults.ledger import Ledger
from tests.faults.wire import Wire, wire
from tests.living_town import LivingTown, eventually
from tests.mail_talk import mail_talk
from tests.postgres import OwnPostgres, own_postgres
from tests.site import CLAIRE, Browser, Site, running_site
from tests.town import Engine

T = TypeVar("T")
PATIENCE = 10.0
"""Nobody waits longer than this for a page: a promise of the portal, not a figure of this test."""
TROUBLES = ("down", "frozen", "slow", "half closed", "cut")


async def in_time(answer: Awaitable[T]) -> T:
    async with asyncio.timeout(PATIENCE):
        return await answer


@asynccontextmanager
async def trouble(cable: Wire, what: str) -> AsyncIterator[None]:
    """The cable is in this trouble, then well again."""
    if what == "down":
        cable.down = True
        cable.cut()
    elif what == "frozen":
        cable.freeze()
    elif what == "slow":
        cable.delay = 0.3
    elif what == "half closed":
        cable.half_close()
    else:
        cable.cut()
    yield
    cable.down, cable.delay = False, 0
    cable.cut() if what == "frozen" else None
    cable.thaw()


async def approved_once(town: LivingTown, dossier: Dossier) -> None:
    """Whatever was kept is applied, and told once."""

    async def is_over() -> bool:
        await town.parts.reconciler.run()
        return await town.state(dossier) is State.APPROVED

    await eventually(is_over, seconds=60, what="what was kept is applied")
    assert await town.is_over(dossier, seconds=60) is State.APPROVED
    assert (await town.letters(dossier)).count("approve") == 1


async def test_a_bad_cable_to_the_engine_costs_time_and_no_decision(
    town: LivingTown, engine: Engine, ledger: Ledger
) -> None:
    dossiers = {what: await town.declared() for what in TROUBLES}
    direct, longest = town.gateway, 0.0
    async with wire(engine.port) as cable:
        client = await connect(f"127.0.0.1:{cable.port}", "default", lazy=False)
        for what, dossier in dossiers.items():
            town.gateway = Gateway(client, town.open_store)
            async with trouble(cable, what):
                began = time.monotonic()
                told = await in_time(town.decides(Action.APPROVE, dossier))
                await in_time(town.gateway.situation(dossier.id))
                longest = max(longest, time.monotonic() - began)
            assert isinstance(told, Kept) or told.applied
            town.gateway = direct
            await approved_once(town, dossier)
    ledger.note(
        fault="F11",
        what="site to engine: " + ", ".join(TROUBLES),
        rounds=len(TROUBLES),
        acknowledged=len(TROUBLES),
        lost=0,
        doubled=0,
        seconds=longest,
    )


async def test_a_worker_with_a_bad_cable_to_the_engine_goes_on_when_it_is_mended(
    town: LivingTown, engine: Engine, ledger: Ledger
) -> None:
    longest = 0.0
    async with wire(engine.port) as cable:
        await town.worker_stops()
        client = await connect(f"127.0.0.1:{cable.port}", "default", lazy=False)
        direct, town.parts = town.parts, replace(town.parts, client=client)
        town.worker_starts()
        dossiers = {what: await town.declared() for what in TROUBLES}
        for what, dossier in dossiers.items():
            async with trouble(cable, what):
                told = await in_time(town.decides(Action.APPROVE, dossier))
                assert isinstance(told, Kept) or told.applied
            mended = time.monotonic()
            await approved_once(town, dossier)
            longest = max(longest, time.monotonic() - mended)
        await town.worker_stops()
        town.parts = direct
        town.worker_starts()
    ledger.note(
        fault="F11",
        what="worker to engine: " + ", ".join(TROUBLES),
        rounds=len(TROUBLES),
        acknowledged=len(TROUBLES),
        lost=0,
        doubled=0,
        seconds=longest,
    )


@pytest.mark.parametrize("what", ["down", "frozen", "slow", "half closed"])
async def test_a_bad_cable_to_the_mail_server_delays_letters_only(
    town: LivingTown, what: str
) -> None:
    async with mail_talk() as talk, wire(talk.port) as cable:
        dossier = await town.declared()
        await town.worker_stops()
        pauses = town.parts.mail.pauses
        town.parts = replace(
            town.parts,
            mail=MailServer("127.0.0.1", cable.port, timeout_seconds=1, pauses=pauses),
        )
        town.worker_starts()
        await town.worker_answers(dossier)
        async with trouble(cable, what):
            told = await town.decides(Action.APPROVE, dossier)
            assert isinstance(told, Outcome)
            assert told.applied
        assert await town.is_over(dossier, seconds=60) is State.APPROVED
        assert (
            len({mail["Message-ID"] for mail in talk.accepted if "validée" in mail["Subject"]}) == 1
        )


# Site and database --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[tuple[OwnPostgres, PostgresDatabases]]:
    with own_postgres(tcp=True) as server:
        yield server, PostgresDatabases(server)


@pytest.fixture
async def far_site(
    postgres: tuple[OwnPostgres, PostgresDatabases], tmp_path: Path
) -> AsyncIterator[tuple[Site, Wire]]:
    """A site whose database is at the other end of a cable."""
    server, databases = postgres
    async with AsyncExitStack() as stack:
        sql_url = make_url(stack.enter_context(databases.empty(tmp_path)))
        cable = await stack.enter_async_context(wire(server.port))
        through = sql_url.set(port=cable.port).render_as_string(hide_password=False)
        site = await stack.enter_async_context(
            running_site(Settings(home=tmp_path / "home"), through)
        )
        yield site, cable


async def looks(browser: Browser) -> int:
    answer: httpx2.Response = await in_time(browser.get("/compte"))
    return answer.status_code


async def twenty_at_once(browser: Browser) -> list[int]:
    return list(await asyncio.gather(*(looks(browser) for _ in range(20))))


async def test_a_hundred_cuts_of_the_database_leave_every_connection_free(
    far_site: tuple[Site, Wire], ledger: Ledger
) -> None:
    site, cable = far_site
    claire = await site.signed_in(CLAIRE)
    rounds = 0
    while cable.cuts < 200:  # each connection has two ends
        asked = [asyncio.create_task(looks(claire)) for _ in range(4)]
        await asyncio.sleep(0.002 * (rounds % 10))
        cable.cut()
        assert set(await asyncio.gather(*asked)) <= {200, 503}
        rounds += 1
    assert await twenty_at_once(claire) == [200] * 20
    ledger.note(
        fault="F11",
        what="site to database: 100 connections cut, then 20 requests at once",
        rounds=100,
        acknowledged=20,
        lost=0,
        doubled=0,
    )


async def test_a_frozen_database_is_told_in_time_and_forgotten_when_it_thaws(
    far_site: tuple[Site, Wire], ledger: Ledger
) -> None:
    site, cable = far_site
    claire = await site.signed_in(CLAIRE)
    assert await looks(claire) == 200
    cable.freeze()
    began = time.monotonic()
    assert set(await twenty_at_once(claire)) == {503}
    waited = time.monotonic() - began
    assert (await in_time(claire.get("/readyz"))).status_code == 503
    cable.thaw()

    async def all_see_their_page() -> bool:
        return await twenty_at_once(claire) == [200] * 20

    await eventually(all_see_their_page, seconds=30, what="everybody sees their page")
    ledger.note(
        fault="F11",
        what="site to database: frozen, 20 requests at once",
        rounds=20,
        acknowledged=20,
        lost=0,
        doubled=0,
        seconds=waited,
    )


async def test_a_slow_database_is_only_slow(far_site: tuple[Site, Wire]) -> None:
    site, cable = far_site
    claire = await site.signed_in(CLAIRE)
    assert await looks(claire) == 200
    cable.delay = 0.3
    assert await looks(claire) in {200, 503}
    cable.delay = 0
    assert await looks(claire) == 200
