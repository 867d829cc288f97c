"""Who may come in: every route of the site says so, and keeps its word to everybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.access.rules import rules_of
from domain.states import State
from tests.builders import a_dossier
from tests.site import ADMIN, AGENT, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Browser, Site

ROLES = {"Anyone": "", "SignedIn": "any", "Parent": "parent", "Agent": "agent", "Admin": "admin"}
PROGRAMS = "Token"
"""The rule of what programs call: no session opens it, see test_rest_access.py."""
INSIDERS = {"parent": CLAIRE, "agent": AGENT, "admin": ADMIN, "any": CLAIRE}
PEOPLE = {
    "nobody": None,
    "the parent": CLAIRE,
    "another parent": OTHER_PARENT,
    "an agent": AGENT,
    "an agent of another department": NURSERY_AGENT,
    "an admin": ADMIN,
}
BROKEN = 500


@dataclass(frozen=True)
class Door:
    """A route and a method; `role` is who may come in ("" for everybody)."""

    method: str
    path: str
    role: str

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"{(\w+)", self.path))

    def address(self, dossier_id: str) -> str:
        """The address for this dossier; any other id is one that nobody has."""
        own = re.sub(r"{dossier_id[^}]*}", dossier_id, self.path)
        return re.sub(r"{\w+[^}]*}", "0" * 32, own)


def doors(site: Site) -> Iterator[Door]:
    for context in iter_route_contexts(site.app.routes):
        assert isinstance(context.dependant, Dependant)
        (rule,) = rules_of(context.dependant)
        for method in sorted(set(context.methods or ()) - {"HEAD", "OPTIONS"}):
            if rule != PROGRAMS:
                yield Door(method, str(context.path), ROLES[rule])


async def claires_dossier(site: Site) -> str:
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        return (await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)).id


async def browser_of(site: Site, person: str) -> Browser:
    who = PEOPLE[person]
    return await site.signed_in(who) if who else site.browser()


def test_every_route_declares_exactly_one_access_rule(site: Site) -> None:
    contexts = list(iter_route_contexts(site.app.routes))
    assert contexts
    for context in contexts:
        assert isinstance(context.original_route, APIRoute), context.path
        assert isinstance(context.dependant, Dependant)
        rules = rules_of(context.dependant)
        assert len(rules) == 1, f"{context.path}: {sorted(rules)}"


@pytest.mark.parametrize("person", PEOPLE)
async def test_every_door_opens_to_the_right_people_only(site: Site, person: str) -> None:
    dossier_id, who = await claires_dossier(site), PEOPLE[person]
    for door in doors(site):
        # A new browser for each door: one of them is the way out.
        browser = await browser_of(site, person)
        data = {"csrf": browser.csrf} if door.method == "POST" else None
        answer = await browser.request(door.method, door.address(dossier_id), data=data)
        said = f"{person}: {door.method} {door.path} → {answer.status_code}"
        assert answer.status_code < BROKEN, said
        if not door.role:
            continue
        if who is None:
            assert answer.status_code == 303, said
            assert answer.headers["location"].startswith("/connexion"), said
            continue
        is_stranger = "dossier_id" in door.parameters and who in {OTHER_PARENT, NURSERY_AGENT}
        if is_stranger or door.role not in {"any", who.role}:
            assert answer.status_code == 404, said


@pytest.mark.parametrize("trick", ["no token", "another session's token", "another site"])
async def test_no_form_is_taken_that_our_own_page_did_not_send(site: Site, trick: str) -> None:
    dossier_id = await claires_dossier(site)
    stranger = await site.signed_in(OTHER_PARENT)
    for door in doors(site):
        if door.method == "GET":
            continue
        browser = await site.signed_in(INSIDERS[door.role or "any"])
        token = {"no token": "", "another session's token": stranger.csrf}.get(trick, browser.csrf)
        headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        answer = await browser.post(
            door.address(dossier_id),
            data={"csrf": token},
            headers=headers if trick == "another site" else {},
        )
        expected = {403} if door.parameters <= {"dossier_id", "token"} else {403, 404}
        assert answer.status_code in expected, f"{door.path} → {answer.status_code}"


async def _kept_but_the_journal(site: Site) -> dict[str, list[str]]:
    """Who opened what, or was refused, is the one thing that an opening may add."""
    kept = await site.everything_kept()
    del kept["audit_log"]
    return kept


async def test_opening_a_page_changes_nothing(site: Site) -> None:
    dossier_id = await claires_dossier(site)
    browsers = {role: await site.signed_in(who) for role, who in INSIDERS.items()}
    before = await _kept_but_the_journal(site)
    for door in doors(site):
        if door.method == "GET":
            await browsers[door.role or "any"].get(door.address(dossier_id))
            assert await _kept_but_the_journal(site) == before, door.path


async def test_the_headers_of_a_page_can_be_asked_for_alone(site: Site) -> None:
    dossier_id = await claires_dossier(site)
    for door in doors(site):
        if door.method != "GET":
            continue
        who = INSIDERS[door.role] if door.role else None
        browser = await site.signed_in(who) if who else site.browser()
        whole = await browser.get(door.address(dossier_id))
        head = await browser.head(door.address(dossier_id))
        assert head.content == b"", door.path
        assert head.status_code == whole.status_code, door.path
        for name in ("content-type", "content-security-policy", "cache-control", "location"):
            assert head.headers.get(name) == whole.headers.get(name), door.path
