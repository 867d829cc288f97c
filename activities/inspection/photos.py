"""Photos as the portal keeps them: upright JPEGs of a readable size that tell nothing of the phone.

Runs in a child of the nursery only.
"""

from pathlib import Path
from typing import Final

import pi_heif
from PIL import Image, ImageOps, ImageStat

from domain.documents import MediaType

LONG_SIDE: Final = 2480
LEGIBLE_SIDE: Final = 1500
"""A sheet of A4 this wide has 180 dots to the inch: more costs time and shows nothing more."""
THUMBNAIL_SIDE: Final = 320
THUMBNAIL_BYTES: Final = 25_000
_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.HEIC: "HEIF"}
_EVEN: Final = 1.5
"""Below this spread of grey levels (of 255) nothing is written on a page."""

Image.MAX_IMAGE_PIXELS = None  # our own limit is read from the header, before decoding
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.init()


def open_photo(path: Path, media_type: MediaType) -> Image.Image:
    """The photo with its header read and nothing decoded yet; no other format is tried."""
    return Image.open(path, formats=[_FORMATS[media_type]])


def upright(photo: Image.Image) -> Image.Image:
    """A copy turned upright, at most `LONG_SIDE` long, on white, with no EXIF, profile or comment.

    It is shrunk before it is turned (JPEG while it is decoded), to keep large photos affordable.
    """
    photo.draft("RGB", (LEGIBLE_SIDE, LEGIBLE_SIDE))
    if photo.mode.startswith("I;16"):
        photo = photo.convert("I").point(lambda grey: grey / 257).convert("L")
    elif photo.mode in ("P", "PA", "1", "LA", "La"):
        photo = _with_exif_of(photo, photo.convert("RGBA"))
    factor = min(photo.size) // LEGIBLE_SIDE
    if factor > 1:
        photo = _with_exif_of(photo, photo.reduce(factor))
    photo.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BICUBIC)
    turned = ImageOps.exif_transpose(photo)
    kept = Image.new("RGB", turned.size, "white")
    kept.paste(turned.convert("RGB"), mask=turned if turned.mode == "RGBA" else None)
    return kept


def save_jpeg(picture: Image.Image, path: Path, *, quality: int = 85) -> None:
    """Write the whole file or none: whoever finds `path` finds a finished picture."""
    part = path.with_suffix(".part")
    picture.save(part, "JPEG", quality=quality)
    part.rename(path)


def save_thumbnail(picture: Image.Image, path: Path) -> None:
    """Write a small picture of at most `THUMBNAIL_BYTES` bytes."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    for quality in (75, 60, 40, 20):
        save_jpeg(small, path, quality=quality)
        if path.stat().st_size <= THUMBNAIL_BYTES:
            return


def is_blank(picture: Image.Image) -> bool:
    """Whether the picture is one even surface, whatever its colour."""
    small = picture.convert("L")
    small.thumbnail((400, 400), Image.Resampling.BOX)
    return ImageStat.Stat(small).stddev[0] < _EVEN


def _with_exif_of(photo: Image.Image, converted: Image.Image) -> Image.Image:
    converted.getexif().update(photo.getexif())
    return converted
