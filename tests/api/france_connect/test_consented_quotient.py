"""A quotient asked of the CAF with FranceConnect: for whom, once, and what is kept of it."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from domain.audit import What
from domain.quotient import Source
from domain.visits import Mode
from settings import Settings
from storage.identities import Identity
from storage.tables import federated_sessions, round_trips
from tests.api.actors import visiting
from tests.api.federating import ANGELA, MINUTE, START, kept
from tests.doors import lines_of
from tests.provider import Provider, Someone
from tests.quotients import SIRET, TOKEN, QuotientServer, quotient_server
from tests.site import CLAIRE, OTHER_PARENT, Browser, Site, running_site

PAGE = "/quotient/caf"
BUTTON = f"{PAGE}/france-connect"
BACK = "/connexion/france-connect/quotient"


@pytest.fixture
def server(provider: Provider) -> Iterator[QuotientServer]:
    with quotient_server() as running:
        running.consents = provider.names_of_who_allows_a_quotient
        yield running


@pytest.fixture
async def site(
    tmp_path: Path, sql_url: str, provider: Provider, server: QuotientServer
) -> AsyncIterator[Site]:
    settings = server.settings(provider.settings(Settings(home=tmp_path / "home")))
    async with running_site(settings, sql_url) as site:
        provider.clock = site.clock
        yield site


@pytest.fixture
async def as_parent(site: Site) -> Browser:
    return await site.signed_in(CLAIRE)


async def presses(browser: Browser) -> httpx2.Response:
    await browser.opens(PAGE)
    return await browser.send_form(BUTTON)


async def way_there(browser: Browser) -> str:
    answer = await presses(browser)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def consents(browser: Browser, provider: Provider, who: Someone = ANGELA) -> str:
    """Go there, consent, and come back; the page that follows."""
    back = provider.identifies(who, await way_there(browser))
    return await comes_by(browser, back)


async def comes_by(browser: Browser, back: str) -> str:
    answer = await browser.get(back, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def _kept(site: Site) -> list[tuple[int, str, Source]]:
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        given = await store.quotients.of_account(claire.id)
    return [(one.value, one.month, one.source) for one in given]


async def _is(site: Site, who: Someone, account: str) -> None:
    """This identity opens this account."""
    issuer = site.settings.franceconnect_issuer
    async with site.writing() as store:
        await store.identities.link(Identity(issuer, who.sub), account, site.clock())


async def test_two_clicks_fetch_the_quotient_of_whoever_consents(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    assert f'href="{PAGE}"' in (await as_parent.opens("/quotient")).text
    page = await consents(as_parent, provider)
    assert "Votre quotient est repris : 2550\u00a0€." in page
    assert await _kept(site) == [(2550, "2024-02", Source.CAF)]
    assert server.asked == [{"recipient": [SIRET]}]
    assert len(await lines_of(site, What.QUOTIENT_FETCHED)) == 1
    assert TOKEN not in str(server.shown)
    # Who it is was neither asked for by the portal, nor kept.
    assert not any(path.endswith("/userinfo") for path in provider.asked)
    assert await kept(site) == []


async def test_the_consent_is_kept_nowhere(
    site: Site, as_parent: Browser, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    back = provider.identifies(ANGELA, await way_there(as_parent))
    await comes_by(as_parent, back)
    [token] = provider.given
    kept_rows = str(await site.everything_kept())
    assert token not in caplog.text
    code = parse_qs(urlsplit(back).query)["code"][0]
    for word in (token, code, ANGELA.sub, "DUBOIS"):
        assert word not in kept_rows
    assert await kept(site, round_trips) == []


async def test_the_linked_person_may_and_nobody_else(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    await _is(site, ANGELA, (await site.account(CLAIRE)).id)
    somebody = replace(ANGELA, sub="somebody-else")
    page = await consents(as_parent, provider, somebody)
    assert "avec une autre identité que celle de votre compte" in page
    [line] = await lines_of(site, What.QUOTIENT_NOT_FOUND)
    assert line["detail"] == {"why": "somebody_else"}
    assert server.asked == []
    assert await _kept(site) == []
    await consents(as_parent, provider)
    assert await _kept(site) == [(2550, "2024-02", Source.CAF)]


async def test_the_identity_of_another_account_fetches_nothing_into_this_family(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    await _is(site, ANGELA, (await site.account(OTHER_PARENT)).id)
    assert "avec une autre identité" in await consents(as_parent, provider)
    assert server.asked == []
    assert await _kept(site) == []


async def test_somebody_else_who_signed_in_meanwhile_is_given_nothing(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    back = provider.identifies(ANGELA, await way_there(as_parent))
    karim = await site.signed_in(OTHER_PARENT)
    karim.keeps("france-connect", as_parent.cookies.get("france-connect") or "")
    page = await karim.get(back)
    assert page.status_code == 410
    assert f'href="{PAGE}"' in page.text
    assert server.asked == []


async def test_neither_way_back_ends_the_trip_of_the_other(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    back = provider.identifies(ANGELA, await way_there(as_parent))
    assert (await as_parent.get(back.replace(BACK, f"{START}/retour"))).status_code == 410
    guest = site.browser()
    await guest.opens("/connexion")
    answer = await guest.send_form(START)
    back = provider.identifies(ANGELA, answer.headers["location"])
    as_parent.keeps("france-connect", guest.cookies.get("france-connect") or "")
    assert (await as_parent.get(back.replace(f"{START}/retour", BACK))).status_code == 410
    assert server.asked == []


async def test_a_trip_serves_once_and_ten_minutes(
    site: Site, as_parent: Browser, provider: Provider
) -> None:
    back = provider.identifies(ANGELA, await way_there(as_parent))
    await comes_by(as_parent, back)
    assert (await as_parent.get(back)).status_code == 410
    late = provider.identifies(ANGELA, await way_there(as_parent))
    site.clock.waits(11 * MINUTE)
    assert (await as_parent.get(late)).status_code == 410
    assert len(await _kept(site)) == 1


async def test_without_an_answer_the_page_says_why_and_keeps_the_other_ways(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    for server.status, says in (
        (401, "n’a duré qu’une minute"),
        (404, "ne trouvent de dossier à votre nom"),
        (422, "ne reconnaît pas l’identité"),
    ):
        page = await consents(as_parent, provider)
        assert says in page
        assert "répondre aux questions, ou déclarer votre quotient vous-même" in page
        assert 'name="last_name"' in page
    assert await _kept(site) == []
    assert len(await lines_of(site, What.QUOTIENT_NOT_FOUND)) == 3


async def test_a_caf_that_is_busy_away_or_closed_to_the_town_is_said_so(
    as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    for server.status, says in (
        (403, "La mairie ne peut pas demander"),
        (429, "trop de demandes"),
        (503, "La CAF ne répond pas"),
    ):
        assert says in await consents(as_parent, provider)


async def test_a_nonsense_of_the_caf_is_no_answer(
    site: Site, as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    server.body = b'{"data": {"quotient_familial": {"valeur": "beaucoup"}}}'
    assert "La CAF ne répond pas" in await consents(as_parent, provider)
    assert await _kept(site) == []


async def test_a_refused_or_odd_consent_asks_nobody(
    as_parent: Browser, server: QuotientServer
) -> None:
    for query, says in (
        ("error=access_denied", "pas donné votre accord"),
        ("error=invalid_scope", "La mairie ne peut pas demander"),
        ("error=server_error", "pas pu être vérifiée"),
        ("", "pas pu être vérifiée"),
        ("code=" + "c" * 3_000, "pas pu être vérifiée"),
        ("code=c&iss=https://impostor.example", "pas pu être vérifiée"),
        ("code=inconnu", "pas pu être vérifiée"),
    ):
        state = parse_qs(urlsplit(await way_there(as_parent)).query)["state"][0]
        assert says in await comes_by(as_parent, f"{BACK}?state={state}&{query}")
    assert server.asked == []


async def test_an_id_token_that_is_not_for_this_is_not_believed(
    as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    for provider.lies in ({"nonce": "another"}, {"aud": "another"}, {"sub": ""}, {"exp": 1}):
        assert "pas pu être vérifiée" in await consents(as_parent, provider)
    assert server.asked == []


async def test_when_france_connect_is_down_the_other_ways_are_there(
    site: Site, as_parent: Browser, provider: Provider
) -> None:
    back = provider.identifies(ANGELA, await way_there(as_parent))
    provider.is_down = True
    assert "FranceConnect ne répond pas" in await comes_by(as_parent, back)
    site.clock.waits(timedelta(minutes=61))
    again = await site.signed_in(CLAIRE)
    answer = await presses(again)
    assert answer.headers["location"] == PAGE
    assert "FranceConnect ne répond pas" in (await again.get(PAGE)).text


async def test_three_times_a_day_is_enough_whichever_way(
    as_parent: Browser, provider: Provider, server: QuotientServer
) -> None:
    server.status = 404
    first = provider.identifies(ANGELA, await way_there(as_parent))
    for _ in range(3):
        await consents(as_parent, provider)
    answer = await presses(as_parent)
    assert answer.headers["location"] == PAGE
    assert "Vous avez déjà demandé trois fois" in (await as_parent.get(PAGE)).text
    # The trip of another tab began before: its browser has been led there again since.
    assert (await as_parent.get(first)).status_code == 410
    assert len(server.asked) == 3


async def test_an_agent_on_a_visit_goes_nowhere_in_the_familys_place(site: Site) -> None:
    for mode in (Mode.DESK, Mode.VIEW):
        agent = await visiting(site, mode)
        page = await agent.opens(PAGE)
        assert page.status_code == 200
        assert "FranceConnect" not in page.text
        assert (await agent.send_form(BUTTON)).status_code == 404
        assert (await agent.get(f"{BACK}?state=s&code=c")).status_code == 404


async def test_leaving_the_portal_leaves_france_connect_too(
    site: Site, as_parent: Browser, provider: Provider
) -> None:
    for _ in range(2):  # the proof of the last time is the one that counts
        await consents(as_parent, provider)
    assert len(await kept(site, federated_sessions)) == 1
    await as_parent.opens("/compte")
    answer = await as_parent.send_form("/deconnexion")
    assert answer.headers["location"].startswith(f"{provider.issuer}/session/end?")


async def test_it_is_offered_only_where_the_town_has_set_all_of_it(
    site: Site, as_parent: Browser
) -> None:
    house = site.app.state.house
    unset = house.settings.model_copy(update={"franceconnect_quotient": False})
    for without in ({"france_connect": None}, {"api_particulier": None}, {"settings": unset}):
        site.app.state.house = replace(house, **without)
        assert "FranceConnect" not in (await as_parent.opens(PAGE)).text
        await as_parent.opens("/quotient")
        for answer in (
            await as_parent.send_form(BUTTON),
            await as_parent.get(f"{BACK}?state=s&code=c"),
        ):
            assert answer.headers["location"] == "/quotient"
