"""The town's people are invited by mail, and come in by the link alone."""

import pytest

from api.access.codes import code_at
from domain.audit import What
from domain.states import State
from storage.records import new_id
from tests.api.agents import AGENTS, SCHOOLS, does, found, invites, lines
from tests.builders import a_dossier
from tests.site import AGENT, CLAIRE, Browser, Site


async def test_a_new_agent_comes_in_by_the_invitation_and_sees_what_was_given(
    site: Site, as_admin: Browser
) -> None:
    assert (await invites(as_admin)).headers["location"] == AGENTS
    lea = await found(site, "lea@v.example")
    assert (lea.role, lea.name, lea.title, lea.duties) == (
        "agent",
        "Léa Blanc",
        "Gestionnaire",
        (SCHOOLS,),
    )
    assert "Invitation envoyée" in (await as_admin.get(AGENTS)).text
    (token,) = await site.mailed_links()
    browser = site.browser()
    page = await browser.opens(f"/activation/{token}")
    assert "Continuer sans mot de passe" not in page.text
    refused = await browser.send_form(f"/activation/{token}", without="1")
    assert refused.status_code == 422
    answer = await browser.send_form(
        f"/activation/{token}", password="le marronnier penche à droite"
    )
    page = await browser.get(answer.headers["location"])
    await browser.opens("/connexion/second-facteur")
    async with site.writing() as store:
        factor = await store.second_factors.of(lea.id)
    assert factor is not None
    code = code_at(factor.pending, site.clock())
    await browser.send_form("/connexion/second-facteur", code=code)
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
    assert (await browser.get(f"/agent/dossiers/{dossier.id}")).status_code == 200
    page = await as_admin.get(AGENTS)
    assert "Invitation envoyée" not in page.text
    assert len(await lines(site, What.AGENT_INVITED)) == 1


async def test_the_same_invitation_twice_is_one_access_and_one_letter(
    site: Site, as_admin: Browser
) -> None:
    act_id = new_id()
    for _ in range(2):
        assert (await invites(as_admin, act_id=act_id)).status_code == 303
    assert len(await site.mailed_links()) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "lea"}, "Écrivez une adresse mail complète"),
        ({"name": " "}, "Écrivez le prénom et le nom"),
        ({"role": "parent"}, "Choisissez un rôle"),
        ({"role": "system"}, "Choisissez un rôle"),
        ({"service-scolaire": ""}, "Choisissez au moins un service"),
        ({"title": "x" * 121}, "120 caractères au plus"),
        ({"email": AGENT.email}, "a déjà un accès"),
        ({"email": CLAIRE.email}, "celle d’une famille"),
    ],
)
async def test_an_invitation_that_cannot_be_is_given_back_with_what_was_typed(
    site: Site, as_admin: Browser, changes: dict[str, str], said: str
) -> None:
    for known in (AGENT, CLAIRE):
        await site.account(known)
    answer = await invites(as_admin, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{changes.get("title", "Gestionnaire")}"' in answer.text
    assert await site.mailed_links() == []


async def test_an_invitation_goes_out_again_five_times_an_hour_until_the_person_came(
    site: Site, as_admin: Browser
) -> None:
    await invites(as_admin)
    lea = await found(site, "lea@v.example")
    for _ in range(6):
        assert (await does(as_admin, lea, "inviter")).status_code == 303
    assert len(await site.mailed_links()) == 5
    assert (await does(as_admin, await site.account(AGENT), "inviter")).status_code == 303
    await site.signed_in(AGENT)
    assert (await does(as_admin, await found(site, AGENT.email), "inviter")).status_code == 404
