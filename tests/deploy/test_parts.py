"""A part that falls is started again; a part that is asked to end, ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from deploy.parts import Keeper, Part
from tests.town import is_running

ROOT = Path(__file__).resolve().parents[2]
WAITS = "import time; time.sleep(600)"
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""
HAS_A_CHILD = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {WAITS!r}]).pid, flush=True)
import time; time.sleep(600)
"""


@asynccontextmanager
async def kept(
    folder: Path,
    code: str,
    lines: list[str],
    *,
    grace: float = 10,
    is_alive: Callable[[], bool] = lambda: True,
    gets_ready: bool = True,
) -> AsyncIterator[Keeper]:
    async def alive() -> bool:
        return is_alive()

    async def ready() -> None:
        if not gets_ready:
            await asyncio.sleep(600)

    part = Part(
        name="part",
        title="La partie",
        command=(sys.executable, "-c", code),
        ready=ready,
        is_alive=alive,
        grace=grace,
        pulse_every=0.1,
    )
    keeper = Keeper(
        part,
        log=folder / "part.log",
        surroundings={},
        folder=folder,
        say=lines.append,
        changed=lambda: None,
    )
    keeper.start()
    try:
        if gets_ready:
            await asyncio.wait_for(keeper.is_ready.wait(), 10)
        yield keeper
    finally:
        await keeper.stop()


async def until(question: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not question():  # noqa: ASYNC110  (another process: no event to wait for)
            await asyncio.sleep(0.02)


async def test_a_killed_part_comes_back_and_it_is_said(tmp_path: Path) -> None:
    lines: list[str] = []
    async with kept(tmp_path, WAITS, lines) as keeper:
        first = keeper.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: keeper.pid not in (None, first) and keeper.is_ready.is_set())
        assert keeper.restarts == 1
    assert "La partie s’est arrêté (signal SIGKILL) ; nouveau départ dans 0,5 s." in lines[0]
    assert lines[1] == "La partie répond de nouveau."


async def test_a_part_that_was_well_is_never_waited_for_longer(tmp_path: Path) -> None:
    lines: list[str] = []
    async with kept(tmp_path, WAITS, lines) as keeper:
        for _ in range(3):
            before = keeper.restarts
            keeper.kill()
            await until(partial(_is_back, keeper, before))
    assert sum("nouveau départ dans 0,5 s." in line for line in lines) == 3


def _is_back(keeper: Keeper, restarts_before: int) -> bool:
    return keeper.restarts > restarts_before and keeper.is_ready.is_set()


async def test_a_part_that_never_gets_ready_is_tried_less_and_less_often(tmp_path: Path) -> None:
    lines: list[str] = []
    async with kept(tmp_path, "raise SystemExit(3)", lines, gets_ready=False) as keeper:
        await until(lambda: keeper.restarts == 2)
    falls = [line for line in lines if "code 3" in line]
    assert "nouveau départ dans 0,5 s." in falls[0]
    assert "nouveau départ dans 1 s." in falls[1]


async def test_a_stopped_part_is_not_started_again(tmp_path: Path) -> None:
    lines: list[str] = []
    async with kept(tmp_path, WAITS, lines) as keeper:
        pid = keeper.pid
        assert pid is not None
        await keeper.stop()
        await keeper.stop()
    assert not is_running(pid)
    assert keeper.pid is None
    assert lines == []


async def test_a_part_that_does_not_listen_is_forced_to_end(tmp_path: Path) -> None:
    lines: list[str] = []
    async with kept(tmp_path, DEAF, lines, grace=0.3) as keeper:
        pid = keeper.pid
        assert pid is not None
        await until(keeper.log.read_text)
    assert not is_running(pid)
    assert lines == ["La partie ne s’arrête pas : arrêt forcé."]


async def test_a_frozen_part_is_killed_and_comes_back(tmp_path: Path) -> None:
    lines: list[str] = []
    frozen: list[bool] = []
    async with kept(tmp_path, WAITS, lines, is_alive=lambda: not frozen) as keeper:
        first = keeper.pid
        frozen.append(True)
        await until(lambda: keeper.restarts)
        frozen.clear()
        await until(lambda: keeper.pid not in (None, first))
    assert lines[0] == "La partie ne répond plus : arrêt forcé."


async def test_what_a_part_started_does_not_outlive_it(tmp_path: Path) -> None:
    async with kept(tmp_path, HAS_A_CHILD, []) as keeper:
        await until(keeper.log.read_text)
        child = int(keeper.log.read_text())
        assert is_running(child)
    await until(lambda: not is_running(child))


async def test_nothing_is_left_when_the_supervisor_is_killed() -> None:
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SUPERVISOR),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    pid = int(await supervisor.stdout.readline())
    assert is_running(pid)
    supervisor.kill()
    await supervisor.wait()
    await until(lambda: not is_running(pid))


SUPERVISOR = f"""
import asyncio, sys
from pathlib import Path
from deploy.parts import Keeper, Part

async def main():
    part = Part(name="part", title="La partie", command=(sys.executable, "-c", {WAITS!r}))
    keeper = Keeper(part, log=Path("/dev/null"), surroundings={{}}, folder=Path("/"),
                    say=print, changed=lambda: None)
    keeper.start()
    await keeper.is_ready.wait()
    print(keeper.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
