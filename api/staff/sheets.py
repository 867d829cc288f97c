"""The documents of one piece as the viewer shows them: page images, zoom, and what can be done."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from activities.inspection.jobs import PAGES_DRAWN, THUMBNAIL, page_name
from api.pieces import Piece
from api.staff.labels import for_agents
from api.staff.look import ZOOMS
from api.staff.trail import Trail
from domain.documents import MediaType, Scan
from domain.french import plural, size
from storage.documents import PENDING, REFUSED, STATEMENT, Document

_A4: Final = (1100, 1556)
_QUARTERS_SIDEWAYS: Final = (1, 3)
_TYPES: Final[Mapping[str, str]] = {
    MediaType.PDF.value: "PDF",
    MediaType.JPEG.value: "JPEG",
    MediaType.PNG.value: "PNG",
    MediaType.HEIC.value: "HEIC",
}

SCANS: Final[Mapping[str, str]] = {
    Scan.CLEAN: "Analysé par l’antivirus : rien trouvé.",
    Scan.PENDING: "Antivirus : analyse en attente.",
    Scan.UNSCANNED: "Non analysé par un antivirus.",
}
"""Nobody says of a file that it is sound: only what was found, or that nobody looked."""
_WITHHELD: Final = (
    "Ce document s’ouvrira dès que l’antivirus l’aura analysé. Le portail réessaie seul ; "
    "la famille n’a rien à refaire."
)


_ACTIVE: Final = (
    "Lisez-le ici : rien ne s’y exécute. Si vous le téléchargez, n’autorisez rien à l’ouverture."
)


def warning_of(document: Document) -> str:
    """What to mind before downloading a file that wants to do something; usually empty."""
    is_active = any(one["code"] == "active_content" for one in document.remarks)
    return _ACTIVE if is_active and not document.is_withheld else ""


def sheets_of(dossier_id: str, piece: Piece, trail: Trail, zoom: int) -> Sequence[dict[str, Any]]:
    """One viewer for each document of the piece that still has its bytes, or its words."""
    shown = [one for one in piece.documents if one.status != REFUSED]
    return [
        _sheet(dossier_id, piece, document, number if len(shown) > 1 else 0, trail, zoom)
        for number, document in enumerate(shown, 1)
    ]


def is_album(piece: Piece) -> bool:
    """Whether the piece is several photos, which print better as one PDF."""
    photos = [one for one in piece.given if one.form != STATEMENT]
    return len(photos) > 1 and all(_is_drawn_photo(one) for one in photos)


def images_of(document: Document) -> Sequence[str]:
    """The names of the page images, without the thumbnail."""
    return [name for name in document.page_images if name != THUMBNAIL]


def _is_drawn_photo(document: Document) -> bool:
    is_photo = document.media_type in _TYPES and document.media_type != MediaType.PDF
    return is_photo and not document.is_withheld and page_name(1) in document.page_images


def _sheet(
    dossier_id: str, piece: Piece, document: Document, number: int, trail: Trail, zoom: int
) -> dict[str, Any]:
    title = for_agents(piece.title)
    name = f"{title} ({number})" if number else title
    if document.form == STATEMENT:
        return {"name": name, "statement": document.statement, "given_at": document.given_at}
    root = f"/agent/dossiers/{dossier_id}/fichiers/{document.id}"
    place = ZOOMS.index(zoom)
    looked_at: dict[str, object] = {"piece": piece.code}
    images = [] if document.is_withheld else images_of(document)
    return {
        "name": name,
        "file_name": document.original_name,
        "given_at": document.given_at,
        "statement": "",
        "pages": [page_of(root, image, document.rotation) for image in images],
        "zoom": zoom,
        "zoom_in": trail.desk_href(dossier_id, **looked_at, zoom=ZOOMS[place + 1])
        if images and place + 1 < len(ZOOMS)
        else "",
        "zoom_out": trail.desk_href(dossier_id, **looked_at, zoom=ZOOMS[place - 1])
        if images and place > 0
        else "",
        "turn": f"{root}/tourner" if images else "",
        "fields": {**trail.fields, "piece": piece.code, "zoom": zoom},
        "open": f"{root}/seul" if images else "",
        "download": "" if document.is_withheld else root,
        "download_words": _download_words(document),
        "more": "" if document.is_withheld else _more(document, len(images)),
        "unseen": _unseen(document),
        "warning": warning_of(document),
    }


def page_of(root: str, image: str, rotation: int) -> dict[str, Any]:
    """One page image. The size is that of most papers: it keeps the place until the image comes."""
    width, height = _A4 if rotation not in _QUARTERS_SIDEWAYS else _A4[::-1]
    return {"src": f"{root}/page/{image}?r={rotation}", "width": width, "height": height}


def _unseen(document: Document) -> str:
    if document.status == PENDING:
        return "Vérification en cours : l’aperçu arrive dans quelques secondes."
    if document.is_withheld:
        return _WITHHELD
    return "L’aperçu n’a pas pu être fait. Téléchargez le document pour le lire."


def _download_words(document: Document) -> str:
    kind = _TYPES.get(document.media_type, "fichier")
    return f"{kind}, {size(document.size_bytes)}"


def _more(document: Document, shown: int) -> str:
    if not shown or document.pages <= shown:
        return ""
    why = f" (les {PAGES_DRAWN} premières le sont)" if shown == PAGES_DRAWN else ""
    hidden = document.pages - shown
    verb = "n’est pas montrée" if hidden == 1 else "ne sont pas montrées"
    return f"{plural(hidden, 'page')} {verb}{why} : téléchargez le document pour tout lire."
