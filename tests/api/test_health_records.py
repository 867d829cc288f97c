"""A child's health record on its guardians' pages: read, confirmed, changed, by both of them."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from domain.audit import What
from domain.visits import Mode
from storage.journal import Search
from tests.api.reserving import CLERK
from tests.api.visiting import sends, visits
from tests.guardians import is_shared, is_shut_out
from tests.health import HEALTHY, Ward, a_ward, is_told
from tests.site import AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, OTHER_PARENT, Browser, Site

DATES = {"vaccines_on_day": "1", "vaccines_on_month": "10", "vaccines_on_year": "2024"}
TYPED = {**{name: text for name, text in HEALTHY.items() if name != "vaccines_on"}, **DATES}


async def version_of(browser: Browser, path: str) -> str:
    page = (await browser.opens(path)).text
    return page.partition('name="version" value="')[2].partition('"')[0]


async def fills_in(browser: Browser, ward: Ward, **changes: str) -> str:
    """Open the questions, fill them in and press the button; gives where it leads."""
    path = ward.page("modifier")
    version = await version_of(browser, path)
    answer = await browser.send_form(path, version=version, **{**TYPED, **changes})
    assert answer.status_code == 303
    return answer.headers["location"]


async def lines(site: Site, what: What) -> list[tuple[str, str]]:
    """Who, in whose name (or behind it), to which child."""
    async with site.writing() as store:
        found = await store.journal.page(Search(what=what.value), limit=50)
    return [(one.behind_id or one.actor_id, one.subject) for one in found]


async def test_a_family_fills_in_a_record_and_reads_it(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    assert "La fiche santé n’est pas encore remplie." in (await claire.get(ward.page())).text
    assert await fills_in(claire, ward) == ward.page()
    page = (await claire.get(ward.page())).text
    for words in ("Sans porc", "Docteur Ravel", "Fiche santé à jour", "par vous", "01/10/2024"):
        assert words in page
    assert "Rien ne manque" in page
    assert await lines(site, What.HEALTH_CHANGED) == [((await site.account(CLAIRE)).id, ward.id)]
    assert await lines(site, What.HEALTH_READ) == []  # her own affair


async def test_everything_is_true_in_one_press_and_only_of_what_was_seen(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    await is_told(site, ward)
    site.clock.waits(timedelta(days=300))
    claire = await site.signed_in(CLAIRE)
    version = await version_of(claire, ward.page())
    assert "pas vérifiée pour l’année scolaire" in (await claire.get(ward.page())).text
    await is_told(site, ward, doctor="Docteur Nouveau")
    site.clock.waits(timedelta(days=300))
    claire = await site.signed_in(CLAIRE)
    assert (await claire.send_form(ward.page(), version=version)).status_code == 303
    assert "Relisez-la avant de confirmer" in (await claire.opens(ward.page())).text
    version = await version_of(claire, ward.page())
    for _ in range(2):
        assert (await claire.send_form(ward.page(), version=version)).status_code == 303
    assert "Fiche santé à jour" in (await claire.get(ward.page())).text


async def test_a_record_that_is_not_whole_cannot_be_confirmed(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    await is_told(site, ward, diet="")
    page = (await claire.opens(ward.page())).text
    assert "Tout est exact" not in page
    assert "elle admet l’enfant." in page  # it gives three months for vaccines, and none is missing
    answer = await claire.send_form(ward.page(), version="1")
    corrected = await claire.get(answer.headers["location"])
    assert "Choisissez une réponse" in corrected.text


async def test_school_gives_three_months_to_whoever_lacks_a_vaccine(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    await is_told(site, ward, vaccines="no", vaccines_on="")
    page = (await claire.opens(ward.page())).text
    assert "elle admet l’enfant, et donne trois mois pour mettre les vaccins à jour." in page


async def test_wrong_answers_are_shown_again_with_all_that_was_typed(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    path = ward.page("modifier")
    version = await version_of(claire, path)
    wrong = {"diet": "halal", "emergency": "Appeler sa tante", "doctor_phone": "demain"}
    answer = await claire.send_form(path, version=version, **{**TYPED, **wrong})
    assert answer.status_code == 422
    for words in ("Appeler sa tante", 'value="demain"', "Choisissez une réponse de la liste"):
        assert words in answer.text
    async with site.writing() as store:
        assert await store.health_records.of(ward.id) is None


async def test_two_guardians_at_once_read_both_versions_and_lose_nothing(site: Site) -> None:
    ward = await a_ward(site)
    await is_shared(site, ward.dossier, GUARDIAN)
    await is_told(site, ward)
    claire, luc = await site.signed_in(CLAIRE), await site.signed_in(GUARDIAN)
    seen = await version_of(claire, ward.page("modifier"))
    assert await fills_in(luc, ward, doctor="Docteur de Luc") == ward.page()
    answer = await claire.send_form(
        ward.page("modifier"), version=seen, **{**TYPED, "doctor": "Docteur de Claire"}
    )
    assert answer.status_code == 409
    for words in ("Docteur de Luc", "Docteur de Claire", "par l’autre parent"):
        assert words in answer.text
    async with site.writing() as store:
        record = await store.health_records.of(ward.id)
    assert record is not None
    assert record.values["doctor"] == "Docteur de Luc"
    newest = answer.text.partition('name="version" value="')[2].partition('"')[0]
    again = await claire.send_form(
        ward.page("modifier"), version=newest, **{**TYPED, "doctor": "Docteur de Claire"}
    )
    assert again.status_code == 303
    assert "Docteur de Claire" in (await luc.get(ward.page())).text


async def test_vaccines_do_not_stand_in_the_way_of_answers(site: Site) -> None:
    """Each page is compared by itself: one guardian copies days, the other answers questions."""
    ward = await a_ward(site)
    await is_shared(site, ward.dossier, GUARDIAN)
    await is_told(site, ward)
    claire, luc = await site.signed_in(CLAIRE), await site.signed_in(GUARDIAN)
    seen = await version_of(claire, ward.page("vaccins"))
    await fills_in(luc, ward, doctor="Docteur de Luc")
    day = {"six_1_day": "20", "six_1_month": "5", "six_1_year": "2023"}
    answer = await claire.send_form(ward.page("vaccins"), version=seen, **day)
    assert answer.status_code == 303
    page = (await claire.get(ward.page())).text
    assert "Docteur de Luc" in page
    assert "1re dose le 20\u00a0mai\u00a02023" in page


async def test_days_of_vaccines_before_birth_or_to_come_are_refused(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    seen = await version_of(claire, ward.page("vaccins"))
    days = {
        "six_1_day": "1", "six_1_month": "1", "six_1_year": "2023",
        "six_2_day": "1", "six_2_month": "1", "six_2_year": "2027",
        "mmr_1_day": "30", "mmr_1_month": "2", "mmr_1_year": "2024",
    }  # fmt: skip
    answer = await claire.send_form(ward.page("vaccins"), version=seen, **days)
    assert answer.status_code == 422
    for words in ("avant la naissance", "dans le futur", "date qui existe"):
        assert words in answer.text


async def test_the_other_guardian_reads_and_changes_until_shut_out(site: Site) -> None:
    ward = await a_ward(site)
    luc = await site.signed_in(GUARDIAN)
    assert (await luc.get(ward.page())).status_code == 404
    access = await is_shared(site, ward.dossier, GUARDIAN)
    assert await fills_in(luc, ward) == ward.page()
    claire = await site.signed_in(CLAIRE)
    assert "par l’autre parent" in (await claire.get(ward.page())).text
    await is_shut_out(site, access, date(2026, 11, 23))
    assert (await luc.get(ward.page())).status_code == 404
    assert (await luc.get(ward.page("modifier"))).status_code == 404


async def test_somebody_elses_child_does_not_exist_and_the_try_is_written_down(site: Site) -> None:
    ward = await a_ward(site)
    await is_told(site, ward)
    for who in (OTHER_PARENT, CLERK, NURSERY_AGENT):
        browser, account = await site.signed_in(who), await site.account(who)
        pages = [ward.page(), ward.page("vaccins")] if who == OTHER_PARENT else [ward.staff_page]
        for path in pages:
            answer = await browser.get(path)
            assert answer.status_code == 404
            assert "Ravel" not in answer.text
        refused = [who_ for who_, _ in await lines(site, What.NOT_ALLOWED)]
        assert refused.count(account.id) == len(pages)
    assert await lines(site, What.HEALTH_READ) == []


async def test_an_agent_with_the_duty_reads_and_each_reading_is_a_line(site: Site) -> None:
    ward, nadia = await a_ward(site), await site.account(AGENT)
    await is_told(site, ward, concern="yes", allergies="Arachide", pai="changed")
    agent = await site.signed_in(AGENT)
    for _ in range(2):
        page = (await agent.get(ward.staff_page)).text
    for words in ("Arachide", "Docteur Ravel", "Un PAI nouveau ou changé est annoncé"):
        assert words in page
    assert "modifier" not in page
    assert await lines(site, What.HEALTH_READ) == [(nadia.id, ward.id)] * 2
    async with site.writing() as store:
        kept = await store.journal.page(Search(what=What.HEALTH_READ.value), limit=5)
    assert {one.dossier_id for one in kept} == {ward.dossier.id}
    assert "Arachide" not in str(kept)


async def test_an_address_that_names_another_family_opens_nothing(site: Site) -> None:
    ward, agent = await a_ward(site), await site.signed_in(AGENT)
    await is_shared(site, ward.dossier, GUARDIAN)
    for family in ((await site.account(GUARDIAN)).id, "0" * 32, "x"):
        path = f"/agent/familles/{family}/enfants/{ward.id}/sante"
        assert (await agent.get(path)).status_code == 404
    assert await lines(site, What.HEALTH_READ) == []


@pytest.mark.parametrize("mode", [Mode.DESK, Mode.VIEW])
async def test_on_a_visit_health_is_for_who_has_the_duty(site: Site, mode: Mode) -> None:
    ward = await a_ward(site)
    await is_told(site, ward)
    claire, nadia = await site.account(CLAIRE), await site.account(AGENT)
    agent, clerk = await site.signed_in(AGENT), await site.signed_in(CLERK)
    assert await visits(agent, claire, mode) == 303
    assert "Ravel" in (await agent.get(ward.page())).text
    assert await lines(site, What.HEALTH_READ) == [(nadia.id, ward.id)]
    assert await visits(clerk, claire, Mode.DESK) == 303
    assert (await clerk.get(ward.page())).status_code == 404
    assert (await clerk.get(ward.page("modifier"))).status_code == 404
    if mode is Mode.DESK:
        typed = {**TYPED, "doctor": "Docteur au guichet"}
        assert await sends(agent, ward.page("modifier"), **typed) == (303, ward.page())
        mine = await site.signed_in(CLAIRE)
        assert "par la mairie" in (await mine.get(ward.page())).text


async def test_the_family_takes_the_record_away_with_its_data(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    await is_told(site, ward)
    taken = await claire.send_form("/compte/mes-donnees/export")
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        (child,) = json.loads(archive.read("donnees.json"))["enfants"]
    assert child["sante"]["Son médecin"] == "Docteur Ravel"


async def test_what_was_typed_after_the_session_ended_is_there_again(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    path = ward.page("modifier")
    version = await version_of(claire, path)
    async with site.writing() as store:
        account = await store.accounts.by_email(CLAIRE.email)
        assert account is not None
        await store.accounts.end_sessions_of(account.id)
    answer = await claire.post(
        path,
        data={"csrf": claire.csrf, "version": version, **TYPED, "emergency": "Tante Zoé d’abord"},
        headers={"Referer": f"{site.settings.site_url}{path}"},
    )
    assert answer.status_code in {303, 401}
    kept = await site.everything_kept()
    assert len(kept["kept_forms"]) == 1
    assert "Zoé" not in str(kept)
