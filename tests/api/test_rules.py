"""Who may come in: every route of the site says so, and keeps its word to everybody."""

import re

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.access.rules import rules_of
from tests.api.actors import (
    ACTORS,
    CODE,
    IN,
    INSIDERS,
    NOT_THERE,
    REFUSED,
    ROLES,
    SHARED,
    SIGN_IN,
    Door,
    claires_dossier,
    doors,
    half_signed_in,
    insider,
)
from tests.builders import Someone
from tests.site import ADMIN, GUARDIAN, NURSERY_AGENT, OTHER_PARENT, Browser, Site

BROKEN = 500
_INCIDENT = re.compile(r"\b[0-9a-f]{8}\b")


def test_every_route_declares_exactly_one_access_rule(site: Site) -> None:
    contexts = list(iter_route_contexts(site.app.routes))
    assert contexts
    for context in contexts:
        assert isinstance(context.original_route, APIRoute), context.path
        assert isinstance(context.dependant, Dependant)
        rules = rules_of(context.dependant)
        assert len(rules) == 1, f"{context.path}: {sorted(rules)}"


@pytest.mark.parametrize("actor", ACTORS)
async def test_every_door_opens_to_the_right_people_only(site: Site, actor: str) -> None:
    dossier_id, who = await claires_dossier(site), ACTORS[actor]
    found, browser = set(), await who.comes(site)
    for door in doors(site):
        if door.method != "GET":
            # A new browser for each act: one of them is the way out.
            browser = await who.comes(site)
        csrf = browser.csrf if isinstance(browser, Browser) else ""
        data = {"csrf": csrf} if door.method == "POST" else None
        answer = await browser.request(door.method, door.address(dossier_id), data=data)
        said = f"{actor}: {door.method} {door.path} → {answer.status_code}"
        assert answer.status_code < BROKEN, said
        assert is_as_expected(door, who.finds(door), answer), f"{said}, {who.finds(door)}"
        found.add(who.finds(door))
    assert IN in found


def is_as_expected(door: Door, expected: str, answer: httpx2.Response) -> bool:
    """Whether somebody found at this door what they were to find."""
    place = answer.headers.get("location", "")
    match expected:
        case "404":
            return answer.status_code == 404
        case "403":
            return answer.status_code == 403
        case "sign in":
            # What was typed comes back with a page of its own; see test_kept_forms.py.
            is_asked = "Connectez-vous" in answer.text and answer.status_code == 401
            return is_asked or (answer.status_code, place.partition("?")[0]) == (303, "/connexion")
        case "code":
            return answer.status_code == 303 and place.startswith("/connexion/code")
    wrong = {401, 404} if door.is_plain and door.role else {401}
    return answer.status_code not in wrong


def test_the_actors_find_everything_that_there_is_to_find(site: Site) -> None:
    found = {who.finds(door) for who in ACTORS.values() for door in doors(site)}
    assert found == {IN, NOT_THERE, SIGN_IN, CODE, REFUSED}
    assert {door.role for door in doors(site)} == set(ROLES.values())


@pytest.mark.parametrize("stranger", [OTHER_PARENT, NURSERY_AGENT])
async def test_what_is_somebody_elses_looks_like_what_does_not_exist(
    site: Site, stranger: Someone
) -> None:
    dossier_id, nothing = await claires_dossier(site), "f" * 32
    browser, count = await site.signed_in(stranger), 0
    for door in doors(site):
        if door.role != stranger.role or "dossier_id" not in door.parameters:
            continue
        data = {"csrf": browser.csrf} if door.method == "POST" else None
        theirs, none = [
            await browser.request(door.method, door.address(one), data=data)
            for one in (dossier_id, nothing)
        ]
        assert theirs.status_code == none.status_code == 404, door.path
        assert told(theirs, dossier_id) == told(none, nothing), door.path
        count += 1
    assert count > 10


def told(answer: httpx2.Response, dossier_id: str) -> tuple[str, dict[str, str]]:
    """What an answer says, but for its number and the address that was asked for."""
    text = _INCIDENT.sub("incident", answer.text.replace(dossier_id, "dossier"))
    return text, dict(answer.headers)


@pytest.mark.parametrize("trick", ["no token", "another session's token", "another site"])
async def test_no_form_is_taken_that_our_own_page_did_not_send(site: Site, trick: str) -> None:
    dossier_id = await claires_dossier(site)
    stranger = await site.signed_in(OTHER_PARENT)
    for door in doors(site):
        if door.method == "GET":
            continue
        is_shared_child = door.path.startswith(SHARED)
        browser = await (
            site.signed_in(GUARDIAN) if is_shared_child else insider(site, door.role or "any")
        )
        token = {"no token": "", "another session's token": stranger.csrf}.get(trick, browser.csrf)
        headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        browser.headers.update(headers if trick == "another site" else {})
        answer = await browser.post(door.address(dossier_id), data={"csrf": token})
        if answer.status_code == 400:  # a form with a file, which is sent in parts
            answer = await browser.post(door.address(dossier_id), files={"csrf": (None, token)})
        expected = {403} if door.parameters <= {"dossier_id", "token"} else {403, 404}
        assert answer.status_code in expected, f"{door.path} → {answer.status_code}"


async def _kept_but_the_journal(site: Site) -> dict[str, list[str]]:
    """Who opened what, or was refused, is the one thing that an opening may add."""
    kept = await site.everything_kept()
    del kept["audit_log"]
    return kept


async def test_a_telephone_that_was_taken_off_elsewhere_begins_the_way_in_again(
    site: Site,
) -> None:
    browser, account = await half_signed_in(site), await site.account(ADMIN)
    async with site.writing() as store:
        await store.second_factors.remove(account.id)
    answer = await browser.get("/connexion/second-facteur")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")


async def test_opening_a_page_changes_nothing(site: Site) -> None:
    dossier_id = await claires_dossier(site)
    browsers = {role: await insider(site, role) for role in {*INSIDERS, "half"}}
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
        browser = await insider(site, door.role)
        whole = await browser.get(door.address(dossier_id))
        head = await browser.head(door.address(dossier_id))
        assert head.content == b"", door.path
        assert head.status_code == whole.status_code, door.path
        for name in ("content-type", "content-security-policy", "cache-control", "location"):
            assert head.headers.get(name) == whole.headers.get(name), door.path
