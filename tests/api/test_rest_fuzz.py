"""Nobody sends what the facade expects: whatever comes, no 5xx, and no answer it did not describe.

A real server on a free port; the requests come from its own description, with a fixed seed. More of
them: `pytest tests/api/test_rest_fuzz.py --fuzz 500`.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from tests.databases import Databases
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.programs import API, CANTEEN, Program, a_program
from tests.site import AGENT, CLAIRE, Site, running_site
from tests.town import free_port, wait_until

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@dataclass
class Target:
    """A running facade, tokens for it, and what is there to be found."""

    url: str
    tokens: list[str] = field(default_factory=list)
    dossiers: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)


async def furnish(site: Site, target: Target) -> None:
    """Dossiers in every state that matters, and an engine that hears of half of what is done."""
    for action, state in ((Action.SUBMIT, State.CHECKING), (Action.APPROVE, State.APPROVED)):
        site.gateway.outcomes[action] = Outcome(applied=True, state=state)
    site.gateway.outcomes[Action.REFUSE] = Outcome(
        applied=False, state=State.UNDER_REVIEW, code="not_under_review"
    )
    draft = await a_filled_draft(site)
    states = (State.UNDER_REVIEW, State.AWAITING_FAMILY, State.APPROVED, State.CHECKING)
    sent = [await a_sent_dossier(site, state) for state in states]
    await is_asked(site, sent[1], site.clock(), piece="child_identity", reason="missing", words="")
    target.dossiers = [one.id for one in (draft, *sent)]
    target.documents = [(await a_paper(site, one, "child_identity")).id for one in (draft, *sent)]
    programs: list[Program] = [await a_program(site, who) for who in (CLAIRE, AGENT, CANTEEN)]
    target.tokens = [one.client.headers["Authorization"] for one in programs]


@contextmanager
def running_facade(home: Path, sql_url: str) -> Iterator[Target]:
    """The site in a thread of its own, as its server runs it."""
    port = free_port()
    target = Target(f"http://localhost:{port}")
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        config = Settings(home=home, port=port, api_calls_per_minute=1_000_000)
        async with running_site(config, sql_url) as site:
            await furnish(site, target)
            options = uvicorn.Config(site.app, port=port, lifespan="off", log_config=None)
            servers.append(uvicorn.Server(options))
            await servers[0].serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        wait_until(
            lambda: (servers and servers[0].started) or not thread.is_alive(),
            seconds=60,
            what="the facade answers",
        )
        yield target
    finally:
        for server in servers:
            server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("fuzz")
    with databases.empty(folder) as sql_url, running_facade(folder / "home", sql_url) as target:
        yield target


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_the_answer_is_one_of_those_described(
    target: Target, mode: GenerationMode, pytestconfig: pytest.Config, subtests: pytest.Subtests
) -> None:
    schema = schemathesis.openapi.from_url(f"{target.url}{API}/openapi.json")
    seen: set[int] = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=pytestconfig.getoption("--fuzz"),
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode), choice=st.randoms(use_true_random=False))
        def try_it(case: Any, choice: Any) -> None:
            _aim(case, target, choice)
            headers = {"Authorization": choice.choice(target.tokens)}
            answer = case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)
            seen.add(answer.status_code)

        with subtests.test(operation.label):
            try_it()
    # What answers only 401 or 404 was not tried at all.
    assert {200, 404, 422} <= seen


def _aim(case: Any, target: Target, choice: Any) -> None:
    """Most requests concern what is there, at a version it may have."""
    places = case.path_parameters or {}
    if "dossier_id" in places and choice.random() < 0.9:
        places["dossier_id"] = choice.choice(target.dossiers)
    if "document_id" in places and choice.random() < 0.7:
        places["document_id"] = choice.choice(target.documents)
    if "slug" in places and choice.random() < 0.5:
        places["slug"] = "inscription-scolaire"
    if case.headers and "if-match" in case.headers and choice.random() < 0.8:
        case.headers["if-match"] = f'"{choice.randint(5, 12)}"'
    if case.query and "piece" in case.query and choice.random() < 0.8:
        case.query["piece"] = "child_identity"
