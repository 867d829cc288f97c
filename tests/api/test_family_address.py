"""At the counter an agent changes the address of somebody who no longer reads theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from domain.audit import What
from domain.states import State
from storage.tables import audit_log, health_records
from tests.api.reserving import CLERK
from tests.builders import Someone
from tests.families import a_sent_dossier
from tests.health import a_ward, is_told
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Browser, Site

NEW = "claire.nouvelle@example.org"
FIELDS = {"email": NEW, "reason": "no_access", "seen": "yes"}


@pytest.fixture
async def page(site: Site) -> str:
    """The address of the page, for Claire, who has sent a dossier."""
    await a_sent_dossier(site, State.UNDER_REVIEW)
    return f"/agent/familles/{(await site.account(CLAIRE)).id}/nouvelle-adresse"


async def address_of(site: Site, page: str) -> str:
    async with site.writing() as store:
        account = await store.accounts.by_id(page.split("/")[3])
    assert account is not None
    return account.email


async def letters(site: Site) -> list[tuple[str, str]]:
    await site.errands_done()
    async with site.writing() as store:
        found = [await store.letters.find(one) for one in site.gateway.letters]
    return sorted((one.kind, one.to_address) for one in found if one)


async def test_the_address_changes_the_one_before_is_told_and_all_is_written_down(
    site: Site, as_agent: Browser, page: str
) -> None:
    claire = await site.signed_in(CLAIRE)
    shown = await as_agent.opens(page)
    assert "pièce d’identité" in shown.text
    assert (await as_agent.send_form(page, **FIELDS)).status_code == 303
    assert await address_of(site, page) == NEW
    assert await letters(site) == [("address_changed", CLAIRE.email), ("sign_in_link", NEW)]
    assert (await claire.get("/compte")).status_code == 303
    nadia = await site.account(AGENT)
    async with site.writing() as store:
        told = audit_log.c.what == What.ADDRESS_CHANGED_AT_DESK.value
        row = (await store.connection.execute(select(audit_log).where(told))).mappings().one()
    assert row["actor_id"] == nadia.id
    assert row["subject"] == page.split("/")[3]
    assert row["detail"] == {"reason": "no_access"}
    # The agent goes on working.
    assert (await as_agent.get("/agent")).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nina"}, "adresse mail complète"),
        ({"email": CLAIRE.email}, "déjà l’adresse"),
        ({"email": OTHER_PARENT.email}, "a déjà un compte"),
        ({"reason": "caprice"}, "Choisissez une raison"),
        ({"seen": ""}, "Regardez une pièce d’identité"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_changes(
    site: Site, as_agent: Browser, page: str, wrong: dict[str, str], words: str
) -> None:
    await site.account(OTHER_PARENT)
    answer = await as_agent.send_form(page, **{**FIELDS, **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert await address_of(site, page) == CLAIRE.email
    assert await letters(site) == []


async def test_an_agent_who_knows_nothing_of_the_family_cannot(site: Site, page: str) -> None:
    paul = await site.signed_in(NURSERY_AGENT)
    assert (await paul.get(page)).status_code == 404
    assert (await paul.send_form(page, **FIELDS)).status_code == 404
    assert await address_of(site, page) == CLAIRE.email


async def test_an_account_of_the_town_s_people_is_no_family(site: Site, as_agent: Browser) -> None:
    for who in (AGENT, Someone("autre@v.example", "agent")):
        account = await site.account(who)
        page = f"/agent/familles/{account.id}/nouvelle-adresse"
        assert (await as_agent.send_form(page, **FIELDS)).status_code == 404


async def test_the_password_is_asked_for_ten_minutes_after_signing_in(
    site: Site, page: str
) -> None:
    await site.account(AGENT, "trois chats dorment bien")
    nadia = await site.signed_in(AGENT)
    site.clock.waits(timedelta(minutes=11))
    asked = await nadia.send_form(page, **FIELDS)
    assert asked.status_code == 403
    assert "Confirmez que c’est bien vous" in asked.text
    assert await address_of(site, page) == CLAIRE.email


async def test_nobody_leads_an_address_to_a_health_record_or_a_custody_that_is_closed_to_them(
    site: Site, as_agent: Browser
) -> None:
    ward = await a_ward(site)
    await is_told(site, ward)
    place = f"/agent/familles/{ward.dossier.account_id}/nouvelle-adresse"
    clerk = await site.signed_in(CLERK)
    assert "réponses réservées" in (await clerk.opens(place)).text
    await clerk.send_form(place, **FIELDS)
    assert await address_of(site, place) == CLAIRE.email
    async with site.writing() as store:
        await store.connection.execute(delete(health_records))
        await store.custody.say(ward.id, {"residence": "alternating"})
    await clerk.send_form(place, **FIELDS)
    assert await address_of(site, place) == CLAIRE.email
    await as_agent.opens(place)
    assert (await as_agent.send_form(place, **FIELDS)).status_code == 303
    assert await address_of(site, place) == NEW
