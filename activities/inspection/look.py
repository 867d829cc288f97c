"""Find the facts of one file: what it is, whether it opens, how many pages or pixels it has.

Runs in a child of the nursery only: it may loop, swell or crash, and the child's limits answer.
It counts and looks; of texts it reads the names of form fields only: extracting those of pages is
where most hostile PDFs bite.
"""

import time
from collections import deque
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject

from activities.inspection.forms import form_in
from activities.inspection.jobs import is_machine_error, page_name
from activities.inspection.photos import open_photo, save_jpeg, upright
from activities.inspection.recognition import recognise
from domain.documents import MAX_MEGAPIXELS, Facts, MediaType

_TURNED: Final = frozenset((5, 6, 7, 8))
_ORIENTATION: Final = 0x0112
_OBJECTS_WALKED: Final = 20_000
_WALK_SECONDS: Final = 1.5
_ACTIVE: Final = frozenset(
    (
        "/JS",
        "/JavaScript",
        "/Launch",
        "/AA",
        "/XFA",
        "/RichMedia",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/EmbeddedFile",
        "/EmbeddedFiles",
    )
)


def look(path: Path, into: Path) -> dict[str, Any]:
    """The facts of the file, as JSON; a readable photo is written upright into the folder."""
    size = path.stat().st_size
    media_type = recognise(path) if size else None
    if media_type is None:
        return asdict(Facts(size_bytes=size))
    try:
        if media_type is MediaType.PDF:
            return asdict(_pdf(path, size))
        return asdict(_photo(path, size, media_type, into))
    except MemoryError:
        raise
    except Exception as error:
        if is_machine_error(error):
            raise
        # parsers raise any class on a broken file
        return asdict(Facts(size_bytes=size, media_type=media_type, failure="unreadable"))


def _pdf(path: Path, size: int) -> Facts:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        return Facts(size_bytes=size, media_type=MediaType.PDF, needs_password=True)
    pages, form = len(reader.pages), form_in(reader)
    return Facts(
        size_bytes=size,
        media_type=MediaType.PDF,
        pages=pages,
        has_active_content=_has_active_content(reader),
        empty_fields=form.empty,
        empty_count=form.count,
        is_xfa_only=form.is_xfa_only,
    )


def _has_active_content(reader: PdfReader) -> bool:
    """Breadth first, so that what the catalogue names is seen before a long list of pages.

    Help, never a refusal: it stops early on large files and passes over broken objects.
    """
    until = time.process_time() + _WALK_SECONDS
    pending: deque[Any] = deque([reader.trailer])
    seen: set[tuple[int, int]] = set()
    for _ in range(_OBJECTS_WALKED):
        if not pending or time.process_time() > until:
            return False
        item = pending.popleft()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = _resolved(item)
        if isinstance(item, dict):
            if not _ACTIVE.isdisjoint(item) or not _ACTIVE.isdisjoint(_names_in(item)):
                return True
            pending.extend(v for v in item.values() if isinstance(v, (IndirectObject, dict, list)))
        elif isinstance(item, list):
            pending.extend(v for v in item if isinstance(v, (IndirectObject, dict, list)))
    return False


def _names_in(item: dict[Any, Any]) -> list[str]:
    """What the dictionary says it is: an action of a kind, an annotation, an embedded file."""
    named = (item.get(key) for key in ("/S", "/Subtype", "/Type"))
    return [name for name in named if isinstance(name, NameObject)]


def _resolved(reference: IndirectObject) -> Any:
    try:
        return reference.get_object()
    except Exception:  # noqa: BLE001  # a broken object elsewhere does not make the pages unreadable
        return None


def _photo(path: Path, size: int, media_type: MediaType, into: Path) -> Facts:
    with open_photo(path, media_type) as photo:
        width, height = photo.size
        if width * height > MAX_MEGAPIXELS * 1_000_000:
            return Facts(size_bytes=size, media_type=media_type, failure="too_many_pixels")
        if photo.getexif().get(_ORIENTATION) in _TURNED:
            width, height = height, width
        save_jpeg(upright(photo), into / page_name(1))
    return Facts(size_bytes=size, media_type=media_type, pages=1, width=width, height=height)
