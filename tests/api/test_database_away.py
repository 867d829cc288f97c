"""PostgreSQL killed, full or stuck: the family reads what happened, and goes on afterwards."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from activities.attempts import code_of
from api.access.rules import ANYONE
from settings import Settings
from storage.migrate import migrate
from storage.store import DATABASE_ERRORS
from tests.families import a_filled_draft
from tests.postgres import OwnPostgres, own_postgres
from tests.site import CLAIRE, Browser, Site, running_site
from tests.town import wait_until

AWAY = "momentanément indisponible"


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with own_postgres(durable=True, tcp=True) as server:
        yield server


@pytest.fixture
async def site(server: OwnPostgres, tmp_path: Path) -> AsyncIterator[Site]:
    sql_url = server.url(server.new_database())
    await migrate(sql_url)
    async with running_site(Settings(home=tmp_path / "home"), sql_url) as site:
        yield site


@pytest.fixture
async def claire(site: Site) -> Browser:
    return await site.signed_in(CLAIRE)


async def test_a_killed_server_is_told_in_french_and_its_return_needs_nobody(
    server: OwnPostgres, site: Site, claire: Browser
) -> None:
    dossier = await a_filled_draft(site)
    address = f"/dossiers/{dossier.id}"
    assert (await claire.opens(address)).status_code == 200
    server.kill()
    page = await claire.get(address)
    assert page.status_code == 503
    assert AWAY in page.text
    assert (await claire.get("/readyz")).json()["parts"]["database"] == "missing"
    sent = await claire.send_form(f"{address}/adresse", street="3 rue des Lilas")
    assert sent.status_code == 503
    assert AWAY in sent.text
    server.start()
    assert (await claire.get(address)).status_code == 200
    assert (await claire.get("/readyz")).json()["parts"]["database"] == "ok"


async def test_a_step_cut_by_the_database_fails_with_a_code_only(
    server: OwnPostgres, site: Site
) -> None:
    dossier = await a_filled_draft(site)

    async def cut_in_the_middle() -> None:
        async with site.writing() as store:
            await store.dossiers.hold(dossier.id)
            server.kill()
            await store.dossiers.note_change(dossier.id)

    with pytest.raises(DATABASE_ERRORS) as cut:
        await cut_in_the_middle()
    server.start()
    assert code_of(cut.value) in {"operational_error", "internal_error"}
    async with site.writing() as store:
        assert (await store.dossiers.find(dossier.id)).version == dossier.version


async def test_a_server_that_takes_nobody_more_is_told_in_french(
    server: OwnPostgres, claire: Browser
) -> None:
    address = make_url(server.url()).set(drivername="postgresql").render_as_string()
    server.kill()  # whoever was connected is not any more
    server.start()
    with ExitStack() as crowd:
        with suppress(psycopg.OperationalError):
            while True:
                crowd.enter_context(psycopg.connect(address, autocommit=True))
        page = await claire.get("/dossiers")
    assert page.status_code == 503
    assert AWAY in page.text
    wait_until(server.answers, seconds=20, what="the crowd is gone")
    assert (await claire.get("/dossiers")).status_code == 200


async def test_a_value_that_can_be_in_no_row_is_not_there(site: Site, claire: Browser) -> None:
    @site.app.api_route("/casse/valeur", methods=["GET", "POST"], dependencies=[ANYONE])
    async def look_for() -> None:
        async with site.writing() as store:
            await store.accounts.by_email("claire\0@exemple.fr")

    assert (await claire.get("/casse/valeur")).status_code == 404
    assert (await claire.send_form("/casse/valeur")).status_code == 400


async def test_a_dossier_that_somebody_holds_for_too_long_is_told_in_french(
    site: Site, claire: Browser
) -> None:
    dossier = await a_filled_draft(site)
    address = make_url(site.settings.sql_url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(address) as stuck:
        stuck.execute(sql.SQL("SELECT 1 FROM dossiers WHERE id = {} FOR UPDATE").format(dossier.id))
        sent = await claire.send_form(f"/dossiers/{dossier.id}/adresse", street="3 rue des Lilas")
        stuck.rollback()
    assert sent.status_code == 503
    assert "3 rue des Lilas" in sent.text
