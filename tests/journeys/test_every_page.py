"""Every page of the portal, in every state: accessible, within the screen, light, quiet.

The pages are those of the router. A route without an example fails here.
"""

from collections.abc import Iterator, Sequence

import pytest
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser
from starlette.routing import compile_path

from api.app import create_app
from deploy.example.families import CLAIRE, THOMAS
from deploy.example.valbourg import SOPHIE
from settings import Settings
from tests.journeys.example import Example
from tests.journeys.example_pages import EXAMPLES, FOR_PROGRAMS, NOT_PAGES
from tests.journeys.look import Weights, appearance, focus, weights
from tests.journeys.readers import Readers
from tests.town import RunningTown

pytestmark = pytest.mark.browser

ALL = [(room, example) for room, examples in EXAMPLES.items() for example in examples]
FIRST_VIEW = {"agents": 90_000, "admins": 90_000}
PARENTS_FIRST_VIEW = 60_000
MOST_REQUESTS = 6
MOST_RAW = {"navigation": 40_000, "link": 30_000, "script": 20_000}
SHOWROOM = "/composants"
"""Holds everything at once, so that no budget of a page is its own."""


@pytest.fixture(scope="module")
def readers(
    browser: Browser, example_town: RunningTown, valbourg: RunningTown
) -> Iterator[Readers]:
    readers = Readers(browser, example_town, valbourg)
    yield readers
    readers.closes()


def routes() -> list[str]:
    """Every address that a person can open, as the router writes it: programs have their own."""
    app = create_app(Settings())
    return [
        str(context.path)
        for context in iter_route_contexts(app.routes)
        if "GET" in (context.methods or ()) and not is_for_programs(str(context.path))
    ]


def is_for_programs(path: str) -> bool:
    """Whether it is an address of the JSON facade, and not what describes it."""
    return path.startswith("/api/v1/") and not path.endswith("openapi.json")


def route_of(path: str, known: Sequence[str]) -> str:
    """The route that answers at this address; empty when none does."""
    place = path.partition("?")[0]
    return next((route for route in known if compile_path(route)[0].fullmatch(place)), "")


def over_budget(room: str, cost: Weights) -> list[str]:
    """What is heavier than a first view may be."""
    most = FIRST_VIEW.get(room, PARENTS_FIRST_VIEW)
    found = [
        f"{kind} of {cost.raw.get(kind, 0)} bytes, {limit} at most"
        for kind, limit in MOST_RAW.items()
        if cost.raw.get(kind, 0) > limit
    ]
    if cost.transferred > most:
        found.append(f"{cost.transferred} bytes transferred, {most} at most")
    if cost.requests > MOST_REQUESTS:
        found.append(f"{cost.requests} requests, {MOST_REQUESTS} at most")
    return found


def test_every_page_of_the_router_has_an_example() -> None:
    known = routes()
    shown = {route_of(example.path, known) for _, example in ALL}
    pages = [route for route in known if not route.startswith(FOR_PROGRAMS)]
    forgotten = [route for route in pages if route not in shown | NOT_PAGES.keys()]
    assert not forgotten, (
        f"{forgotten}: say in example_pages.py, or in pages_of_*.py, where such a page is found "
        'in the example town: Example("/mes/<dossier noe>/adresse", "état", CLAIRE.email). If it '
        "answers with a file or with data, add the route and an address to NOT_PAGES instead."
    )


def test_what_is_said_to_be_no_page_is_none(readers: Readers) -> None:
    for route, path in NOT_PAGES.items():
        if not path:
            continue
        who = SOPHIE if route.startswith("/agent") else THOMAS
        who = CLAIRE if "etat" in route else who
        reader = readers.reader(who.email)
        answer = reader.page.request.get(reader.origin + readers.addresses.filled_in(path))
        assert answer.ok, route
        assert b'id="contenu"' not in answer.body(), route


@pytest.mark.parametrize(
    ("room", "example"), ALL, ids=[f"{room}: {example.name}" for room, example in ALL]
)
def test_a_page_can_be_used_by_everybody(readers: Readers, room: str, example: Example) -> None:
    reader, status = readers.show(example)
    found = [] if status == example.status else [f"answered {status} instead of {example.status}"]
    if example.path != SHOWROOM:
        found += over_budget(room, weights(reader.page))
    for width in (390, 320, 1280):
        found += appearance(reader.page, [width])
        if width != 320:
            found += [f"{width} px, {one}" for one in focus(reader.page)]
    found += reader.watch.heard()
    assert not found, "\n".join(found)
