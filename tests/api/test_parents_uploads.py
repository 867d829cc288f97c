"""Giving documents: streamed, counted, judged file by file, and only ours."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx2
import pytest

from api.uploads import largest_sending
from domain.documents import MEGABYTE
from domain.messages import Outcome
from domain.states import Action, State
from storage.documents import DOUBTFUL, GOOD, PENDING, REFUSED, STATEMENT, Document
from storage.dossiers import Dossier
from tests.families import a_filled_draft, a_paper, a_sent_dossier, is_asked
from tests.samples import jpeg, pdf
from tests.site import OTHER_PARENT, Browser, Site

PIECE = "proof_of_address"
PDF = pdf()
FRAGMENT = {"X-Fragment": "1"}
Sent = tuple[str, bytes]


@pytest.fixture
def answering(site: Site) -> Site:
    """A site whose engine answers."""
    for action in (Action.ADD_DOCUMENT, Action.REMOVE_DOCUMENT):
        site.gateway.outcomes[action] = Outcome(applied=True, state=State.DRAFT)
    return site


async def send(
    browser: Browser,
    dossier: Dossier,
    *files: Sent,
    piece: str = PIECE,
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    return await browser.post(
        f"/dossiers/{dossier.id}/documents/{piece}",
        data={"csrf": browser.csrf},
        files=[("files", (name, content, "application/octet-stream")) for name, content in files],
        headers=headers or {},
    )


async def documents_of(site: Site, dossier: Dossier) -> Sequence[Document]:
    async with site.writing() as store:
        return await store.documents.of(dossier.id)


def folders(site: Site) -> list[Path]:
    return [one for one in site.settings.files_folder.glob("??/*") if one.is_dir()]


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


async def test_several_files_are_kept_on_disk_then_in_a_row_then_told(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, ("facture.pdf", PDF), ("photo.jpg", jpeg()))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/dossiers/{dossier.id}/documents#piece-{PIECE}"
    kept = await documents_of(answering, dossier)
    assert [(one.original_name, one.status) for one in kept] == [
        ("facture.pdf", PENDING),
        ("photo.jpg", PENDING),
    ]
    house = answering.app.state.house
    assert house.files.original(kept[0].id).read_bytes() == PDF
    assert {act.subject for act in answering.gateway.acts} == {one.id for one in kept}
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "2\u00a0fichiers gardés." in page.text
    assert f'data-poll="/dossiers/{dossier.id}/documents/{PIECE}/etat"' in page.text


async def test_the_script_gets_the_card_alone(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, ("facture.pdf", PDF), headers=FRAGMENT)
    assert answer.status_code == 200
    assert f'id="piece-{PIECE}"' in answer.text
    assert "<html" not in answer.text
    polled = await as_parent.get(f"/dossiers/{dossier.id}/documents/{PIECE}/etat")
    assert "Vérification…" in polled.text


WRONG = {
    "vide.pdf": (b"", "Le fichier est vide"),
    "notes.txt": ("Bonjour à tous, voici mes notes.".encode(), "Ce type de fichier n’est pas"),
    "faux.pdf": (b"MZ" + bytes(200), "ne correspond pas à son nom"),
    "lourd.pdf": (b"%PDF-" + bytes(6 * MEGABYTE), "Le PDF dépasse"),
    "lourde.jpg": (b"\xff\xd8\xff" + bytes(15 * MEGABYTE), "La photo dépasse"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_file_gets_one_sentence_and_the_others_are_unharmed(
    answering: Site, as_parent: Browser, name: str
) -> None:
    dossier = await a_filled_draft(answering)
    content, sentence = WRONG[name]
    sent = (("avant.pdf", PDF), (name, content), ("apres.jpg", jpeg()))
    answer = await send(as_parent, dossier, *sent, headers=FRAGMENT)
    assert answer.status_code == 422
    assert f"«\u00a0{name}\u00a0»" in answer.text
    assert sentence in answer.text
    kept = await documents_of(answering, dossier)
    assert {one.original_name for one in kept} == {"avant.pdf", "apres.jpg"}
    assert {one.name for one in folders(answering)} == {one.id for one in kept}


async def test_without_scripts_the_same_sentences_come_after_the_page_turns(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, ("facture.pdf", PDF), ("notes.txt", b"Bonjour."))
    assert answer.status_code == 303
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "1\u00a0fichier gardé." in page.text
    assert "Ce type de fichier n’est pas accepté" in page.text


async def test_a_field_left_empty_is_said_and_nothing_is_kept(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, ("", b""))
    assert answer.status_code == 303
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "Aucun fichier choisi" in page.text
    assert await documents_of(answering, dossier) == []


async def test_the_same_bytes_twice_are_one_document(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    await send(as_parent, dossier, ("facture.pdf", PDF), ("copie.pdf", PDF))
    await send(as_parent, dossier, ("encore.pdf", PDF))
    kept = await documents_of(answering, dossier)
    assert [one.original_name for one in kept] == ["facture.pdf"]
    assert len(folders(answering)) == 1


async def test_a_piece_takes_its_number_of_files_and_not_one_more(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    for _ in range(9):
        await a_paper(answering, dossier, PIECE)
    await a_paper(answering, dossier, PIECE, status=REFUSED)
    files = [("dix.pdf", pdf(1, "dix")), ("onze.pdf", pdf(1, "onze"))]
    answer = await send(as_parent, dossier, *files, headers=FRAGMENT)
    assert "Cette pièce a déjà 10\u00a0fichiers" in answer.text.replace(" f", "\u00a0f")
    names = [one.original_name for one in await documents_of(answering, dossier)]
    assert "dix.pdf" in names
    assert "onze.pdf" not in names


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Claire\\facture.pdf", "facture.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "&lt;img src=x onerror=alert(1)&gt;.pdf"),
        ("fac\u202etxt.pdf", "factxt.pdf"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
async def test_a_hostile_name_is_cleaned_and_comes_back_in_one_line(
    answering: Site, as_parent: Browser, hostile: str, shown: str
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, (hostile, PDF), headers=FRAGMENT)
    assert answer.status_code == 200
    assert shown in answer.text
    (kept,) = await documents_of(answering, dossier)
    original = await as_parent.get(f"/dossiers/{dossier.id}/fichiers/{kept.id}")
    assert original.status_code == 200
    assert original.headers["content-disposition"].startswith("attachment")
    assert "\n" not in original.headers["content-disposition"]


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


async def test_a_sending_without_our_token_first_is_refused_and_nothing_is_kept(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    place = f"/dossiers/{dossier.id}/documents/{PIECE}"
    files = [("files", ("facture.pdf", PDF, "application/pdf"))]
    assert (await as_parent.post(place, files=files)).status_code == 403
    wrong = await as_parent.post(place, data={"csrf": "0" * 64}, files=files)
    assert wrong.status_code == 403
    foreign = {"Origin": "https://ailleurs.example", "Sec-Fetch-Site": "cross-site"}
    assert (await send(as_parent, dossier, ("a.pdf", PDF), headers=foreign)).status_code == 403
    assert await documents_of(answering, dossier) == []
    assert folders(answering) == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"n'importe quoi"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="csrf'),
        ("application/x-www-form-urlencoded", b"csrf=1"),
        ("text/plain", b""),
    ],
)
async def test_what_is_no_form_of_ours_is_a_plain_refusal(
    answering: Site, as_parent: Browser, content_type: str, body: bytes
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await as_parent.post(
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        content=body,
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == 400
    assert folders(answering) == []


async def test_a_sending_that_is_cut_keeps_the_files_that_were_whole(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    whole = as_parent.build_request(
        "POST",
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        data={"csrf": as_parent.csrf},
        files=[("files", ("a.pdf", PDF)), ("files", ("b.pdf", pdf(1, "b")))],
    )
    body = await asyncio.to_thread(whole.read)
    answer = await as_parent.post(
        whole.url, content=body[:-4000], headers={"Content-Type": whole.headers["content-type"]}
    )
    assert answer.status_code == 400
    assert [one.original_name for one in await documents_of(answering, dossier)] == ["a.pdf"]
    assert len(folders(answering)) == 1


async def test_more_than_twenty_parts_are_not_read(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    answer = await send(as_parent, dossier, *[(f"{n}.txt", b"x") for n in range(30)])
    assert answer.status_code == 400


async def test_too_much_together_is_refused_before_it_is_read(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b"--x"

    answer = await as_parent.post(
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        content=body(),
        headers={
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": str(largest_sending(answering.settings) + 1),
        },
    )
    assert answer.status_code == 413
    assert folders(answering) == []


async def test_a_file_that_is_too_large_is_counted_not_stored(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{as_parent.csrf}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="g.jpg"\r\n\r\n'
    ).encode()
    largest = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal largest
        yield head + b"\xff\xd8\xff"
        for _ in range(40):
            yield bytes(MEGABYTE)
            for one in answering.settings.files_folder.rglob("*.tmp"):
                largest = max(largest, one.stat().st_size)
        yield b"\r\n--x--\r\n"

    answer = await as_parent.post(
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=x", **FRAGMENT},
    )
    assert answer.status_code == 422
    assert "La photo dépasse" in answer.text
    assert largest <= 15 * MEGABYTE
    assert folders(answering) == []


async def test_while_the_engine_is_away_what_is_given_is_kept_and_says_so(
    site: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(site)
    await send(as_parent, dossier, ("facture.pdf", PDF))
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert "vous n’avez rien à refaire" in page.text
    assert "facture.pdf" in page.text


@pytest.mark.parametrize("state", [State.CHECKING, State.APPROVED, State.WITHDRAWN])
async def test_nothing_is_added_where_nothing_can_be(
    answering: Site, as_parent: Browser, state: State
) -> None:
    dossier = await a_sent_dossier(answering, state)
    page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
    assert 'type="file"' not in page.text
    answer = await send(as_parent, dossier, ("facture.pdf", PDF))
    assert answer.status_code == 409
    assert folders(answering) == []


async def test_a_piece_that_is_not_asked_is_not_found(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    for piece in ("court_ruling", "health_record", "rien"):
        answer = await send(as_parent, dossier, ("a.pdf", PDF), piece=piece)
        assert answer.status_code == 404


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
    for _ in range(2):
        assert (await as_parent.send_form(place, declared="yes")).status_code == 303
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
