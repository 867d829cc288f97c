"""A family enrols for next year: until its first day the child is in its class of today."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from domain.deadlines import paris_day
from domain.questions import Values
from storage.family_record import RecordedChild
from storage.town import Procedure
from tests.actualising import (
    REENROLMENT,
    UPDATE,
    a_whole_family,
    begins,
    is_offered,
    says_all_is_right,
)
from tests.family_file import a_known_family, approves, record_of, the_child
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, Browser, Site

FIRST_DAY = datetime(2027, 9, 1, 6, 0, tzinfo=UTC)
NEXT_UPDATE = replace(
    UPDATE, id="n" * 32, slug="actualisation-2027-2028", school_year=REENROLMENT.school_year
)
MS, GS = "Moyenne section", "Grande section"
TO_COME = "1er\u00a0septembre 2027"


@pytest.fixture
async def enrolled(site: Site, as_parent: Browser) -> Site:
    """Léna, in moyenne section, whose place in grande section was approved this spring."""
    await a_whole_family(site)
    await is_offered(site, UPDATE, REENROLMENT)
    dossier = await begins(site, as_parent, REENROLMENT)
    await says_all_is_right(site, as_parent, dossier)
    await approves(site, dossier)
    return site


async def child_today(site: Site) -> RecordedChild:
    return (await the_child(site)).on(paris_day(site.clock()))


async def text_of(browser: Browser, path: str) -> str:
    return unescape((await browser.opens(path)).text)


async def school_page(site: Site, procedure: Procedure = UPDATE) -> Values:
    """The page of Léna's school as this procedure starts with it."""
    dossier = await begins(site, await site.signed_in(CLAIRE), procedure)
    async with site.writing() as store:
        return (await store.dossiers.answers(dossier.id))["ecole-1"]


async def test_the_family_reads_both_classes_until_the_first_day(enrolled: Site) -> None:
    lena = await child_today(enrolled)
    family = (await enrolled.account(CLAIRE)).id
    for browser, path in (
        (await enrolled.signed_in(CLAIRE), "/famille"),
        (await enrolled.signed_in(CLAIRE), f"/famille/enfants/{lena.id}"),
        (await enrolled.signed_in(AGENT), f"/agent/familles/{family}"),
    ):
        page = await text_of(browser, path)
        for words in (MS, GS, TO_COME):
            assert words in page, (path, words)
    enrolled.clock.waits(FIRST_DAY - enrolled.clock())
    page = await text_of(await enrolled.signed_in(CLAIRE), "/famille")
    assert GS in page
    assert MS not in page
    assert TO_COME not in page


async def test_an_update_of_this_year_starts_from_the_class_of_this_year(enrolled: Site) -> None:
    assert (await school_page(enrolled))["grade"] == "ms"


async def test_an_update_of_next_year_starts_from_what_was_enrolled(enrolled: Site) -> None:
    """Nobody is moved up twice: the class of next year is known."""
    lena = await child_today(enrolled)
    moved = {"school_id": None, "other_school": "École Sainte-Anne, Agen"}
    async with enrolled.writing() as store:
        await store.family_changes.enrol(
            lena.id, moved, REENROLMENT.school_year, paris_day(enrolled.clock())
        )
    enrolled.clock.waits(FIRST_DAY - enrolled.clock())
    await is_offered(enrolled, NEXT_UPDATE)
    page = await school_page(enrolled, NEXT_UPDATE)
    assert (page["grade"], page["other_school"]) == ("gs", "École Sainte-Anne, Agen")


async def test_a_year_later_the_class_is_the_one_after(enrolled: Site) -> None:
    after = replace(NEXT_UPDATE, id="o" * 32, slug="apres", school_year="2028-2029")
    enrolled.clock.waits(FIRST_DAY.replace(year=2028) - enrolled.clock())
    await is_offered(enrolled, after)
    assert (await school_page(enrolled, after))["grade"] == "cp"


async def test_a_change_of_school_is_compared_with_the_class_of_the_day(enrolled: Site) -> None:
    enrolled.clock.waits(FIRST_DAY - enrolled.clock())
    lena = await the_child(enrolled)
    page = await text_of(
        await enrolled.signed_in(CLAIRE), f"/famille/enfants/{lena.id}/changer/ecole"
    )
    assert f"Aujourd’hui\u00a0: {GS}" in page or f"Aujourd’hui : {GS}" in page


async def test_a_child_registered_twice_is_one_for_everybody(site: Site) -> None:
    """The other guardian has the access of the first registration, and keeps it."""
    first = await a_known_family(site)
    await is_shared(site, first, GUARDIAN)
    second = await a_known_family(site)
    (lena,) = (await record_of(site)).children
    assert lena.dossier_id == second.id
    luc = await site.signed_in(GUARDIAN)
    page = (await luc.opens(f"/famille/enfants/{lena.id}")).text
    assert f"/enfants/{first.id}" in page
    assert second.id not in page
    assert (await luc.get(f"/enfants/{first.id}")).status_code == 200
    home = (await (await site.signed_in(CLAIRE)).opens("/famille")).text
    assert home.count("Voir la fiche de Léna") == 1
