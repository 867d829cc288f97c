"""The bytes of the documents, the letters and the history, as agents get them."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from domain.documents import MediaType, Scan
from domain.states import Actor, State
from storage.documents import DOUBTFUL, Document
from storage.letters import ACCEPTED, REFUSED
from storage.records import new_id
from tests.api.office import Office, an_office
from tests.builders import a_waiting_letter
from tests.programs import a_program
from tests.reviews import PIECES, a_document
from tests.samples import jpeg, pages_of, pdf
from tests.site import AGENT, CLAIRE, NURSERY_AGENT, OTHER_PARENT, Site

CHILD, GUARDIAN, ADDRESS = PIECES


@pytest.fixture
async def office(site: Site) -> Office:
    return await an_office(site, "Léna", "Noé")


async def _on_disk(office: Office, document: Document, content: bytes, page: bytes) -> None:
    """Put the bytes of a document, and the image of its page, where they belong."""

    files = office.site.app.state.house.files
    folder = files.pages(document.id)
    folder.mkdir(parents=True)
    files.original(document.id).write_bytes(content)
    (folder / "page-01.jpg").write_bytes(page)


async def _document(office: Office, piece: str = CHILD) -> Document:
    async with office.site.writing() as store:
        documents = await store.documents.of(office.first.id)
    document = next(one for one in documents if one.piece == piece)
    await _on_disk(office, document, pdf(), jpeg(300, 400))
    return document


async def test_a_turned_document_is_shown_turned_and_its_original_stays(office: Office) -> None:
    document = await _document(office)
    image = office.path(office.first, f"fichiers/{document.id}/page/page-01.jpg")
    before = Image.open(BytesIO((await office.agent.get(image)).content))
    answer = await office.sends(
        office.first, f"fichiers/{document.id}/tourner", file="tous", zoom="150"
    )
    assert answer.headers["location"] == (
        f"{office.path(office.first)}?file=tous&piece={CHILD}&zoom=150"
    )
    after = await office.agent.get(image)
    assert after.headers["content-type"] == "image/jpeg"
    assert "sandbox" in after.headers["content-security-policy"]
    assert Image.open(BytesIO(after.content)).size == before.size[::-1]
    original = await office.agent.get(office.path(office.first, f"fichiers/{document.id}"))
    files = office.site.app.state.house.files
    assert original.content == files.original(document.id).read_bytes()
    assert original.headers["content-disposition"].startswith("attachment")


async def test_a_document_is_shown_alone(office: Office) -> None:
    document = await _document(office)
    page = await office.agent.get(office.path(office.first, f"fichiers/{document.id}/seul"))
    assert page.status_code == 200
    assert "page/page-01.jpg" in page.text


async def test_the_zoom_stays_between_its_ends(office: Office) -> None:
    for zoom, words in (("50", "Zoom +"), ("200", "Zoom −")):
        page = (await office.agent.get(f"{office.path(office.first)}?zoom={zoom}")).text
        assert f"zoom-{zoom}" in page
        assert words in page
    assert "Zoom +" not in page


async def test_several_photos_of_a_piece_come_as_one_pdf(office: Office) -> None:
    at, changes = office.site.clock(), {"media_type": MediaType.JPEG.value}
    async with office.site.writing() as store:
        for document in await store.documents.of(office.first.id):
            if document.piece == ADDRESS:
                await store.documents.remove(document.id, at)
        for _ in range(3):
            photo = a_document(office.first, ADDRESS, at, **changes)
            await store.documents.add(photo)
            await _on_disk(office, photo, jpeg(), jpeg(600, 800))
    path = office.path(office.first, f"pieces/{ADDRESS}/pdf")
    assert path in (await office.agent.get(f"{office.path(office.first)}?piece={ADDRESS}")).text
    answer = await office.agent.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    assert pages_of(answer.content) == 3
    assert (
        await office.agent.get(office.path(office.first, f"pieces/{CHILD}/pdf"))
    ).status_code == 404


async def test_a_document_is_served_in_its_own_dossier_and_department_only(
    office: Office, site: Site
) -> None:
    document = await _document(office)
    other, foreign = office.dossiers[1], await site.signed_in(NURSERY_AGENT)
    parent = await site.signed_in(OTHER_PARENT)
    for rest in ("", "/page/page-01.jpg", "/seul"):
        mine = office.path(office.first, f"fichiers/{document.id}{rest}")
        elsewhere = office.path(other, f"fichiers/{document.id}{rest}")
        assert (await office.agent.get(mine)).status_code == 200
        assert (await office.agent.get(elsewhere)).status_code == 404
        assert (await foreign.get(mine)).status_code == 404
        assert (await parent.get(mine)).status_code == 404
    page = office.path(office.first, f"fichiers/{document.id}/page/")
    for name in ("original", "..%2Foriginal", "page-99.jpg"):
        assert (await office.agent.get(page + name)).status_code == 404


async def test_the_history_names_authors_and_how_far_the_letters_went(office: Office) -> None:
    lena, at = office.first, office.site.clock()
    async with office.site.writing() as store:
        letter = await a_waiting_letter(
            store,
            "acknowledgement",
            "claire@example.org",
            at,
            subject="Dossier de Léna bien reçu",
            text="Bonjour,\n\nNous avons bien reçu votre demande.",
            dossier_id=lena.id,
        )
        await store.letters.note_try(letter, ACCEPTED, "", at + timedelta(minutes=1))
        refused = await a_waiting_letter(
            store,
            "remind",
            "claire@example.org",
            at,
            subject="Rappel",
            dossier_id=lena.id,
        )
        await store.letters.note_try(refused, REFUSED, "smtp_550", at)
        await store.events.add(
            lena.id,
            "act:1",
            at=at,
            what="submit",
            actor=Actor.PARENT,
            actor_id=lena.account_id,
            state=State.UNDER_REVIEW,
            detail={"letters": [letter]},
        )
    page = (await office.agent.get(office.path(lena, "historique"))).text
    assert "Dossier envoyé par la famille" in page
    assert "Claire Martin" in page
    assert "Remis au serveur de mail" in page
    assert "Refusé par le serveur de mail" in page
    path = office.path(lena, f"lettres/{letter}")
    assert f"{path}?file=a-verifier" in page
    assert "Nous avons bien reçu votre demande." in (await office.agent.get(path)).text
    assert (
        await office.agent.get(office.path(office.dossiers[1], f"lettres/{letter}"))
    ).status_code == 404
    assert (await office.agent.get(office.path(lena, f"lettres/{new_id()}"))).status_code == 404


async def test_a_new_dossier_has_an_empty_history(office: Office) -> None:
    page = (await office.agent.get(office.path(office.first, "historique"))).text
    assert "Aucun courrier n’est encore parti." in page


async def test_nobody_of_the_town_opens_what_the_antivirus_has_not_seen(office: Office) -> None:
    document = await _document(office)
    desk = f"{office.path(office.first)}?piece={document.piece}"
    root = office.path(office.first, f"fichiers/{document.id}")
    await _says(office, document, Scan.PENDING)
    page = (await office.agent.get(desk)).text
    assert "Antivirus : analyse en attente." in page
    assert "Ce document s’ouvrira dès que l’antivirus l’aura analysé." in page
    assert root not in page
    for rest in ("", "/page/page-01.jpg", "/seul"):
        answer = await office.agent.get(root + rest)
        assert answer.status_code == 503
        assert "Ce document n’est pas encore analysé" in answer.text
    await _says(office, document, Scan.CLEAN)
    page = (await office.agent.get(desk)).text
    assert "Analysé par l’antivirus : rien trouvé." in page
    assert root in page
    assert (await office.agent.get(root)).status_code == 200
    alone = await office.agent.get(f"{root}/seul")
    assert "Analysé par l’antivirus : rien trouvé." in alone.text


async def test_a_document_nobody_scanned_is_not_called_sound(office: Office) -> None:
    document = await _document(office)
    page = (await office.agent.get(f"{office.path(office.first)}?piece={document.piece}")).text
    assert "Non analysé par un antivirus." in page


async def _says(office: Office, document: Document, scan: Scan) -> None:
    async with office.site.writing() as store:
        await store.documents.note_inspection(
            document.id,
            status=document.status,
            media_type=document.media_type,
            pages=document.pages,
            page_images=document.page_images,
            remarks=document.remarks,
            scan=scan,
            at=office.site.clock(),
        )


async def test_a_program_of_the_town_waits_for_the_antivirus_and_the_family_s_does_not(
    office: Office,
) -> None:
    document = await _document(office)
    await _says(office, document, Scan.PENDING)
    path = f"/dossiers/{office.first.id}/documents"
    for who, status in ((AGENT, 503), (CLAIRE, 200)):
        program = await a_program(office.site, who)
        answer = await program.reads(f"{path}/{document.id}/content")
        assert answer.status_code == status
        listed = (await program.reads(path)).json()["items"]
        assert {one["scan"] for one in listed if one["id"] == document.id} == {"pending"}


async def test_an_agent_is_warned_of_active_content_before_downloading(office: Office) -> None:
    document = await _document(office)
    alone = office.path(office.first, f"fichiers/{document.id}/seul")
    assert "Contenu actif" not in (await office.agent.get(alone)).text
    async with office.site.writing() as store:
        await store.documents.note_inspection(
            document.id,
            status=DOUBTFUL,
            media_type=MediaType.PDF,
            pages=1,
            page_images=["page-01.jpg"],
            remarks=[{"code": "active_content", "values": {}}],
            scan=Scan.UNSCANNED,
            at=office.site.clock(),
        )
    for page in (alone, f"{office.path(office.first)}?file=tous&piece={CHILD}"):
        shown = (await office.agent.get(page)).text
        assert "Contenu actif" in shown
        assert "n’autorisez rien à l’ouverture" in shown
