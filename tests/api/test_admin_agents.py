"""The town's people: given rights, shut out; and never without an admin."""

import asyncio
import re
from datetime import timedelta

import pytest

from domain.audit import What
from domain.rights import Duty, FieldGroup
from domain.scopes import Scope
from domain.states import State
from storage.records import new_id
from tests.api.agents import AGENTS, BORIS, does, found, lines
from tests.builders import a_dossier
from tests.databases import on_both
from tests.programs import a_program
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site


async def test_fewer_rights_count_at_the_next_request(site: Site, as_admin: Browser) -> None:
    agent, claire = await site.signed_in(AGENT), await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
    desk = f"/agent/dossiers/{dossier.id}"
    assert (await agent.get(desk)).status_code == 200
    nadia = await found(site, AGENT.email)
    fields = {"name": nadia.name, "role": "agent", "service-creche": "work"}
    assert (await does(as_admin, nadia, **fields)).status_code == 303
    assert (await agent.get(desk)).headers["location"].startswith("/connexion")
    assert (await (await site.signed_in(AGENT)).get(desk)).status_code == 404
    (line,) = await lines(site, What.RIGHTS_CHANGED)
    assert line["subject"] == nadia.id
    assert line["detail"] == {
        "role_before": "agent",
        "role": "agent",
        "duties_before": "scolaire:custody:health",
        "duties": "creche",
    }


async def test_reserved_groups_are_given_one_by_one(site: Site, as_admin: Browser) -> None:
    nadia = await site.account(AGENT)
    await as_admin.opens(f"{AGENTS}/{nadia.id}")
    await as_admin.post(
        f"{AGENTS}/{nadia.id}",
        data={
            "csrf": as_admin.csrf,
            "name": nadia.name,
            "role": "agent",
            "service-scolaire": ["work", "custody", "owner", "x"],
        },
    )
    changed = await found(site, AGENT.email)
    assert changed.duties == (Duty("scolaire", frozenset({FieldGroup.CUSTODY})),)
    assert "séparation et décisions de justice" in (await as_admin.get(AGENTS)).text


async def test_a_new_name_ends_no_session(site: Site, as_admin: Browser) -> None:
    agent, nadia = await site.signed_in(AGENT), await found(site, AGENT.email)
    await as_admin.opens(f"{AGENTS}/{nadia.id}")
    await as_admin.post(
        f"{AGENTS}/{nadia.id}",
        data={
            "csrf": as_admin.csrf,
            "name": "Nadia Petit-Roux",
            "role": "agent",
            "service-scolaire": ["work", "custody", "health"],
        },
    )
    assert "Nadia Petit-Roux" in (await agent.get("/agent")).text
    assert await lines(site, What.RIGHTS_CHANGED) == []


async def test_an_access_is_closed_everywhere_at_once_and_opened_again(
    site: Site, as_admin: Browser
) -> None:
    agent = await site.signed_in(AGENT)
    program = await a_program(site, AGENT, Scope.READ_DOSSIERS)
    await agent.send_form("/connexion", email=AGENT.email)
    asking = site.browser()
    await asking.opens("/connexion")
    await asking.send_form("/connexion", email=AGENT.email)
    token = (await site.mailed_links())[-1]
    assert (await program.reads("/dossiers")).status_code == 200
    nadia = await found(site, AGENT.email)
    assert (await does(as_admin, nadia, "fermer")).status_code == 303
    assert (await agent.get("/agent")).headers["location"].startswith("/connexion")
    assert (await program.reads("/dossiers")).status_code == 401
    assert (await site.browser().get(f"/activation/{token}")).status_code == 410
    assert (await does(as_admin, nadia, "fermer")).status_code == 303
    assert len(await lines(site, What.ACCESS_CLOSED)) == 1
    assert "Rouvrir l’accès" in (await as_admin.get(f"{AGENTS}/{nadia.id}")).text
    assert (await does(as_admin, nadia, "rouvrir")).status_code == 303
    assert (await (await site.signed_in(AGENT)).get("/agent")).status_code == 200
    assert (await program.reads("/dossiers")).status_code == 401


async def test_an_agent_who_becomes_an_admin_keeps_no_token(site: Site, as_admin: Browser) -> None:
    program = await a_program(site, AGENT, Scope.READ_DOSSIERS)
    nadia = await found(site, AGENT.email)
    assert (await does(as_admin, nadia, name=nadia.name, role="admin")).status_code == 303
    changed = await found(site, AGENT.email)
    assert (changed.role, changed.duties) == ("admin", ())
    assert (await program.reads("/dossiers")).status_code == 401


async def test_nobody_changes_their_own_rights_nor_closes_their_own_access(
    site: Site, as_admin: Browser
) -> None:
    await site.account(BORIS)
    ana = await found(site, ADMIN.email)
    fields = {"name": "Ana Lopes", "role": "agent", "service-scolaire": "work"}
    assert (await does(as_admin, ana, **fields)).status_code == 303
    assert (await found(site, ADMIN.email)).role == "admin"
    assert (await does(as_admin, ana, "fermer")).status_code == 403
    assert (await does(as_admin, ana, "second-facteur")).status_code == 403
    assert (await as_admin.get("/admin/supervision")).status_code == 200


@pytest.mark.parametrize("act", ["", "fermer", "rouvrir", "second-facteur", "inviter"])
async def test_a_machine_left_open_is_asked_again_who_is_there(
    site: Site, as_admin: Browser, act: str
) -> None:
    nadia = await site.account(AGENT)
    await as_admin.opens(f"{AGENTS}/{nadia.id}")
    site.clock.waits(timedelta(minutes=11))
    before = await site.everything_kept()
    fields = {"name": "x", "role": "admin"} if not act else {}
    answer = await as_admin.send_form(f"{AGENTS}/{nadia.id}{'/' + act if act else ''}", **fields)
    assert answer.status_code == 403
    assert "confirm" in answer.text
    after = await site.everything_kept()
    assert after["second_factors"] == before["second_factors"]
    changed = await found(site, AGENT.email)
    assert (changed.name, changed.role, changed.disabled_at) == (nadia.name, "agent", None)
    assert await site.mailed_links() == []


@on_both
@pytest.mark.parametrize("act", ["fermer", ""])
async def test_two_admins_who_shut_each_other_out_at_once_leave_one(site: Site, act: str) -> None:
    ana, boris = await site.signed_in(ADMIN), await site.signed_in(BORIS)
    theirs = {ana: await found(site, BORIS.email), boris: await found(site, ADMIN.email)}
    for browser, other in theirs.items():
        await browser.opens(f"{AGENTS}/{other.id}")
    fields = {"name": "x", "role": "agent", "service-scolaire": "work"} if act == "" else {}
    answers = await asyncio.gather(
        *(
            browser.send_form(f"{AGENTS}/{other.id}{'/' + act if act else ''}", **fields)
            for browser, other in theirs.items()
        )
    )
    assert sorted(one.status_code for one in answers) in ([303, 303], [303, 403])
    async with site.writing() as store:
        left = [one for one in await store.staff.everybody() if await store.staff.is_admin(one.id)]
    assert len(left) == 1


async def test_families_and_systems_are_no_agents(site: Site, as_admin: Browser) -> None:
    claire = await site.account(CLAIRE)
    for path in (f"{AGENTS}/{claire.id}", f"{AGENTS}/{new_id()}", f"{AGENTS}/x"):
        assert (await as_admin.get(path)).status_code == 404
        await as_admin.opens(AGENTS)
        assert (await as_admin.send_form(f"{path}/fermer")).status_code == 404
    assert (await found(site, CLAIRE.email)).disabled_at is None


async def test_an_admin_who_is_alone_is_told_to_invite_a_second_one(
    site: Site, as_admin: Browser
) -> None:
    assert "Vous êtes seul ici" in (await as_admin.get(AGENTS)).text
    await site.account(BORIS)
    page = (await as_admin.get(AGENTS)).text
    assert "Vous êtes seul ici" not in page
    assert re.search(r"Boris Vidal.*Invitation envoyée", page, re.DOTALL)
    site.clock.waits(timedelta(minutes=1))
