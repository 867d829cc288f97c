"""An agent notes that a child has left; it is taken back as easily."""

from domain.audit import What
from domain.states import State
from storage.journal import Search
from tests.families import a_sent_dossier
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, Site


async def a_registered_child(site: Site) -> str:
    """The address of the page on which Léna's departure is noted."""
    dossier = await a_sent_dossier(site, State.APPROVED, decided_at=site.clock())
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        child_id = await store.households.admit(dossier, answers, CLAIRE.email, site.clock())
    return f"/agent/familles/{dossier.account_id}/enfants/{child_id}/depart"


async def kinds(site: Site) -> set[str]:
    async with site.writing() as store:
        return {str(one.what) for one in await store.journal.page(Search(), limit=50)}


async def test_a_departure_is_noted_shown_and_taken_back(site: Site) -> None:
    page = await a_registered_child(site)
    agent = await site.signed_in(AGENT)
    assert page in (await agent.opens(page.partition("/enfants/")[0])).text
    noted = await agent.send_form(page, left_day="31", left_month="8", left_year="2027")
    assert noted.status_code == 303
    shown = (await agent.opens(page)).text
    assert "mardi 31 août 2027" in shown
    assert "gardé jusqu’au jeudi 31 août 2028" in shown
    for _ in range(2):
        assert (await agent.send_form(f"{page}/annuler")).status_code == 303
    assert "Départ noté" not in (await agent.opens(page)).text
    assert {What.DEPARTURE_NOTED, What.DEPARTURE_TAKEN_BACK} <= await kinds(site)


async def test_a_day_that_is_none_or_far_away_is_asked_again(site: Site) -> None:
    page = await a_registered_child(site)
    agent = await site.signed_in(AGENT)
    for day, year in (("31", "2030"), ("32", "2027"), ("", "")):
        answer = await agent.send_form(page, left_day=day, left_month="8", left_year=year)
        assert answer.status_code == 422
        assert "Écrivez le dernier jour d’école" in answer.text
        assert f'value="{year}"' in answer.text


async def test_nobody_leaves_before_being_there(site: Site) -> None:
    page = await a_registered_child(site)
    agent = await site.signed_in(AGENT)
    before = {"left_day": "22", "left_month": "11", "left_year": "2026"}
    for typed, said in (
        (before, "L’inscription a été demandée le lundi 23 novembre 2026"),
        ({**before, "left_year": "2022"}, "Cet enfant est né le dimanche 12 mars 2023"),
    ):
        answer = await agent.send_form(page, **typed)
        assert answer.status_code == 422
        assert said in answer.text.replace("\u00a0", " ")
        assert f'value="{typed["left_year"]}"' in answer.text
    assert What.DEPARTURE_NOTED not in await kinds(site)
    assert (await agent.send_form(page, **{**before, "left_day": "23"})).status_code == 303


async def test_only_an_agent_of_the_department_notes_it(site: Site) -> None:
    page = await a_registered_child(site)
    for who in (CLAIRE, NURSERY_AGENT):
        browser = await site.signed_in(who)
        assert (await browser.get(page)).status_code == 404
        assert (await browser.send_form(page)).status_code == 404
