"""Nothing a document does may cost more than itself: time, memory, secrets or the nursery."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.inspection.inspector import Inspector
from activities.inspection.jobs import SHORT
from activities.inspection.link import NURSERY, CannotInspectError, Link
from domain.documents import MediaType
from tests import samples
from tests.desk import Desk

ANSWERED_WITHIN = 7.0
SLOW_BOMB = samples.endless_objects_bomb(400_000)
"""Larger than the portal takes, so that it outlasts its five seconds on any machine."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Inspector() as inspector:
        yield Desk(inspector, tmp_path)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def at_work(nursery: int | None, count: int = 1) -> list[int]:
    """The children that are working just now, once there are so many."""

    def wait() -> list[int]:
        assert nursery is not None
        until = time.monotonic() + 4
        while len(children := children_of(nursery)) < count:
            assert time.monotonic() < until, "no child was seen at work"
            time.sleep(0.005)
        return children

    return await asyncio.to_thread(wait)


def lives(pid: int | None) -> bool:
    """Whether the process runs; one that ended and waits to be counted does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] not in "ZX"


def told_by(pid: int | None, name: str) -> str:
    """What the system says of a process."""
    return Path(f"/proc/{pid}/{name}").read_text()


async def test_hostile_files_are_answered_in_time_and_the_nursery_lives_on(desk: Desk) -> None:
    nursery = desk.inspector.nursery_pid
    bombs = [samples.nested_bomb(), samples.doubling_bomb(), samples.unfinished_bomb()]
    for bomb in bombs:
        started = time.monotonic()
        said = await desk.says(bomb)
        assert time.monotonic() - started < ANSWERED_WITHIN
        assert said.startswith("Ce document")
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."
    assert desk.inspector.nursery_pid == nursery


async def test_two_documents_are_tried_together_and_neither_outlasts_its_time(desk: Desk) -> None:
    looks = [asyncio.create_task(desk.look(SLOW_BOMB, SHORT)) for _ in range(3)]
    hanging, _ = await at_work(desk.inspector.nursery_pid, 2)
    os.kill(hanging, signal.SIGSTOP)  # it uses no more processor time: the wall clock ends it
    for look in looks:
        facts, _ = await look
        assert (facts.failure, facts.media_type) == ("timeout", MediaType.PDF)


async def test_a_document_that_hangs_is_ended_by_the_clock(desk: Desk) -> None:
    started = time.monotonic()
    look = asyncio.create_task(desk.look(SLOW_BOMB))
    (hanging,) = await at_work(desk.inspector.nursery_pid)
    os.kill(hanging, signal.SIGSTOP)
    facts, _ = await look
    assert facts.failure == "timeout"
    assert time.monotonic() - started < ANSWERED_WITHIN


async def test_ordinary_documents_do_not_wait_for_the_long_ones(desk: Desk) -> None:
    bombs = [asyncio.create_task(desk.look(SLOW_BOMB)) for _ in range(3)]
    await at_work(desk.inspector.nursery_pid)
    for _ in range(5):
        facts, _ = await desk.look(samples.pdf(), SHORT)
        assert facts.pages == 1
    assert not bombs[1].done()
    for bomb in bombs:
        bomb.cancel()
    await asyncio.gather(*bombs, return_exceptions=True)


async def test_photos_are_looked_at_one_after_the_other(desk: Desk) -> None:
    pid = desk.inspector.nursery_pid
    assert pid is not None
    photo = samples.telephone_jpeg()
    looks = [asyncio.create_task(desk.look(photo, SHORT)) for _ in range(3)]
    most = 0
    while not all(look.done() for look in looks):
        most = max(most, len(children_of(pid)))
        await asyncio.sleep(0.002)
    assert most == 1


async def test_a_child_that_crashes_costs_only_its_document(desk: Desk) -> None:
    look = asyncio.create_task(desk.look(SLOW_BOMB))
    (child,) = await at_work(desk.inspector.nursery_pid)
    os.kill(child, signal.SIGSEGV)
    facts, _ = await look
    assert facts.failure == "crash"
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_a_document_survives_the_death_of_the_nursery(desk: Desk) -> None:
    first = desk.inspector.nursery_pid
    assert first is not None
    look = asyncio.create_task(desk.look(samples.endless_objects_bomb(25_000)))
    (orphan,) = await at_work(first)
    os.kill(first, signal.SIGKILL)
    facts, _ = await look
    assert (facts.failure, facts.media_type) == (None, MediaType.PDF)
    assert desk.inspector.nursery_pid not in (None, first)
    assert not lives(orphan)
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_a_nursery_that_dies_between_two_documents_is_not_noticed(desk: Desk) -> None:
    for _ in range(3):
        assert desk.inspector.nursery_pid is not None
        os.kill(desk.inspector.nursery_pid, signal.SIGKILL)
        assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_documents_are_looked_at_without_a_network(desk: Desk) -> None:
    pid = desk.inspector.nursery_pid
    if not desk.inspector.is_isolated:
        pytest.skip("this system does not let `unshare -rn` close the network")
    interfaces = told_by(pid, "net/dev").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    assert not told_by(pid, "net/route").splitlines()[1:]


async def test_a_system_that_cannot_close_the_network_still_inspects_and_says_so(
    tmp_path: Path,
) -> None:
    refused = ["false", *NURSERY]
    async with Inspector(Link([refused, NURSERY])) as inspector:
        assert not inspector.is_isolated
        facts = await inspector.look(samples.HEIC, tmp_path)
    assert facts.failure is None


async def test_a_machine_that_cannot_inspect_does_not_refuse_the_document(tmp_path: Path) -> None:
    inspector = Inspector(Link([["false"]]))
    with pytest.raises(CannotInspectError):
        await inspector.start()
    with pytest.raises(CannotInspectError):
        await inspector.look(samples.HEIC, tmp_path)
    await inspector.close()


async def test_a_photo_that_finds_no_room_is_not_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CannotInspectError):
        await desk.inspector.look(samples.HEIC, tmp_path / "nowhere")
    assert await desk.says(samples.HEIC.read_bytes()) == "Photo lisible."


async def test_the_nursery_knows_none_of_the_secrets_of_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RIBAMBELLE_SECRET", "canari")
    async with Inspector() as inspector:
        assert "canari" not in told_by(inspector.nursery_pid, "environ")


async def test_an_ordinary_document_costs_a_tenth_of_a_second(desk: Desk) -> None:
    facts, into = await desk.look(samples.pdf(2))
    costs = []
    for _ in range(15):
        started = time.perf_counter()
        assert await desk.inspector.look(into / "source", into) == facts
        costs.append(time.perf_counter() - started)
    assert sorted(costs)[7] < 0.1


async def test_a_closed_inspector_leaves_no_process_behind() -> None:
    inspector = Inspector()
    await inspector.start()
    await inspector.start()
    pid = inspector.nursery_pid
    assert lives(pid)
    await inspector.close()
    await inspector.close()
    assert inspector.nursery_pid is None
    assert not lives(pid)
