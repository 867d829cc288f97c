"""Sending files as the page of documents does, and what became of them."""

from collections.abc import Sequence
from pathlib import Path

import httpx2

from storage.documents import Document
from storage.dossiers import Dossier
from tests.samples import pdf
from tests.site import Browser, Site

PIECE = "proof_of_address"
PDF = pdf()
FRAGMENT = {"X-Fragment": "1"}
Sent = tuple[str, bytes]


async def send(
    browser: Browser,
    dossier: Dossier,
    *files: Sent,
    piece: str = PIECE,
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    """Send these files for this piece, the token of the session first."""
    return await browser.post(
        f"/dossiers/{dossier.id}/documents/{piece}",
        data={"csrf": browser.csrf},
        files=[("files", (name, content, "application/octet-stream")) for name, content in files],
        headers=headers or {},
    )


async def documents_of(site: Site, dossier: Dossier) -> Sequence[Document]:
    """The documents that count, in the order given."""
    async with site.writing() as store:
        return await store.documents.of(dossier.id)


def folders(site: Site) -> list[Path]:
    """The folders on disk, one per document."""
    return [one for one in site.settings.files_folder.glob("??/*") if one.is_dir()]
