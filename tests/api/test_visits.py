"""An agent on the pages of a family: in whose name, which pages, how long, what is written down."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.audit import What
from domain.documents import Scan
from domain.messages import Outcome
from domain.paper import has_mail
from domain.rights import Duty
from domain.states import Action, Actor, State
from domain.visits import Mode
from storage.accounts import Account
from storage.dossiers import AT_DESK, Dossier
from storage.tables import audit_log
from tests.api.office import fields_of
from tests.builders import REGISTRATION, Someone
from tests.families import a_filled_draft, a_paper, a_sent_dossier
from tests.guardians import is_shared
from tests.site import AGENT, CLAIRE, GUARDIAN, NURSERY_AGENT, Browser, Site

START = f"/inscription/{REGISTRATION.slug}"
JEANNE = {"first_name": "Jeanne", "last_name": "Lopez"}
YOU = {**JEANNE, "relation": "other", "phone": "0611223344"}


async def at_the_desk(site: Site, agent: Browser, **names: str) -> Account:
    """A family without mail, made at the desk; its agent is on its pages."""
    page = await agent.opens("/agent/accueil?q=Jeanne+Lopez")
    hidden = fields_of(page, "/agent/familles")
    answer = await agent.post("/agent/familles", data={**hidden, **(names or JEANNE)})
    assert answer.headers["location"] == START
    async with site.writing() as store:
        family = await store.accounts.by_id(hidden["act_id"])
    assert family is not None
    return family


async def visits(agent: Browser, family: Account, mode: Mode) -> int:
    """Press the button on the family's page; gives what was answered."""
    home = f"/agent/familles/{family.id}"
    place = "saisie" if mode is Mode.DESK else "consultation"
    hidden = fields_of(await agent.opens(home), f"{home}/{place}")
    return (await agent.post(f"{home}/{place}", data=hidden)).status_code


async def leaves(agent: Browser) -> None:
    hidden = fields_of(await agent.get("/accueil"), "/agent/visite/fin")
    assert (await agent.post("/agent/visite/fin", data=hidden)).status_code == 303


async def sends(agent: Browser, path: str, **typed: str) -> tuple[int, str]:
    """Fill in the form of this page and send it: the status, and where it led."""
    hidden = fields_of(await agent.get(path), path)
    answer = await agent.post(path, data={**hidden, **typed})
    return answer.status_code, answer.headers.get("location", "")


async def lines(site: Site, *whats: What) -> list[tuple[str, str, str]]:
    """The journal's lines of these kinds: what, who in whose name, about whom."""
    async with site.writing() as store:
        rows = await store.connection.execute(select(audit_log).order_by(audit_log.c.at))
        return [(row.what, row.actor_id, row.subject) for row in rows if What(row.what) in whats]


async def dossiers_of(site: Site, family: Account) -> list[Dossier]:
    async with site.writing() as store:
        return list(await store.dossiers.of_account(family.id))


async def agent_account(site: Site) -> Account:
    return await site.account(AGENT)


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


# To look -----------------------------------------------------------------------------------------


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


# What is reserved --------------------------------------------------------------------------------

UNTRUSTED = Someone(
    "guichet@v.example",
    "agent",
    "Lou Blanc",
    "Accueil",
    "scolaire",
    is_example=True,
    fields=frozenset(),
)
SEPARATED = {"separated": "yes", "court_ruling": "yes"}


async def with_a_ruling(site: Site, state: State = State.DRAFT) -> Dossier:
    """Claire's dossier, in which she answered what is reserved."""
    dossier = await a_filled_draft(site)
    async with site.writing() as store:
        await store.dossiers.save_answers(dossier, "situation", SEPARATED, site.clock())
    await a_paper(site, dossier, "court_ruling", original_name="jugement.pdf")
    if state is not State.DRAFT:
        async with site.writing() as store:
            await store.dossiers.move(
                dossier.id, {State.DRAFT}, state, site.clock(), submitted_at=site.clock()
            )
    async with site.writing() as store:
        return await store.dossiers.find(dossier.id)


async def answers_of(site: Site, dossier: Dossier) -> dict[str, str]:
    async with site.writing() as store:
        return dict((await store.dossiers.answers(dossier.id))["situation"])


async def test_nobody_looks_without_the_group_of_what_was_answered(site: Site) -> None:
    await with_a_ruling(site)
    lou, claire = await site.signed_in(UNTRUSTED), await site.account(CLAIRE)
    page = await lou.opens(f"/agent/familles/{claire.id}")
    assert "réponses réservées que votre accès n’ouvre pas" in page.text
    assert (await lou.send_form(f"/agent/familles/{claire.id}/consultation")).status_code == 403


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_FAMILY])
async def test_at_the_desk_what_is_reserved_stays_closed_and_is_not_lost(
    site: Site, state: State
) -> None:
    dossier = await with_a_ruling(site, state)
    lou = await site.signed_in(UNTRUSTED)
    await visits(lou, await site.account(CLAIRE), Mode.DESK)
    path = f"/dossiers/{dossier.id}/situation"
    page = await lou.get(path)
    assert page.status_code == 200
    assert "checked" not in page.text
    assert (await sends(lou, path))[0] == 303
    assert (await answers_of(site, dossier))["separated"] == "yes"
    for rest in ("", "/documents", "/verifier", "/situation"):
        shown = await lou.get(f"/dossiers/{dossier.id}{rest}")
        assert "jugement.pdf" not in shown.text, rest
    async with site.writing() as store:
        documents = await store.documents.of(dossier.id)
    (ruling,) = [one for one in documents if one.piece == "court_ruling"]
    assert (await lou.get(f"/dossiers/{dossier.id}/fichiers/{ruling.id}")).status_code == 404


async def test_what_the_desk_types_of_it_is_taken_and_closed_once_sent(site: Site) -> None:
    lou = await site.signed_in(UNTRUSTED)
    family = await at_the_desk(site, lou)
    await sends(lou, f"{START}/vous", **YOU)
    (dossier,) = await dossiers_of(site, family)
    path = f"/dossiers/{dossier.id}/situation"
    await sends(lou, path, **SEPARATED)
    assert (await answers_of(site, dossier))["separated"] == "yes"
    assert "checked" in (await lou.get(path)).text
    async with site.writing() as store:
        await store.dossiers.move(
            dossier.id,
            {State.DRAFT},
            State.AWAITING_FAMILY,
            site.clock(),
            submitted_at=site.clock(),
        )
    assert "checked" not in (await lou.get(path)).text


async def test_a_visitor_opens_no_document_that_was_not_scanned(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    paper = await a_paper(site, dossier, "proof_of_address", scan=Scan.PENDING)
    await visits(as_agent, await site.account(CLAIRE), Mode.VIEW)
    answer = await as_agent.get(f"/dossiers/{dossier.id}/fichiers/{paper.id}")
    assert answer.status_code == 503
    assert "pas encore analysé" in answer.text


async def test_what_another_household_shares_is_shown_to_no_visitor(
    site: Site, as_agent: Browser
) -> None:
    dossier = await a_sent_dossier(site, State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    luc = await site.account(GUARDIAN)
    assert "Léna" in (await (await site.signed_in(GUARDIAN)).get("/accueil")).text
    await visits(as_agent, luc, Mode.VIEW)
    assert "Léna" not in (await as_agent.get("/accueil")).text
    assert (await as_agent.get(f"/enfants/{dossier.id}")).status_code == 404


async def test_a_duty_that_is_taken_away_ends_what_it_opened_at_once(
    site: Site, as_agent: Browser
) -> None:
    dossier, nadia = await a_filled_draft(site), await agent_account(site)
    await visits(as_agent, await site.account(CLAIRE), Mode.DESK)
    assert (await as_agent.get(f"/dossiers/{dossier.id}")).status_code == 200
    async with site.writing() as store:
        await store.staff.change(
            nadia.id, name=nadia.name, title=nadia.title, role="agent", duties=[Duty("creche")]
        )
    assert (await as_agent.get(f"/dossiers/{dossier.id}")).status_code in {303, 404}


async def test_who_is_shut_out_visits_nobody_any_more(site: Site, as_agent: Browser) -> None:
    await at_the_desk(site, as_agent)
    nadia = await agent_account(site)
    async with site.writing() as store:
        await store.accounts.disable(nadia.id, site.clock())
    answer = await as_agent.get("/accueil")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion")


async def test_admins_read_in_the_journal_who_looked_at_whose_pages(
    site: Site, as_agent: Browser, as_admin: Browser
) -> None:
    await a_filled_draft(site)
    await visits(as_agent, await site.account(CLAIRE), Mode.VIEW)
    journal = await as_admin.get("/admin/journal")
    assert "a ouvert les pages d’une famille" in journal.text
    assert "Nadia Petit" in journal.text


async def test_what_another_department_was_told_is_not_filled_in_at_the_desk(site: Site) -> None:
    family = await a_filled_draft(site)
    async with site.writing() as store:
        crib = replace(
            REGISTRATION, id="c" * 32, slug="creche", department="creche", title="Une place"
        )
        await store.town.put_procedure(crib)
    paul = await site.signed_in(NURSERY_AGENT)
    await visits(paul, await site.account(CLAIRE), Mode.DESK)
    page = await paul.get("/inscription/creche/vous")
    assert page.status_code == 200
    assert 'value="06 12 34 56 78"' not in page.text
    assert family.id not in (await paul.get("/dossiers")).text
