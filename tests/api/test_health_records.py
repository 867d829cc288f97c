"""A child's health record on its guardians' pages: read, confirmed, changed, by both of them."""

from tests.health import HEALTHY, Ward, a_ward
from tests.site import CLAIRE, Browser, Site


async def version_of(browser: Browser, path: str) -> str:
    page = (await browser.opens(path)).text
    return page.partition('name="version" value="')[2].partition('"')[0]


async def fills_in(browser: Browser, ward: Ward, **changes: str) -> str:
    """Open the questions, fill them in and press the button; gives where it leads."""
    version = await version_of(browser, ward.page("modifier"))
    answer = await browser.send_form(
        ward.page("modifier"), version=version, **{**HEALTHY, **changes}
    )
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_a_family_fills_in_a_record_and_reads_it(site: Site) -> None:
    ward, claire = await a_ward(site), await site.signed_in(CLAIRE)
    assert "La fiche santé n’est pas remplie." in (await claire.get(ward.page())).text
    assert await fills_in(claire, ward) == ward.page()
    page = (await claire.get(ward.page())).text
    for words in ("Sans porc", "Docteur Ravel", "Fiche santé à jour", "par vous"):
        assert words in page
    assert "Rien ne manque" in page
