"""How much one family may give: said when it is reached, and nothing is kept beyond."""

from datetime import timedelta

from domain.documents import MEGABYTE
from storage.documents import REFUSED
from tests.families import a_filled_draft, a_paper
from tests.papers import FRAGMENT, PDF, PIECE, documents_of, folders, send
from tests.samples import pdf
from tests.site import Browser, Site


async def test_the_thirty_first_file_of_an_hour_waits_for_the_next_one(
    answering: Site, as_parent: Browser
) -> None:
    earlier, dossier = await a_filled_draft(answering), await a_filled_draft(answering)
    for number in range(28):  # refused ones too: they cost the same
        await a_paper(answering, earlier, "child_identity", status=REFUSED * (number % 2) or "good")
    files = [(f"{n}.pdf", pdf(1, str(n))) for n in range(4)]
    answer = await send(as_parent, dossier, *files, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "Vous avez déjà envoyé 30\u00a0fichiers en une heure" in answer.text
    assert len(await documents_of(answering, dossier)) == 2
    for _ in range(2):
        answering.clock.waits(timedelta(minutes=31))
        await as_parent.opens(f"/dossiers/{dossier.id}/documents")  # still there
    assert (await send(as_parent, dossier, *files[3:], headers=FRAGMENT)).status_code == 200
    assert len(await documents_of(answering, dossier)) == 3


async def test_a_family_whose_documents_fill_its_room_is_told_what_to_do(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    long_ago = answering.clock() - timedelta(days=9)
    for size in (120, 80):
        await a_paper(
            answering, dossier, "child_identity", size_bytes=size * MEGABYTE, given_at=long_ago
        )
    answer = await send(as_parent, dossier, ("facture.pdf", PDF), headers=FRAGMENT)
    assert answer.status_code == 422
    assert "200\u00a0Mo, le maximum par famille" in answer.text
    assert folders(answering) == []
    paper = (await documents_of(answering, dossier))[0]
    async with answering.writing() as store:
        await store.documents.remove(paper.id, answering.clock())
    answer = await send(as_parent, dossier, ("facture.pdf", PDF), piece=PIECE, headers=FRAGMENT)
    assert answer.status_code == 200
