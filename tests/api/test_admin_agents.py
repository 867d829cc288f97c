"""The town's people: invited, given rights, shut out; and never without an admin."""

import asyncio
import re
from datetime import timedelta

import httpx2
import pytest

from api.access.codes import code_at
from domain.audit import What
from domain.rights import Duty, FieldGroup
from domain.scopes import Scope
from domain.states import State
from storage.accounts import Account
from storage.records import new_id
from storage.tables import audit_log
from tests.builders import Someone, a_dossier
from tests.databases import on_both
from tests.programs import a_program
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

AGENTS = "/admin/agents"
BORIS = Someone("boris@v.example", "admin", "Boris Vidal", "Administration", is_example=True)
PERSON = {
    "email": "lea@v.example",
    "name": "Léa Blanc",
    "title": "Gestionnaire",
    "role": "agent",
    "service-scolaire": "work",
}
SCHOOLS = Duty("scolaire")


async def invites(admin: Browser, **changes: str) -> httpx2.Response:
    """Fill in the form of invitation, and send it."""
    await admin.opens(f"{AGENTS}/inviter")
    return await admin.send_form(f"{AGENTS}/inviter", **{"act_id": new_id(), **PERSON, **changes})


async def found(site: Site, email: str) -> Account:
    async with site.writing() as store:
        account = await store.accounts.by_email(email)
    assert account is not None
    return account


async def does(admin: Browser, account: Account, act: str = "", **fields: str) -> httpx2.Response:
    """Open the page of this person and send one of its forms."""
    here = f"{AGENTS}/{account.id}"
    await admin.opens(here)
    return await admin.send_form(f"{here}/{act}" if act else here, **fields)


async def lines(site: Site, what: What) -> list[dict[str, object]]:
    """What the journal says of one kind."""
    async with site.writing() as store:
        query = audit_log.select().where(audit_log.c.what == what.value)
        return [dict(row) for row in (await store.connection.execute(query)).mappings()]


async def test_a_new_agent_comes_in_by_the_invitation_and_sees_what_was_given(
    site: Site, as_admin: Browser
) -> None:
    assert (await invites(as_admin)).headers["location"] == AGENTS
    lea = await found(site, "lea@v.example")
    assert (lea.role, lea.name, lea.title, lea.duties) == (
        "agent",
        "Léa Blanc",
        "Gestionnaire",
        (SCHOOLS,),
    )
    assert "Invitation envoyée" in (await as_admin.get(AGENTS)).text
    (token,) = await site.mailed_links()
    browser = site.browser()
    page = await browser.opens(f"/activation/{token}")
    assert "Continuer sans mot de passe" not in page.text
    refused = await browser.send_form(f"/activation/{token}", without="1")
    assert refused.status_code == 422
    answer = await browser.send_form(
        f"/activation/{token}", password="le marronnier penche à droite"
    )
    page = await browser.get(answer.headers["location"])
    await browser.opens("/connexion/second-facteur")
    async with site.writing() as store:
        factor = await store.second_factors.of(lea.id)
    assert factor is not None
    code = code_at(factor.pending, site.clock())
    await browser.send_form("/connexion/second-facteur", code=code)
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
    assert (await browser.get(f"/agent/dossiers/{dossier.id}")).status_code == 200
    page = await as_admin.get(AGENTS)
    assert "Invitation envoyée" not in page.text
    assert len(await lines(site, What.AGENT_INVITED)) == 1


async def test_the_same_invitation_twice_is_one_access_and_one_letter(
    site: Site, as_admin: Browser
) -> None:
    act_id = new_id()
    for _ in range(2):
        assert (await invites(as_admin, act_id=act_id)).status_code == 303
    assert len(await site.mailed_links()) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "lea"}, "Écrivez une adresse mail complète"),
        ({"name": " "}, "Écrivez le prénom et le nom"),
        ({"role": "parent"}, "Choisissez un rôle"),
        ({"role": "system"}, "Choisissez un rôle"),
        ({"service-scolaire": ""}, "Choisissez au moins un service"),
        ({"title": "x" * 121}, "120 caractères au plus"),
        ({"email": AGENT.email}, "a déjà un accès"),
        ({"email": CLAIRE.email}, "celle d’une famille"),
    ],
)
async def test_an_invitation_that_cannot_be_is_given_back_with_what_was_typed(
    site: Site, as_admin: Browser, changes: dict[str, str], said: str
) -> None:
    for known in (AGENT, CLAIRE):
        await site.account(known)
    answer = await invites(as_admin, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{changes.get("title", "Gestionnaire")}"' in answer.text
    assert await site.mailed_links() == []


async def test_an_invitation_goes_out_again_five_times_an_hour_until_the_person_came(
    site: Site, as_admin: Browser
) -> None:
    await invites(as_admin)
    lea = await found(site, "lea@v.example")
    for _ in range(6):
        assert (await does(as_admin, lea, "inviter")).status_code == 303
    assert len(await site.mailed_links()) == 5
    assert (await does(as_admin, await site.account(AGENT), "inviter")).status_code == 303
    await site.signed_in(AGENT)
    assert (await does(as_admin, await found(site, AGENT.email), "inviter")).status_code == 404


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


async def test_a_lost_telephone_is_taken_off_by_an_admin_and_told_by_mail(
    site: Site, as_admin: Browser
) -> None:
    agent, nadia = await site.signed_in(AGENT), await found(site, AGENT.email)
    async with site.writing() as store:
        await store.second_factors.begin(nadia.id, "S" * 32)
        await store.second_factors.prove(nadia.id, "S" * 32, 1, site.clock())
        await store.second_factors.replace_codes(nadia.id, ["h" * 64], site.clock())
    assert "Détacher le téléphone" in (await as_admin.get(f"{AGENTS}/{nadia.id}")).text
    for _ in range(2):
        assert (await does(as_admin, nadia, "second-facteur")).status_code == 303
    assert (await agent.get("/agent")).status_code == 303
    await site.errands_done()
    async with site.writing() as store:
        assert not await store.second_factors.is_proven(nadia.id)
        assert not await store.second_factors.use_code(nadia.id, "h" * 64, site.clock())
        (letter_id,) = site.gateway.letters
        letter = await store.letters.find(letter_id)
    assert letter is not None
    assert letter.to_address == AGENT.email
    assert "Ana Lopes a détaché votre téléphone" in letter.text
    assert len(await lines(site, What.SECOND_FACTOR_RESET)) == 1


async def test_a_family_without_its_telephone_is_helped_by_an_admin_and_told_by_mail(
    site: Site, as_admin: Browser
) -> None:
    claire, parent = await site.account(CLAIRE), await site.signed_in(CLAIRE)
    nadia = await site.account(AGENT)
    async with site.writing() as store:
        for one in (claire, nadia):
            await store.second_factors.begin(one.id, "S" * 32)
            await store.second_factors.prove(one.id, "S" * 32, 1, site.clock())
    page = f"{AGENTS}/telephone-perdu"
    await as_admin.opens(page)
    for wrong in ("", "personne@example.org", AGENT.email):
        answer = await as_admin.send_form(page, email=wrong)
        assert "Aucune famille de cette adresse" in answer.text
    answer = await as_admin.send_form(page, email=f" {CLAIRE.email.upper()} ")
    assert answer.headers["location"] == AGENTS
    assert (await as_admin.send_form(page, email=CLAIRE.email)).status_code == 422
    assert (await parent.get("/accueil")).status_code == 303
    async with site.writing() as store:
        assert not await store.second_factors.is_proven(claire.id)
        assert await store.second_factors.is_proven(nadia.id)
        (letter_id,) = site.gateway.letters
        letter = await store.letters.find(letter_id)
    assert letter is not None
    assert letter.to_address == CLAIRE.email


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
