"""What a page costs: time, statements and bytes, beside a bare page of the same size."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.crowd import add_families
from bench.place import Place, signs_in
from bench.served import BARE
from bench.table import Row, at_most, number
from bench.visitor import Key, Page, Visitor, WentWrongError
from deploy.example.valbourg import SOPHIE
from storage.clock import now
from storage.store import Store
from tests.town import free_port, wait_until

ROUNDS: Final = 60
FAMILIES: Final = 2_000
_IN_REVIEW: Final = 150
_WARM_UP: Final = 15
_READY_WITHIN: Final = 90
_BYTES_PER_LINE: Final = 128
_MOST_STATEMENTS: Final = 10
_MOST_MS: Final = 200
_MOST_MS_OF_LISTS: Final = 400


@dataclass(frozen=True)
class Subject:
    """A page, who opens it, and how many times a bare page it may cost."""

    name: str
    path: str
    visitor: Visitor
    most_times: float
    is_list: bool = False


@dataclass(frozen=True)
class Taken:
    """What a page and its bare page took, at each opening."""

    pages: list[Page]
    bare: list[Page]

    @property
    def times(self) -> float:
        """How many times the bare page, by the medians of what the visitor waited."""
        return self.p50 / self.bare_p50

    @property
    def cpu_times(self) -> float:
        """How many times the bare page, by what the site computed: steadier on a busy machine."""
        return median(one.cpu_ms for one in self.pages) / median(one.cpu_ms for one in self.bare)

    @property
    def p50(self) -> float:
        """The median of what the visitor waited, in milliseconds."""
        return 1000 * median(one.seconds for one in self.pages)

    @property
    def bare_p50(self) -> float:
        """The same of the bare page."""
        return 1000 * median(one.seconds for one in self.bare)

    @property
    def p95(self) -> float:
        """What 19 of 20 openings stay under, in milliseconds."""
        return 1000 * sorted(one.seconds for one in self.pages)[int(len(self.pages) * 0.95)]


def measured(place: Place, *, rounds: int = ROUNDS) -> Sequence[Row]:
    """One row for each page, with a town of 2,000 families; and one for the slowest answers."""
    with serving(place.town.variables) as port:
        subjects = _subjects(place, port)
        taken = _taken(subjects, Visitor(port), rounds)
    rows = [_row(subject, taken[subject.name]) for subject in subjects]
    pages = [taken[one.name].p95 for one in subjects if not one.is_list]
    lists = [taken[one.name].p95 for one in subjects if one.is_list]
    most = max(one.pages[-1].statements for one in taken.values())
    return (
        *rows,
        at_most("SQL statements of the page that asks most", most, _MOST_STATEMENTS, ""),
        at_most("Slowest page, 95th percentile, 2,000 families", max(pages), _MOST_MS, " ms"),
        at_most("Slowest list, the same", max(lists), _MOST_MS_OF_LISTS, " ms"),
    )


def _row(subject: Subject, taken: Taken) -> Row:
    last = taken.pages[-1]
    figures = (
        f"by CPU {number(taken.cpu_times)} ×; p50 {number(taken.p50)} ms, p95 {number(taken.p95)} "
        f"ms, bare page {number(taken.bare_p50)} ms; {last.statements} statements, "
        f"{number(last.size_bytes / 1000)} kB"
    )
    what = f"{subject.name}: times a bare page"
    return at_most(what, taken.times, subject.most_times, " ×", more=figures)


def _subjects(place: Place, port: int) -> Sequence[Subject]:
    async def fill(store: Store) -> tuple[str, Key, Key]:
        ids = await add_families(store, FAMILIES, now(), prefix="f", open_ones=_IN_REVIEW)
        parent = await signs_in(store, f"f{FAMILIES - 1:06}@exemple.fr")
        return ids[-1], parent, await signs_in(store, SOPHIE.email)

    dossier_id, parents_key, agents_key = place.asks(fill)
    place.reconciles()  # the page of a dossier asks its workflow
    parent, agent = Visitor(port, parents_key), Visitor(port, agents_key)
    path = f"/dossiers/{dossier_id}"
    return (
        Subject("Sign-in page", "/connexion", Visitor(port), 4),
        Subject("Parent’s home", "/accueil", parent, 8),
        Subject("A dossier, as its parent", path, parent, 12),
        Subject("A dossier, as an agent", f"/agent{path}", agent, 12),
        Subject("Staff queue", "/agent/dossiers", agent, 12, is_list=True),
        Subject("Search", "/agent/dossiers?file=tous&q=lena", agent, 12, is_list=True),
    )


def _taken(subjects: Sequence[Subject], anybody: Visitor, rounds: int) -> Mapping[str, Taken]:
    """Round after round, each page and its bare page in turn: a noisy moment hits them all."""
    bare = {one.name: f"{BARE}{_lines_like(one)}" for one in subjects}
    found = {one.name: Taken([], []) for one in subjects}
    for turn in range(_WARM_UP + rounds):
        for one in subjects:
            page, plain = one.visitor.opens(one.path), anybody.opens(bare[one.name])
            if turn >= _WARM_UP:
                found[one.name].pages.append(page)
                found[one.name].bare.append(plain)
    return found


def _lines_like(subject: Subject) -> int:
    return subject.visitor.opens(subject.path).size_bytes // _BYTES_PER_LINE


@contextmanager
def serving(variables: Mapping[str, str]) -> Iterator[int]:
    """One uvicorn with the site of this town and the bare page; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.served:create_app", "--factory"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    surroundings = {**variables, "RIBAMBELLE_PORT": str(port)}
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  (the site's log is not the measure)
        process = subprocess.Popen(command, env=surroundings, stderr=nowhere)
    try:
        wait_until(lambda: _answers(port), seconds=_READY_WITHIN, what="the site answers")
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    visitor = Visitor(port)
    try:
        return visitor.opens("/readyz").status == 200  # noqa: PLR2004
    except (OSError, WentWrongError):
        return False
    finally:
        visitor.leaves()
