"""What knowing who asks costs: the same page for nobody, for a parent and for an agent."""

from collections.abc import Mapping, Sequence
from typing import Final

from bench.pages import serving
from bench.place import Place, signs_in
from bench.table import Row, at_most, number
from bench.visitor import Key, Visitor
from deploy.example.families import CLAIRE
from deploy.example.valbourg import SOPHIE
from storage.store import Store

ROUNDS: Final = 300
_WARM_UP: Final = 30
_MOST_TIMES: Final = 1.3
_PAGE: Final = "/aide"
"""Public, and the same for everybody but for the name in its header."""


def measured(place: Place, *, rounds: int = ROUNDS) -> Sequence[Row]:
    """One row for a parent and one for an agent, against the page without session."""

    async def keys(store: Store) -> tuple[Key, Key]:
        return await signs_in(store, CLAIRE.email), await signs_in(store, SOPHIE.email)

    parent, agent = place.asks(keys)
    with serving(place.town.variables) as port:
        taken = _taken(
            {
                "nobody": Visitor(port),
                "a parent": Visitor(port, parent),
                "an agent": Visitor(port, agent),
            },
            rounds,
        )
    plain = _p95(taken.pop("nobody"))
    return [
        at_most(
            f"A page with session and rights of {who}: times the same page without, p95",
            _p95(seconds) / plain,
            _MOST_TIMES,
            " ×",
            more=f"{number(_p95(seconds))} ms against {number(plain)} ms",
        )
        for who, seconds in taken.items()
    ]


def _taken(visitors: Mapping[str, Visitor], rounds: int) -> dict[str, list[float]]:
    """Round after round, each visitor in turn: a noisy moment hits them all."""
    found: dict[str, list[float]] = {who: [] for who in visitors}
    for turn in range(_WARM_UP + rounds):
        for who, visitor in visitors.items():
            page = visitor.opens(_PAGE)
            if turn >= _WARM_UP:
                found[who].append(page.seconds)
    return found


def _p95(seconds: Sequence[float]) -> float:
    return 1000 * sorted(seconds)[int(len(seconds) * 0.95)]
