"""The list of a school: who may not be photographed, for the agents of its children only."""

from domain.consents import Cell, Medium, Use
from domain.states import State
from storage.records import new_id
from tests.api.test_consents import PRESS, WALL, a_pupil, page_of, ticks
from tests.families import ANSWERS, SCHOOL, a_sent_dossier
from tests.questions import counted
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, Site

LIST = f"/agent/droit-image/{SCHOOL}"
NEVER, SOME = "Enfants à ne pas photographier", "Ce qui est autorisé pour les autres"


async def the_list(site: Site) -> tuple[str, str]:
    """The two halves of the list, as an agent of the schools reads it."""
    page = await (await site.signed_in(AGENT)).get(LIST)
    assert page.status_code == 200
    never, _, some = page.text.partition(SOME)
    return never.partition(NEVER)[2], some


async def test_a_child_of_whom_nobody_said_anything_is_not_to_be_photographed(site: Site) -> None:
    await a_pupil(site)
    never, some = await the_list(site)
    assert "Martin Léna" in never
    assert some == ""


async def test_the_list_says_what_is_allowed_today_and_no_more_once_it_is_taken_back(
    site: Site,
) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id, WALL, PRESS)
    never, some = await the_list(site)
    assert "Martin Léna" not in never
    for words in ("Martin Léna", "Affichage dans l’école ou le centre", "Presse locale"):
        assert words in some, words
    assert "Réseaux sociaux" not in some
    await claire.send_form(f"{page_of(child_id)}/retirer", cell="all")
    never, some = await the_list(site)
    assert "Martin Léna" in never


async def test_every_opening_of_a_list_leaves_a_line(site: Site) -> None:
    await a_pupil(site)
    for _ in range(2):
        await the_list(site)
    agent = await site.account(AGENT)
    lines = [one for one in (await site.everything_kept())["audit_log"] if "images_read" in one]
    assert len(lines) == 2
    assert all(agent.id in one and SCHOOL in one for one in lines)
    assert not any("Martin" in one for one in lines)


async def test_who_has_no_duty_for_these_children_finds_no_list(site: Site) -> None:
    await a_pupil(site)
    nursery = await site.signed_in(NURSERY_AGENT)
    for path in (LIST, f"/agent/droit-image/{'0' * 32}", "/agent/droit-image/autres"):
        assert (await nursery.get(path)).status_code == 404, path
    assert "École Jean-Moulin" not in (await nursery.get("/agent/droit-image")).text
    agent = await site.signed_in(AGENT)
    assert LIST in (await agent.get("/agent/droit-image")).text
    assert (await agent.get("/agent/droit-image/autres")).status_code == 404


async def test_children_of_other_schools_have_a_list_too(site: Site) -> None:
    await a_pupil(site)
    async with site.writing() as store:
        await store.connection.exec_driver_sql("UPDATE children SET school_id = NULL")
    agent = await site.signed_in(AGENT)
    page = await agent.get("/agent/droit-image/autres")
    assert "Martin Léna" in page.text
    assert "Autres écoles" in page.text


async def test_a_list_of_many_children_costs_as_many_questions_as_one_of_one(site: Site) -> None:
    child_id, claire = await a_pupil(site), await site.signed_in(CLAIRE)
    await ticks(claire, child_id, Cell(Use.WEBSITE, Medium.GROUP))
    agent = await site.signed_in(AGENT)
    with counted() as one:
        await agent.get(LIST)
    for name in ("Tom", "Jade", "Noé"):
        answers = {**ANSWERS, "enfant": {**ANSWERS["enfant"], "first_name": name}}
        dossier = await a_sent_dossier(site, State.APPROVED)
        async with site.writing() as store:
            await store.households.admit(dossier, answers, f"{new_id()}@x.fr", site.clock())
    with counted() as many:
        page = await agent.get(LIST)
    assert page.text.count("Martin ") >= 4
    assert len(many) == len(one) <= 10
