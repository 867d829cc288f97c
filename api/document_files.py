"""Sending the bytes of documents back: to the family that gave them and to the agents.

An original goes out as an attachment, never shown inside the portal, under a policy that lets it
run nothing. What is shown are the page images that the inspection drew.
"""

import asyncio
from pathlib import Path

from fastapi.responses import FileResponse, Response

from domain.errors import NotFound
from storage.documents import REFUSED, Document
from storage.files import Files
from storage.store import Store

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


async def document_of(store: Store, dossier_id: str, document_id: str) -> Document:
    """A document of this dossier that still has its bytes.

    Raises:
        NotFound: unknown, taken away, refused by the inspection, or of another dossier.
    """
    document = await store.documents.find(document_id)
    if document is None or document.dossier_id != dossier_id:
        raise NotFound
    if document.removed_at is not None or document.status == REFUSED:
        raise NotFound
    return document


async def original(files: Files, document: Document) -> Response:
    """The bytes as they were given, to keep in a file of their own.

    Raises:
        NotFound: there is no file (a sworn statement, for example).
    """
    return await _file(
        files.original(document.id),
        document.media_type or "application/octet-stream",
        download_as=document.original_name or "document",
    )


async def page_image(files: Files, document: Document, name: str) -> Response:
    """One drawn image of the document, by its name in `page_images`.

    Raises:
        NotFound: nothing of that name was drawn.
    """
    if name not in document.page_images:
        raise NotFound
    return await _file(files.page(document.id, name), "image/jpeg")


async def _file(path: Path, media_type: str, *, download_as: str | None = None) -> Response:
    if not await asyncio.to_thread(path.is_file):
        raise NotFound
    return FileResponse(path, media_type=media_type, filename=download_as, headers=_HEADERS)
