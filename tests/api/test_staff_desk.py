"""The desk: what an agent sees of a dossier, and what it says of each piece."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from domain.states import State
from storage.documents import DOUBTFUL
from storage.dossiers import Dossier
from storage.tables import dossiers
from tests.api.office import KARIM, Office, an_office
from tests.reviews import PIECES, a_document, a_statement
from tests.site import AGENT, Site

CHILD, GUARDIAN, ADDRESS = PIECES


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Léna", "Noé", "Inès")


async def test_the_desk_shows_the_document_beside_what_it_proves(office: Office) -> None:
    page = (await office.agent.get(office.path(office.first))).text
    assert "Léna Martin" in page
    assert "12/03/2023" in page
    assert "Lisible" in page
    assert "Contrôle automatique : une aide. La décision est la vôtre." in page
    assert "page/page-01.jpg" in page
    assert "thumbnail" not in page


async def test_the_desk_says_where_the_dossier_is_in_its_queue(office: Office) -> None:
    page = (await office.agent.get(office.path(office.dossiers[1]))).text
    assert "2 sur 3" in page
    assert f'href="{office.path(office.dossiers[0])}?file=a-verifier" data-key="k"' in page
    assert f'href="{office.path(office.dossiers[2])}?file=a-verifier" data-key="j"' in page


async def test_an_opinion_leads_to_the_next_piece_nobody_looked_at(office: Office) -> None:
    await office.agent.opens(office.path(office.first))
    answer = await office.agent.send_form(
        office.path(office.first, "avis"), piece=CHILD, mark="conform", file="tous", q="martin"
    )
    assert answer.headers["location"] == (
        f"{office.path(office.first)}?file=tous&q=martin&piece={GUARDIAN}"
    )
    await office.marks(office.first, GUARDIAN)
    async with office.site.writing() as store:
        marks = await store.documents.marks_of(office.first.id)
    assert {piece: mark.mark for piece, mark in marks.items()} == {CHILD: "good", GUARDIAN: "good"}


async def test_the_same_opinion_twice_keeps_its_reason(office: Office) -> None:
    await office.marks(office.first, CHILD, mark="to_replace")
    await office.sends(
        office.first, "complement", **{f"reason-{CHILD}": "outdated", "deadline": "nonsense"}
    )
    await office.marks(office.first, CHILD, mark="to_replace")
    page = (await office.agent.get(office.path(office.first))).text
    assert "Demander un complément" in page


async def test_an_opinion_on_nothing_is_refused(office: Office) -> None:
    await office.agent.opens(office.path(office.first))
    for fields in ({"piece": "passport", "mark": "conform"}, {"piece": CHILD, "mark": "maybe"}, {}):
        answer = await office.agent.send_form(office.path(office.first, "avis"), **fields)
        assert answer.status_code == 422


async def test_a_closed_dossier_is_read_and_not_changed(office: Office) -> None:
    await office.site.account(KARIM)
    await office.decided(office.first, State.APPROVED, KARIM.email)
    page = (await office.agent.opens(office.path(office.first) + "?file=decides")).text
    assert "Validé par Karim Benali" in page
    assert "Ce dossier est clos" in page
    assert 'name="mark"' not in page
    answer = await office.agent.send_form(
        office.path(office.first, "avis"), piece=CHILD, mark="conform"
    )
    assert answer.status_code == 409
    assert "Karim Benali a validé ce dossier à 10\u00a0h\u00a000" in answer.text


async def test_what_the_family_changed_since_its_first_sending_is_marked(office: Office) -> None:
    site, lena = office.site, office.first
    async with site.writing() as store:
        await store.dossiers.save_answers(
            lena,
            "adresse",
            {"street": "14 rue du Pont", "postal_code": "01000", "city": "Valbourg"},
            site.clock(),
        )
        fresh = await store.dossiers.find(lena.id)
        await store.dossiers.keep_snapshot(lena.id, fresh.version, site.clock())
    page = (await office.agent.get(office.path(lena) + f"?piece={ADDRESS}")).text
    assert "La famille a modifié 1\u00a0réponse depuis le premier envoi" in page
    assert "avant : 12 rue des Lilas" in page
    assert "Modifié" in page


async def test_a_sworn_statement_is_read_in_place_of_a_document(office: Office) -> None:
    lena, at = office.first, office.site.clock()
    async with office.site.writing() as store:
        for document in await store.documents.of(lena.id):
            if document.piece == ADDRESS:
                await store.documents.remove(document.id, at)
        await store.documents.add(a_statement(lena, ADDRESS, at))
    page = (await office.agent.get(office.path(lena) + f"?piece={ADDRESS}")).text
    assert "Je déclare sur l’honneur habiter ici." in page
    assert "Déclaré sur l’honneur" in page


async def test_a_missing_piece_is_asked_for_unless_it_was_seen_at_the_counter(
    office: Office,
) -> None:
    lena = office.first
    async with office.site.writing() as store:
        for document in await store.documents.of(lena.id):
            if document.piece == ADDRESS:
                await store.documents.remove(document.id, office.site.clock())
    page = (await office.agent.get(office.path(lena) + f"?piece={ADDRESS}")).text
    assert "Rien n’a été donné pour cette pièce" in page
    assert f'name="reason-{ADDRESS}"' in page
    assert "Valider le dossier<" not in page
    await office.marks(lena, ADDRESS)
    assert f"reason-{ADDRESS}" not in (await office.agent.get(office.path(lena))).text


async def test_a_doubtful_document_is_shown_as_such(office: Office) -> None:
    lena, at = office.first, office.site.clock() - timedelta(days=9)
    remarks = [{"code": "readable_photo", "values": {}}, {"code": "small_photo", "values": {}}]
    await office.gives(a_document(lena, ADDRESS, at, status=DOUBTFUL, remarks=remarks))
    page = (await office.agent.get(office.path(lena) + f"?piece={ADDRESS}")).text
    assert "À regarder" in page
    assert "Fichier 1 : La photo est petite." in page.replace("Photo lisible", "")


async def test_the_first_to_take_a_dossier_up_follows_it(office: Office, site: Site) -> None:
    karim = await site.signed_in(KARIM)
    await office.sends(office.first, "suivre")
    await karim.opens(office.path(office.first))
    answer = await karim.send_form(office.path(office.first, "suivre"))
    assert answer.status_code == 303
    page = (await karim.get(office.path(office.first))).text
    assert "Suivi par Nadia Petit" in page
    assert "par une autre personne" in page
    assert "Suivi par vous" in (await office.agent.get(office.path(office.first))).text
    history = (await office.agent.get(office.path(office.first, "historique"))).text
    assert "Pris en charge" in history


async def test_a_draft_is_the_familys_own(office: Office) -> None:
    async with office.site.writing() as store:
        procedure = await store.town.procedure(slug="inscription-scolaire")
        draft = await store.dossiers.open_new(
            procedure, office.first.account_id, office.site.clock()
        )
    assert (await office.agent.get(office.path(draft))).status_code == 404


async def test_the_desk_asks_storage_ten_times_at_most(office: Office) -> None:
    asked: list[str] = []
    house = office.site.app.state.house
    async with house.reading() as store:
        engine = store.connection.engine.sync_engine
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *args: asked.append(args[2]) if args[2].startswith("SELECT") else None,
    )
    await office.agent.get(office.path(office.first))
    assert len(asked) <= 10, asked


async def test_strange_addresses_of_the_desk_are_forgiven(office: Office) -> None:
    answer = await office.agent.get(
        office.path(office.first) + "?file=x&piece=%3Cscript%3E&zoom=9999&q=%01%25"
    )
    assert answer.status_code == 200
    assert (await office.agent.get("/agent/dossiers/nothing")).status_code == 404
    assert AGENT.name in answer.text


async def _corrects_a_name(office: Office, **typed: str) -> Dossier:
    """A change of Léna's identity, as it was sent; `typed` is what it corrects."""
    known = {
        "sujet": {"subject": "identite", "child": "c" * 32},
        "enfant": {"first_name": "Léna", "last_name": "Martin"},
        "identite": {
            "first_name": "Léna",
            "last_name": "Martin",
            "birth_date": "2023-03-12",
            "birth_place": "Agen",
        },
    }
    async with office.site.writing() as store:
        is_it = dossiers.c.id == office.first.id
        await store.connection.execute(update(dossiers).where(is_it).values(kind="change"))
        dossier = await store.dossiers.find(office.first.id)
        await store.dossiers.keep_beginning(dossier, known, office.site.clock())
        for code, values in known.items():
            said = {**values, **typed} if code == "identite" else values
            await store.dossiers.save_answers(dossier, code, said, office.site.clock())
    return dossier


async def test_what_a_dossier_changes_is_read_beside_what_the_town_knew(office: Office) -> None:
    lena = await _corrects_a_name(office, last_name="Martin-Roy", birth_date="12/03/2023")
    page = (await office.agent.get(office.path(lena))).text
    compared = page.partition("Ce que la famille change")[2].partition("</section>")[0]
    assert compared.index(">Martin<") < compared.index("Martin-Roy")
    assert "2023" not in compared  # the same day, typed otherwise
    assert "depuis le premier envoi" not in page


async def test_a_family_that_confirms_all_is_said_to_change_nothing(office: Office) -> None:
    lena = await _corrects_a_name(office)
    page = (await office.agent.get(office.path(lena))).text
    assert "La famille confirme tout, sans rien changer" in page


async def test_the_registration_of_a_new_child_is_compared_with_nothing(office: Office) -> None:
    """The family's pages are known then, the child's are not: all of them would be changes."""
    lena, site = office.first, office.site
    async with site.writing() as store:
        known = {"adresse": {"street": "3 quai Vieux", "postal_code": "01000", "city": "Valbourg"}}
        await store.dossiers.keep_beginning(lena, known, site.clock())
    page = (await office.agent.get(office.path(lena))).text
    assert "3 quai Vieux" not in page
    assert "Ce que la famille change" not in page
