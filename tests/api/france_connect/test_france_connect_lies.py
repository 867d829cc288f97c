"""FranceConnect: nothing an impostor says is believed."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from storage.tables import round_trips
from tests.api.federating import ANGELA, MINUTE, START, comes_back, kept, presses, way_there
from tests.provider import Claims, Provider, signed_with, unsigned
from tests.site import Site


def _foreign(claims: Claims) -> str:
    key = ECKey.generate_key("P-256", {"kid": "k1"})
    return jwt.encode({"alg": "ES256", "kid": "k1"}, claims, key)


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client", "a-third"]},
        {"iss": "https://impostor.example"},
        {"exp": 1},
        {"exp": None},
        {"acr": "eidas0"},
        {"acr": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 12},
    ],
    ids=str,
)
async def test_an_id_token_that_is_not_for_this_is_not_believed(
    site: Site, provider: Provider, lies: Claims
) -> None:
    provider.lies = lies
    await _is_not_believed(site, provider)


@pytest.mark.parametrize(
    "lies",
    [
        {"sub": "somebody-else"},
        {"aud": "another-client"},
        {"iss": "https://impostor.example"},
        {"exp": 1},
        {"email": ["a@example.org"]},
        {"given_name": {"a": 1}},
    ],
    ids=str,
)
async def test_user_information_that_is_not_of_this_person_is_not_believed(
    site: Site, provider: Provider, lies: Claims
) -> None:
    provider.lies_of_information = lies
    await _is_not_believed(site, provider)


@pytest.mark.parametrize("how", ["none", "foreign", "hmac", "json", "empty"])
async def test_what_is_not_signed_by_france_connect_is_not_believed(
    site: Site, provider: Provider, how: str
) -> None:
    public = provider.key.as_pem(private=False)
    ways: dict[str, Callable[[Claims], str]] = {
        "none": unsigned,
        "foreign": _foreign,
        "hmac": lambda claims: signed_with(public, claims),
        "json": str,
        "empty": lambda _: "",
    }
    provider.signs_with = ways[how]
    await _is_not_believed(site, provider)


async def _is_not_believed(site: Site, provider: Provider) -> None:
    browser = site.browser()
    page = await comes_back(browser, provider)
    assert page.status_code == 400
    assert "n’a pas pu être vérifiée" in page.text
    assert "Traceback" not in page.text
    assert (await browser.get("/compte")).status_code == 303
    assert await kept(site) == []
    assert list(await site.mailed_links()) == []


async def test_a_key_of_theirs_that_is_new_is_read_again(site: Site, provider: Provider) -> None:
    await comes_back(site.browser(), provider)
    provider.key, provider.alg = RSAKey.generate_key(2048, {"kid": "k2"}), "RS256"
    site.clock.waits(6 * MINUTE)
    answer = await comes_back(site.browser(), provider)
    assert answer.status_code == 303
    assert len(await site.mailed_links()) == 2


async def test_a_state_serves_once_in_its_browser_within_ten_minutes(
    site: Site, provider: Provider
) -> None:
    browser, stranger = site.browser(), site.browser()
    back = provider.identifies(ANGELA, await way_there(browser))
    page = await stranger.get(back)
    assert page.status_code == 410
    assert "Ce passage par FranceConnect est terminé" in page.text
    # Made to come back with somebody else's code: the browser of the victim began nothing.
    await way_there(stranger)
    assert (await stranger.get(back)).status_code == 410
    assert (await browser.get(back)).status_code == 303
    assert (await browser.get(back)).status_code == 410
    late = provider.identifies(ANGELA, await way_there(browser))
    site.clock.waits(11 * MINUTE)
    assert (await browser.get(late)).status_code == 410
    async with site.writing() as store:
        await store.identities.forget_expired(site.clock())
    assert await kept(site, round_trips) == []


async def test_a_code_that_served_is_not_taken_with_another_state(
    site: Site, provider: Provider
) -> None:
    browser = site.browser()
    back = provider.identifies(ANGELA, await way_there(browser))
    code = parse_qs(urlsplit(back).query)["code"][0]
    assert (await browser.get(back)).status_code == 303
    state = parse_qs(urlsplit(await way_there(browser)).query)["state"][0]
    page = await browser.get(f"{START}/retour", params={"code": code, "state": state})
    assert page.status_code == 400


async def test_a_code_of_another_browser_is_not_taken(site: Site, provider: Provider) -> None:
    thief, victim = site.browser(), site.browser()
    stolen = parse_qs(urlsplit(provider.identifies(ANGELA, await way_there(victim))).query)
    state = parse_qs(urlsplit(await way_there(thief)).query)["state"][0]
    page = await thief.get(f"{START}/retour", params={"code": stolen["code"][0], "state": state})
    assert page.status_code == 400
    assert list(await site.mailed_links()) == []


@pytest.mark.parametrize(
    "lies",
    [
        {"issuer": "https://impostor.example"},
        {"token_endpoint": "https://impostor.example/token"},
        {"jwks_uri": "http://169.254.169.254/latest"},
        {"userinfo_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "http://[", "more": "x" * 100_000},
    ],
    ids=lambda lies: next(iter(lies)),
)
async def test_no_address_but_that_of_the_settings_is_ever_called(
    site: Site, provider: Provider, lies: Claims
) -> None:
    provider.lies_of_itself = lies
    page = await presses(site)
    assert page.status_code == 503
    assert provider.asked == ["/api/v2/.well-known/openid-configuration"]
