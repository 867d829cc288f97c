"""A link by mail: one hour, once, and the only thing a new family needs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.access.links import mail_address
from domain.audit import What
from tests.builders import REGISTRATION, Someone, a_dossier
from tests.doors import browser_at, leaves, lines_of
from tests.site import ADMIN, AGENT, CLAIRE, Browser, Site

GOOD = "trois chats dorment bien"


async def ask_for_link(site: Site, browser: Browser, email: str, suite: str = "") -> str:
    """Go through the sign-in page and give the token of the mailed link."""
    await browser.opens(f"/connexion?suite={suite}" if suite else "/connexion")
    answer = await browser.send_form("/connexion", email=email, suite=suite)
    assert answer.status_code == 303
    return (await site.mailed_links())[-1]


async def test_a_new_parent_comes_in_by_a_link_and_chooses_a_password(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "  Nina.Durand@Example.org ")
    page = await browser.opens("/connexion/mail-envoye")
    assert "Regardez vos mails" in page.text
    assert "nina.durand@example.org" in page.text
    assert "une heure" in page.text
    page = await browser.opens(f"/activation/{token}")
    assert "Créer votre accès" in page.text
    answer = await browser.send_form(f"/activation/{token}", password=GOOD)
    assert answer.headers["location"] == "/inscription/inscription-scolaire"
    assert "nina.durand@example.org" in (await browser.opens("/compte")).text.replace("<wbr>", "")
    again = site.browser()
    await again.opens("/connexion")
    answer = await again.send_form("/connexion", email="nina.durand@example.org", password=GOOD)
    assert answer.headers["location"] == "/accueil"


async def test_a_new_parent_begins_with_what_needs_no_earlier_dossier(site: Site) -> None:
    async with site.writing() as store:
        await store.town.put_procedure(
            replace(REGISTRATION, id="a" * 32, slug="actu", kind="actualisation", title="Actu")
        )
    await test_a_new_parent_comes_in_by_a_link_and_chooses_a_password(site)


async def test_a_new_parent_may_go_on_without_any_password(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    await browser.opens(f"/activation/{token}")
    refused = await browser.send_form(f"/activation/{token}")
    assert refused.status_code == 422
    assert "Choisissez un mot de passe, ou continuez sans." in refused.text
    answer = await browser.send_form(f"/activation/{token}", without="1", password="ignored")
    assert answer.status_code == 303
    assert "Aucun" in (await browser.opens("/compte")).text


@pytest.mark.parametrize(
    ("who", "home"), [(CLAIRE, "/accueil"), (AGENT, "/agent"), (ADMIN, "/admin/supervision")]
)
async def test_whoever_is_known_comes_in_with_one_button(
    site: Site, who: Someone, home: str
) -> None:
    await site.account(who, GOOD)
    browser = site.browser()
    token = await ask_for_link(site, browser, who.email)
    assert "Me connecter" in (await browser.opens(f"/activation/{token}")).text
    answer = await browser.send_form(f"/activation/{token}", **{"with": "1"})
    assert answer.status_code == 422
    answer = await browser.send_form(f"/activation/{token}")
    assert answer.headers["location"] == home


async def test_the_person_is_led_back_to_where_she_was(site: Site) -> None:
    await site.account(CLAIRE)
    browser = site.browser()
    asked = await browser.get("/compte")
    assert asked.headers["location"] == "/connexion?suite=/compte"
    token = await ask_for_link(site, browser, CLAIRE.email, "/compte")
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", without="1")
    assert answer.headers["location"] == "/compte"


async def test_a_link_serves_once_even_when_pressed_twice_at_once(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    await browser.opens(f"/activation/{token}")
    assert (await browser.send_form(f"/activation/{token}", without="1")).status_code == 303
    other = site.browser()
    page = await other.opens(f"/activation/{token}")
    assert page.status_code == 410
    assert "Ce lien a déjà servi" in page.text
    assert "Recevoir un nouveau lien" in page.text
    await other.opens("/connexion")
    assert (await other.send_form(f"/activation/{token}", without="1")).status_code == 410
    # Whoever came in by it and presses it again in the mail is simply in.
    assert (await browser.get(f"/activation/{token}")).headers["location"] == "/accueil"


async def test_opening_a_link_does_not_use_it(site: Site) -> None:
    token = await ask_for_link(site, site.browser(), "nina@example.org")
    for _ in range(3):
        scanner = site.browser()
        assert (await scanner.get(f"/activation/{token}")).status_code == 200
        assert (await scanner.head(f"/activation/{token}")).status_code in {200, 405}
    person = site.browser()
    await person.opens(f"/activation/{token}")
    assert (await person.send_form(f"/activation/{token}", without="1")).status_code == 303


async def test_a_link_is_over_after_an_hour(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    await browser.opens(f"/activation/{token}")
    site.clock.waits(timedelta(hours=1))
    for answer in (
        await browser.get(f"/activation/{token}"),
        await browser.send_form(f"/activation/{token}", without="1"),
    ):
        assert answer.status_code == 410
        assert "Ce lien a plus d’une heure" in answer.text


async def test_a_link_cut_in_two_is_explained(site: Site) -> None:
    page = await site.browser().get("/activation/abc")
    assert page.status_code == 404
    assert "Ce lien n’est pas complet" in page.text


async def test_a_page_with_a_secret_in_its_address_sends_no_referrer(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    for path in (f"/activation/{token}", "/activation/abc"):
        assert (await browser.get(path)).headers["referrer-policy"] == "no-referrer"


async def test_a_form_of_a_page_without_referrer_is_taken(site: Site) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    await browser.opens(f"/activation/{token}")
    fields = {"csrf": browser.csrf, "without": "1"}
    answer = await browser.post(f"/activation/{token}", data=fields, headers={"Origin": "null"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("abc1234", "au moins 12"),
        ("x" * 129, "au plus 128"),
        ("motdepasse123456", "trop courant"),
        ("nina.durand2026", "ressemble à votre adresse"),
    ],
)
async def test_a_weak_password_is_refused_and_the_link_still_serves(
    site: Site, password: str, says: str
) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina.durand@example.org")
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", password=password)
    assert answer.status_code == 422
    assert says in answer.text.replace("\u00a0", " ")
    assert password not in answer.text
    assert (await browser.send_form(f"/activation/{token}", password=GOOD)).status_code == 303


async def test_a_new_password_ends_the_sessions_of_the_old_one(site: Site) -> None:
    await site.account(CLAIRE, GOOD)
    elsewhere = await site.signed_in(CLAIRE)
    browser = site.browser()
    token = await ask_for_link(site, browser, CLAIRE.email)
    await browser.opens(f"/activation/{token}")
    await browser.send_form(f"/activation/{token}", password="une autre phrase longue")
    assert (await browser.get("/compte")).status_code == 200
    assert (await elsewhere.get("/compte")).status_code == 303


async def test_a_sixth_link_in_an_hour_is_not_sent_and_nobody_can_tell(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    answers = [
        await browser.send_form("/connexion", email="nina@example.org", suite="") for _ in range(6)
    ]
    assert len({(one.status_code, one.headers["location"], one.content) for one in answers}) == 1
    assert len(await site.mailed_links()) == 5
    site.clock.waits(timedelta(minutes=61))
    await browser.send_form("/connexion", email="nina@example.org")
    assert len(await site.mailed_links()) == 6


async def test_the_secret_of_a_link_is_in_no_row(site: Site) -> None:
    token = await ask_for_link(site, site.browser(), "nina@example.org")
    rows = [row for table in (await site.everything_kept()).values() for row in table]
    assert rows
    assert not any(token in row for row in rows)


async def test_the_mailed_address_is_the_towns_whatever_host_was_asked_for(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        fields = {"csrf": browser.csrf, "email": "nina@example.org"}
        answer = await browser.post("/connexion", data=fields, headers=headers)
        assert answer.status_code == 400
    token = await ask_for_link(site, browser, "nina@example.org")
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
    assert letter is not None
    leaving = site.app.state.house.writer.with_secret(letter.text, letter.link_id)
    assert f"{site.settings.site_url}/activation/{token}" in leaving
    assert "evil" not in leaving


async def test_a_closed_account_is_not_opened_by_a_link(site: Site) -> None:
    account = await site.account(CLAIRE)
    async with site.writing() as store:
        await store.accounts.disable(account.id, site.clock())
    browser = site.browser()
    token = await ask_for_link(site, browser, CLAIRE.email)
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", without="1")
    assert answer.status_code == 403
    assert "Cet accès est fermé" in answer.text
    assert (await browser.get("/compte")).status_code == 303


@pytest.mark.parametrize(
    "text", ["", "nina", "nina@", "@x.fr", "a b@x.fr", "a@x", "a@b.c", "a@x.fr,b@x.fr", "a@x..fr"]
)
def test_what_is_no_mail_address_is_seen(text: str) -> None:
    assert mail_address(text) == ""


@pytest.mark.parametrize("text", ["Nina@X.fr", "n.d+e@a-b.example", "o'x@x.fr", " a@x.fr\n"])
def test_usual_mail_addresses_are_taken(text: str) -> None:
    assert mail_address(text) == text.strip().lower()


async def test_nobody_mails_a_whole_town_from_one_place_and_nobody_can_tell(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    answers = [await browser.send_form("/connexion", email=f"p{n}@example.org") for n in range(42)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, "/connexion/mail-envoye")
    }
    assert len(await site.mailed_links()) == 40
    # Whoever is somewhere else is not concerned.
    elsewhere = browser_at(site, "203.0.113.7")
    await elsewhere.opens("/connexion")
    await elsewhere.send_form("/connexion", email="nina@example.org")
    assert len(await site.mailed_links()) == 41
    site.clock.waits(timedelta(minutes=61))
    await browser.send_form("/connexion", email="claude@example.org")
    assert len(await site.mailed_links()) == 42


async def test_five_passwords_a_day_are_chosen_and_no_sixth(site: Site) -> None:
    await site.account(CLAIRE)
    browser = site.browser()
    for n in range(6):
        site.clock.waits(timedelta(hours=1))
        token = await ask_for_link(site, browser, CLAIRE.email)
        await browser.opens(f"/activation/{token}")
        answer = await browser.send_form(
            f"/activation/{token}", password=f"{GOOD} la nuit {n}", **{"with": "1"}
        )
        assert answer.status_code == (303 if n < 5 else 422)
        if n < 5:
            await leaves(browser)
    assert "déjà choisi cinq mots de passe aujourd’hui" in answer.text
    # The link is not lost with the refusal.
    assert (await browser.send_form(f"/activation/{token}", without="1")).status_code == 303
    chosen = await lines_of(site, What.PASSWORD_CHANGED)
    assert len(chosen) == 5
    site.clock.waits(timedelta(days=1))
    await leaves(browser)
    token = await ask_for_link(site, browser, CLAIRE.email)
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(f"/activation/{token}", password=GOOD, **{"with": "1"})
    assert answer.status_code == 303


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(minutes=50)])
async def test_a_link_serves_though_the_clock_jumps_within_its_hour(
    site: Site, jump: timedelta
) -> None:
    browser = site.browser()
    token = await ask_for_link(site, browser, "nina@example.org")
    site.clock.waits(jump)
    await browser.opens(f"/activation/{token}")
    assert (await browser.send_form(f"/activation/{token}", without="1")).status_code == 303


@pytest.mark.parametrize("who", [CLAIRE, AGENT, ADMIN, Someone("jamais@example.org")])
async def test_everybody_reads_the_same_page_and_only_the_mail_differs(
    site: Site, who: Someone
) -> None:
    is_known = who.email != "jamais@example.org"
    if is_known:
        await site.account(who)
    browser = site.browser()
    await browser.opens("/connexion")
    answer = await browser.send_form("/connexion", email=who.email)
    assert (answer.status_code, answer.content) == (303, b"")
    page = (await browser.get(answer.headers["location"])).text
    assert "Regardez vos mails" in page
    await site.errands_done()
    async with site.writing() as store:
        letter = await store.letters.find(site.gateway.letters[-1])
    assert letter is not None
    assert letter.to_address == who.email
    assert letter.kind == ("sign_in_link" if is_known else "first_link")


async def test_a_family_that_the_town_knows_makes_no_second_account(site: Site) -> None:
    # Known by an import: an account that nobody has opened yet.
    before = await site.account(Someone("famille@example.org", name="Famille Dupont"))
    browser = site.browser()
    token = await ask_for_link(site, browser, "Famille@Example.org")
    await browser.opens(f"/activation/{token}")
    await browser.send_form(f"/activation/{token}", password=GOOD, **{"with": "1"})
    async with site.writing() as store:
        after = await store.accounts.by_email("famille@example.org")
    assert after is not None
    assert (after.id, after.name) == (before.id, "Famille Dupont")


async def test_a_password_made_of_the_childrens_names_is_refused(site: Site) -> None:
    account = await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, account, site.clock())
        answers = {"enfant": {"first_name": "Ysaline", "last_name": "Martin"}}
        await store.households.admit(dossier, answers, account.email, site.clock())
    browser = site.browser()
    token = await ask_for_link(site, browser, CLAIRE.email)
    await browser.opens(f"/activation/{token}")
    answer = await browser.send_form(
        f"/activation/{token}", password="Ysaline2019!!", **{"with": "1"}
    )
    assert answer.status_code == 422
    assert "un nom de votre famille" in answer.text
