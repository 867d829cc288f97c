"""A lost telephone is taken off by an admin, an agent's as well as a family's."""

from domain.audit import What
from tests.api.agents import AGENTS, does, found, lines
from tests.site import AGENT, CLAIRE, Browser, Site


async def test_a_lost_telephone_is_taken_off_by_an_admin_and_told_by_mail(
    site: Site, as_admin: Browser
) -> None:
    agent, nadia = await site.signed_in(AGENT), await found(site, AGENT.email)
    async with site.writing() as store:
        await store.second_factors.begin(nadia.id, "S" * 32)
        await store.second_factors.prove(nadia.id, "S" * 32, 1, site.clock())
        await store.second_factors.replace_codes(nadia.id, ["h" * 64], site.clock())
    assert "Détacher le téléphone" in (await as_admin.get(f"{AGENTS}/{nadia.id}")).text
    for _ in range(2):
        assert (await does(as_admin, nadia, "second-facteur")).status_code == 303
    assert (await agent.get("/agent")).status_code == 303
    await site.errands_done()
    async with site.writing() as store:
        assert not await store.second_factors.is_proven(nadia.id)
        assert not await store.second_factors.use_code(nadia.id, "h" * 64, site.clock())
        (letter_id,) = site.gateway.letters
        letter = await store.letters.find(letter_id)
    assert letter is not None
    assert letter.to_address == AGENT.email
    assert "Ana Lopes a détaché votre téléphone" in letter.text
    assert len(await lines(site, What.SECOND_FACTOR_RESET)) == 1


async def test_a_family_without_its_telephone_is_helped_by_an_admin_and_told_by_mail(
    site: Site, as_admin: Browser
) -> None:
    claire, parent = await site.account(CLAIRE), await site.signed_in(CLAIRE)
    nadia = await site.account(AGENT)
    async with site.writing() as store:
        for one in (claire, nadia):
            await store.second_factors.begin(one.id, "S" * 32)
            await store.second_factors.prove(one.id, "S" * 32, 1, site.clock())
    page = f"{AGENTS}/telephone-perdu"
    await as_admin.opens(page)
    for wrong in ("", "personne@example.org", AGENT.email):
        answer = await as_admin.send_form(page, email=wrong)
        assert "Aucune famille de cette adresse" in answer.text
    answer = await as_admin.send_form(page, email=f" {CLAIRE.email.upper()} ")
    assert answer.headers["location"] == AGENTS
    assert (await as_admin.send_form(page, email=CLAIRE.email)).status_code == 422
    assert (await parent.get("/accueil")).status_code == 303
    async with site.writing() as store:
        assert not await store.second_factors.is_proven(claire.id)
        assert await store.second_factors.is_proven(nadia.id)
        (letter_id,) = site.gateway.letters
        letter = await store.letters.find(letter_id)
    assert letter is not None
    assert letter.to_address == CLAIRE.email
