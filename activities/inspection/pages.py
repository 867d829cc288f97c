"""Draw the pages that the staff look at, so that nobody has to open a stranger's PDF.

Runs in a child of the nursery only, apart from the look: what fails here refuses nothing. Each page
is finished on disk before the next begins, so that a page that never ends costs only itself.
"""

import math
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image

from activities.inspection.jobs import PAGES_DRAWN, THUMBNAIL, page_name
from activities.inspection.photos import is_blank, open_photo, save_jpeg, save_thumbnail, upright
from domain.documents import FIRST_BYTES, MediaType, sniff

_WIDTH: Final = 1100
_MOST_PIXELS: Final = 3_000_000
_MOST_BYTES: Final = 300_000
_DRAWING_SECONDS: Final = 3.5


def draw(path: Path, into: Path) -> dict[str, Any]:
    """Page images and a thumbnail of the first; `is_blank` is None when not all were seen."""
    with path.open("rb") as file:
        media_type = sniff(file.read(FIRST_BYTES))
    if media_type is None:
        return {"is_blank": None}
    if media_type is MediaType.PDF:
        return {"is_blank": _draw_pdf(path, into)}
    return {"is_blank": _draw_photo(path, into, media_type)}


def _draw_photo(path: Path, into: Path, media_type: MediaType) -> bool:
    """The look has usually written the only page already."""
    page = into / page_name(1)
    if not page.exists():
        with open_photo(path, media_type) as photo:
            save_jpeg(upright(photo), page)
    with Image.open(page, formats=["JPEG"]) as picture:
        picture.draft("RGB", (_WIDTH, _WIDTH))
        save_thumbnail(picture, into / THUMBNAIL)
        return is_blank(picture)


def _draw_pdf(path: Path, into: Path) -> bool | None:
    document = pypdfium2.PdfDocument(path)
    with suppress(Exception):  # without its form fields a page is still worth showing
        document.init_forms()
    total = len(document)
    blanks: list[bool] = []
    until = time.process_time() + _DRAWING_SECONDS
    for number in range(1, min(total, PAGES_DRAWN) + 1):
        if time.process_time() > until:
            break
        picture = _picture(document[number - 1])
        if number == 1:
            save_thumbnail(picture, into / THUMBNAIL)
        _save_light(picture, into / page_name(number))
        blanks.append(is_blank(picture))
    return all(blanks) if len(blanks) == total or not all(blanks) else None


def _picture(page: Any) -> Image.Image:
    width, height = page.get_size()
    scale = min(_WIDTH / width, math.sqrt(_MOST_PIXELS / (width * height)))
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture.convert("RGB")


def _save_light(picture: Image.Image, path: Path) -> None:
    for quality in (80, 60, 40):
        save_jpeg(picture, path, quality=quality)
        if path.stat().st_size <= _MOST_BYTES:
            return
