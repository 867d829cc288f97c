"""A child of several registrations: whoever follows it by one of them is seen, and shut out."""

from sqlalchemy import update

from domain.deadlines import paris_day
from domain.kinds.change_subjects import Subject
from domain.states import State
from storage.dossiers import Dossier
from storage.tables import children
from tests.api.test_rulings import keeping_luc_away, page_of, records
from tests.api.test_told_guardians import MALIK, a_change, a_home
from tests.family_file import a_known_family, record_of
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, Site


async def made_one(site: Site, kept: Dossier, other: Dossier) -> None:
    """The children of these registrations were found to be one."""
    ids = {one.dossier_id: one.id for one in (await record_of(site)).children}
    async with site.writing() as store:
        merge = update(children).where(children.c.id == ids[other.id])
        await store.connection.execute(merge.values(same_as=ids[kept.id]))


async def two_registrations(site: Site) -> tuple[Dossier, Dossier]:
    """Léna's two, of a family that was two: Luc follows her by either."""
    first = await a_known_family(site)
    second = await a_known_family(site, first_name="Lena-Rose", birth_date="2022-01-01")
    await made_one(site, first, second)
    for dossier in (first, second):
        await is_shared(site, dossier, GUARDIAN)
    return first, second


async def test_a_ruling_shuts_out_of_every_registration_whichever_it_is_recorded_from(
    site: Site,
) -> None:
    first, second = await two_registrations(site)
    change = await a_change(site, Subject.PAYER)
    luc, agent = await site.signed_in(GUARDIAN), await site.signed_in(AGENT)
    places = [f"/enfants/{one.id}" for one in (first, second, change)]
    assert [(await luc.get(place)).status_code for place in places] == [200, 200, 200]
    await records(agent, second, **keeping_luc_away())
    assert [(await luc.get(place)).status_code for place in places] == [404, 404, 404]
    async with site.writing() as store:
        ended = [
            (one.reason_code, one.ends_on)
            for dossier in (first, second)
            for one in await store.guardian_accesses.of_dossier(dossier.id)
        ]
        (ruling,) = await store.court_rulings.of_dossier(first.id)
    assert ended == [("ruling", paris_day(site.clock()))] * 2
    assert ruling.child_id == (await record_of(site)).children[0].id
    assert (
        "appelez le service"
        in (await (await site.signed_in(CLAIRE)).get(f"/dossiers/{first.id}/acces")).text
    )
    assert (await agent.get(page_of(first))).status_code == 200


async def test_while_a_ruling_binds_nobody_is_invited_by_another_registration(site: Site) -> None:
    first = await a_known_family(site)
    second = await a_known_family(site, first_name="Lena-Rose", birth_date="2022-01-01")
    await made_one(site, first, second)
    agent, claire = await site.signed_in(AGENT), await site.signed_in(CLAIRE)
    typed = keeping_luc_away(other="Paul Inconnu")
    del typed["no_contact"]
    await records(agent, first, **typed)
    path = f"/dossiers/{second.id}/acces"
    await claire.opens(path)
    refused = await claire.send_form(path, email="paul@example.org")
    assert "appelez le service" in refused.text
    async with site.writing() as store:
        assert await store.guardian_accesses.of_dossier(second.id) == []


async def test_an_agent_ends_from_a_change_the_access_by_which_it_is_read(site: Site) -> None:
    lena, _ = await a_home(site)
    change = await a_change(site, Subject.PAYER)
    agent, luc = await site.signed_in(AGENT), await site.signed_in(GUARDIAN)
    place = f"/agent/dossiers/{change.id}/acces"
    page = (await agent.opens(place)).text
    assert "Luc Garnier, pour Léna" in page
    assert f"{MALIK.name}, pour Tom" in page
    async with site.writing() as store:
        accesses = await store.guardian_accesses.of_dossier(lena.id)
    (access,) = [one for one in accesses if one.email == GUARDIAN.email]
    ending = {"access": access.id, "when": "now", "reason": "own_wish"}
    assert (await agent.send_form(place, **ending)).status_code == 303
    assert (await luc.get(f"/enfants/{change.id}")).status_code == 404
    assert (await luc.get(f"/enfants/{lena.id}")).status_code == 404
    assert (await agent.send_form(f"{place}/{access.id}/rendre")).status_code == 303
    assert (await luc.get(f"/enfants/{change.id}")).status_code == 200
    stranger = f"/agent/dossiers/{change.id}/acces/{'0' * 32}/rendre"
    assert (await agent.send_form(stranger)).status_code == 404


async def test_the_access_to_a_change_leads_to_the_registration_of_its_child(site: Site) -> None:
    lena, tom = await a_home(site)
    of_lena = await a_change(site, Subject.SCHOOL, "Léna")
    claire = await site.signed_in(CLAIRE)
    led = await claire.get(f"/dossiers/{of_lena.id}/acces")
    assert (led.status_code, led.headers["location"]) == (303, f"/dossiers/{lena.id}/acces")
    for subject in (Subject.PAYER, Subject.ADDRESS):
        change = await a_change(site, subject)
        place = f"/dossiers/{change.id}/acces"
        page = (await claire.opens(place)).text
        for registration in (lena, tom):
            assert f'href="/dossiers/{registration.id}/acces"' in page
        assert 'name="email"' not in page
        sent = await claire.send_form(place, email="nouveau@example.org")
        assert (sent.status_code, sent.headers["location"]) == (303, place)
        async with site.writing() as store:
            assert await store.guardian_accesses.of_dossier(change.id) == []
            state = (await store.dossiers.find(change.id)).state
        assert state is not State.DRAFT
