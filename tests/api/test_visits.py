"""An agent who types for a family: on which pages, in whose name, how long."""

from domain.messages import Outcome
from domain.paper import has_mail
from domain.states import Action, Actor, State
from domain.visits import Mode
from storage.dossiers import AT_DESK
from tests.api.office import fields_of
from tests.api.visiting import (
    JEANNE,
    START,
    YOU,
    agent_account,
    at_the_desk,
    dossiers_of,
    leaves,
    sends,
    visits,
)
from tests.families import a_filled_draft
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, Browser, Site

# At the desk ------------------------------------------------------------------------------------


async def test_a_family_without_mail_is_made_once_and_its_address_is_shown_to_nobody(
    site: Site, as_agent: Browser
) -> None:
    family = await at_the_desk(site, as_agent)
    assert not has_mail(family.email)
    for _ in range(2):
        again = {"csrf": as_agent.csrf, "act_id": family.id, **JEANNE}
        assert (await as_agent.post("/agent/familles", data=again)).status_code == 303
    pages = ["/agent/accueil?q=Lopez", f"/agent/familles/{family.id}", "/accueil", START]
    for path in pages:
        page = await as_agent.get(path)
        assert page.status_code == 200, path
        assert "Jeanne Lopez" in page.text, path
        assert "sans-mail" not in page.text, path
    assert (await as_agent.get("/agent/accueil?q=Lopez")).text.count("/agent/familles/") == 1


async def test_who_has_no_mail_cannot_be_sent_a_link(site: Site, as_agent: Browser) -> None:
    family = await at_the_desk(site, as_agent)
    stranger = site.browser()
    await stranger.opens("/connexion")
    answer = await stranger.send_form("/connexion", email=family.email)
    assert answer.status_code == 422
    assert await site.mailed_links() == []


async def test_a_name_is_needed_and_what_was_typed_stays(as_agent: Browser) -> None:
    page = await as_agent.opens("/agent/accueil?q=Lopez")
    hidden = fields_of(page, "/agent/familles")
    answer = await as_agent.post("/agent/familles", data={**hidden, "last_name": "Lopez"})
    assert answer.status_code == 422
    assert "Écrivez le prénom" in answer.text
    assert 'value="Lopez"' in answer.text


async def test_what_is_typed_at_the_desk_is_the_familys_and_says_who_typed_it(
    site: Site, as_agent: Browser
) -> None:
    family, nadia = await at_the_desk(site, as_agent), await agent_account(site)
    first = await as_agent.get(f"{START}/vous")
    assert 'value="Jeanne"' in first.text
    assert "Vous saisissez pour" in first.text
    await sends(as_agent, f"{START}/vous", **YOU)
    (dossier,) = await dossiers_of(site, family)
    assert (dossier.account_id, dossier.origin) == (family.id, AT_DESK)
    (opened,) = site.gateway.opened
    assert (opened.actor, opened.actor_id) == (Actor.DESK, nadia.id)
    page = await as_agent.get(f"/dossiers/{dossier.id}")
    assert page.status_code == 200
    async with site.writing() as store:
        (event,) = await store.events.of(dossier.id)
    assert (event.actor, event.actor_name) == (Actor.DESK, "Nadia Petit")


async def test_the_dossier_is_sent_once_the_person_has_confirmed_it(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    await visits(as_agent, await site.account(CLAIRE), Mode.DESK)
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.CHECKING)
    path = f"/dossiers/{dossier.id}/verifier"
    assert "Lu et confirmé avec la personne présente" in (await as_agent.get(path)).text
    hidden = fields_of(await as_agent.get(path), path)
    unread = await as_agent.post(path, data=hidden)
    assert unread.status_code == 422
    assert "Relisez avec la personne" in unread.text
    assert site.gateway.acts == []
    read = await as_agent.post(path, data={**hidden, "confirmed": "yes"})
    assert read.headers["location"] == f"/dossiers/{dossier.id}/recu"
    (act,) = site.gateway.acts
    assert act.actor == Actor.DESK


async def test_a_parent_is_not_asked_to_confirm(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.CHECKING)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/verifier")
    assert "Lu et confirmé" not in page.text
    hidden = fields_of(page, f"/dossiers/{dossier.id}/verifier")
    answer = await as_parent.post(f"/dossiers/{dossier.id}/verifier", data=hidden)
    assert answer.status_code == 303


async def test_an_agent_types_only_for_procedures_of_the_duties(site: Site) -> None:
    paul = await site.signed_in(NURSERY_AGENT)
    dossier = await a_filled_draft(site)
    assert await visits(paul, await site.account(CLAIRE), Mode.DESK) == 303
    home = await paul.get("/accueil")
    assert home.status_code == 200
    assert dossier.id not in home.text
    assert START not in home.text
    for path in (f"/dossiers/{dossier.id}", START, f"{START}/vous"):
        assert (await paul.get(path)).status_code == 404, path


# In whose name -----------------------------------------------------------------------------------


async def test_a_form_of_an_older_visit_writes_nothing_in_the_name_of_another_family(
    site: Site, as_agent: Browser
) -> None:
    jeanne = await at_the_desk(site, as_agent)
    old_tab = fields_of(await as_agent.get(f"{START}/vous"), f"{START}/vous")
    claire = await site.account(CLAIRE)
    await visits(as_agent, claire, Mode.DESK)
    answer = await as_agent.post(f"{START}/vous", data={**old_tab, **YOU})
    assert answer.status_code == 403
    assert "Vous ne saisissez plus pour cette famille" in answer.text
    assert 'value="Lopez"' in answer.text, "what was typed is handed back"
    assert await dossiers_of(site, claire) == await dossiers_of(site, jeanne) == []
    # Pressed again while still elsewhere: nothing either.
    again = fields_of(answer, f"{START}/vous")
    assert (await as_agent.post(f"{START}/vous", data=again)).status_code == 403
    assert await dossiers_of(site, claire) == []
    # Back with Jeanne, two presses keep it, for her.
    await visits(as_agent, jeanne, Mode.DESK)
    asked = await as_agent.post(f"{START}/vous", data=again)
    assert asked.status_code == 403
    assert "Encore une étape" in asked.text
    kept = await as_agent.post(f"{START}/vous", data=fields_of(asked, f"{START}/vous"))
    assert kept.status_code == 303
    assert len(await dossiers_of(site, jeanne)) == 1


async def test_after_leaving_nothing_of_the_family_opens_or_is_taken(
    site: Site, as_agent: Browser
) -> None:
    family = await at_the_desk(site, as_agent)
    old_tab = fields_of(await as_agent.get(f"{START}/vous"), f"{START}/vous")
    await leaves(as_agent)
    gone = await as_agent.get("/accueil")
    assert gone.status_code == 404
    assert "Vous ne saisissez pour aucune famille" in gone.text
    late = await as_agent.post(f"{START}/vous", data={**old_tab, **YOU})
    assert late.status_code == 403
    assert 'value="Lopez"' in late.text
    assert await dossiers_of(site, family) == []
    second = await as_agent.post("/agent/visite/fin", data={"csrf": as_agent.csrf})
    assert second.headers["location"] == "/agent/accueil"


async def test_the_agents_own_pages_go_on_in_another_tab(site: Site, as_agent: Browser) -> None:
    own = (await as_agent.opens("/agent/accueil")).text
    await at_the_desk(site, as_agent)
    assert "Vous saisissez pour" not in own
    assert (await as_agent.get("/agent")).status_code == 200
    account = await as_agent.get("/compte")
    assert "agent<wbr>@v.example" in account.text, "the agent’s own account, not the family’s"


async def test_another_browser_of_the_same_agent_visits_nobody(
    site: Site, as_agent: Browser
) -> None:
    await at_the_desk(site, as_agent)
    assert (await (await site.signed_in(AGENT)).get("/accueil")).status_code == 404


async def test_the_end_of_the_session_ends_the_visit(site: Site, as_agent: Browser) -> None:
    await at_the_desk(site, as_agent)
    hidden = fields_of(await as_agent.get("/accueil"), "/deconnexion")
    assert (await as_agent.post("/deconnexion", data=hidden)).status_code == 303
    assert (await as_agent.get("/accueil")).status_code == 303
    back = await site.signed_in(AGENT)
    assert (await back.get("/accueil")).status_code == 404
