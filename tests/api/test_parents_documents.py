"""The page of documents: what is asked and why, what was found, statements, files sent back."""

import asyncio

import pytest

from domain.states import Action, State
from storage.documents import DOUBTFUL, GOOD, REFUSED, STATEMENT
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.papers import PDF, PIECE, documents_of, folders, send
from tests.samples import jpeg
from tests.site import OTHER_PARENT, Browser, Site


async def test_every_piece_says_why_it_is_asked_and_what_may_be_sent(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    for words in (
        "Identité de l’enfant",
        "Parce que l’école dépend de votre adresse.",
        "D131-3-1",
        "PDF de 6",
        "déclarer sur l’honneur",
        "À fournir",
    ):
        assert words in page.text


async def test_an_original_goes_out_as_an_attachment_that_can_run_nothing(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    await send(as_parent, dossier, ("facture.pdf", PDF))
    (kept,) = await documents_of(answering, dossier)
    answer = await as_parent.get(f"/dossiers/{dossier.id}/fichiers/{kept.id}")
    assert answer.content == PDF
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    other = await answering.signed_in(OTHER_PARENT)
    assert (await other.get(f"/dossiers/{dossier.id}/fichiers/{kept.id}")).status_code == 404


async def test_drawn_pages_are_images_and_nothing_else_of_the_folder_is_reached(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    document = await a_paper(answering, dossier, PIECE, page_images=["page-01.jpg"])
    folder = answering.app.state.house.files.pages(document.id)
    folder.mkdir(parents=True)
    (folder / "page-01.jpg").write_bytes(jpeg(60, 80))
    (folder / "secret.txt").write_text("non")
    place = f"/dossiers/{dossier.id}/fichiers/{document.id}/page"
    assert (await as_parent.get(f"{place}/page-01.jpg")).headers["content-type"] == "image/jpeg"
    for name in ("secret.txt", "..%2foriginal", "page-02.jpg"):
        assert (await as_parent.get(f"{place}/{name}")).status_code == 404
    assert (
        await as_parent.get(f"/dossiers/{dossier.id}/fichiers/{document.id}")
    ).status_code == 404


@pytest.mark.parametrize("state", [State.CHECKING, State.APPROVED, State.WITHDRAWN])
async def test_nothing_is_added_where_nothing_can_be(
    answering: Site, as_parent: Browser, state: State
) -> None:
    dossier = await a_sent_dossier(answering, state)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert 'type="file"' not in page.text
    assert page.text.count("Le dossier est fermé") == (state is not State.CHECKING)
    answer = await send(as_parent, dossier, ("facture.pdf", PDF))
    assert answer.status_code == 409
    assert folders(answering) == []


async def test_a_document_is_taken_away_once_and_can_be_given_again(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    document = await a_paper(answering, dossier, PIECE)
    place = f"/dossiers/{dossier.id}/documents/{PIECE}/retirer"
    fields = {"document_id": document.id, "act_id": "b" * 32}
    for _ in range(2):
        assert (await as_parent.send_form(place, **fields)).status_code == 303
    removals = {one.id for one in answering.gateway.acts if one.action == Action.REMOVE_DOCUMENT}
    assert removals == {"b" * 32}
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "ajoutez-le de nouveau" in page.text


async def test_a_document_of_another_dossier_cannot_be_taken_away(
    answering: Site, as_parent: Browser
) -> None:
    mine, other = await a_filled_draft(answering), await a_filled_draft(answering)
    document = await a_paper(answering, other, PIECE)
    answer = await as_parent.send_form(
        f"/dossiers/{mine.id}/documents/{PIECE}/retirer", document_id=document.id
    )
    assert answer.status_code == 404


async def test_a_family_is_told_what_was_found_in_each_file(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    await a_paper(answering, dossier, PIECE, status=GOOD)
    await a_paper(
        answering,
        dossier,
        PIECE,
        status=REFUSED,
        original_name="secret.pdf",
        remarks=[{"code": "password", "values": {}}],
    )
    await a_paper(
        answering,
        dossier,
        "child_identity",
        status=DOUBTFUL,
        remarks=[{"code": "small_photo", "values": {}}],
    )
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "Lisible, 2" in page.text
    assert "Protégé par un mot de passe" in page.text
    assert "À renvoyer" in page.text
    assert "Illisible" not in page.text
    assert "La photo est petite" in page.text
    assert "Vous pouvez l’envoyer quand même" in page.text


async def test_what_the_town_asks_is_said_on_the_card(answering: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(answering, State.AWAITING_FAMILY)
    until = answering.clock().replace(month=12)
    await is_asked(
        answering, dossier, until, piece=PIECE, reason="outdated", words="Moins de trois mois."
    )
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "Le document n’est plus valable. Moins de trois mois." in page.text
    assert "À remplacer" in page.text


async def test_a_piece_that_is_asked_has_one_word_on_the_page_of_the_dossier(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_sent_dossier(answering, State.AWAITING_FAMILY)
    until = answering.clock().replace(month=12)
    await is_asked(answering, dossier, until, piece=PIECE, reason="outdated", words="")
    page = await as_parent.opens(f"/dossiers/{dossier.id}")
    words = ("À remplacer</span>", "À fournir</span>")
    assert sorted(page.text.count(word) > 1 for word in words) == [False, True]


async def test_a_file_alone_is_judged_once(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    await a_paper(answering, dossier, PIECE, status=REFUSED)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert page.text.count("À renvoyer") == 1


async def test_what_the_town_asks_comes_first(answering: Site, as_parent: Browser) -> None:
    dossier = await a_sent_dossier(answering, State.AWAITING_FAMILY)
    until = answering.clock().replace(month=12)
    place = f"/dossiers/{dossier.id}/documents"
    usual = (await as_parent.opens(place)).text
    assert usual.index("piece-child_identity") < usual.index(f"piece-{PIECE}")
    await is_asked(answering, dossier, until, piece=PIECE, reason="outdated")
    asked = (await as_parent.opens(place)).text
    assert asked.index(f"piece-{PIECE}") < asked.index("piece-child_identity")


async def test_no_statement_is_offered_beside_a_good_file(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    place = f"/dossiers/{dossier.id}/documents"
    assert f"{place}/{PIECE}/attestation" in (await as_parent.opens(place)).text
    await a_paper(answering, dossier, PIECE, status=GOOD)
    assert f"{place}/{PIECE}/attestation" not in (await as_parent.opens(place)).text


async def test_a_sworn_statement_needs_its_box_and_stands_once(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    place = f"/dossiers/{dossier.id}/documents/{PIECE}/attestation"
    page = await as_parent.opens(place)
    assert "Claire Martin, le lundi 23 novembre 2026" in page.text
    refused = await as_parent.send_form(place)
    assert refused.status_code == 422
    assert "Cochez la case" in refused.text
    answers = await asyncio.gather(*(as_parent.send_form(place, declared="yes") for _ in range(5)))
    assert {one.status_code for one in answers} == {303}
    (statement,) = await documents_of(answering, dossier)
    assert statement.form == STATEMENT
    assert statement.statement.startswith("Claire Martin, le lundi 23 novembre 2026")
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "Vous avez déclaré sur l’honneur le lundi 23 novembre 2026" in page.text
    assert "Retirer la déclaration" in page.text


async def test_no_statement_replaces_a_court_ruling(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    async with answering.writing() as store:
        await store.dossiers.save_answers(
            dossier, "situation", {"court_ruling": "yes"}, answering.clock()
        )
    page = await as_parent.get(f"/dossiers/{dossier.id}/documents/court_ruling/attestation")
    assert page.status_code == 404
    assert (
        "Elle reste réservée au service"
        in (await as_parent.opens(f"/dossiers/{dossier.id}/documents")).text
    )
