"""What duties open, from the very next request on."""

import pytest

from domain.rights import Duty, FieldGroup
from tests.api.reserving import Counter, a_counter, told
from tests.programs import a_program
from tests.site import AGENT, NURSERY_AGENT, Site


@pytest.fixture
async def counter(site: Site) -> Counter:
    return await a_counter(site)


async def test_a_group_that_is_taken_away_closes_at_the_next_request(
    counter: Counter, site: Site
) -> None:
    """T2: revoked, then the very next request of the same session."""
    address = counter.path(f"fichiers/{counter.ruling.id}")
    assert (await counter.office.agent.get(address)).status_code == 200
    nadia = await site.account(AGENT)
    await _now_does(site, nadia.id, Duty("scolaire"))
    assert (await counter.office.agent.get(address)).status_code == 404
    assert await told((await counter.office.agent.get(counter.path())).text) == "Réservé"
    await _now_does(site, nadia.id, Duty("creche", frozenset(FieldGroup)))
    for rest in ("", "historique", "refuser", f"fichiers/{counter.ruling.id}"):
        assert (await counter.office.agent.get(counter.path(rest))).status_code == 404
    assert "Aucun dossier" in (await counter.office.agent.get("/agent/dossiers?file=tous")).text


async def test_two_duties_open_two_departments_each_with_its_own_groups(
    counter: Counter, site: Site
) -> None:
    paul = await site.account(NURSERY_AGENT)
    browser = await site.signed_in(NURSERY_AGENT)
    assert (await browser.get(counter.path())).status_code == 404
    await _now_does(site, paul.id, Duty("creche", frozenset(FieldGroup)), Duty("scolaire"))
    assert await told((await browser.get(counter.path())).text) == "Réservé"
    listed = (await browser.get("/agent/dossiers?file=tous")).text
    assert "Léna" in listed
    assert "Noé" in listed


async def test_who_has_no_duty_sees_no_dossier_and_no_number_of_them(
    counter: Counter, site: Site
) -> None:
    nadia = await site.account(AGENT)
    await _now_does(site, nadia.id)
    pages = ["/agent", "/agent/dossiers?file=tous", "/agent/familles?q=martin"]
    for page in pages:
        shown = await counter.office.agent.get(page)
        assert shown.status_code == 200
        assert "Léna" not in shown.text
        assert "Noé" not in shown.text
    program = await a_program(site, AGENT)
    assert (await program.reads("/dossiers")).json()["items"] == []
    assert (await program.reads(f"/dossiers/{counter.dossier.id}")).status_code == 404


async def _now_does(site: Site, account_id: str, *duties: Duty) -> None:
    async with site.writing() as store:
        await store.staff.change(
            account_id, name=AGENT.name, title=AGENT.title, role="agent", duties=duties
        )
