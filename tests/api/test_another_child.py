"""Another child in a family that the town knows: what is known is right in one activation."""

from dataclasses import replace

from tests.builders import REGISTRATION
from tests.family_file import a_known_family, record_of
from tests.questions import counted
from tests.site import OTHER_PARENT, Browser, Site

START = f"/inscription/{REGISTRATION.slug}"
AN_ID = "d" * 32


async def test_what_is_known_is_shown_and_one_button_leads_to_the_new_child(
    site: Site, as_parent: Browser
) -> None:
    first = await a_known_family(site)
    page = (await as_parent.opens(START)).text
    for words in ("Déjà connu", "12 rue des Lilas", "Paul", "Zoé Petit", "Tout est exact"):
        assert words in page, words
    begun = await as_parent.send_form(f"{START}/connu", act_id=AN_ID)
    again = await as_parent.send_form(f"{START}/connu", act_id=AN_ID)
    assert begun.headers["location"] == again.headers["location"]
    assert begun.headers["location"].endswith("/enfant")
    async with site.writing() as store:
        mine = [one for one in await store.dossiers.of_account(first.account_id) if one.version]
        (draft,) = [one for one in mine if one.id != first.id]
        answers = await store.dossiers.answers(draft.id)
    assert set(answers) == {"vous", "adresse", "autre-parent", "contacts"}


async def test_a_child_that_the_town_knew_already_has_its_page_filled_in(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    record = await record_of(site)
    facts = {"first_name": "Zélie", "last_name": "Martin", "birth_date": "2024-02-29"}
    async with site.writing() as store:
        place = {"birth_place": "Agen"}
        child_id = await store.family_changes.add_child(record.id, {**facts, **place}, [])
    assert "Zélie Martin" in (await as_parent.opens(START)).text
    begun = await as_parent.send_form(f"{START}/connu", act_id=AN_ID, child=child_id)
    assert begun.headers["location"].endswith("/ecole")
    dossier_id = begun.headers["location"].split("/")[2]
    async with site.writing() as store:
        assert (await store.dossiers.answers(dossier_id))["enfant"] == {**facts, **place}
        assert (await store.dossiers.find(dossier_id)).child_name == "Zélie Martin"


async def test_a_child_of_another_family_is_not_filled_in(site: Site) -> None:
    await a_known_family(site)
    record = await record_of(site)
    facts = {"first_name": "Zélie", "last_name": "Martin", "birth_date": "2024-02-29"}
    async with site.writing() as store:
        child_id = await store.family_changes.add_child(record.id, facts, [])
    await a_known_family(site, OTHER_PARENT)
    karim = await site.signed_in(OTHER_PARENT)
    begun = await karim.send_form(f"{START}/connu", act_id=AN_ID, child=child_id)
    assert begun.headers["location"].endswith("/enfant")


async def test_a_family_of_which_nothing_is_known_begins_with_its_first_page(
    as_parent: Browser,
) -> None:
    page = (await as_parent.opens(START)).text
    assert "Déjà connu" not in page
    led = await as_parent.send_form(f"{START}/connu")
    assert led.headers["location"] == f"{START}/vous"


async def test_a_procedure_that_is_closed_shows_nothing_and_begins_nothing(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    async with site.writing() as store:
        await store.town.put_procedure(replace(REGISTRATION, is_open=False))
    assert "Déjà connu" not in (await as_parent.opens(START)).text
    assert (await as_parent.send_form(f"{START}/connu")).status_code == 404


async def test_the_page_of_a_known_family_asks_ten_questions_at_most(
    site: Site, as_parent: Browser
) -> None:
    await a_known_family(site)
    await as_parent.opens("/accueil")
    with counted() as questions:
        await as_parent.get(START)
    assert len(questions) <= 10, questions


async def test_a_family_known_by_a_list_alone_types_nothing_of_itself_again(site: Site) -> None:
    karim, browser = await site.account(OTHER_PARENT), await site.signed_in(OTHER_PARENT)
    home = {"street": "1 rue Haute", "postal_code": "01000", "city": "Valbourg"}
    mine = {"first_name": "Karim", "last_name": "Haddad", "relation": "father"}
    hers = {"first_name": "Nour", "last_name": "Haddad", "relation": "mother"}
    born = {"first_name": "Zélie", "last_name": "Haddad", "birth_date": "2024-02-29"}
    async with site.writing() as store:
        changes = store.family_changes
        family = await changes.found(karim.id, home, site.clock())
        await changes.add_guardian(
            family, {**mine, "phone": "+262 692 12 34 56", "account_id": karim.id}
        )
        await changes.add_guardian(family, hers)
        child = await changes.add_child(family, {**born, "birth_place": "Saint-Denis"}, [])
        await changes.add_contact(child, {"name": "Zoé", "phone": "0262 12 34 56"})
    begun = await browser.send_form(f"{START}/connu", act_id=AN_ID, child=child)
    assert begun.headers["location"].endswith("/ecole")
    dossier_id = begun.headers["location"].split("/")[2]
    async with site.writing() as store:
        answers = await store.dossiers.answers(dossier_id)
    assert answers["autre-parent"]["first_name"] == "Nour"
    assert answers["contacts"]["contact_1_name"] == "Zoé"
