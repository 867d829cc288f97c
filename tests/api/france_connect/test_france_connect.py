"""FranceConnect: who somebody is, and never more than that."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt

from domain.audit import What
from storage.tables import federated_sessions
from tests.api.federating import (
    ANGELA,
    MINUTE,
    START,
    comes_back,
    is_linked,
    kept,
    presses,
    way_there,
)
from tests.builders import Someone as Person
from tests.doors import leaves, lines_of
from tests.provider import CLIENT, Provider, Someone
from tests.site import AGENT, CLAIRE, Site


async def test_the_button_is_there_only_when_it_is_set(site: Site) -> None:
    page = (await site.browser().get("/connexion")).text
    assert "S’identifier avec FranceConnect" in page
    assert "Qu’est-ce que FranceConnect\u00a0?" in page
    without = site.app.state.house
    site.app.state.house = replace(without, france_connect=None)
    browser = site.browser()
    page = (await browser.opens("/connexion")).text
    assert "FranceConnect" not in page
    assert (await browser.send_form(START)).status_code == 404
    assert (await browser.get(f"{START}/retour?code=c&state=s")).status_code == 404


async def test_a_new_parent_comes_in_once_the_mail_is_proved(
    site: Site, provider: Provider
) -> None:
    browser = site.browser()
    answer = await comes_back(browser, provider)
    assert answer.headers["location"] == "/connexion/mail-envoye?par=france-connect"
    page = await browser.get(answer.headers["location"])
    assert ANGELA.email in page.text
    assert "ouvrez le lien <strong>dans ce navigateur</strong>" in page.text
    assert (await browser.get("/compte")).status_code == 303
    token = (await site.mailed_links())[-1]
    page = await browser.opens(f"/activation/{token}")
    assert "Angela Claire DUBOIS" in page.text
    assert "vous reliez FranceConnect à cet accès" in page.text
    answer = await browser.send_form(f"/activation/{token}", without="1")
    assert answer.headers["location"] == "/inscription/inscription-scolaire"
    # What FranceConnect said need not be typed.
    page = await browser.get("/inscription/inscription-scolaire/vous")
    assert 'value="Angela Claire"' in page.text
    assert 'value="DUBOIS"' in page.text
    assert len(await lines_of(site, What.IDENTITY_LINKED)) == 1
    async with site.writing() as store:
        account = await store.accounts.by_email(ANGELA.email)
    assert account is not None
    assert (account.name, account.role) == ("Angela Claire DUBOIS", "parent")


async def test_the_second_time_france_connect_is_enough(site: Site, provider: Provider) -> None:
    browser = site.browser()
    await comes_back(browser, provider)
    await is_linked(site, browser)
    elsewhere = site.browser()
    answer = await comes_back(elsewhere, provider, suite="/compte")
    assert answer.headers["location"] == "/compte"
    assert ANGELA.email in (await elsewhere.get("/compte")).text.replace("<wbr>", "")
    lines = await lines_of(site, What.SIGNED_IN)
    assert [line["detail"]["how"] for line in lines] == ["link", "france_connect"]  # type: ignore[index]
    assert len(await site.mailed_links()) == 1
    # A new mail address there changes nothing here.
    moved = replace(ANGELA, email="autre@example.org")
    answer = await comes_back(site.browser(), provider, moved)
    assert answer.headers["location"] == "/accueil"


async def test_an_account_of_before_is_linked_and_keeps_its_name(
    site: Site, provider: Provider
) -> None:
    account = await site.account(CLAIRE)
    browser = site.browser()
    await comes_back(browser, provider, replace(ANGELA, email=CLAIRE.email.upper()))
    assert await kept(site) == []
    answer = await is_linked(site, browser)
    assert answer.headers["location"] == "/accueil"
    (row,) = await kept(site)
    assert (row["account_id"], row["subject"]) == (account.id, ANGELA.sub)
    async with site.writing() as store:
        now = await store.accounts.by_id(account.id)
    assert now is not None
    assert now.name == CLAIRE.name


async def test_known_and_unknown_addresses_look_the_same(site: Site, provider: Provider) -> None:
    await site.account(CLAIRE)
    seen = []
    for n, email in enumerate((CLAIRE.email, "personne@example.org")):
        browser = site.browser()
        answer = await comes_back(browser, provider, Someone(f"sub-{n}", email=email))
        page = (await browser.opens(answer.headers["location"])).text
        told = page.replace(email, "…").replace(browser.csrf, "…")
        seen.append((answer.status_code, answer.headers["location"], answer.content, told))
    assert seen[0] == seen[1]


async def test_whoever_opens_the_link_of_a_stranger_ties_nothing(
    site: Site, provider: Provider
) -> None:
    await site.account(CLAIRE)
    stranger, owner = site.browser(), site.browser()
    # The stranger told FranceConnect Claire's address as their own.
    await comes_back(stranger, provider, replace(ANGELA, email=CLAIRE.email))
    token = (await site.mailed_links())[-1]
    page = await owner.opens(f"/activation/{token}")
    assert "dans un autre navigateur" in page.text
    assert "DUBOIS" not in page.text
    answer = await owner.send_form(f"/activation/{token}", without="1")
    assert answer.headers["location"] == "/accueil"
    assert await kept(site) == []
    # And the stranger is asked to prove the address again.
    answer = await comes_back(stranger, provider, replace(ANGELA, email=CLAIRE.email))
    assert answer.headers["location"].startswith("/connexion/mail-envoye")


async def test_nobody_of_the_town_comes_in_by_it(site: Site, provider: Provider) -> None:
    await site.account(AGENT)
    browser = site.browser()
    await comes_back(browser, provider, replace(ANGELA, email=AGENT.email))
    await is_linked(site, browser)
    assert await kept(site) == []


async def test_a_closed_account_stays_closed(site: Site, provider: Provider) -> None:
    browser = site.browser()
    await comes_back(browser, provider)
    await is_linked(site, browser)
    async with site.writing() as store:
        account = await store.accounts.by_email(ANGELA.email)
        assert account is not None
        await store.accounts.disable(account.id, site.clock())
    page = await comes_back(site.browser(), provider)
    assert page.status_code == 403
    assert "Cet accès est fermé" in page.text


async def test_leaving_the_portal_leaves_france_connect_too(site: Site, provider: Provider) -> None:
    browser = site.browser()
    await comes_back(browser, provider)
    await is_linked(site, browser)
    await leaves(browser)  # came in by the link: nothing to leave there
    await comes_back(browser, provider)
    (row,) = await kept(site, federated_sessions)
    await browser.opens("/compte")
    answer = await browser.send_form("/deconnexion")
    way_out = urlsplit(answer.headers["location"])
    told = {name: values[0] for name, values in parse_qs(way_out.query).items()}
    assert answer.headers["location"].startswith(f"{provider.issuer}/session/end?")
    claims = jwt.decode(told["id_token_hint"], provider.key, ["ES256"]).claims
    assert (claims["sub"], claims["aud"]) == (ANGELA.sub, CLIENT)
    assert told["state"]
    assert told["id_token_hint"] not in str(row)
    back = await browser.get(told["post_logout_redirect_uri"])
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert (await browser.get("/compte")).status_code == 303
    assert await kept(site, federated_sessions) == []


async def test_leaving_works_when_france_connect_is_down(site: Site, provider: Provider) -> None:
    browser = site.browser()
    await comes_back(browser, provider)
    await is_linked(site, browser)
    browser = site.browser()
    await comes_back(browser, provider)
    provider.is_down = True
    site.clock.waits(2 * MINUTE)
    await browser.opens("/compte")
    site.app.state.house.france_connect._description = None
    answer = await browser.send_form("/deconnexion")
    assert answer.headers["location"] == "/"


async def test_forms_may_end_at_france_connect_and_nowhere_else(
    site: Site, provider: Provider
) -> None:
    policy = (await site.browser().get("/connexion")).headers["content-security-policy"]
    origin = provider.issuer.removesuffix("/api/v2")
    assert f"form-action 'self' {origin};" in policy
    back = await site.browser().get(f"{START}/retour?code=c&state=s")
    assert back.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("error=access_denied", 403, "jusqu’au bout"),
        ("error=server_error", 400, "vérifiée"),
        ("", 400, "vérifiée"),
        ("code=" + "c" * 3_000, 400, "vérifiée"),
        ("code=c&iss=https://impostor.example", 400, "vérifiée"),
        ("code=inconnu", 400, "vérifiée"),
    ],
)
async def test_what_goes_wrong_is_said_with_a_way_on(
    site: Site, query: str, status: int, says: str
) -> None:
    browser = site.browser()
    state = parse_qs(urlsplit(await way_there(browser)).query)["state"][0]
    page = await browser.get(f"{START}/retour?state={state}&{query}")
    assert page.status_code == status
    assert says in page.text
    assert 'href="/connexion"' in page.text


async def test_without_a_mail_address_there_is_another_way(site: Site, provider: Provider) -> None:
    page = await comes_back(site.browser(), provider, replace(ANGELA, email=""))
    assert page.status_code == 422
    assert "Entrer avec mon adresse mail" in page.text


async def test_when_france_connect_is_down_the_mail_is_enough(
    site: Site, provider: Provider
) -> None:
    browser = site.browser()
    back = provider.identifies(ANGELA, await way_there(browser))
    provider.is_down = True
    for page in (await browser.get(back), await _pressed_later(site)):
        assert page.status_code == 503
        assert "FranceConnect ne répond pas" in page.text
        assert "Entrer avec mon adresse mail" in page.text


async def _pressed_later(site: Site) -> httpx2.Response:
    site.clock.waits(timedelta(hours=2))
    return await presses(site)


async def test_names_with_odd_signs_stay_on_one_line(site: Site, provider: Provider) -> None:
    odd = replace(ANGELA, given_name="Zoé\r\nBcc: a@example.org\u202e", family_name="N" * 400)
    browser = site.browser()
    await comes_back(browser, provider, odd)
    await is_linked(site, browser)
    (row,) = await kept(site)
    assert row["first_name"] == "ZoéBcc: a@example.org"
    assert row["last_name"] == "N" * 120


async def test_a_family_the_town_imported_is_linked_and_not_doubled(
    site: Site, provider: Provider
) -> None:
    before = await site.account(Person(ANGELA.email))
    browser = site.browser()
    await comes_back(browser, provider)
    await is_linked(site, browser)
    (row,) = await kept(site)
    assert row["account_id"] == before.id
