"""One dossier that cannot go on keeps nobody else waiting, is seen, and goes on once mended."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from domain.states import Action, State
from settings import Settings
from storage.files import Files
from storage.folder_files import FolderFiles
from storage.supervision import Incident
from tests import samples
from tests.faults.ledger import Ledger
from tests.living_town import LivingTown, eventually, in_one
from tests.mail_talk import STALL, MailTalk, mail_talk
from tests.site import ADMIN, Site, running_site
from tests.town import ROOT, Engine

HOUR = timedelta(hours=1)


@pytest.fixture
async def site(town: LivingTown, tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """The site of the living town, which reads the real engine."""
    settings = Settings(home=tmp_path, smtp_port=town.mail.port)
    async with running_site(settings, sql_url, gateway=town.gateway) as site:
        yield site


async def the_incident(town: LivingTown, *, tries: int) -> Incident:
    """The only incident of the town, once it has failed so often."""
    found: list[Incident] = []

    async def failed_often() -> bool:
        async with town.open_store() as store:
            found[:] = await store.supervision.open_incidents()
        return bool(found) and found[0].attempt >= tries

    await eventually(failed_often, seconds=60, what=f"a step failed {tries} times")
    [incident] = found
    return incident


def lose(files: Files, document_id: str) -> tuple[Path, bytes]:
    """Take the bytes of a document away; gives what brings them back."""
    assert isinstance(files, FolderFiles)
    path = files.original(document_id)
    content = path.read_bytes()
    path.unlink()
    return path, content


async def test_a_dossier_whose_step_always_fails_is_blocked_alone_and_goes_on_once_mended(
    town: LivingTown, site: Site, ledger: Ledger
) -> None:
    admin = await site.signed_in(ADMIN)
    poisoned = await town.opens()
    await town.worker_stops()
    kept = await town.parts.files.keep(in_one(samples.pdf()), limit_bytes=10**6)
    await town.as_parent().give_file(poisoned.id, "child_identity", kept, name="a.pdf")
    path, content = lose(town.parts.files, kept.document_id)
    town.worker_starts()
    await town.parts.reconciler.run()
    for tries in range(1, 6):
        await the_incident(town, tries=tries)
        await town.waits(poisoned, timedelta(minutes=2))
    others = await asyncio.gather(*(town.sent() for _ in range(3)))  # nobody else waits
    page = (await admin.opens("/admin/supervision")).text
    assert "Bloqué" in page
    assert f"Dossier {poisoned.number}" in page
    assert all(f"Dossier {other.number}" not in page for other in others)

    before = (await the_incident(town, tries=5)).attempt
    await town.waits(poisoned, HOUR / 6)
    incident = await the_incident(town, tries=before + 1)
    assert incident.attempt - before <= 11  # spaced: once a minute at the very most

    path.write_bytes(content)
    answer = await admin.send_form(
        f"/admin/supervision/{incident.id}/relance", reason="Fichier restauré"
    )
    assert answer.status_code == 303
    await town.inspected(poisoned)
    assert "Tout avance" in (await admin.opens("/admin/supervision")).text
    await town.submits(poisoned)
    await town.reaches(poisoned, State.UNDER_REVIEW)  # what the others gave serves here too
    ledger.note(
        fault="F19",
        what="a step that always fails, beside three dossiers that go on",
        rounds=incident.attempt,
        acknowledged=4,
        lost=0,
        doubled=0,
    )


@contextmanager
def a_worker(talk: MailTalk, engine: Engine, home: Path, sql_url: str) -> Iterator[None]:
    """The real worker in a process of its own, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "worker"],
        cwd=ROOT,
        env={
            "RIBAMBELLE_HOME": str(home),
            "RIBAMBELLE_DATABASE_URL": sql_url,
            "RIBAMBELLE_TEMPORAL_PORT": str(engine.port),
            "RIBAMBELLE_SMTP_PORT": str(talk.port),
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.fault
async def test_a_step_that_kills_its_worker_each_time_is_blocked_for_the_admin(
    town: LivingTown, engine: Engine, site: Site, tmp_path: Path
) -> None:
    dossier = await town.declared()
    await town.worker_stops()
    admin = await site.signed_in(ADMIN)
    async with mail_talk() as talk:
        talk.script = {"MAIL": [STALL] * 20}
        act = asyncio.create_task(town.decides(Action.APPROVE, dossier))
        for tries in range(1, 6):
            with a_worker(talk, engine, tmp_path, sql_url=site.settings.database_url):

                async def is_tried(times: int = tries) -> bool:
                    return len(talk.commands("MAIL")) >= times

                await eventually(is_tried, seconds=120, what=f"try {tries} has begun")
            await act
    page = (await admin.opens("/admin/supervision")).text
    assert "Bloqué" in page
    assert "L’étape a été coupée" in page
    town.worker_starts()
    assert await town.is_over(dossier, seconds=240) is State.APPROVED
