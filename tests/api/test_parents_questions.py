"""The pages of questions: everything typed is kept, right or wrong."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from sqlalchemy.exc import OperationalError

from api.access.kept_forms import MOST_BYTES
from domain.states import State
from tests.builders import REGISTRATION
from tests.families import ANSWERS, SCHOOL, a_filled_draft, a_sent_dossier
from tests.site import CLAIRE, OTHER_PARENT, Browser, Site

START = f"/inscription/{REGISTRATION.slug}"
YOU = ANSWERS["vous"]
CHILD = {
    "first_name": "Léna",
    "last_name": "Martin",
    "birth_date_day": "12",
    "birth_date_month": "3",
    "birth_date_year": "2023",
    "birth_place": "Valbourg",
}
AN_ID = "a" * 32
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


async def answers_of(site: Site, dossier_id: str) -> dict[str, dict[str, str]]:
    async with site.writing() as store:
        kept = await store.dossiers.answers(dossier_id)
    return {code: dict(values) for code, values in kept.items()}


async def test_the_start_says_what_is_needed_and_what_becomes_of_the_answers(
    as_parent: Browser,
) -> None:
    page = await as_parent.opens(START)
    assert page.status_code == 200
    for words in ("Identité de l’enfant", "10 minutes", "CNIL", "Responsable", "Commencer"):
        assert words in page.text


async def test_what_is_too_long_to_be_kept_stays_in_the_page_until_one_is_back(
    site: Site, as_parent: Browser
) -> None:
    await as_parent.opens(f"{START}/vous")
    site.clock.waits(timedelta(hours=2))
    long = {**YOU, "odd": "x" * MOST_BYTES}
    late = await as_parent.send_form(f"{START}/vous", act_id=AN_ID, **long)
    assert late.status_code == 401
    assert "Vous n’êtes plus connecté" in late.text
    assert dict(HIDDEN.findall(late.text)).items() >= YOU.items()

    back = await site.signed_in(CLAIRE)
    fields = {name: unescape(value) for name, value in HIDDEN.findall(late.text)}
    once_more = await back.post(f"{START}/vous", data=fields)
    assert once_more.status_code == 403
    assert "Encore une étape" in once_more.text
    fields = {name: unescape(value) for name, value in HIDDEN.findall(once_more.text)}
    assert (await back.post(f"{START}/vous", data=fields)).status_code == 303
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        (dossier,) = await store.dossiers.of_account(claire.id)
    assert (await answers_of(site, dossier.id))["vous"] == YOU


async def test_another_site_gets_nothing_back_of_what_it_sends_too_late(
    site: Site, as_parent: Browser
) -> None:
    site.clock.waits(timedelta(hours=2))
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    late = await as_parent.post(f"{START}/vous", data={"first_name": "Eve"}, headers=foreign)
    assert late.status_code == 303
    assert late.headers["location"].startswith("/connexion")


async def test_a_closed_procedure_says_so_and_opens_nothing(site: Site, as_parent: Browser) -> None:
    async with site.writing() as store:
        closed = REGISTRATION.__class__(**{**vars(REGISTRATION), "is_open": False})
        await store.town.put_procedure(closed)
    page = await as_parent.opens(START)
    assert "Les inscriptions sont fermées" in page.text
    assert "Commencer" not in page.text
    assert (await as_parent.get(f"{START}/vous")).status_code == 404
    assert (await as_parent.send_form(f"{START}/vous", **YOU)).status_code == 404


async def test_the_first_page_opens_the_dossier_and_leads_to_the_next(
    site: Site, as_parent: Browser
) -> None:
    answer = await as_parent.send_form(f"{START}/vous", act_id=AN_ID, **YOU)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/adresse")
    assert len(site.gateway.opened) == 1


async def corrected(browser: Browser, place: str, **fields: str) -> httpx2.Response:
    """The page that a wrong form leads to, by an address of its own."""
    answer = await browser.send_form(place, **fields)
    assert answer.status_code == 303
    assert "a-corriger=1" in answer.headers["location"]
    return await browser.opens(answer.headers["location"])


async def test_the_same_first_page_twice_is_one_dossier(as_parent: Browser) -> None:
    first = await as_parent.send_form(f"{START}/vous", act_id=AN_ID, **YOU)
    again = await as_parent.send_form(f"{START}/vous", act_id=AN_ID, **YOU)
    assert first.headers["location"] == again.headers["location"]


async def test_an_empty_first_page_opens_nothing_and_says_what_to_write(
    site: Site, as_parent: Browser
) -> None:
    page = await as_parent.send_form(f"{START}/vous", act_id=AN_ID)
    assert page.status_code == 422
    assert 'href="#phone"' in page.text
    assert site.gateway.opened == []


async def test_a_wrong_first_page_is_kept_with_everything_typed(
    site: Site, as_parent: Browser
) -> None:
    wrong = {**YOU, "phone": "12"}
    page = await corrected(as_parent, f"{START}/vous", act_id=AN_ID, **wrong)
    assert 'value="12"' in page.text
    assert "Écrivez un numéro de téléphone" in page.text
    assert len(site.gateway.opened) == 1
    kept = await answers_of(site, site.gateway.opened[0].dossier_id)
    assert kept["vous"]["phone"] == "12"


async def test_another_child_starts_with_what_the_family_said_before(
    site: Site, as_parent: Browser
) -> None:
    await a_filled_draft(site)
    site.clock.waits(timedelta(minutes=5))
    page = await as_parent.opens(f"{START}/vous")
    assert 'value="Claire"' in page.text
    answer = await as_parent.send_form(f"{START}/vous", act_id=AN_ID, **YOU)
    assert answer.headers["location"].endswith("/enfant")
    kept = await answers_of(site, answer.headers["location"].split("/")[2])
    assert kept["adresse"] == ANSWERS["adresse"]
    assert "enfant" not in kept


async def test_each_page_leads_to_the_next_one_to_fill(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site, without=("enfant", "situation"))
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/enfant", **CHILD)
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/situation"
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/situation")
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/documents"


async def test_three_parts_make_a_day(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site, without=("enfant",))
    await as_parent.send_form(f"/dossiers/{dossier.id}/enfant", **CHILD)
    assert (await answers_of(site, dossier.id))["enfant"]["birth_date"] == "2023-03-12"
    page = await as_parent.opens(f"/dossiers/{dossier.id}/enfant")
    assert 'value="2023"' in page.text


async def test_a_day_that_does_not_exist_is_shown_again_as_it_was_typed(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site, without=("enfant",))
    typed = {**CHILD, "birth_date_day": "31", "birth_date_month": "2"}
    page = await corrected(as_parent, f"/dossiers/{dossier.id}/enfant", **typed)
    assert 'value="31"' in page.text
    assert "Écrivez une date qui existe" in page.text
    assert (await answers_of(site, dossier.id))["enfant"]["first_name"] == "Léna"


async def test_leaving_keeps_a_half_filled_page(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site, without=("adresse",))
    place = f"/dossiers/{dossier.id}/adresse"
    answer = await as_parent.send_form(place, street="1 rue", then="leave")
    assert answer.headers["location"] == f"/dossiers/{dossier.id}"
    page = await as_parent.opens(f"/dossiers/{dossier.id}")
    assert "Vos réponses sont enregistrées" in page.text
    assert "À corriger" in page.text


async def test_a_correction_from_the_recap_goes_back_to_the_recap(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/adresse?retour=verifier")
    assert 'name="retour" value="verifier"' in page.text
    answer = await as_parent.send_form(
        f"/dossiers/{dossier.id}/adresse", retour="verifier", **ANSWERS["adresse"]
    )
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/verifier"


def version_in(text: str) -> str:
    return text.partition('name="version" value="')[2].partition('"')[0]


async def test_a_page_that_changed_elsewhere_shows_both_and_replaces_nothing(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    place = f"/dossiers/{dossier.id}/adresse"
    seen = version_in((await as_parent.opens(place)).text)
    await as_parent.send_form(place, **{**ANSWERS["adresse"], "street": "3 rue du Pont"})
    mine = {**ANSWERS["adresse"], "street": "9 rue Neuve"}
    page = await as_parent.send_form(place, version=seen, **mine)
    assert page.status_code == 409
    assert "3 rue du Pont" in page.text
    assert 'value="9 rue Neuve"' in page.text
    assert (await answers_of(site, dossier.id))["adresse"]["street"] == "3 rue du Pont"
    answer = await as_parent.send_form(place, version=version_in(page.text), **mine)
    assert answer.status_code == 303
    assert (await answers_of(site, dossier.id))["adresse"]["street"] == "9 rue Neuve"


async def test_saving_one_page_does_not_make_another_one_stale(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    seen = version_in((await as_parent.opens(f"/dossiers/{dossier.id}/adresse")).text)
    await as_parent.send_form(f"/dossiers/{dossier.id}/vous", **YOU)
    answer = await as_parent.send_form(
        f"/dossiers/{dossier.id}/adresse", version=seen, **ANSWERS["adresse"]
    )
    assert answer.status_code == 303


async def test_the_same_answers_twice_are_never_stale(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    place = f"/dossiers/{dossier.id}/adresse"
    seen = version_in((await as_parent.opens(place)).text)
    new = {**ANSWERS["adresse"], "street": "3 rue du Pont"}
    assert (await as_parent.send_form(place, version=seen, **new)).status_code == 303
    assert (await as_parent.send_form(place, version=seen, **new)).status_code == 303


async def test_what_is_being_typed_is_kept_with_its_hour(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    place = f"/dossiers/{dossier.id}/adresse"
    seen = version_in((await as_parent.opens(place)).text)
    as_parent.headers["X-Autosave"] = "1"
    answer = await as_parent.send_form(f"{place}/brouillon", version=seen, street="3 r")
    assert answer.json()["saved_at"] == "10\u00a0h\u00a000"
    assert (await answers_of(site, dossier.id))["adresse"]["street"] == "3 r"
    stale = await as_parent.send_form(f"{place}/brouillon", version=seen, street="autre")
    assert stale.status_code == 409
    then = await as_parent.send_form(
        f"{place}/brouillon", version=answer.json()["version"], street="3 rue"
    )
    assert then.status_code == 200


@pytest.mark.parametrize("state", [State.CHECKING, State.UNDER_REVIEW, State.APPROVED])
async def test_a_sent_dossier_is_read_only_and_says_why(
    site: Site, as_parent: Browser, state: State
) -> None:
    dossier = await a_sent_dossier(site, state)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/vous")
    assert "ne changent plus" in page.text
    assert '<form method="post" action="/dossiers/' not in page.text
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/vous", **YOU)
    assert answer.status_code == 409
    assert f"/dossiers/{dossier.id}" in answer.text


async def test_answers_may_be_corrected_when_the_town_asks(site: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(site, State.AWAITING_FAMILY)
    new = {**ANSWERS["adresse"], "street": "3 rue du Pont"}
    answer = await as_parent.send_form(f"/dossiers/{dossier.id}/adresse", **new)
    assert answer.headers["location"] == f"/dossiers/{dossier.id}"
    assert (await answers_of(site, dossier.id))["adresse"]["street"] == "3 rue du Pont"


async def test_a_dossier_of_somebody_else_does_not_exist(site: Site) -> None:
    dossier = await a_filled_draft(site)
    karim = await site.signed_in(OTHER_PARENT)
    for place in ("", "/vous", "/documents", "/verifier", "/recu", "/retirer", "/rien"):
        assert (await karim.get(f"/dossiers/{dossier.id}{place}")).status_code == 404, place
    assert (await karim.send_form(f"/dossiers/{dossier.id}/vous", **YOU)).status_code == 404
    assert (await karim.send_form(f"/dossiers/{dossier.id}/verifier")).status_code == 404


async def test_a_page_that_no_dossier_has_is_not_found(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    assert (await as_parent.get(f"/dossiers/{dossier.id}/cantine")).status_code == 404
    assert (await as_parent.send_form(f"/dossiers/{dossier.id}/cantine")).status_code == 404
    assert (await as_parent.get("/inscription/nulle-part")).status_code == 404


async def test_hostile_answers_come_back_as_text(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    nasty = '"><script>alert(1)</script>'
    place = f"/dossiers/{dossier.id}/enfant"
    await as_parent.send_form(place, **{**CHILD, "first_name": nasty})
    for page in (place, f"/dossiers/{dossier.id}", f"/dossiers/{dossier.id}/verifier", "/accueil"):
        text = (await as_parent.opens(page)).text
        assert "<script>alert" not in text, page


async def test_a_choice_that_is_not_in_the_list_is_refused(site: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(site)
    place = f"/dossiers/{dossier.id}/ecole"
    page = await corrected(as_parent, place, grade="ps", school="inconnue")
    assert "Choisissez une réponse de la liste" in page.text
    assert (await as_parent.send_form(place, grade="ps", school=SCHOOL)).status_code == 303


async def test_what_was_typed_while_the_database_was_busy_goes_with_the_page(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site, without=("adresse",))
    typed = {"street": "3 rue <des> Lilas", "postal_code": "47240", "city": "Valbourg"}
    place = f"/dossiers/{dossier.id}/adresse"
    writing = site.app.state.house.writing

    def busy() -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    site.app.state.house = replace(site.app.state.house, writing=busy)
    answer = await as_parent.send_form(place, **typed)
    assert answer.status_code == 503
    assert "Envoyer de nouveau" in answer.text
    site.app.state.house = replace(site.app.state.house, writing=writing)
    shown = {name: unescape(value) for name, value in HIDDEN.findall(answer.text)}
    assert (await as_parent.post(place, data=shown)).status_code == 303
    assert (await answers_of(site, dossier.id))["adresse"] == {**typed, "country": ""}


async def test_a_password_never_goes_with_a_page(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")

    def busy() -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    site.app.state.house = replace(site.app.state.house, writing=busy)
    answer = await browser.send_form("/connexion", email=CLAIRE.email, password="un secret à moi")
    assert answer.status_code == 503
    assert "un secret" not in answer.text
    assert "n’a pas pu être gardé" in answer.text
