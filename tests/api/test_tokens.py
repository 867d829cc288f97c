"""Letting a program in: the pages where a token is made, shown once and taken back."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from domain.rights import EVERY_GROUP, Duty
from storage.accounts import SYSTEM
from storage.records import new_id
from tests.programs import API
from tests.site import AGENT, CLAIRE, OTHER_PARENT, Browser, Site

SECRET = re.compile(r'value="(rib_[\w-]{43})"')
MINE, SYSTEMS = "/compte/acces", "/admin/acces"


async def asks(browser: Browser, page: str = MINE, **fields: object) -> httpx2.Response:
    """Fill in the form of a new token."""
    typed = {"name": "Tableur", "scopes": ["dossiers:read"], "days": "30", "act_id": new_id()}
    return await browser.post(page, data={"csrf": browser.csrf, **typed, **fields})


def secret_in(answer: httpx2.Response) -> str:
    found = SECRET.search(answer.text)
    assert found, answer.text
    return found.group(1)


async def opens(site: Site, secret: str) -> int:
    browser = site.browser(Authorization=f"Bearer {secret}")
    return (await browser.get(f"{API}/dossiers")).status_code


async def test_a_parent_lets_a_program_in_sees_its_token_once_and_takes_it_back(
    site: Site, as_parent: Browser
) -> None:
    form = {"act_id": new_id()}
    made = await asks(as_parent, **form)
    secret = secret_in(made)
    assert await opens(site, secret) == 200
    again = await asks(as_parent, **form)
    assert (again.status_code, again.headers["location"]) == (303, MINE)
    page = await as_parent.opens(MINE)
    assert secret not in page.text
    assert "Tableur" in page.text
    assert "Lire les dossiers" in page.text
    assert "Valable jusqu’au mercredi 23 décembre 2026" in page.text
    (path,) = re.findall(r'action="(/compte/acces/\w+/revoquer)"', page.text)
    assert (await as_parent.send_form(path)).status_code == 303
    assert await opens(site, secret) == 401
    page = await as_parent.opens(MINE)
    assert "Révoqué le lundi 23 novembre 2026" in page.text
    assert "« Tableur » ne peut plus rien faire en votre nom." in page.text


async def test_a_token_lasts_as_long_as_was_chosen_and_a_year_at_most(
    site: Site, as_parent: Browser
) -> None:
    short, long = secret_in(await asks(as_parent)), secret_in(await asks(as_parent, days="365"))
    site.clock.waits(timedelta(days=30))
    assert (await opens(site, short), await opens(site, long)) == (401, 200)
    site.clock.waits(timedelta(days=335))
    assert await opens(site, long) == 401


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Écrivez à quoi servira ce jeton"),
        ({"name": "x" * 121}, "Raccourcissez"),
        ({"scopes": []}, "Choisissez au moins une permission."),
        ({"scopes": ["decisions:write"]}, "Choisissez au moins une permission."),
        ({"days": "3650"}, "Choisissez une durée."),
    ],
)
async def test_what_is_wrong_in_the_form_is_said_and_nothing_is_made(
    site: Site, as_parent: Browser, fields: dict[str, Any], words: str
) -> None:
    before = await site.everything_kept()
    answer = await asks(as_parent, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert await site.everything_kept() == before


async def test_nobody_takes_back_the_token_of_somebody_else(
    site: Site, as_parent: Browser, as_admin: Browser
) -> None:
    secret = secret_in(await asks(as_parent))
    page = await as_parent.opens(MINE)
    (token_id,) = re.findall(r"/compte/acces/(\w+)/revoquer", page.text)
    other = await site.signed_in(OTHER_PARENT)
    assert (await other.send_form(f"{MINE}/{token_id}/revoquer")).status_code == 404
    assert (await as_admin.send_form(f"{SYSTEMS}/{token_id}/revoquer")).status_code == 404
    assert await opens(site, secret) == 200


async def test_an_agent_may_let_a_program_decide_and_an_admin_is_led_to_the_systems(
    site: Site, as_admin: Browser
) -> None:
    agent = await site.signed_in(AGENT)
    assert "Demander un complément, accepter ou refuser" in (await agent.opens(MINE)).text
    assert (await as_admin.get(MINE)).headers["location"] == SYSTEMS
    assert (await asks(as_admin)).status_code == 404


async def test_an_admin_lets_another_software_in_for_one_department(
    site: Site, as_admin: Browser
) -> None:
    wrong = await asks(as_admin, SYSTEMS, name="Logiciel de cantine")
    assert wrong.status_code == 422
    assert "Choisissez un service." in wrong.text
    fields = {"name": "Logiciel de cantine", "department": "scolaire", "act_id": new_id()}
    made = await asks(as_admin, SYSTEMS, **fields)
    assert await opens(site, secret_in(made)) == 200
    assert (await asks(as_admin, SYSTEMS, **fields)).status_code == 303
    async with site.writing() as store:
        (system,) = await store.accounts.systems()
    assert (system.role, system.password_hash) == (SYSTEM, None)
    assert system.duties == (Duty("scolaire", EVERY_GROUP),)
    page = await as_admin.opens(SYSTEMS)
    assert "Logiciel de cantine" in page.text
    assert "Service scolaire" in page.text


async def test_a_second_token_of_a_known_software_lets_the_first_be_replaced_without_a_gap(
    site: Site, as_admin: Browser
) -> None:
    first = secret_in(await asks(as_admin, SYSTEMS, name="Cantine", department="tous"))
    async with site.writing() as store:
        (system,) = await store.accounts.systems()
    second = secret_in(await asks(as_admin, SYSTEMS, name="Cantine 2027", system=system.id))
    page = await as_admin.opens(SYSTEMS)
    ids = re.findall(r"/admin/acces/(\w+)/revoquer", page.text)
    async with site.writing() as store:
        tokens = {one.name: one.id for one in await store.tokens.of_account(system.id)}
    assert sorted(ids) == sorted(tokens.values())
    await as_admin.send_form(f"{SYSTEMS}/{tokens['Cantine']}/revoquer")
    assert (await opens(site, first), await opens(site, second)) == (401, 200)
    await as_admin.send_form(f"{SYSTEMS}/systemes/{system.id}/fermer")
    assert await opens(site, second) == 401
    assert "Cantine 2027" not in (await as_admin.opens(f"{SYSTEMS}?")).text.partition("<h2")[2]


async def test_another_software_can_neither_sign_in_nor_be_sent_a_link(
    site: Site, as_admin: Browser
) -> None:
    await asks(as_admin, SYSTEMS, name="Cantine", department="scolaire")
    async with site.writing() as store:
        (system,) = await store.accounts.systems()
    browser = site.browser()
    await browser.opens("/connexion")
    answer = await browser.send_form("/connexion", email=system.email, password="", suite="")
    assert answer.status_code == 422
    assert site.gateway.letters == []


async def test_making_and_taking_back_leave_a_line_in_the_log_without_the_token(
    site: Site, as_parent: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    secret = secret_in(await asks(as_parent))
    page = await as_parent.opens(MINE)
    (path,) = re.findall(r'action="(/compte/acces/\w+/revoquer)"', page.text)
    await as_parent.send_form(path)
    lines = {one.getMessage(): vars(one) for one in caplog.records}
    claire = await site.account(CLAIRE)
    for what in ("token created", "token revoked"):
        assert (lines[what]["account"], lines[what]["by"]) == (claire.id, claire.id)
    assert secret not in str([vars(one) for one in caplog.records])
