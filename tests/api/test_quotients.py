"""The quotient familial: given by the family, seen by the town, closed to everybody else."""

from datetime import date, timedelta

from sqlalchemy import select

from domain.audit import What
from domain.quotient import Quotient, Source
from domain.states import State
from domain.visits import Mode
from domain.wallet import Kept
from storage.tables import audit_log
from tests.api.office import fields_of
from tests.api.visiting import visits
from tests.families import a_paper, a_sent_dossier
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, OTHER_PARENT, Browser, Site

HERE = "/quotient"


async def gives(browser: Browser, value: str = "850", month: str = "10/2026", **more: str) -> str:
    """Fill in the form and send it; the page that follows."""
    page = await browser.opens(HERE)
    hidden = fields_of(page, HERE)
    answer = await browser.send_form(HERE, **{**hidden, "value": value, "month": month, **more})
    return (await browser.get(HERE)).text if answer.status_code == 303 else answer.text


async def given_by(site: Site) -> list[Quotient]:
    """What Claire has given, the last first."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        return list(await store.quotients.of_account(claire.id))


async def test_without_one_the_family_is_warned_of_the_highest_price(site: Site) -> None:
    page = (await (await site.signed_in(CLAIRE)).get(HERE)).text
    assert "Sans quotient, le tarif le plus haut s’applique." in page
    assert "Il est régularisé quand vous en donnez un." in page
    assert "octobre 2026" in page


async def test_a_declared_quotient_counts_at_once_and_is_said_to_wait_for_a_look(
    site: Site,
) -> None:
    page = await gives(await site.signed_in(CLAIRE))
    assert "850\u00a0€" in page
    assert "Quotient d’octobre 2026" in page
    assert "À vérifier par la mairie" in page
    assert "jusqu’au 31\u00a0août\u00a02027" in page


async def test_the_same_form_twice_gives_one_quotient(site: Site) -> None:
    browser = await site.signed_in(CLAIRE)
    hidden = fields_of(await browser.opens(HERE), HERE)
    for _ in range(2):
        answer = await browser.send_form(HERE, **hidden, value="850", month="10/2026")
        assert answer.status_code == 303
    assert len(await given_by(site)) == 1


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(site: Site) -> None:
    browser = await site.signed_in(CLAIRE)
    for value, month, words in (
        ("beaucoup", "10/2026", "en chiffres"),
        ("850", "13/2026", "le mois et l’année"),
        ("850", "12/2026", "pas encore passé"),
        ("850", "10/2024", "plus d’un an"),
        ("", "", "Indiquez"),
    ):
        page = await gives(browser, value, month)
        assert words in page
        assert f'value="{value}"' in page
    assert await given_by(site) == []


async def test_a_paper_of_somebody_elses_cannot_be_named(site: Site) -> None:
    page = await gives(await site.signed_in(CLAIRE), document="f" * 32)
    assert "Choisissez un document de la liste." in page
    assert await given_by(site) == []


async def test_those_given_before_stay_to_be_read(site: Site) -> None:
    browser = await site.signed_in(CLAIRE)
    await gives(browser, "900", "09/2026")
    page = await gives(browser, "620", "10/2026")
    assert page.index("620\u00a0€") < page.index("Donnés avant") < page.index("900\u00a0€")


async def test_the_other_guardian_and_strangers_see_nothing_of_it(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.APPROVED)
    await is_shared(site, dossier, GUARDIAN)
    await gives(await site.signed_in(CLAIRE), "777")
    for who in (GUARDIAN, OTHER_PARENT):
        browser = await site.signed_in(who)
        for path in (HERE, f"/enfants/{dossier.id}", "/famille", "/accueil"):
            assert "777" not in (await browser.get(path)).text


async def test_an_agent_of_the_familys_department_verifies_it_on_its_paper(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    paper = await a_paper(site, dossier, "quotient_familial", original_name="caf.pdf")
    async with site.writing() as store:
        await store.wallet.put(
            Kept(
                paper.id,
                dossier.account_id,
                None,
                "quotient_familial",
                date(2027, 8, 31),
                "",
                site.clock(),
            )
        )
    await gives(await site.signed_in(CLAIRE), document=paper.id)
    agent, family = await site.signed_in(AGENT), f"/agent/familles/{dossier.account_id}"
    page = await agent.opens(family)
    assert "850\u00a0€" in page.text
    assert f"/agent/dossiers/{dossier.id}/fichiers/{paper.id}/seul" in page.text
    (quotient,) = await given_by(site)
    answer = await agent.send_form(f"{family}/quotients/{quotient.id}", verdict="verified")
    assert answer.status_code == 303
    assert "Vérifié" in (await agent.get(family)).text
    async with site.writing() as store:
        query = select(audit_log.c.subject).where(audit_log.c.what == What.QUOTIENT_JUDGED)
        assert (await store.connection.execute(query)).scalars().all() == [dossier.account_id]


async def test_a_refused_one_counts_no_more_and_the_family_reads_it(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    claire = await site.signed_in(CLAIRE)
    await gives(claire)
    agent, family = await site.signed_in(AGENT), f"/agent/familles/{dossier.account_id}"
    await agent.opens(family)
    (quotient,) = await given_by(site)
    await agent.send_form(f"{family}/quotients/{quotient.id}", verdict="refused")
    page = (await claire.get(HERE)).text
    assert "Aucun quotient ne compte aujourd’hui" in page
    assert "La mairie l’a refusé." in page
    assert "Vous n’avez pas donné de quotient" not in page


async def test_a_zero_is_said_not_to_count_until_the_town_has_seen_the_paper(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    claire = await site.signed_in(CLAIRE)
    async with site.writing() as store:  # what the CAF answers for an income that it does not know
        zero = Quotient("a" * 32, 0, "2026-10", Source.CAF, site.clock())
        await store.quotients.give(dossier.account_id, zero, by=dossier.account_id)
    agent, family = await site.signed_in(AGENT), f"/agent/familles/{dossier.account_id}"
    for page in ((await claire.get(HERE)).text, (await agent.opens(family)).text):
        assert "Aucun quotient ne compte aujourd’hui" in page
        assert "il compte une fois que la mairie a vu l’attestation" in page
        assert "régularisé" in page
    answer = await agent.send_form(f"{family}/quotients/{zero.id}", verdict="verified")
    assert answer.status_code == 303
    assert "Il compte pour vos tarifs" in (await claire.get(HERE)).text


async def test_a_zero_that_is_declared_is_noted_with_what_it_needs(site: Site) -> None:
    page = await gives(await site.signed_in(CLAIRE), "0")
    assert "Votre quotient est noté. «\u00a00\u00a0» peut vouloir dire" in page
    assert "Aucun quotient ne compte aujourd’hui" in page


async def test_one_of_last_school_year_is_said_to_be_over_to_both(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await gives(await site.signed_in(CLAIRE))
    [given] = await given_by(site)
    site.clock.waits(timedelta(days=290))  # September 2027
    claire, agent = await site.signed_in(CLAIRE), await site.signed_in(AGENT)
    family = await agent.get(f"/agent/familles/{dossier.account_id}")
    for page in ((await claire.get(HERE)).text, family.text):
        assert "Aucun quotient ne compte aujourd’hui" in page
        assert "Il comptait jusqu’au 31\u00a0août\u00a02027." in page
    assert "Plus valable" in (await claire.get(HERE)).text
    # There is nothing to verify in it any more.
    assert f"/quotients/{given.id}" not in family.text


async def test_an_agent_of_another_department_neither_sees_nor_judges_it(site: Site) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await gives(await site.signed_in(CLAIRE), "777")
    (quotient,) = await given_by(site)
    agent, family = await site.signed_in(NURSERY_AGENT), f"/agent/familles/{dossier.account_id}"
    page = await agent.opens(family)
    assert "777" not in page.text
    answer = await agent.send_form(f"{family}/quotients/{quotient.id}", verdict="verified")
    assert answer.status_code == 404
    other = await site.account(OTHER_PARENT)
    nadia = await site.signed_in(AGENT)
    wrong = f"/agent/familles/{other.id}/quotients/{quotient.id}"
    assert (await nadia.send_form(wrong, verdict="verified")).status_code == 404


async def test_at_the_desk_it_is_read_by_who_has_a_dossier_of_the_family(site: Site) -> None:
    await a_sent_dossier(site, State.UNDER_REVIEW)
    await gives(await site.signed_in(CLAIRE))
    claire = await site.account(CLAIRE)
    for who, reads in ((AGENT, True), (NURSERY_AGENT, False)):
        agent = await site.signed_in(who)
        assert await visits(agent, claire, Mode.DESK) == 303
        answer = await agent.get(HERE)
        assert answer.status_code == 200
        assert ("850\u00a0€" in answer.text) is reads
