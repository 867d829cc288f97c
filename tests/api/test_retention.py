"""What an admin sees of what goes by itself, and how a dossier is kept from going."""

import re
from datetime import datetime, timedelta

import pytest

from domain.audit import What
from domain.retention import PERIODS, Category
from domain.states import State
from storage.dossiers import Dossier
from storage.journal import Search
from tests.builders import Someone
from tests.families import a_sent_dossier
from tests.questions import counted
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

HERE = "/admin/donnees"
HOLDS = f"{HERE}/suspensions"


async def an_old_refusal(site: Site) -> Dossier:
    """A dossier that was refused more than a year ago."""
    dossier = await a_sent_dossier(site, State.REFUSED, decided_at=site.clock())
    site.clock.waits(timedelta(days=400))
    return dossier


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


async def lines_of(site: Site, what: What) -> list[str]:
    """The dossiers of these lines of the journal."""
    async with site.writing() as store:
        return [one.dossier_id for one in await store.journal.page(Search(what=what), limit=9)]


async def test_the_page_tells_every_period_its_reason_and_its_numbers(site: Site) -> None:
    await an_old_refusal(site)
    admin = await site.signed_in(ADMIN)
    await admin.opens(HERE)
    with counted() as asked:
        page = await admin.opens(HERE)
    for period in PERIODS:
        assert period.what in page.text
        assert period.how_long in page.text
        assert period.why in page.text
    assert "Aucune demande n’attend de réponse." in page.text
    assert "Aucun effacement n’est suspendu." in page.text
    assert "Aucune nuit n’a encore eu lieu." in page.text
    assert len(asked) <= 10, asked


async def test_what_goes_is_named_by_its_number_and_by_nothing_it_says(site: Site) -> None:
    dossier = await an_old_refusal(site)
    admin = await site.signed_in(ADMIN)
    page = await admin.opens(f"{HERE}/durees/closed")
    assert f"Dossier n° {dossier.number}" in plain(page.text)
    assert "La famille sera prévenue" in page.text
    assert "Léna" not in page.text
    assert "Martin" not in page.text


@pytest.mark.parametrize("code", ["inconnue", Category.LETTERS, Category.JOURNAL])
async def test_what_is_not_told_one_by_one_has_no_page(as_admin: Browser, code: str) -> None:
    assert (await as_admin.get(f"{HERE}/durees/{code}")).status_code == 404


async def test_a_dossier_is_suspended_with_a_reason_and_let_go_again(site: Site) -> None:
    dossier = await an_old_refusal(site)
    admin = await site.signed_in(ADMIN)
    held = await admin.send_form(HOLDS, number=f" {dossier.number} ", reason="Un recours.")
    assert held.status_code == 303
    again = await admin.send_form(HOLDS, number=dossier.number, reason="Un autre.")
    assert again.status_code == 422
    assert "déjà suspendu" in again.text
    page = await admin.opens(HERE)
    assert "Un recours." in page.text
    assert "L’effacement est suspendu" in (await admin.opens(f"{HERE}/durees/closed")).text
    async with site.writing() as store:
        (standing,) = await store.legal_holds.standing()
    for _ in range(2):
        assert (await admin.send_form(f"{HOLDS}/{standing.id}/lever")).status_code == 303
    assert "Aucun effacement n’est suspendu." in (await admin.opens(HERE)).text
    assert await lines_of(site, What.ERASING_SUSPENDED) == [dossier.id]
    assert await lines_of(site, What.ERASING_RESUMED) == [dossier.id]


async def test_what_is_suspended_leads_to_its_lines_of_the_journal(site: Site) -> None:
    dossier = await an_old_refusal(site)
    admin = await site.signed_in(ADMIN)
    await admin.send_form(HOLDS, number=dossier.number, reason="Un recours.")
    for path in (HERE, f"{HERE}/durees/closed"):
        page = await admin.opens(path)
        (way,) = set(re.findall(r'href="(/admin/journal\?[^"]+)"', page.text))
        assert f"/admin/journal?dossier={dossier.number}" in (await admin.opens(way)).text


async def test_nothing_typed_is_lost_when_the_number_is_nobodys(as_admin: Browser) -> None:
    answer = await as_admin.send_form(HOLDS, number="2026-9999", reason="Une plainte en cours.")
    assert answer.status_code == 422
    assert "Aucun dossier n’a ce numéro." in answer.text
    assert "Une plainte en cours." in answer.text
    assert 'value="2026-9999"' in answer.text
    empty = await as_admin.send_form(HOLDS, number="2026-9999", reason=" ")
    assert "Indiquez la raison" in empty.text


async def test_the_last_nights_are_told_by_their_counts(site: Site, as_admin: Browser) -> None:
    at: datetime = site.clock()
    async with site.writing() as store:
        await store.erasure_nights.begin(at.date(), at)
        await store.erasure_nights.count(at.date(), Category.DRAFT, erased=2)
        await store.erasure_nights.count(at.date(), Category.DRAFT, erased=1)
        await store.erasure_nights.count(at.date(), Category.CLOSED, warned=4)
    page = plain((await as_admin.opens(HERE)).text)
    assert "Un brouillon jamais envoyé : 3" in page
    assert "Pas terminée" in page
    async with site.writing() as store:
        await store.erasure_nights.end(at.date(), at)
    assert "Terminée" in (await as_admin.opens(HERE)).text


@pytest.mark.parametrize("who", [AGENT, CLAIRE])
async def test_only_an_admin_sees_and_suspends(site: Site, who: Someone) -> None:
    browser = await site.signed_in(who)
    for path in (HERE, f"{HERE}/durees/closed"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.send_form(HOLDS, number="1", reason="x")).status_code == 404
