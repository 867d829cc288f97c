"""The family's own files back: the original, and the images drawn of its pages."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rules import OwnDossier, groups_of
from api.access.sessions import guest_of
from api.dependencies import FilesDep, Reading
from api.document_files import document_of, for_staff, original, page_image
from api.openings import note_opening
from storage.documents import Document
from storage.dossiers import Dossier
from storage.store import Store

router = APIRouter()


@router.get("/dossiers/{dossier_id}/fichiers/{document_id}")
async def send_original(
    request: Request, dossier: OwnDossier, document_id: str, store: Reading, files: FilesDep
) -> Response:
    """The file as it was given."""
    document = await _document(request, store, dossier, document_id)
    answer = await original(files, document)
    await note_opening(request, dossier, document, how="original")
    return answer


@router.get("/dossiers/{dossier_id}/fichiers/{document_id}/page/{name}")
async def send_page(
    request: Request,
    dossier: OwnDossier,
    document_id: str,
    name: str,
    store: Reading,
    files: FilesDep,
) -> Response:
    """One drawn page."""
    document = await _document(request, store, dossier, document_id)
    answer = await page_image(files, document, name)
    await note_opening(request, dossier, document, how="page", page=name)
    return answer


async def _document(request: Request, store: Store, dossier: Dossier, document_id: str) -> Document:
    """The document, if whoever asks may open it; an agent on a visit, only once it was scanned."""
    document = await document_of(store, dossier, document_id, groups_of(request, dossier))
    return for_staff(document) if guest_of(request).behind else document
