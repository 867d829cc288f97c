"""A killed worker, a lost engine: costs time, never a dossier, a piece or a right."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.gateway import Gateway, Kept, connect
from deploy.engine import engine_command
from domain.states import Action, State
from storage.documents import PENDING
from storage.sessions import Session
from tests import samples
from tests.founding import living_town
from tests.living_town import LivingTown, eventually, in_one, kept_act
from tests.town import ROOT, Engine, free_port, wait_until


@contextmanager
def a_worker(
    town: LivingTown, engine: Engine, home: Path, sql_url: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The real worker in a process of its own, which may be killed."""
    settings = {
        "RIBAMBELLE_HOME": str(home),
        "RIBAMBELLE_DATABASE_URL": sql_url,
        "RIBAMBELLE_TEMPORAL_PORT": str(engine.port),
        "RIBAMBELLE_SMTP_PORT": str(town.mail.port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "worker"], cwd=ROOT, env=settings, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_a_worker_killed_while_it_looks_at_a_document_is_followed_by_another(
    town: LivingTown, engine: Engine, tmp_path: Path, sql_url: str
) -> None:
    dossier = await town.opens()
    await town.worker_stops()
    with a_worker(town, engine, tmp_path, sql_url) as first:
        kept = await town.parts.files.keep(in_one(samples.heavy_drawing()), limit_bytes=10**8)
        await town.as_parent().give_file(dossier.id, "child_identity", kept, name="lourd.pdf")
        pages = town.folder.pages(kept.document_id)

        async def is_looked_at() -> bool:
            return pages.is_dir()

        await eventually(is_looked_at, seconds=30)
        first.send_signal(signal.SIGKILL)
    async with town.open_store() as store:
        document = await store.documents.find(kept.document_id)
        assert document is not None
        assert document.status == PENDING  # cut in the middle
    with a_worker(town, engine, tmp_path, sql_url):
        await town.inspected(dossier, seconds=60)


async def test_a_worker_killed_while_it_sends_a_letter_sends_the_same_letter_again(
    town: LivingTown, engine: Engine, tmp_path: Path, sql_url: str
) -> None:
    dossier = await town.sent()
    await eventually(_accepted(town, 1))
    await town.worker_stops()
    town.mail.stalls = 1
    with a_worker(town, engine, tmp_path, sql_url) as first:
        await town.decides(Action.APPROVE, dossier)
        await eventually(_stalled(town), seconds=30)
        first.send_signal(signal.SIGKILL)
    with a_worker(town, engine, tmp_path, sql_url):
        assert await town.is_over(dossier, seconds=60) is State.APPROVED
    sent = [mail for mail in town.mail.accepted if "validée" in str(mail["Subject"])]
    assert len({str(mail["Message-ID"]) for mail in sent}) == 1
    assert (await town.letters(dossier)).count("approve") == 1


def _accepted(town: LivingTown, count: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        return len(town.mail.accepted) >= count

    return is_so


def _stalled(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        return town.mail.stalled > 0

    return is_so


class LosableEngine:
    """An engine of its own for one test, with a file that can be deleted."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._file = folder / "temporal.db"
        self._log = folder / "engine.log"
        self._process: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        command = engine_command(port=self.port, ui_port=None, database=self._file)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers, seconds=30, what="the engine answers")

    def _answers(self) -> bool:
        command = [str(engine_command(port=self.port, ui_port=None, database=None)[0])]
        command += ["operator", "cluster", "health", "--address", f"127.0.0.1:{self.port}"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def is_lost(self) -> None:
        """Killed, and all it knew with it."""
        self.is_killed()
        for file in self._file.parent.glob("temporal.db*"):
            file.unlink()

    def is_killed(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@pytest.fixture
async def losable(tmp_path: Path, sql_url: str) -> AsyncIterator[tuple[LosableEngine, LivingTown]]:
    engine = LosableEngine(tmp_path)
    engine.starts()
    async with living_town(f"127.0.0.1:{engine.port}", tmp_path, sql_url=sql_url) as town:
        yield engine, town
    engine.is_killed()


async def test_the_loss_of_the_whole_engine_is_a_restart_not_a_loss(
    losable: tuple[LosableEngine, LivingTown],
) -> None:
    engine, town = losable
    draft, reviewed = await town.opens(), await town.sent()
    asked = await town.opens()
    await town.submits(asked)
    await town.reaches(asked, State.AWAITING_FAMILY)
    await town.waits(asked, timedelta(days=8))
    assert "complement_reminder" in await town.letters(asked)
    before = {one.id: await town.gateway.situation(one.id) for one in (draft, reviewed, asked)}
    async with town.open_store() as store:  # written, and its errand lost with the engine
        late = await town.parts.writer.about(store, draft, "draft_reminder", at=draft.opened_at)
    engine.is_lost()
    undelivered = await town.decides(Action.APPROVE, reviewed)  # given while nothing answers
    assert isinstance(undelivered, Kept)
    engine.starts()
    await eventually(_reconciled(town), seconds=60)
    for one in (draft, asked):
        now = await town.gateway.situation(one.id)
        was = before[one.id]
        assert now is not None
        assert was is not None
        assert (now.state, now.due_at, now.next_alarm) == (was.state, was.due_at, was.next_alarm)
    await town.reaches(reviewed, State.APPROVED)
    await eventually(_is_sent(town, late), what="the letter that was lost is sent")
    assert (await town.letters(reviewed)).count("approve") == 1


def _is_sent(town: LivingTown, letter_id: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        async with town.open_store() as store:
            letter = await store.letters.find(letter_id)
        return letter is not None and letter.status == "accepted"

    return is_so


def _reconciled(town: LivingTown):  # type: ignore[no-untyped-def]  # noqa: ANN202
    async def is_so() -> bool:
        try:
            done = await town.parts.reconciler.run()
        except Exception:  # noqa: BLE001  the engine is coming back
            return False
        async with town.open_store() as store:
            waiting = await store.acts.undelivered(given_before=datetime.now(UTC))  # noqa: TID251
            ids = await store.dossiers.open_ids()
        del done
        return not waiting and all([await town.gateway.situation(one) for one in ids])

    return is_so


async def test_an_act_whose_messenger_died_is_delivered_by_the_reconciler_once(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    act = kept_act(town.sophie, Action.APPROVE, dossier.id)
    async with town.open_store() as store:
        await store.acts.add(act)
    first = await town.parts.reconciler.run()
    second = await town.parts.reconciler.run()
    assert (first.delivered, second.delivered) == (1, 0)
    assert await town.state(dossier) is State.APPROVED
    assert (await town.letters(dossier)).count("approve") == 1


async def test_between_two_runs_what_people_gave_is_delivered_all_the_same(
    town: LivingTown,
) -> None:
    dossier = await town.sent()
    async with town.open_store() as store:
        await store.acts.add(kept_act(town.sophie, Action.APPROVE, dossier.id))
    await town.parts.reconciler.hurry()
    await town.parts.reconciler.hurry()
    assert await town.state(dossier) is State.APPROVED
    assert (await town.letters(dossier)).count("approve") == 1


async def test_what_was_kept_while_the_engine_was_away_goes_before_what_is_given_after(
    town: LivingTown,
) -> None:
    dossier = await town.opens()
    await town.gives(dossier, "child_identity")
    async with town.open_store() as store:
        [document] = await store.documents.of(dossier.id)
        kept = kept_act(town.parent, Action.REMOVE_DOCUMENT, dossier.id, subject=document.id)
        await store.acts.add(replace(kept, given_at=kept.given_at - timedelta(seconds=30)))
    await town.submits(dossier)
    async with town.open_store() as store:
        lines = [event.what for event in await store.events.of(dossier.id)]
        assert await store.documents.of(dossier.id) == []
    assert lines.index("remove_document") < lines.index("submit")


async def test_a_worker_that_is_away_costs_time_and_no_decision(town: LivingTown) -> None:
    dossier = await town.sent()
    await town.worker_stops()
    given = await town.decides(Action.APPROVE, dossier)
    assert isinstance(given, Kept)  # kept, and said so
    town.worker_starts()
    await asyncio.gather(town.parts.reconciler.run(), town.parts.reconciler.run())
    assert await town.is_over(dossier) is State.APPROVED
    assert (await town.letters(dossier)).count("approve") == 1


async def test_a_site_that_never_met_the_engine_keeps_what_it_is_given(town: LivingTown) -> None:
    dossier = await town.sent()
    nowhere = Gateway(await connect(f"127.0.0.1:{free_port()}", "default"), town.open_store)
    there, town.gateway = town.gateway, nowhere
    given = await town.decides(Action.APPROVE, dossier)
    assert isinstance(given, Kept)
    assert await nowhere.situation(dossier.id) is None
    town.gateway = there
    await town.parts.reconciler.run()
    assert await town.is_over(dossier) is State.APPROVED


async def test_the_reconciler_forgets_the_sessions_that_are_over(
    town: LivingTown,
) -> None:
    now = datetime.now(UTC)  # noqa: TID251
    async with town.open_store() as store:
        for token, ends in (("over", now - timedelta(hours=1)), ("open", now + timedelta(hours=1))):
            await store.sessions.add(Session(token, town.parent.id, "c", now, now, expires_at=ends))
    await town.parts.reconciler.run()
    async with town.open_store() as store:
        assert await store.sessions.find("over") is None
        assert await store.sessions.find("open") is not None
