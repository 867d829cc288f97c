"""A quotient familial asked of the CAF or the MSA, for a parent who wants it."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.audit import What
from domain.civil_identity import CivilIdentity
from domain.quotient import Source
from settings import Settings
from storage.tables import audit_log
from tests.quotients import (
    EYMEN_FAKIR,
    JEANNE_ROUX,
    SOPHIE_DUPONT,
    QuotientServer,
    quotient_server,
)
from tests.site import CLAIRE, Browser, Site, running_site

PAGE = "/quotient/caf"


@pytest.fixture
def server() -> Iterator[QuotientServer]:
    with quotient_server() as running:
        yield running


@pytest.fixture
async def site(tmp_path: Path, sql_url: str, server: QuotientServer) -> AsyncIterator[Site]:
    settings = server.settings(Settings(home=tmp_path / "home"))
    async with running_site(settings, sql_url) as site:
        yield site


@pytest.fixture
async def as_parent(site: Site) -> Browser:
    return await site.signed_in(CLAIRE)


def typed(who: CivilIdentity, **others: str) -> dict[str, str]:
    """What somebody types on the page."""
    is_french = not who.birth_country.startswith("993")
    return {
        "last_name": who.last_name,
        "first_names": " ".join(who.first_names),
        "birth_date": f"{who.birth_date:%d/%m/%Y}",
        "sex": who.sex,
        "in_france": "yes" if is_french else "no",
        "department": who.birth_department,
        "town": who.birth_town,
        "country": "" if is_french else who.birth_country,
        "agrees": "yes",
        **others,
    }


async def _kept(site: Site) -> list[tuple[int, str, Source]]:
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        kept = await store.quotients.of_account(claire.id)
    return [(one.value, one.month, one.source) for one in kept]


async def _lines(site: Site) -> list[str]:
    kinds = [What.QUOTIENT_FETCHED.value, What.QUOTIENT_NOT_FOUND.value]
    async with site.writing() as store:
        query = select(audit_log.c.what).where(audit_log.c.what.in_(kinds))
        return list((await store.connection.execute(query)).scalars())


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        (SOPHIE_DUPONT, (900, "2023-06", Source.CAF)),
        (JEANNE_ROUX, (150, "2023-05", Source.MSA)),
        (EYMEN_FAKIR, (4270, "2023-06", Source.CAF)),
    ],
)
async def test_a_quotient_is_taken_over_with_its_month_and_its_source(
    site: Site, as_parent: Browser, who: CivilIdentity, kept: tuple[int, str, Source]
) -> None:
    await as_parent.opens(PAGE)
    answer = await as_parent.send_form(PAGE, **typed(who))
    assert (answer.status_code, answer.headers["location"]) == (303, "/quotient")
    assert await _kept(site) == [kept]
    assert await _lines(site) == ["quotient_fetched"]


async def test_nothing_of_the_identity_is_kept(site: Site, as_parent: Browser) -> None:
    await as_parent.opens(PAGE)
    await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT))
    kept = str(await site.everything_kept())
    for word in ("DUPONT", "1982-09-03", "03/09/1982", "Marseille"):
        assert word not in kept


async def test_the_page_of_the_quotient_leads_there(as_parent: Browser) -> None:
    assert f'href="{PAGE}"' in (await as_parent.opens("/quotient")).text


async def test_without_the_consent_nobody_is_asked(
    as_parent: Browser, server: QuotientServer
) -> None:
    await as_parent.opens(PAGE)
    answer = await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT, agrees=""))
    assert answer.status_code == 422
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (404, (422, "ne trouvent de dossier")),
        (422, (422, "ne comprend pas")),
        (429, (503, "trop de demandes")),
        (503, (503, "ne répond pas")),
        (401, (503, "ne peut pas demander")),
    ],
)
async def test_without_an_answer_what_was_typed_stays_and_the_page_says_what_to_do(
    site: Site, as_parent: Browser, server: QuotientServer, status: int, shown: tuple[int, str]
) -> None:
    server.status = status
    await as_parent.opens(PAGE)
    answer = await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT))
    assert answer.status_code == shown[0]
    for text in (shown[1], "déclarer votre quotient vous-même", 'value="DUPONT"', "Marseille"):
        assert text in answer.text
    assert await _kept(site) == []
    assert await _lines(site) == ["quotient_not_found"]


async def test_a_zero_is_kept_and_does_not_count(
    as_parent: Browser, server: QuotientServer
) -> None:
    server.body = (
        b'{"data": {"quotient_familial":'
        b' {"fournisseur": "CNAF", "valeur": 0, "annee": 2026, "mois": 10}}}'
    )
    await as_parent.opens(PAGE)
    await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT))
    page = await as_parent.opens("/quotient")
    assert "La CAF répond «\u00a00\u00a0»" in page.text
    assert "tarif le plus haut" in page.text


async def test_three_times_a_day_is_enough(
    site: Site, as_parent: Browser, server: QuotientServer
) -> None:
    server.status = 404
    await as_parent.opens(PAGE)
    for _ in range(3):
        assert (await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT))).status_code == 422
    answer = await as_parent.send_form(PAGE, **typed(SOPHIE_DUPONT))
    assert answer.status_code == 429
    assert 'value="DUPONT"' in answer.text
    assert len(server.asked) == 3
    site.clock.waits(timedelta(days=1, minutes=1))
    again = await site.signed_in(CLAIRE)
    await again.opens(PAGE)
    assert (await again.send_form(PAGE, **typed(SOPHIE_DUPONT))).status_code == 422


async def test_the_same_form_twice_keeps_one_quotient(site: Site, as_parent: Browser) -> None:
    await as_parent.opens(PAGE)
    for _ in range(2):
        await as_parent.send_form(PAGE, act_id="a" * 32, **typed(SOPHIE_DUPONT))
    assert len(await _kept(site)) == 1


async def test_a_town_that_may_not_ask_leads_to_declaring_it(tmp_path: Path, sql_url: str) -> None:
    async with running_site(Settings(home=tmp_path / "other"), sql_url) as site:
        browser = await site.signed_in(CLAIRE)
        assert (await browser.get(PAGE)).headers["location"] == "/quotient"
        await browser.opens("/quotient")
        assert (await browser.send_form(PAGE)).headers["location"] == "/quotient"
        assert PAGE not in (await browser.opens("/quotient")).text
