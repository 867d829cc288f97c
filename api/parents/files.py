"""The family's own files back: the original, and the images drawn of its pages."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.access.rules import OwnDossier
from api.dependencies import FilesDep, Reading
from api.document_files import document_of, original, page_image

router = APIRouter()


@router.get("/dossiers/{dossier_id}/fichiers/{document_id}")
async def send_original(
    dossier: OwnDossier, document_id: str, store: Reading, files: FilesDep
) -> Response:
    """The file as it was given."""
    return await original(files, await document_of(store, dossier.id, document_id))


@router.get("/dossiers/{dossier_id}/fichiers/{document_id}/page/{name}")
async def send_page(
    dossier: OwnDossier, document_id: str, name: str, store: Reading, files: FilesDep
) -> Response:
    """One drawn page."""
    return await page_image(files, await document_of(store, dossier.id, document_id), name)
