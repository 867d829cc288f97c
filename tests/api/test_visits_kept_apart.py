"""What a visit does not open: what is reserved, unscanned, shared, or no duty of the agent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.documents import Scan
from domain.rights import Duty
from domain.states import State
from domain.visits import Mode
from storage.dossiers import Dossier
from tests.api.visiting import (
    START,
    YOU,
    agent_account,
    at_the_desk,
    dossiers_of,
    sends,
    visits,
)
from tests.builders import REGISTRATION, Someone
from tests.families import a_filled_draft, a_paper, a_sent_dossier
from tests.guardians import is_shared
from tests.site import CLAIRE, GUARDIAN, NURSERY_AGENT, Browser, Site

UNTRUSTED = Someone(
    "guichet@v.example",
    "agent",
    "Lou Blanc",
    "Accueil",
    "scolaire",
    is_example=True,
    fields=frozenset(),
)
COLLEAGUE = replace(UNTRUSTED, email="sam@v.example", name="Sam Noir")
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


async def test_what_was_typed_at_the_desk_is_not_read_by_the_next_agent_without_the_group(
    site: Site,
) -> None:
    lou, sam = await site.signed_in(UNTRUSTED), await site.signed_in(COLLEAGUE)
    family = await at_the_desk(site, lou)
    await sends(lou, f"{START}/vous", **YOU)
    (dossier,) = await dossiers_of(site, family)
    path = f"/dossiers/{dossier.id}/situation"
    await sends(lou, path, **SEPARATED)
    site.clock.waits(timedelta(minutes=1))
    for next_one in (sam, lou):  # another agent, and the same one on another visit
        await visits(next_one, family, Mode.DESK)
        assert "checked" not in (await next_one.get(path)).text
        assert (await sends(next_one, path))[0] == 303
    assert (await answers_of(site, dossier))["separated"] == "yes"


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
