"""An actualisation: opened filled in, confirmed with one button, sent once, whoever is there."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from domain.french import plural
from domain.messages import Outcome
from domain.states import Action, State
from storage.tables import children, families
from tests.actualising import (
    REENROLMENT,
    UPDATE,
    a_whole_family,
    begins,
    is_offered,
    now,
    says_all_is_right,
    sends_it,
)
from tests.family_file import record_of, the_child
from tests.site import OTHER_PARENT, Browser, Site


@pytest.fixture
async def family(site: Site) -> Site:
    """Claire's family, known, and a town that offers the update and the re-enrolment."""
    await a_whole_family(site)
    await is_offered(site, UPDATE, REENROLMENT)
    site.gateway.outcomes[Action.SUBMIT] = Outcome(applied=True, state=State.CHECKING)
    return site


async def test_what_is_left_to_do_is_called_by_the_name_of_the_update(
    family: Site, as_parent: Browser
) -> None:
    await begins(family, as_parent)
    page = (await as_parent.get("/accueil")).text
    assert f"Finir : {UPDATE.title}" in page
    assert "Finir le dossier" not in page
    assert f'action="/actualisation/{UPDATE.slug}"' not in page  # it is not offered once more
    assert f'action="/actualisation/{REENROLMENT.slug}"' in page


async def test_everything_the_town_knows_is_there_at_the_opening(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    async with family.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
        before = await store.dossiers.beginning(dossier.id)
    lena = await the_child(family)
    assert before == answers
    assert answers["enfants"]["child_1"] == lena.id
    assert answers["enfants"]["update_1"] == "yes"
    assert answers["foyer"]["street"] == "12 rue des Lilas"
    assert answers["vous"]["phone"] == "06 12 34 56 78"
    assert answers["autre-parent"]["email"] == "paul@example.org"
    assert answers["autre-parent"]["address"] == "8 quai Neuf, 01000 Valbourg"
    assert answers["ecole-1"]["grade"] == "ms"
    assert answers["sante-1"]["diet"] == "no_pork"
    assert answers["autorisations-1"]["contact_1_name"] == "Zoé Petit"
    assert dossier.child_name == "Léna Martin"


async def test_health_answers_are_sealed_from_the_opening_on(
    family: Site, as_parent: Browser
) -> None:
    await begins(family, as_parent)
    kept = await family.everything_kept()
    for table in ("answers", "snapshots"):
        assert not any("Ravel" in row or "no_pork" in row for row in kept[table]), table


async def test_the_class_moves_up_for_the_next_school_year_only(
    family: Site, as_parent: Browser
) -> None:
    this_year = await begins(family, as_parent, UPDATE)
    next_year = await begins(family, as_parent, REENROLMENT)
    async with family.writing() as store:
        assert (await store.dossiers.answers(this_year.id))["ecole-1"]["grade"] == "ms"
        assert (await store.dossiers.answers(next_year.id))["ecole-1"]["grade"] == "gs"


async def test_images_of_a_child_are_never_taken_over_as_allowed(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    async with family.writing() as store:
        page = (await store.dossiers.answers(dossier.id))["autorisations-1"]
    assert {name for name in page if name.startswith("image_")}
    assert not any(value for name, value in page.items() if name.startswith("image_"))


async def test_one_page_shows_it_all_and_says_when_it_was_last_checked(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    text = (await as_parent.opens(f"/dossiers/{dossier.id}")).text
    for words in (
        "Tout est exact",
        "Dernière vérification : lundi 23 novembre 2026",
        "12 rue des Lilas",
        "La santé de Léna",
        "Zoé Petit",
        "À vérifier",
        "Modifier",
    ):
        assert words in text, words


async def test_one_button_confirms_every_page_and_leads_to_the_documents(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    answer = await says_all_is_right(family, as_parent, dossier)
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/documents"
    async with family.writing() as store:
        done = await store.confirmations.of(dossier.id)
    claire = (await record_of(family)).account_id
    assert set(done) == {
        "enfants", "foyer", "vous", "autre-parent", "situation", "ecole-1", "sante-1",
        "autorisations-1", "quotient",
    }  # fmt: skip
    assert {one.by for one in done.values()} == {claire}


async def test_sending_asks_that_every_page_was_looked_at_and_names_those_that_were_not(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    refused = await sends_it(family, as_parent, dossier)
    assert refused.status_code == 422
    assert "Le dossier n’est pas parti : des pages sont à vérifier" in refused.text
    assert f'href="/dossiers/{dossier.id}#foyer">Votre foyer : à vérifier' in refused.text
    assert family.gateway.acts == []


async def test_a_page_that_was_changed_counts_as_looked_at(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    saved = await as_parent.send_form(
        f"/dossiers/{dossier.id}/foyer", street="1 rue Neuve", postal_code="01000", city="Valbourg"
    )
    assert saved.headers["location"] == f"/dossiers/{dossier.id}#enfants"
    async with family.writing() as store:
        assert set(await store.confirmations.of(dossier.id)) == {"foyer"}


async def test_one_page_is_confirmed_alone(family: Site, as_parent: Browser) -> None:
    dossier = await begins(family, as_parent)
    answer = await as_parent.send_form(
        f"/dossiers/{dossier.id}/exact",
        page="vous",
        version=str((await now(family, dossier)).version),
    )
    assert answer.headers["location"] == f"/dossiers/{dossier.id}#vous"
    async with family.writing() as store:
        assert set(await store.confirmations.of(dossier.id)) == {"vous"}


async def test_a_page_that_lacks_an_answer_is_where_the_button_leads(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent, REENROLMENT)
    async with family.writing() as store:
        page = (await store.dossiers.answers(dossier.id))["ecole-1"]
        await store.dossiers.save_answers(
            dossier, "ecole-1", {**page, "school": ""}, family.clock()
        )
    answer = await says_all_is_right(family, as_parent, dossier)
    place = f"/dossiers/{dossier.id}/ecole-1"
    assert answer.headers["location"] == place
    assert f"Il reste {plural(1, 'page')} à compléter." in (await as_parent.opens(place)).text


async def test_before_the_sending_what_has_not_changed_is_folded(
    family: Site, as_parent: Browser
) -> None:
    """Not the children nor their classes: that is what is asked for."""
    dossier = await begins(family, as_parent)
    await as_parent.send_form(
        f"/dossiers/{dossier.id}/foyer", street="1 rue Neuve", postal_code="01000", city="Valbourg"
    )
    page = (await as_parent.get(f"/dossiers/{dossier.id}/verifier")).text
    folded = {one.strip() for one in re.findall(r"<summary>([^<]+)<span class=\"quiet\">:", page)}
    open_ones = set(re.findall(r"<section class=\"recap\">\s*<h2>([^<]+)</h2>", page))
    assert {"Vous", "L’autre parent"} <= folded
    assert {"Votre foyer", "Les enfants"} <= open_ones
    assert any("école" in one.lower() for one in open_ones), open_ones
    assert not folded & open_ones


async def test_the_house_rules_are_accepted_with_the_sending(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    await says_all_is_right(family, as_parent, dossier)
    version = str((await now(family, dossier)).version)
    refused = await as_parent.send_form(f"/dossiers/{dossier.id}/verifier", version=version)
    assert refused.status_code == 422
    assert "Cochez la case pour accepter le règlement intérieur." in refused.text
    sent = await sends_it(family, as_parent, dossier, act_id="c" * 32)
    assert sent.headers["location"] == f"/dossiers/{dossier.id}/recu"
    again = await sends_it(family, as_parent, dossier, act_id="c" * 32, version=version)
    assert again.headers["location"] == f"/dossiers/{dossier.id}/recu"
    assert {act.id for act in family.gateway.acts} == {"c" * 32}
    async with family.writing() as store:
        assert (await store.dossiers.answers(dossier.id))["reglement"]["accepted"] == "yes"


async def test_what_the_portal_wrote_is_not_taken_from_a_form(
    family: Site, as_parent: Browser
) -> None:
    lena = await the_child(family)
    dossier = await begins(family, as_parent)
    await as_parent.send_form(
        f"/dossiers/{dossier.id}/enfants", child_1="f" * 32, name_1="Un autre", update_1="yes"
    )
    await as_parent.send_form(
        f"/dossiers/{dossier.id}/vous", first_name="Un autre", phone="0612345678"
    )
    async with family.writing() as store:
        answers = await store.dossiers.answers(dossier.id)
    assert answers["enfants"]["child_1"] == lena.id
    assert answers["enfants"]["name_1"] == "Léna Martin"
    assert answers["vous"]["first_name"] == "Claire"


async def test_a_second_beginning_leads_to_the_first(family: Site, as_parent: Browser) -> None:
    first = await begins(family, as_parent)
    assert (await begins(family, as_parent)).id == first.id
    async with family.writing() as store:
        mine = await store.dossiers.of_account(first.account_id)
    assert sum(one.procedure_id == UPDATE.id for one in mine) == 1


async def test_nothing_begins_once_it_is_closed_and_what_was_begun_is_finished(
    family: Site, as_parent: Browser
) -> None:
    dossier = await begins(family, as_parent)
    async with family.writing() as store:
        for one in (UPDATE, REENROLMENT):
            await store.town.put_procedure(replace(one, is_open=False))
    page = await as_parent.opens(f"/actualisation/{REENROLMENT.slug}")
    assert "On ne peut plus commencer" in page.text
    refused = await as_parent.send_form(f"/actualisation/{REENROLMENT.slug}")
    assert refused.headers["location"] == f"/actualisation/{REENROLMENT.slug}"
    assert (await begins(family, as_parent)).id == dossier.id
    await says_all_is_right(family, as_parent, dossier)
    sent = await sends_it(family, as_parent, dossier)
    assert sent.headers["location"] == f"/dossiers/{dossier.id}/recu"


async def test_a_family_that_the_town_does_not_know_is_led_to_the_registration(
    family: Site,
) -> None:
    karim = await family.signed_in(OTHER_PARENT)
    page = await karim.opens(f"/actualisation/{UPDATE.slug}")
    assert "La mairie ne connaît pas encore vos enfants" in page.text
    refused = await karim.send_form(f"/actualisation/{UPDATE.slug}")
    assert refused.headers["location"] == f"/actualisation/{UPDATE.slug}"
    account = await family.account(OTHER_PARENT)
    async with family.writing() as store:
        assert not await store.dossiers.of_account(account.id)


@pytest.mark.usefixtures("family")
async def test_an_actualisation_does_not_begin_with_an_empty_first_page(as_parent: Browser) -> None:
    led = await as_parent.get(f"/inscription/{UPDATE.slug}")
    assert led.headers["location"] == f"/actualisation/{UPDATE.slug}"
    assert (await as_parent.get(f"/inscription/{UPDATE.slug}/vous")).status_code == 404
    assert (await as_parent.send_form(f"/inscription/{UPDATE.slug}/vous")).status_code == 404
    assert (await as_parent.get("/actualisation/inscription-scolaire")).status_code == 404


async def test_a_child_that_left_the_family_meanwhile_is_named_and_stops_the_sending(
    family: Site, as_parent: Browser
) -> None:
    lena = await the_child(family)
    dossier = await begins(family, as_parent)
    await says_all_is_right(family, as_parent, dossier)
    karim = await family.account(OTHER_PARENT)
    async with family.writing() as store:
        await store.connection.execute(
            families.insert().values(
                id="k" * 32,
                account_id=karim.id,
                street="",
                postal_code="",
                city="",
                created_at=family.clock(),
            )
        )
        await store.connection.execute(
            update(children).where(children.c.id == lena.id).values(family_id="k" * 32)
        )
    refused = await sends_it(family, as_parent, dossier)
    assert refused.status_code == 422
    assert "Un enfant n’est plus dans votre famille" in refused.text
    assert "Léna Martin" in (await as_parent.opens(f"/dossiers/{dossier.id}")).text
    assert family.gateway.acts == []
