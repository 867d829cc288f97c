"""What an admin sees of what is stuck, and how a step is tried again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from api.gateway import EngineReading, PendingStep
from domain.documents import Scan
from domain.states import State
from settings import Settings
from storage.acts import KeptAct
from storage.documents import REFUSED
from storage.dossiers import Dossier
from storage.supervision import Incident
from tests.builders import a_dossier, an_account
from tests.families import a_paper, a_sent_dossier
from tests.site import ADMIN, CLAIRE, Browser, Site, running_site

STEP, OTHER_STEP = "5", "6"


def a_good_reading(at: datetime) -> EngineReading:
    return EngineReading(
        read_at=at,
        called_at={"dossiers": at, "inspection": at},
        waiting=0,
        failing=(),
        is_isolated=True,
    )


async def an_incident(
    site: Site, *, code: str = "smtp_451", step: str = "send", tries: int = 1
) -> tuple[Dossier, Incident]:
    """A step of Claire's dossier that has failed so many times."""
    at = site.clock()
    async with site.writing() as store:
        owner = await an_account(store, CLAIRE, at)
        dossier = await a_dossier(store, owner, at, state=State.CHECKING)
        for attempt in range(1, tries + 1):
            await store.supervision.note_failure(
                workflow_id=f"dossier-{dossier.id}",
                activity_id=STEP,
                step=step,
                dossier_id=dossier.id,
                subject="",
                code=code,
                attempt=attempt,
                at=at,
                next_try_at=at + timedelta(minutes=5),
            )
        [incident] = await store.supervision.open_incidents()
    return dossier, incident


def waits(site: Site, incident: Incident, **more: Any) -> None:
    """The engine says that the incident's step waits for its next try."""
    step = PendingStep(
        workflow_id=incident.workflow_id,
        activity_id=STEP,
        step=incident.step,
        attempt=2,
        code=incident.code,
        next_try_at=site.clock() + timedelta(minutes=5),
        is_running=False,
    )
    site.gateway.pending_steps[incident.workflow_id] = (replace(step, **more),)


@pytest.fixture
async def site(tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """The site of a small town whose mail server answers."""
    mail = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with mail:
        settings = Settings(home=tmp_path / "home", smtp_port=mail.sockets[0].getsockname()[1])
        async with running_site(settings, sql_url) as site:
            yield site


@pytest.fixture
def well(site: Site) -> Site:
    """A site whose engine and worker are well."""
    site.gateway.reading = a_good_reading(site.clock())
    return site


@pytest.mark.usefixtures("well")
async def test_a_town_where_nothing_is_stuck_says_so(as_admin: Browser) -> None:
    page = await as_admin.opens("/admin/supervision")
    assert page.status_code == 200
    assert "Tout avance. 0 en cours, 0 bloqué." in page.text


async def test_a_step_that_fails_is_shown_with_its_cause_in_french_and_without_a_family_name(
    well: Site, as_admin: Browser
) -> None:
    dossier, incident = await an_incident(well)
    waits(well, incident)
    page = await as_admin.opens("/admin/supervision")
    assert "Le serveur de mail demande d’essayer plus tard" in page.text
    assert f"Dossier {dossier.number}" in page.text
    assert "Nouvel essai prévu" in page.text
    assert "Tout avance" not in page.text
    assert "Martin" not in page.text


async def test_a_step_that_failed_five_times_is_blocked(well: Site, as_admin: Browser) -> None:
    _, incident = await an_incident(well, tries=5)
    waits(well, incident, attempt=6)
    assert "Bloqué" in (await as_admin.opens("/admin/supervision")).text


async def test_a_step_the_engine_waits_for_no_more_is_not_shown(
    well: Site, as_admin: Browser
) -> None:
    _, incident = await an_incident(well)
    well.gateway.pending_steps[incident.workflow_id] = ()
    assert "essayer plus tard" not in (await as_admin.opens("/admin/supervision")).text
    page = await as_admin.opens(f"/admin/supervision/{incident.id}")
    assert "Cette étape n’attend plus" in page.text


async def test_an_engine_that_is_away_is_said_first_with_the_last_good_reading(
    well: Site, as_admin: Browser
) -> None:
    await as_admin.opens("/admin/supervision")
    well.gateway.reading = None
    well.clock.waits(timedelta(minutes=7))
    page = await as_admin.opens("/admin/supervision")
    assert "Moteur : ne répond pas" in page.text
    assert "Dernière bonne lecture il y a 7" in page.text
    assert "Tout avance" not in page.text


async def test_a_town_without_worker_says_since_when(well: Site, as_admin: Browser) -> None:
    at = well.clock() - timedelta(minutes=3)
    well.gateway.reading = replace(
        a_good_reading(well.clock()), called_at={"dossiers": at, "inspection": at}, waiting=4
    )
    page = await as_admin.opens("/admin/supervision")
    assert "Aucun worker au travail depuis" in page.text
    assert "4\u00a0tâches attendent." in page.text


async def test_an_act_that_is_kept_and_not_applied_is_counted(
    well: Site, as_admin: Browser
) -> None:
    dossier, _ = await an_incident(well)
    async with well.writing() as store:
        await store.acts.add(
            KeptAct("a" * 32, dossier.id, "submit", dossier.account_id, "parent", 1, well.clock())
        )
    well.clock.waits(timedelta(minutes=2))
    assert "1\u00a0action gardée attend" in (await as_admin.opens("/admin/supervision")).text


async def test_a_dossier_whose_code_fails_is_shown_by_its_number(
    well: Site, as_admin: Browser
) -> None:
    dossier, _ = await an_incident(well)
    well.gateway.reading = replace(a_good_reading(well.clock()), failing=(f"dossier-{dossier.id}",))
    page = await as_admin.opens("/admin/supervision")
    assert "Le déroulement du dossier est arrêté" in page.text
    assert dossier.number in page.text


async def test_a_check_that_lasts_is_shown_though_nothing_failed(
    well: Site, as_admin: Browser
) -> None:
    async with well.writing() as store:
        owner = await an_account(store, CLAIRE, well.clock())
        await a_dossier(store, owner, well.clock(), state=State.CHECKING)
    well.clock.waits(timedelta(minutes=2))
    well.gateway.reading = a_good_reading(well.clock())
    page = await as_admin.opens("/admin/supervision")
    assert "dure plus longtemps que prévu" in page.text


async def test_a_step_is_tried_again_for_a_reason_which_is_kept(
    well: Site, as_admin: Browser
) -> None:
    dossier, incident = await an_incident(well)
    waits(well, incident)
    page = await as_admin.opens(f"/admin/supervision/{incident.id}")
    assert "Relancer l’étape" in page.text
    well.gateway.pending_steps[incident.workflow_id] = ()
    answer = await as_admin.send_form(
        f"/admin/supervision/{incident.id}/relance", reason="Le serveur est réparé", act_id="b" * 32
    )
    assert answer.status_code == 303
    assert well.gateway.retried == [(incident.workflow_id, STEP)]
    page = await as_admin.opens(f"/admin/supervision/{incident.id}")
    assert "elle est passée" in page.text
    assert "Raison : Le serveur est réparé" in page.text
    async with well.writing() as store:
        assert "step_retried" in [one.what for one in await store.events.of(dossier.id)]
        [done] = await store.supervision.interventions(dossier_id=dossier.id)
    assert done.admin_name == "Ana Lopes"


async def test_the_same_form_twice_tries_once(well: Site, as_admin: Browser) -> None:
    _, incident = await an_incident(well)
    well.gateway.pending_steps[incident.workflow_id] = ()
    for _ in range(2):
        await as_admin.send_form(
            f"/admin/supervision/{incident.id}/relance", reason="Réparé", act_id="b" * 32
        )
    assert len(well.gateway.retried) == 1


async def test_without_a_reason_nothing_is_tried(well: Site, as_admin: Browser) -> None:
    _, incident = await an_incident(well)
    waits(well, incident)
    answer = await as_admin.send_form(f"/admin/supervision/{incident.id}/relance", reason="  ")
    assert answer.status_code == 422
    assert "Indiquez la raison" in answer.text
    assert well.gateway.retried == []


async def test_too_long_a_reason_is_given_back_whole(well: Site, as_admin: Browser) -> None:
    _, incident = await an_incident(well)
    waits(well, incident)
    long = "x" * 501
    answer = await as_admin.send_form(f"/admin/supervision/{incident.id}/relance", reason=long)
    assert answer.status_code == 422
    assert long in answer.text


async def test_a_step_that_moved_on_meanwhile_is_left_alone(well: Site, as_admin: Browser) -> None:
    dossier, incident = await an_incident(well)
    well.gateway.can_retry = False
    await as_admin.send_form(f"/admin/supervision/{incident.id}/relance", reason="Réparé")
    page = await as_admin.opens("/admin/supervision")
    assert "L’état a changé entre-temps" in page.text
    async with well.writing() as store:
        assert "step_retried" not in [one.what for one in await store.events.of(dossier.id)]


async def test_a_retry_while_the_engine_is_away_is_kept_as_such(
    well: Site, as_admin: Browser
) -> None:
    dossier, incident = await an_incident(well)
    well.gateway.is_away = True
    answer = await as_admin.send_form(
        f"/admin/supervision/{incident.id}/relance", reason="Réparé", act_id="b" * 32
    )
    assert answer.status_code == 503
    assert "Le moteur ne répond pas" in answer.text
    async with well.writing() as store:
        [done] = await store.supervision.interventions(dossier_id=dossier.id)
    assert done.result == "engine_away"


@pytest.mark.usefixtures("well")
async def test_an_unknown_incident_does_not_exist(as_admin: Browser) -> None:
    assert (await as_admin.opens("/admin/supervision/" + "0" * 32)).status_code == 404
    answer = await as_admin.send_form("/admin/supervision/" + "0" * 32 + "/relance", reason="Oui")
    assert answer.status_code == 404


async def test_the_page_costs_at_most_ten_questions(well: Site, as_admin: Browser) -> None:
    await an_incident(well)
    await as_admin.opens("/admin/supervision")  # the town's card is read, then kept for a while
    asked: list[str] = []

    @contextmanager
    def listening() -> Any:
        def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
                asked.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    with listening():
        await as_admin.opens("/admin/supervision")
    assert len(asked) <= 10, asked


async def test_an_antivirus_that_is_away_is_told_with_what_waits_for_it(
    tmp_path: Path, sql_url: str
) -> None:
    settings = Settings(home=tmp_path / "home", clamd="127.0.0.1:9")
    async with running_site(settings, sql_url) as site:
        at = site.clock()
        dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
        await a_paper(site, dossier, "child_identity", scan=Scan.PENDING)
        infected = {"scan": Scan.INFECTED, "status": REFUSED, "scan_tried_at": at}
        await a_paper(site, dossier, "child_identity", **infected)
        page = (await (await site.signed_in(ADMIN)).get("/admin/supervision")).text
        assert "1\u00a0document attend son analyse ; les agents ne peuvent rien en ouvrir" in page
        assert "1\u00a0fichier infecté refusé et effacé en 30 jours." in page
        ready = (await site.browser().get("/readyz")).json()
        assert ready["parts"]["antivirus"] == "missing"
        assert "antivirus" in ready["degraded"]
