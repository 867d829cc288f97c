"""An agent who looks at the pages of a family: nothing changes, and it is written down."""

from datetime import timedelta

import pytest

from domain.audit import What
from domain.visits import Mode
from tests.api.office import fields_of
from tests.api.visiting import START, agent_account, leaves, lines, visits
from tests.families import a_filled_draft
from tests.site import CLAIRE, NURSERY_AGENT, Browser, Site


async def test_looking_shows_what_the_family_sees_and_is_written_down(
    site: Site, as_agent: Browser
) -> None:
    dossier, nadia = await a_filled_draft(site), await agent_account(site)
    claire = await site.account(CLAIRE)
    assert await visits(as_agent, claire, Mode.VIEW) == 303
    page = await as_agent.get(f"/dossiers/{dossier.id}")
    assert page.status_code == 200
    assert "Vous voyez ce que voit" in page.text
    await leaves(as_agent)
    told = await lines(site, What.VISIT_BEGUN, What.VISIT_ENDED)
    assert told == [
        (What.VISIT_BEGUN, nadia.id, claire.id),
        (What.VISIT_ENDED, nadia.id, claire.id),
    ]
    async with site.writing() as store:
        events = await store.events.of(dossier.id)
    assert [one.what for one in events if one.actor_name == "Nadia Petit"] == ["seen_as_family"]


async def test_looking_changes_nothing_whatever_is_sent(site: Site, as_agent: Browser) -> None:
    dossier = await a_filled_draft(site)
    await visits(as_agent, await site.account(CLAIRE), Mode.VIEW)
    before = await site.everything_kept()
    for path in (
        f"/dossiers/{dossier.id}/verifier",
        f"/dossiers/{dossier.id}/adresse",
        f"/dossiers/{dossier.id}/adresse/brouillon",
        f"/dossiers/{dossier.id}/retirer",
        f"/dossiers/{dossier.id}/documents/proof_of_address",
        f"{START}/vous",
    ):
        page = await as_agent.get(f"/dossiers/{dossier.id}/adresse")
        hidden = fields_of(page, f"/dossiers/{dossier.id}/adresse")
        answer = await as_agent.post(path, data={**hidden, "street": "1 rue Neuve"})
        assert answer.status_code == 403, path
        assert "sans rien pouvoir changer" in answer.text, path
    after = await site.everything_kept()
    assert {k: v for k, v in after.items() if k != "audit_log"} == {
        k: v for k, v in before.items() if k != "audit_log"
    }


async def test_looking_ends_after_a_quarter_of_an_hour(site: Site, as_agent: Browser) -> None:
    await a_filled_draft(site)
    claire = await site.account(CLAIRE)
    await visits(as_agent, claire, Mode.VIEW)
    site.clock.waits(timedelta(minutes=14))
    assert (await as_agent.get("/accueil")).status_code == 200
    site.clock.waits(timedelta(minutes=1))
    over = await as_agent.get("/accueil")
    assert over.status_code == 409
    assert "La consultation est terminée" in over.text
    assert f"/agent/familles/{claire.id}" in over.text
    assert len(await lines(site, What.VISIT_ENDED)) == 1
    assert (await as_agent.get("/accueil")).status_code == 404


async def test_nobody_looks_without_a_duty_for_every_dossier(site: Site) -> None:
    await a_filled_draft(site)
    paul, claire = await site.signed_in(NURSERY_AGENT), await site.account(CLAIRE)
    page = await paul.opens(f"/agent/familles/{claire.id}")
    assert "ne relève pas de vos services" in page.text
    refused = await paul.send_form(f"/agent/familles/{claire.id}/consultation")
    assert refused.status_code == 403
    assert (await paul.get("/accueil")).status_code == 404


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    "path",
    ["/compte/mes-donnees", "/enfants", "/enfants/" + "0" * 32, "/dossiers/{}/acces"],
)
async def test_what_belongs_to_one_person_is_visited_by_nobody(
    site: Site, as_agent: Browser, mode: Mode, path: str
) -> None:
    dossier = await a_filled_draft(site)
    await visits(as_agent, await site.account(CLAIRE), mode)
    answer = await as_agent.get(path.format(dossier.id))
    assert answer.status_code == 404 or "Claire" not in answer.text


async def test_only_agents_visit(site: Site, as_admin: Browser, as_parent: Browser) -> None:
    claire = await site.account(CLAIRE)
    for browser in (as_admin, as_parent):
        for place in ("", "/saisie", "/consultation", "/adresse"):
            method = "POST" if place else "GET"
            answer = await browser.request(
                method, f"/agent/familles/{claire.id}{place}", data={"csrf": browser.csrf}
            )
            assert answer.status_code == 404


async def test_a_member_of_staff_is_no_family(site: Site, as_agent: Browser) -> None:
    nadia = await agent_account(site)
    assert (await as_agent.get(f"/agent/familles/{nadia.id}")).status_code == 404
    answer = await as_agent.post(f"/agent/familles/{nadia.id}/saisie", data={"csrf": as_agent.csrf})
    assert answer.status_code == 404
