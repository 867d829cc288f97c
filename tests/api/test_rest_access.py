"""Whose token opens what: every route of the facade, crossed with everybody who might knock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.access.rules import rules_of
from api.rest.bearer import TokenRule
from domain.deadlines import paris_day
from domain.scopes import BY_ROLE, Scope
from domain.states import State
from domain.tokens import token_hash
from storage.dossiers import Dossier
from tests.api.actors import EX_GUARDIAN
from tests.families import a_filled_draft, a_sent_dossier
from tests.guardians import is_shared
from tests.programs import API, CANTEEN, a_program
from tests.site import ADMIN, AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, OTHER_PARENT, Site

NURSERY_SYSTEM = replace(CANTEEN, email="system:creche", department="creche")
OWNERS = {
    "the parent": CLAIRE,
    "another parent": OTHER_PARENT,
    "another guardian of the child": GUARDIAN,
    "an ex-guardian": EX_GUARDIAN,
    "an agent": AGENT,
    "an agent of another department": NURSERY_AGENT,
    "a system": CANTEEN,
    "a system of another department": NURSERY_SYSTEM,
}
STRANGERS = (OTHER_PARENT, GUARDIAN, EX_GUARDIAN, NURSERY_AGENT, NURSERY_SYSTEM)
HEADERS = {"Idempotency-Key": "a" * 32, "If-Match": '"1"', "Content-Type": "application/json"}


@dataclass(frozen=True)
class Door:
    """A route of the facade, a method and the scope that opens it (None: any token)."""

    method: str
    path: str
    scope: Scope | None

    def address(self, dossier_id: str) -> str:
        path = self.path.replace("{dossier_id}", dossier_id).replace("{slug}", "nulle-part")
        for name in ("act_id", "document_id", "letter_id"):
            path = path.replace(f"{{{name}}}", "0" * 32)
        return path


def rules_in(dependant: Dependant) -> Iterator[TokenRule]:
    if isinstance(dependant.call, TokenRule):
        yield dependant.call
    for one in dependant.dependencies:
        yield from rules_in(one)


def doors(site: Site) -> list[Door]:
    found = []
    for context in iter_route_contexts(site.app.routes):
        assert isinstance(context.dependant, Dependant)
        if rules_of(context.dependant) == {"Token"}:
            (scope,) = {rule.scope for rule in rules_in(context.dependant)}
            found += [Door(one, str(context.path), scope) for one in context.methods or ()]
    return found


async def knocked(client: httpx2.AsyncClient, door: Door, dossier: Dossier) -> httpx2.Response:
    body = "{}" if door.method in ("POST", "PATCH") else None
    return await client.request(
        door.method, door.address(dossier.id), headers=HEADERS, content=body
    )


def test_every_address_of_the_facade_asks_for_a_token(site: Site) -> None:
    under = {
        str(one.path) for one in iter_route_contexts(site.app.routes) if str(one.path)[:4] == "/api"
    }
    open_to_all = {API, f"{API}/openapi.json"}
    assert under == {door.path for door in doors(site)} | open_to_all
    assert len(doors(site)) >= 20


@pytest.mark.parametrize("owner", OWNERS)
async def test_a_token_opens_what_its_owner_may_see_with_its_scope_and_nothing_else(
    site: Site, owner: str
) -> None:
    who = OWNERS[owner]
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    await is_shared(site, dossier, EX_GUARDIAN, until=paris_day(site.clock()))
    for scope in BY_ROLE[who.role]:
        program = await a_program(site, who, scope)
        for door in doors(site):
            answer = await knocked(program.client, door, dossier)
            said = f"{owner}, {scope}: {door.method} {door.path} → {answer.status_code}"
            if door.scope not in (None, scope):
                assert answer.status_code == 403, said
                assert str(door.scope) in answer.headers["www-authenticate"], said
            elif "{dossier_id}" in door.path and who in STRANGERS:
                assert answer.status_code == 404, said
            else:
                assert answer.status_code not in (401, 403), said
                assert answer.status_code < 500, said


@pytest.mark.parametrize("trouble", ["none", "wrong", "odd", "revoked", "over", "closed", "cookie"])
async def test_a_token_that_is_none_or_no_more_opens_nothing(site: Site, trouble: str) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    program = await a_program(site, CLAIRE)
    client = program.client
    assert (await program.reads("/dossiers")).status_code == 200
    match trouble:
        case "none":
            client.headers.pop("Authorization")
        case "wrong":
            client.headers["Authorization"] = f"Bearer rib_{'A' * 43}"
        case "odd":
            client.headers["Authorization"] = "Bearer \x7f'; DROP TABLE"
        case "revoked":
            async with site.writing() as store:
                await store.tokens.revoke(program.token_id, site.clock())
        case "over":
            site.clock.waits(timedelta(days=30))
        case "closed":
            account = await site.account(CLAIRE)
            async with site.writing() as store:
                await store.accounts.disable(account.id, site.clock())
        case "cookie":
            client = await site.signed_in(CLAIRE)
    for door in doors(site):
        answer = await knocked(client, door, dossier)
        assert answer.status_code == 401, f"{door.method} {door.path} → {answer.status_code}"
        assert answer.headers["www-authenticate"].startswith("Bearer"), door


async def test_a_draft_is_the_familys_own_affair(site: Site) -> None:
    draft = await a_filled_draft(site)
    for who, status in ((CLAIRE, 200), (AGENT, 404), (CANTEEN, 404)):
        program = await a_program(site, who)
        assert (await program.reads(f"/dossiers/{draft.id}")).status_code == status
    agent = await a_program(site, AGENT)
    assert (await agent.reads("/dossiers")).json()["items"] == []


async def test_an_admin_has_no_token_that_opens_anything(site: Site) -> None:
    parents = await a_program(site, CLAIRE)
    admin, secret = await site.account(ADMIN), f"rib_{'b' * 43}"
    async with site.writing() as store:
        found = await store.tokens.find(parents.token_id)
        assert found is not None
        stolen = replace(found, id="f" * 32, account_id=admin.id)
        await store.tokens.add(stolen, token_hash(secret))
    program = await a_program(site, CLAIRE, secret=secret)
    assert (await program.reads("/dossiers")).status_code == 401


async def test_the_use_of_a_token_is_noted_once_a_minute_and_never_the_token(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    program = await a_program(site, CLAIRE)
    secret = program.client.headers["Authorization"].removeprefix("Bearer ")

    async def used_at() -> object:
        await program.reads("/procedures")
        await site.errands_done()
        async with site.writing() as store:
            token = await store.tokens.find(program.token_id)
            return token and token.last_used_at

    first = await used_at()
    assert first == site.clock()
    site.clock.waits(timedelta(seconds=30))
    assert await used_at() == first
    site.clock.waits(timedelta(seconds=31))
    assert await used_at() == site.clock()
    kept = await site.everything_kept()
    assert secret not in str(kept)
    (last,) = [vars(one) for one in caplog.records if one.getMessage() == "request"][-1:]
    assert (last["token"], last["route"]) == (program.token_id, "/procedures")
    assert secret not in "".join(str(vars(record)) for record in caplog.records)


async def test_a_token_that_calls_too_often_waits_and_its_neighbour_does_not(site: Site) -> None:
    hasty, calm = await a_program(site, CLAIRE), await a_program(site, OTHER_PARENT)
    most = site.settings.api_calls_per_minute
    for _ in range(most):
        assert site.app.state.house.pace.wait(hasty.token_id, most, site.clock()) == 0
    site.clock.waits(timedelta(seconds=20))
    answer = await hasty.reads("/procedures")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "40")
    assert answer.json()["type"] == "urn:ribambelle:problem:too_many_calls"
    assert (await calm.reads("/procedures")).status_code == 200
    site.clock.waits(timedelta(seconds=40))
    assert (await hasty.reads("/procedures")).status_code == 200


async def test_guessing_tokens_is_slowed_down(site: Site) -> None:
    program = await a_program(site, CLAIRE)
    program.client.headers["Authorization"] = f"Bearer rib_{'A' * 43}"
    statuses = [(await program.reads("/procedures")).status_code for _ in range(70)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
