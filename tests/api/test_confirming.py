"""« Confirmez que c’est bien vous »: asked before an act that would do harm in the wrong hands."""

import re
from datetime import timedelta
from html import unescape

import pytest

from api.access.codes import code_at, new_secret
from domain.audit import What
from tests.site import ADMIN, Browser, Site

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
