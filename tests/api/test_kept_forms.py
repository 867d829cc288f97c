"""What is sent after the end of a session: kept for whoever wrote it, and for nobody else."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from domain.states import State
from storage.tables import kept_forms
from tests.builders import Someone, a_dossier
from tests.site import ADMIN, AGENT, CLAIRE, OTHER_PARENT, Browser, Site

GOOD = "trois chats dorment bien"
START = "/inscription/inscription-scolaire/vous"
YOU = {"first_name": "Zéphyrine", "last_name": "Quatrefages", "phone": "01 23 45 67 89"}
TWO_HOURS = timedelta(hours=2)


async def signs_in_again(browser: Browser, who: Someone, way: str) -> str:
    """Sign in by the password, coming from `way`; where one is led to."""
    suite = unescape(re.search(r"suite=([^&]*)", way).group(1)) if "suite=" in way else ""  # type: ignore[union-attr]
    await browser.opens("/connexion")
    answer = await browser.send_form(
        "/connexion", email=who.email, password=GOOD, suite=unquote(suite)
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def kept_rows(site: Site) -> list[Mapping[str, object]]:
    async with site.writing() as store:
        rows = (await store.connection.execute(select(kept_forms))).mappings()
        return [dict(row) for row in rows]


def typed(page: str) -> dict[str, str]:
    return {k: unescape(v) for k, v in re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page)}


@pytest.fixture
async def claire(site: Site) -> Browser:
    await site.account(CLAIRE, GOOD)
    return await site.signed_in(CLAIRE)


async def test_after_signing_in_again_the_form_is_filled_in_as_it_was(
    site: Site, claire: Browser
) -> None:
    site.clock.waits(TWO_HOURS)
    late = await claire.send_form(START, **YOU)
    assert late.status_code == 303
    assert late.headers["location"] == f"/connexion?suite={START}"
    assert "est gardé une heure" in (await claire.get(late.headers["location"])).text

    assert await signs_in_again(claire, CLAIRE, late.headers["location"]) == START
    page = await claire.opens(START)
    assert "Voici ce que vous aviez écrit" in page.text
    assert typed(page.text).items() >= YOU.items()

    sent = await claire.send_form(START, **YOU)
    assert sent.status_code == 303
    assert await kept_rows(site) == []
    assert "Voici ce que" not in (await claire.get(START)).text


async def test_a_link_by_mail_leads_back_to_what_was_typed_too(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    way = (await claire.send_form(START, **YOU)).headers["location"]
    await claire.opens(way)
    await claire.send_form("/connexion", email=CLAIRE.email, suite=START)
    (token,) = await site.mailed_links()
    await claire.opens(f"/activation/{token}")
    answer = await claire.send_form(f"/activation/{token}", without="1")
    assert answer.headers["location"] == START
    assert "Zéphyrine" in (await claire.get(START)).text


async def test_another_account_in_the_same_browser_sees_nothing_of_it(
    site: Site, claire: Browser
) -> None:
    await site.account(OTHER_PARENT, GOOD)
    site.clock.waits(TWO_HOURS)
    await claire.send_form(START, **YOU)
    assert await signs_in_again(claire, OTHER_PARENT, "") == "/accueil"
    page = await claire.opens(START)
    assert "Zéphyrine" not in page.text
    assert "Voici ce que" not in page.text
    # It still waits for whoever wrote it.
    await claire.send_form("/deconnexion")
    await signs_in_again(claire, CLAIRE, "")
    assert "Zéphyrine" in (await claire.get(START)).text


async def test_another_browser_of_the_same_account_sees_nothing_of_it(
    site: Site, claire: Browser
) -> None:
    site.clock.waits(TWO_HOURS)
    await claire.send_form(START, **YOU)
    elsewhere = site.browser()
    await signs_in_again(elsewhere, CLAIRE, "")
    assert "Zéphyrine" not in (await elsewhere.get(START)).text


async def test_what_is_kept_is_sealed_and_leaves_after_an_hour(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    await claire.send_form(START, **YOU)
    (row,) = await kept_rows(site)
    assert "Zéphyrine" not in str(row)
    assert "phyrine" not in str(row)
    site.clock.waits(timedelta(minutes=61))
    await signs_in_again(claire, CLAIRE, "")
    assert "Zéphyrine" not in (await claire.get(START)).text
    async with site.writing() as store:
        await store.kept_forms.forget_old(site.clock())
    assert await kept_rows(site) == []


async def test_a_password_is_never_kept_nor_shown_again(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    await claire.send_form(START, **YOU, password="sesame ouvre toi", confirm_password="ouvre donc")
    await signs_in_again(claire, CLAIRE, "")
    page = await claire.get(START)
    assert "Zéphyrine" in page.text
    assert "sesame" not in page.text
    assert "ouvre donc" not in page.text


async def test_what_another_site_sends_is_not_kept(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    late = await claire.post(START, data={"csrf": claire.csrf, **YOU}, headers=foreign)
    assert late.status_code == 303
    assert await kept_rows(site) == []


async def test_a_form_that_this_portal_never_drew_is_not_kept(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    late = await claire.post(START, data={"csrf": "0" * 64, **YOU})
    assert late.status_code == 401
    assert await kept_rows(site) == []


async def test_a_browser_keeps_five_forms_and_no_more(site: Site, claire: Browser) -> None:
    site.clock.waits(TWO_HOURS)
    for n in range(7):
        site.clock.waits(timedelta(seconds=1))
        await claire.send_form(f"/dossiers/{n:032}/adresse", street="3 rue des Lilas")
    kept = sorted(str(row["action"]).split("/")[2] for row in await kept_rows(site))
    assert kept == [f"{n:032}" for n in range(2, 7)]


async def a_desk(site: Site) -> str:
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        return (await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)).id


async def test_an_agent_finds_the_words_of_a_refusal_again(site: Site) -> None:
    dossier_id = await a_desk(site)
    await site.account(AGENT, GOOD)
    nadia = await site.signed_in(AGENT)
    address = f"/agent/dossiers/{dossier_id}/refuser"
    site.clock.waits(timedelta(minutes=31))
    fields = {"reason": "out_of_area", "words": "Le domicile est à Bourg.", "version": "1"}
    # The letter's page has no address of its own to come back to: the form has.
    from_letter = {"Referer": f"{site.settings.site_url}{address}/verifier"}
    late = await nadia.post(address, data={"csrf": nadia.csrf, **fields}, headers=from_letter)
    way = late.headers["location"]
    assert way == f"/connexion?suite={address}"
    assert await signs_in_again(nadia, AGENT, way) == address
    page = await nadia.get(address)
    assert "Le domicile est à Bourg." in page.text
    assert 'name="version" value="1"' in page.text


async def test_an_agent_finds_the_words_of_a_complement_again(site: Site) -> None:
    dossier_id = await a_desk(site)
    await site.account(AGENT, GOOD)
    nadia = await site.signed_in(AGENT)
    address = f"/agent/dossiers/{dossier_id}"
    site.clock.waits(timedelta(minutes=31))
    came_from = {"Referer": f"{site.settings.site_url}{address}?file=tous"}
    data = {"csrf": nadia.csrf, "message": "Il manque la page deux."}
    late = await nadia.post(f"{address}/complement", data=data, headers=came_from)
    way = await signs_in_again(nadia, AGENT, late.headers["location"])
    assert way == f"{address}?file=tous"
    page = await nadia.get(way)
    assert "Il manque la page deux." in page.text
    assert "Voici ce que vous aviez écrit" in page.text


async def test_an_admin_finds_the_form_of_a_system_again(site: Site) -> None:
    await site.account(ADMIN, GOOD)
    ana = await site.signed_in(ADMIN)
    site.clock.waits(timedelta(minutes=16))
    late = await ana.send_form("/admin/acces", name="Logiciel de cantine", days="30")
    way = await signs_in_again(ana, ADMIN, late.headers["location"])
    assert way == "/admin/acces"
    assert 'value="Logiciel de cantine"' in (await ana.get(way)).text


async def test_a_page_that_cannot_fill_itself_in_shows_the_words_to_be_copied(
    site: Site, claire: Browser
) -> None:
    owner = await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, owner, site.clock(), state=State.UNDER_REVIEW)
    address = f"/dossiers/{dossier.id}/retirer"
    site.clock.waits(TWO_HOURS)
    late = await claire.send_form(address, words="Nous <déménageons>")
    assert await signs_in_again(claire, CLAIRE, late.headers["location"]) == address
    page = await claire.get(address)
    assert "<li>Nous &lt;déménageons&gt;</li>" in page.text


async def test_an_older_tab_of_another_account_does_nothing_in_the_wrong_name(
    site: Site, claire: Browser
) -> None:
    await site.account(OTHER_PARENT, GOOD)
    older = claire.csrf
    await claire.send_form("/deconnexion")
    await signs_in_again(claire, OTHER_PARENT, "")
    before = await site.everything_kept()
    answer = await claire.post(START, data={"csrf": older, **YOU})
    assert answer.status_code == 403
    assert "avec un autre compte" in answer.text
    assert "Zéphyrine" not in answer.text
    after = await site.everything_kept()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"kept_forms", "audit_log"}
    # Whoever wrote it finds it.
    await claire.opens("/accueil")
    await claire.send_form("/deconnexion")
    await signs_in_again(claire, CLAIRE, "")
    assert "Zéphyrine" in (await claire.get(START)).text


async def test_an_older_tab_is_told_so_where_the_other_account_sees_nothing(
    site: Site, claire: Browser
) -> None:
    await site.account(OTHER_PARENT, GOOD)
    owner, older = await site.account(CLAIRE), claire.csrf
    async with site.writing() as store:
        dossier = await a_dossier(store, owner, site.clock())
    await claire.send_form("/deconnexion")
    await signs_in_again(claire, OTHER_PARENT, "")
    data = {"csrf": older, "street": "3 rue des Lilas"}
    answer = await claire.post(f"/dossiers/{dossier.id}/adresse", data=data)
    assert answer.status_code == 403
    assert "avec un autre compte" in answer.text


async def test_an_older_tab_of_the_same_account_asks_for_one_more_press(
    claire: Browser,
) -> None:
    older = claire.csrf
    await claire.send_form("/deconnexion")
    await signs_in_again(claire, CLAIRE, "")
    answer = await claire.post(START, data={"csrf": older, **YOU})
    assert answer.status_code == 403
    assert "Encore une étape" in answer.text
    assert typed(answer.text).items() >= YOU.items()


async def test_signing_out_in_one_tab_ends_the_others(claire: Browser) -> None:
    answer = await claire.send_form("/deconnexion")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert (await claire.get("/accueil")).status_code == 303
