"""The style, the script and the icon, each at an address that changes with its content.

A browser may keep such an address for a year; a new release has new addresses. A page loaded just
before a release still finds its files: an old digest gets today's file, which is then not kept.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

FOLDER = Path(__file__).parent / "static"

_FOR_A_YEAR = "public, max-age=31536000, immutable"
_NO_GAIN_BELOW = 256


@dataclass(frozen=True)
class _StaticFile:
    content: bytes
    zipped: bytes
    media_type: str
    digest: str


class StaticFiles:
    """The files of one folder, read once when the site starts."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {path.name: _read(path) for path in sorted(folder.iterdir())}

    def url(self, name: str) -> str:
        """Give the address of a file, `/static/<digest>/<name>`.

        Raises:
            KeyError: there is no such file; a page that names it is broken.
        """
        return f"/static/{self._files[name].digest}/{name}"

    @property
    def router(self) -> APIRouter:
        """The route that serves the files, public, without a session."""
        router = APIRouter()

        @router.get("/static/{digest}/{name}", include_in_schema=False)
        async def static_file(request: Request, digest: str, name: str) -> Response:
            return self._respond(request, digest, name)

        return router

    def _respond(self, request: Request, digest: str, name: str) -> Response:
        file = self._files.get(name)
        if file is None:
            raise HTTPException(status_code=404)
        headers = {
            "Cache-Control": _FOR_A_YEAR if digest == file.digest else "no-cache",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if len(file.content) > _NO_GAIN_BELOW and "gzip" in request.headers.get(
            "accept-encoding", ""
        ):
            headers["Content-Encoding"] = "gzip"
            return Response(file.zipped, media_type=file.media_type, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)


def _read(path: Path) -> _StaticFile:
    content = path.read_bytes()
    return _StaticFile(
        content=content,
        zipped=gzip.compress(content, mtime=0),
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        digest=hashlib.sha256(content).hexdigest()[:12],
    )
