"""Sending the bytes of documents back: to the family that gave them and to the agents.

An original goes out as an attachment, never shown inside the portal, under a policy that lets it
run nothing. What is shown are the page images that the inspection drew.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from api.answers_view import Groups
from api.reserved import open_document
from domain.errors import NotFound, Unavailable
from storage.documents import REFUSED, Document
from storage.dossiers import Dossier
from storage.files import Content, Files
from storage.records import is_id
from storage.store import Store

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


async def document_of(store: Store, dossier: Dossier, document_id: str, groups: Groups) -> Document:
    """A document of this dossier that still has its bytes, for a reader of these groups.

    One of an earlier dossier, which this one was sent with, is of this one too, under the name that
    the piece has here.

    Raises:
        NotFound: unknown, taken away, refused by the inspection, of another dossier, or of a piece
            that is reserved to others.
    """
    document = await store.documents.find(document_id)
    if document is None or document.status == REFUSED:
        raise NotFound
    if document.dossier_id != dossier.id:
        used_as = await store.wallet.used_as(dossier.id, document.id)
        if not used_as:
            raise NotFound
        return open_document(dossier, replace(document, piece=used_as), groups)
    if document.removed_at is not None:
        raise NotFound
    return open_document(dossier, document, groups)


def for_staff(document: Document) -> Document:
    """A document that the town may open.

    Raises:
        Unavailable: the antivirus has not said anything of it yet (`not_scanned`).
    """
    if document.is_withheld:
        raise Unavailable("not_scanned")
    return document


async def original(files: Files, document: Document) -> Response:
    """The bytes as they were given, to keep in a file of their own.

    Raises:
        NotFound: there is no file (a sworn statement, for example).
    """
    name = quote(document.original_name or "document", safe="")
    return _sent(
        await files.read_original(document.id),
        document.media_type or "application/octet-stream",
        {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


async def town_form(store: Store, files: Files, form_id: str) -> Response:
    """The bytes of a form of the town, to keep and fill in.

    Raises:
        NotFound: there is none of that id, or it was taken away.
    """
    form = await store.town_forms.find(form_id) if is_id(form_id) else None
    if form is None:
        raise NotFound
    return _sent(
        await files.read_original(form.id),
        "application/pdf",
        {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(form.name, safe='')}"},
    )


async def page_image(
    files: Files,
    document: Document,
    name: str,
    *,
    change: Callable[[bytes], bytes] | None = None,
) -> Response:
    """One drawn image of the document, by its name in `page_images`; `change` may turn it.

    Raises:
        NotFound: nothing of that name was drawn.
    """
    if name not in document.page_images:
        raise NotFound
    content = await files.read_page(document.id, name)
    if change is None:
        return _sent(content, "image/jpeg", {})
    changed = await asyncio.to_thread(change, await content.whole())
    return Response(changed, media_type="image/jpeg", headers=_HEADERS)


def _sent(content: Content, media_type: str, headers: Mapping[str, str]) -> Response:
    # The length is said first: what breaks on its way can never be taken for the whole.
    length = {"Content-Length": str(content.size_bytes)}
    return StreamingResponse(
        content.chunks, media_type=media_type, headers={**_HEADERS, **headers, **length}
    )
