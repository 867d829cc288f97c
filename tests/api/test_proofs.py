"""Words about images and accepted texts: taken along by whoever said them, kept when they leave."""

import json

from domain.consents import CELLS
from tests.api.test_consents import PRESS, a_pupil, allowed, shared, ticks
from tests.api.test_erasures import asks
from tests.api.test_own_data import archive
from tests.api.test_texts import accepts, publishes
from tests.questions import counted
from tests.site import CLAIRE, GUARDIAN, Browser, Site


async def test_what_somebody_said_and_accepted_is_in_what_they_take_along(
    site: Site, as_parent: Browser
) -> None:
    child_id, text = await a_pupil(site), await publishes(site)
    await shared(site, child_id)
    luc = await site.signed_in(GUARDIAN)
    await ticks(luc, child_id)
    await ticks(as_parent, child_id, PRESS)
    await accepts(as_parent, text, accepted="yes")
    found = archive(await as_parent.send_form("/compte/mes-donnees/export"))
    told = json.loads(found.read("donnees.json"))
    said = [one for one in told["droit_a_l_image"] if one["accord"] == "donné"]
    assert [(one["enfant"], one["usage"]) for one in said] == [("Léna Martin", PRESS.label)]
    assert len(told["droit_a_l_image"]) == len(CELLS), "nothing of the other guardian's"
    [accepted] = told["textes_acceptes"]
    assert (accepted["titre"], accepted["version"]) == (text.title, 1)
    assert accepted["le"].startswith("2026-11-23T")


async def test_who_leaves_allows_nothing_more_and_the_proofs_stay(
    site: Site, as_parent: Browser, as_admin: Browser
) -> None:
    child_id, text = await a_pupil(site), await publishes(site)
    await ticks(as_parent, child_id, PRESS)
    await accepts(as_parent, text, accepted="yes")
    claire, request_id = await site.account(CLAIRE), await asks(site, CLAIRE)
    done = await as_admin.send_form(f"/admin/donnees/{request_id}/effacer")
    assert done.status_code == 303
    assert await allowed(site, child_id) == frozenset()
    async with site.writing() as store:
        said = await store.consents.of_account(claire.id)
        assert len(await store.texts.accepted_by(claire.id)) == 1
    about_press = [one.word.is_given for one in said if one.word.cell == PRESS]
    assert about_press == [True, False]


async def test_a_text_to_accept_is_a_thing_to_do_at_home_until_it_is_accepted(
    site: Site, as_parent: Browser
) -> None:
    await a_pupil(site)
    text = await publishes(site)
    with counted() as questions:
        home = await as_parent.get("/accueil")
    assert f"/reglements/{text.id}" in home.text
    assert f"Lire et accepter : {text.title}" in home.text
    assert len(questions) <= 12
    await accepts(as_parent, text, accepted="yes")
    assert f"/reglements/{text.id}" not in (await as_parent.get("/accueil")).text
    second = await publishes(site, after=1)
    assert f"/reglements/{second.id}" in (await as_parent.get("/accueil")).text


async def test_another_guardian_without_a_dossier_is_asked_too(site: Site) -> None:
    child_id = await a_pupil(site)
    await shared(site, child_id)
    text = await publishes(site)
    luc = await site.signed_in(GUARDIAN)
    assert f"/reglements/{text.id}" in (await luc.get("/accueil")).text


async def test_these_pages_cost_few_questions(site: Site, as_parent: Browser) -> None:
    child_id = await a_pupil(site)
    await shared(site, child_id)
    text = await publishes(site)
    await ticks(as_parent, child_id, PRESS)
    paths = (
        f"/famille/enfants/{child_id}/autorisations",
        "/reglements",
        f"/reglements/{text.id}",
    )
    for path in paths:
        with counted() as questions:
            assert (await as_parent.get(path)).status_code == 200
        assert len(questions) <= 10, (path, len(questions))
