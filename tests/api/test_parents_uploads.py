"""Giving documents: streamed, counted, judged file by file, and only ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.uploads import largest_sending
from domain.documents import MEGABYTE
from storage.documents import PENDING, REFUSED
from tests.families import a_filled_draft, a_paper
from tests.papers import FRAGMENT, PDF, PIECE, documents_of, folders, send
from tests.samples import jpeg, pdf
from tests.site import Browser, Site


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


async def test_a_piece_that_is_not_asked_is_not_found(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    for piece in ("court_ruling", "health_record", "rien"):
        answer = await send(as_parent, dossier, ("a.pdf", PDF), piece=piece)
        assert answer.status_code == 404


async def test_the_same_file_ten_times_at_once_is_one_document(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    sendings = (send(as_parent, dossier, ("facture.pdf", PDF)) for _ in range(10))
    answers = await asyncio.gather(*sendings)
    assert {one.status_code for one in answers} == {303}
    assert len(await documents_of(answering, dossier)) == 1


async def test_sendings_at_once_never_give_more_files_than_a_piece_takes(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    sendings = (
        send(as_parent, dossier, (f"{n}.pdf", PDF + b"%%%d" % n), headers=FRAGMENT)
        for n in range(12)  # as many as one session may send at once
    )
    answers = await asyncio.gather(*sendings)
    refused = [one for one in answers if one.status_code == 422]
    assert len(refused) == 2
    assert all("Cette pièce a déjà 10" in one.text for one in refused)
    assert len(await documents_of(answering, dossier)) == 10


async def test_the_last_file_that_has_room_may_be_sent_again_after_a_cut_answer(
    answering: Site, as_parent: Browser
) -> None:
    dossier, most = await a_filled_draft(answering), answering.settings.files_per_piece
    papers = [(f"{number}.pdf", pdf(text=f"Page {number}")) for number in range(most)]
    await send(as_parent, dossier, *papers)
    assert len(await documents_of(answering, dossier)) == most
    again = await send(as_parent, dossier, papers[-1], headers=FRAGMENT)
    assert "Cette pièce a déjà" not in again.text
    one_more = await send(
        as_parent, dossier, ("de-trop.pdf", pdf(text="Une de trop")), headers=FRAGMENT
    )
    assert "Cette pièce a déjà" in one_more.text
    assert len(await documents_of(answering, dossier)) == len(folders(answering)) == most
