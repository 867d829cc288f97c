"""Every error under /api is a problem that a program can read, in French, and says no more."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from domain.states import State
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.programs import API, Program, a_program
from tests.questions import counted
from tests.site import AGENT, CLAIRE, Site

MOST_QUESTIONS = 10
JSON = {"Content-Type": "application/json"}


def is_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:ribambelle:problem:{code}"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert told["instance"].startswith("urn:ribambelle:incident:")
    return told


async def test_an_address_that_leads_nowhere_is_told_to_programs_as_to_programs(
    site: Site,
) -> None:
    program = await a_program(site, CLAIRE)
    for path in ("/api/v1/dossiers/x/y/z", "/api/v2", "/api/v1/dossiers/" + "0" * 32):
        is_problem(await program.client.get(path), 404, "not_found")
    page = await program.client.get("/nulle-part")
    assert page.headers["content-type"].startswith("text/html")


async def test_a_method_that_is_not_taken_names_those_that_are(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    for path, methods in (
        ("/dossiers", "GET, HEAD, POST"),
        (f"/dossiers/{'0' * 32}/answers", "GET, HEAD, PATCH"),
        (f"/dossiers/{'0' * 32}/submit", "POST"),
    ):
        for method in ("PUT", "OPTIONS", "TRACE"):
            answer = await program.client.request(method, f"{API}{path}")
            is_problem(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == methods
            assert "access-control-allow-origin" not in answer.headers


async def test_a_head_is_answered_like_a_get_without_its_body(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    got, head = await program.reads("/dossiers"), await program.client.head(f"{API}/dossiers")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    program.client.headers.pop("Authorization")
    assert (await program.client.head(f"{API}/dossiers")).status_code == 401


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"),
    [
        ("text/plain", b"{}", 415, "content_type"),
        ("", b"{}", 415, "content_type"),
        ("application/x-www-form-urlencoded", b"procedure=x", 415, "content_type"),
        ("application/json", b"{", 400, "unreadable"),
        ("application/json", b"\xff\xfe", 400, "unreadable"),
        ("application/json", b'{"procedure": "\\ud800"}', 400, "unreadable"),
        ("application/json", b"[" * 100_000, 400, "unreadable"),
        ("application/json", b"[]", 422, "invalid"),
        ("application/json", b'{"procedure": 1}', 422, "invalid"),
        ("application/json", b'{"procedure": "x", "owner": "moi"}', 422, "invalid"),
        ("application/json; charset=utf-8", b'{"procedure": "x"}', 404, "not_found"),
        ("application/json", b'{"procedure": "' + b"x" * 2_000_000 + b'"}', 413, "too_large"),
    ],
)
async def test_a_body_that_cannot_be_taken_says_why(
    site: Site, kind: str, content: bytes, status: int, code: str
) -> None:
    program = await a_program(site, CLAIRE)
    headers = {"Idempotency-Key": "a" * 32, **({"Content-Type": kind} if kind else {})}
    answer = await program.client.post(f"{API}/dossiers", content=content, headers=headers)
    is_problem(answer, status, code)


async def test_what_was_sent_is_never_quoted_back(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    body = {"procedure": 7, "surprise": "canari"}
    answer = await program.acts("/dossiers", body)
    assert "canari" not in answer.text
    fields = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert fields == {"procedure": "Écrivez un texte.", "surprise": "Ce champ n’existe pas."}


async def test_a_program_is_not_let_in_by_what_its_body_or_its_headers_hide(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    program.client.headers.pop("Authorization")
    is_problem(await program.acts("/dossiers", {"a": 1}), 401, "token_missing")
    answer = await program.client.post(f"{API}/dossiers", content=b"{", headers=JSON)
    is_problem(answer, 401, "token_missing")
    by_query = await program.client.get(f"{API}/dossiers", params={"access_token": "rib_x"})
    is_problem(by_query, 401, "token_missing")


async def test_a_failure_of_ours_and_a_database_away_are_problems_too(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    async with site.writing() as store:
        await store.connection.execute(text("ALTER TABLE procedures RENAME TO elsewhere"))
    answer = await program.reads("/procedures")
    told = answer.json()
    assert answer.status_code in (500, 503)
    is_problem(answer, answer.status_code, told["type"].rpartition(":")[2])
    assert "procedures" not in answer.text


async def test_no_answer_asks_storage_more_than_ten_questions(site: Site) -> None:
    parent, agent = await a_program(site, CLAIRE), await a_program(site, AGENT)
    for program in (parent, agent):
        await program.reads("/dossiers")
        await site.errands_done()  # its first use is noted
    dossiers = []
    for state in (State.AWAITING_FAMILY, State.UNDER_REVIEW, State.REFUSED):
        claire = await site.account(CLAIRE)
        more = {"decided_at": site.clock(), "decided_by": claire.id}
        made = await a_sent_dossier(site, state, **(more if state is State.REFUSED else {}))
        for _ in range(5):
            await a_paper(site, made, "child_identity")
        dossiers.append(made)
    await is_asked(
        site,
        dossiers[0],
        site.clock() + timedelta(days=3),
        piece="child_identity",
        reason="missing",
    )
    draft = await a_filled_draft(site)
    for program, mine in ((parent, [draft, *dossiers]), (agent, dossiers)):
        for dossier in mine:
            for rest in ("", "/answers", "/documents", "/events", "/letters"):
                await _costs_little(program, f"/dossiers/{dossier.id}{rest}")
        for path in ("/dossiers", "/procedures", "/procedures/inscription-scolaire"):
            await _costs_little(program, path)
    with counted() as asked:
        await parent.changes(draft.id, draft.version, enfant={"first_name": "Lou"})
    assert len(asked) <= MOST_QUESTIONS + 2, asked


async def _costs_little(program: Program, path: str) -> None:
    with counted() as asked:
        answer = await program.reads(path)
    assert answer.status_code == 200, path
    assert len(asked) <= MOST_QUESTIONS, (path, asked)


async def test_the_description_and_the_guide_are_read_without_a_token(site: Site) -> None:
    nobody = site.browser()
    told = (await nobody.get(f"{API}/openapi.json")).json()
    assert told["openapi"].startswith("3.1")
    guide = await nobody.get(API)
    assert guide.status_code == 200
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in guide.text
            assert operation["summary"]
            assert operation["security"]
            assert {"401", "403", "429", "500", "503"} <= operation["responses"].keys()
    for scope in ("dossiers:read", "decisions:write"):
        assert scope in guide.text


async def test_every_reference_of_the_description_leads_to_a_shape(site: Site) -> None:
    told = (await site.browser().get(f"{API}/openapi.json")).json()
    shapes = set(told["components"]["schemas"])
    named: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                named.add(node["$ref"].rpartition("/")[2])
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(told)
    assert named <= shapes
    assert "HTTPValidationError" not in shapes
