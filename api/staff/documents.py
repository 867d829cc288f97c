"""The documents of a dossier for the agents: page images, originals, one PDF for several photos."""

import asyncio
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from PIL import Image

from activities.inspection.assemble import assemble
from activities.inspection.jobs import page_name
from api.dependencies import CheckedForm, FilesDep, PagesDep, Reading, Writing
from api.document_files import document_of, for_staff, original, page_image
from api.openings import note_opening
from api.pieces import pieces_of
from api.reserved import pieces_for
from api.staff.labels import for_agents
from api.staff.room import ReadGroups, SentDossier, see
from api.staff.sheets import SCANS, images_of, is_album, page_of, warning_of
from api.staff.trail import trail_from
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from storage.documents import STATEMENT

router = APIRouter(prefix="/agent/dossiers/{dossier_id}")

_TURNS = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
"""Quarter turns clockwise, as Pillow names them: the other way round."""


@router.get("/fichiers/{document_id}")
async def download(
    request: Request,
    dossier: SentDossier,
    document_id: str,
    groups: ReadGroups,
    store: Reading,
    files: FilesDep,
) -> Response:
    """Send a document as the family gave it."""
    document = for_staff(await document_of(store, dossier, document_id, groups))
    answer = await original(files, document)
    await note_opening(request, dossier, document, how="original")
    return answer


@router.get("/fichiers/{document_id}/page/{name}")
async def show_page(
    request: Request,
    dossier: SentDossier,
    document_id: str,
    name: str,
    groups: ReadGroups,
    store: Reading,
    files: FilesDep,
) -> Response:
    """Send the image of one page, turned as the agents turned the document."""
    document = for_staff(await document_of(store, dossier, document_id, groups))
    answer = await page_image(files, document, name, change=_turner(document.rotation))
    await note_opening(request, dossier, document, how="page", page=name)
    return answer


@router.get("/fichiers/{document_id}/seul")
async def show_alone(
    request: Request,
    dossier: SentDossier,
    document_id: str,
    groups: ReadGroups,
    store: Reading,
    pages: PagesDep,
) -> HTMLResponse:
    """Show a document alone, in its full width."""
    document = for_staff(await document_of(store, dossier, document_id, groups))
    root = f"/agent/dossiers/{dossier.id}/fichiers/{document.id}"
    return pages.render(
        request,
        "staff/document.html",
        dossier=dossier,
        title=for_agents(RULES[dossier.kind].piece(document.piece).title),
        images=[page_of(root, name, document.rotation) for name in images_of(document)],
        scan=SCANS[document.scan],
        warning=warning_of(document),
        download=root,
    )


@router.post("/fichiers/{document_id}/tourner")
async def turn(
    dossier: SentDossier,
    document_id: str,
    groups: ReadGroups,
    store: Reading,
    writing: Writing,
    form: CheckedForm,
) -> Response:
    """Turn a document a quarter clockwise for everybody who looks at it; the original stays."""
    document = await document_of(store, dossier, document_id, groups)
    async with writing() as writer:
        await writer.documents.turn(document.id)
    trail, zoom = trail_from(form), form.get("zoom", "")
    return see(trail.desk_href(dossier.id, piece=document.piece, zoom=zoom))


@router.get("/pieces/{piece}/pdf")
async def download_album(
    request: Request,
    dossier: SentDossier,
    piece: str,
    groups: ReadGroups,
    store: Reading,
    files: FilesDep,
) -> Response:
    """Send the photos of one piece as one PDF, a page each."""
    answers = await store.dossiers.answers(dossier.id)
    pieces = pieces_for(await pieces_of(store, dossier, answers, None), groups)
    found = next((one for one in pieces if one.code == piece), None)
    if found is None or found.is_reserved or not is_album(found):
        raise NotFound
    drawn = [for_staff(one) for one in found.given if one.form != STATEMENT]
    photos = [await files.read_page(one.id, page_name(1)) for one in drawn]
    content = await asyncio.to_thread(_album, [await photo.whole() for photo in photos])
    await note_opening(request, dossier, *drawn, how="album")
    headers = {"Content-Disposition": f'attachment; filename="{dossier.number}-{piece}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _turner(rotation: int) -> Callable[[bytes], bytes] | None:
    turn = _TURNS.get(rotation)
    if turn is None:
        return None

    def turned(image: bytes) -> bytes:
        into = BytesIO()
        with Image.open(BytesIO(image), formats=["JPEG"]) as picture:
            picture.transpose(turn).save(into, "JPEG", quality=85)
        return into.getvalue()

    return turned


def _album(photos: Sequence[bytes]) -> bytes:
    with TemporaryDirectory() as name:
        folder, paths = Path(name), []
        for number, photo in enumerate(photos):
            paths.append(folder / f"{number}.jpg")
            paths[-1].write_bytes(photo)
        assemble(paths, folder / "album.pdf")
        return (folder / "album.pdf").read_bytes()
