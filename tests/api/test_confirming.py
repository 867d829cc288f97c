"""« Confirmez que c’est bien vous »: asked before an act that would do harm in the wrong hands."""

import re
from datetime import timedelta
from html import unescape

import pytest

from api.access.codes import code_at, new_secret
from domain.audit import What
from domain.states import State
from tests.families import a_sent_dossier
from tests.guardians import is_shared
from tests.site import ADMIN, AGENT, GUARDIAN, Browser, Site

GOOD = "trois chats dorment bien"
ELEVEN_MINUTES, A_DAY = timedelta(minutes=11), timedelta(days=1)
FIELDS = {"name": "Logiciel de cantine", "days": "30", "department": "tous"}
SCOPES = ["dossiers:read", "dossiers:write"]


@pytest.fixture
async def ana(site: Site) -> Browser:
    """An admin who was asked for nothing since she signed in, eleven minutes ago."""
    await site.account(ADMIN, GOOD)
    browser = await site.signed_in(ADMIN)
    site.clock.waits(ELEVEN_MINUTES)
    return browser


async def systems(site: Site) -> list[str]:
    async with site.writing() as store:
        return [one.name for one in await store.accounts.systems()]


async def gives(ana: Browser, **more: str) -> tuple[int, str]:
    data = {"csrf": ana.csrf, **FIELDS, "scopes": SCOPES, **more}
    answer = await ana.post("/admin/acces", data=data)
    return answer.status_code, answer.text


def handed_on(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([\w:]+)" value="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in found]


async def test_ten_minutes_after_signing_in_nothing_is_asked(site: Site) -> None:
    await site.account(ADMIN, GOOD)
    browser = await site.signed_in(ADMIN)
    site.clock.waits(timedelta(minutes=9))
    status, _ = await gives(browser)
    assert status == 200
    assert await systems(site) == ["Logiciel de cantine"]


async def test_later_the_password_is_asked_and_nothing_is_done_before(
    site: Site, ana: Browser
) -> None:
    status, page = await gives(ana)
    assert status == 403
    assert "Confirmez que c’est bien vous" in page
    assert await systems(site) == []


async def test_the_password_does_the_act_with_all_that_was_typed(site: Site, ana: Browser) -> None:
    _, page = await gives(ana)
    fields: dict[str, list[str]] = {}
    for name, value in handed_on(page):
        fields.setdefault(name, []).append(value)
    assert fields["scopes"] == SCOPES
    answer = await ana.post("/admin/acces", data={**fields, "confirm_password": GOOD})
    assert answer.status_code == 200
    assert await systems(site) == ["Logiciel de cantine"]
    # For ten minutes nothing more is asked.
    assert (await gives(ana, name="Logiciel d’état civil"))[0] == 200


async def test_a_wrong_password_does_nothing_and_keeps_all_that_was_typed(
    site: Site, ana: Browser
) -> None:
    status, page = await gives(ana, confirm_password="faux mais assez long")
    assert status == 403
    assert "Ce mot de passe ne convient pas" in page
    assert "faux mais assez long" not in page
    assert ("name", "Logiciel de cantine") in handed_on(page)
    assert await systems(site) == []
    admin = await site.account(ADMIN)
    async with site.writing() as store:
        told = What.CONFIRM_FAILED
        assert await store.audit.count(told, actor_id=admin.id, since=site.clock.moment - A_DAY)


async def test_passwords_cannot_be_tried_here_without_end(site: Site, ana: Browser) -> None:
    for _ in range(5):
        assert (await gives(ana, confirm_password="faux mais assez long"))[0] == 403
    status, page = await gives(ana, confirm_password=GOOD)
    assert status == 429
    assert "Attendez" in page
    assert await systems(site) == []


async def test_whoever_has_no_password_is_sent_a_link_and_finds_the_form_again(
    site: Site,
) -> None:
    await site.account(ADMIN)
    ana = await site.signed_in(ADMIN)
    site.clock.waits(ELEVEN_MINUTES)
    _, page = await gives(ana)
    assert "un lien part vers" in page
    status, _ = await gives(ana, confirm_link="1")
    assert status == 303
    assert await systems(site) == []
    (token,) = await site.mailed_links()
    await ana.opens(f"/activation/{token}")
    fields = {"password": "quatre loutres nagent ensemble", "with": "1"}
    answer = await ana.send_form(f"/activation/{token}", **fields)
    assert answer.headers["location"] == "/admin/acces"
    page = (await ana.opens("/admin/acces")).text
    assert 'value="Logiciel de cantine"' in page
    assert (await gives(ana))[0] == 200


async def test_a_code_of_the_telephone_does_where_there_is_no_password(site: Site) -> None:
    account, secret = await site.account(ADMIN), new_secret()
    async with site.writing() as store:
        await store.second_factors.begin(account.id, secret)
        await store.second_factors.prove(account.id, secret, 1, site.clock())
    ana = await site.signed_in(ADMIN)
    site.clock.waits(ELEVEN_MINUTES)
    _, page = await gives(ana)
    assert "Code de votre téléphone" in page
    status, page = await gives(ana, confirm_code="000000")
    assert status == 403
    assert "ne convient pas" in page
    code = code_at(secret, site.clock())
    assert (await gives(ana, confirm_code=code))[0] == 200
    # A code serves once.
    site.clock.waits(ELEVEN_MINUTES)
    assert (await gives(ana, name="Autre", confirm_code=code))[0] == 403


async def test_a_confirmation_is_of_one_session_only(site: Site, ana: Browser) -> None:
    other = await site.signed_in(ADMIN)
    assert (await gives(other))[0] == 200
    assert (await gives(ana, name="Autre"))[0] == 403


async def test_a_clock_set_back_does_not_prolong_a_confirmation(site: Site) -> None:
    await site.account(ADMIN, GOOD)
    browser = await site.signed_in(ADMIN)
    site.clock.waits(-timedelta(hours=1))
    assert (await gives(browser))[0] == 403


async def test_a_script_is_answered_in_its_language(ana: Browser) -> None:
    answer = await ana.post(
        "/admin/acces",
        data={"csrf": ana.csrf, **FIELDS},
        headers={"Sec-Fetch-Dest": "empty"},
    )
    assert answer.status_code == 403
    assert answer.json() == {"error": "confirm_first"}


RULE = {"silence_rule": "rejection", "delay": "4", "unit": "months", "basis": "L231-4"}
RULE |= {"alerts": "14, 2", "complement": "20", "validation": "staff", "cosign": ""}


async def test_a_rule_is_looked_at_without_a_password_and_set_with_one(
    site: Site, ana: Browser
) -> None:
    here = "/admin/demarches/inscription-scolaire"
    typed = {**RULE, "effective_from": f"{site.clock().date():%d/%m/%Y}"}
    await ana.opens(here)
    assert (await ana.send_form(here, **typed)).status_code == 200
    asked = await ana.send_form(here, **typed, then="set")
    assert asked.status_code == 403
    assert ("basis", "L231-4") in handed_on(asked.text)
    assert await kept(site, "procedure_rules") == 0
    again = dict(handed_on(asked.text))
    assert (await ana.send_form(here, **again, confirm_password=GOOD)).status_code == 303
    assert await kept(site, "procedure_rules") == 1


async def test_letting_a_dossier_be_erased_again_asks_for_the_password(
    site: Site, ana: Browser
) -> None:
    dossier, admin = await a_sent_dossier(site, State.REFUSED), await site.account(ADMIN)
    async with site.writing() as store:
        await store.legal_holds.begin(dossier.id, "Un recours.", by=admin.id, at=site.clock())
        (held,) = await store.legal_holds.standing()
    place = f"/admin/donnees/suspensions/{held.id}/lever"
    await ana.opens("/admin/donnees")
    assert (await ana.send_form(place)).status_code == 403
    assert await standing(site) == [held.id]
    assert (await ana.send_form(place, confirm_password=GOOD)).status_code == 303
    assert await standing(site) == []


async def test_a_ruling_and_an_access_wait_for_the_agents_password_with_all_that_was_typed(
    site: Site,
) -> None:
    await site.account(AGENT, GOOD)
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    access_id = (await is_shared(site, dossier, GUARDIAN)).id
    agent = await site.signed_in(AGENT)
    site.clock.waits(ELEVEN_MINUTES)
    await agent.opens(f"/agent/dossiers/{dossier.id}/jugements")
    days = {"decided_day": "2", "decided_month": "11", "decided_year": "2026"}
    closing = {"access": access_id, "when": "now", "reason": "own_wish"}
    for place, typed in (
        ("jugements", {**days, "no_contact": GUARDIAN.name, "act_id": "a" * 32}),
        ("acces", closing),
        (f"acces/{access_id}/rendre", {}),
    ):
        asked = await agent.send_form(f"/agent/dossiers/{dossier.id}/{place}", **typed)
        assert asked.status_code == 403, place
        assert set(typed.items()) <= set(handed_on(asked.text)), place
    async with site.writing() as store:
        assert await store.court_rulings.of_dossier(dossier.id) == []
        (access,) = await store.guardian_accesses.of_dossier(dossier.id)
    assert access.ends_on is None
    place = f"/agent/dossiers/{dossier.id}/acces"
    done = await agent.send_form(place, **closing, confirm_password=GOOD)
    assert done.status_code == 303
    assert await kept(site, "court_rulings") == 0


async def kept(site: Site, table: str) -> int:
    """How many rows a table has."""
    return len((await site.everything_kept())[table])


async def standing(site: Site) -> list[str]:
    """What is kept from being erased."""
    async with site.writing() as store:
        return [one.id for one in await store.legal_holds.standing()]
