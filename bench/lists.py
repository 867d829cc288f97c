"""The agents' lists at 1,000 and at 100,000 dossiers: nobody must wait for what has piled up."""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from bench.crowd import add_families
from bench.pages import serving
from bench.place import in_store, signs_in
from bench.table import Row, at_most, number
from bench.visitor import Key, Visitor
from deploy.example.valbourg import SOPHIE
from deploy.example_town import set_up
from storage.clock import now
from storage.migrate import migrate
from storage.sealed import EXAMPLE_KEYS, Keys
from storage.store import Store, connect, store_opener

FEW: Final = 1_000
MANY: Final = 100_000
ROUNDS: Final = 25
_IN_REVIEW: Final = 150
_WARM_UP: Final = 5
_MOST_TIMES: Final = 2
_LISTS: Final = {
    "Staff queue": "/agent/dossiers",
    "The list of all dossiers": "/agent/dossiers?file=tous",
    "Search by a name": "/agent/dossiers?file=tous&q=lefevre+f000780",
    "Search by a number": "/agent/dossiers?file=tous&q=2025-f000780",
    "Search by an address": "/agent/dossiers?file=tous&q=f000780@exemple.fr",
}


def measured(folder: Path, *, rounds: int = ROUNDS) -> Sequence[Row]:
    """One row for each list; as many dossiers wait for an agent in both towns."""
    with ExitStack() as stack:
        few = stack.enter_context(_agent(folder / "few", FEW))
        many = stack.enter_context(_agent(folder / "many", MANY))
        ms: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in _LISTS}
        for turn in range(_WARM_UP + rounds):
            for name, path in _LISTS.items():
                taken = few.opens(path).seconds, many.opens(path).seconds
                if turn >= _WARM_UP:
                    ms[name][0].append(1000 * taken[0])
                    ms[name][1].append(1000 * taken[1])
    return [_row(name, median(small), median(large)) for name, (small, large) in ms.items()]


def _row(name: str, few: float, many: float) -> Row:
    what = f"{name}: {MANY:,} dossiers against {FEW:,}"
    return at_most(what, many / few, _MOST_TIMES, " ×", more=f"{number(few)} ms, {number(many)} ms")


@contextmanager
def _agent(home: Path, dossiers: int) -> Iterator[Visitor]:
    """An agent of a town with so many dossiers, and no engine: lists need none."""
    home.mkdir(parents=True)
    sql_url = f"sqlite+aiosqlite:///{home / 'ribambelle.db'}"
    asyncio.run(_prepared(sql_url))

    async def fill(store: Store) -> Key:
        await add_families(store, dossiers, now(), prefix="f", open_ones=_IN_REVIEW)
        return await signs_in(store, SOPHIE.email)

    key = in_store(sql_url, fill)
    with serving(_surroundings(home)) as port:
        yield Visitor(port, key)


async def _prepared(sql_url: str) -> None:
    await migrate(sql_url)
    engine = connect(sql_url)
    await set_up(store_opener(engine, Keys.listed(EXAMPLE_KEYS)))
    await engine.dispose()


def _surroundings(home: Path) -> Mapping[str, str]:
    return {**os.environ, "RIBAMBELLE_HOME": str(home)}  # noqa: TID251  (handed on)
