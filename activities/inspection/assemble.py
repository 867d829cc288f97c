"""Several photos of one piece, made one PDF that prints."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import img2pdf

_A4: Final = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
_MARGIN: Final = img2pdf.mm_to_pt(5)


def assemble(photos: Sequence[Path], into: Path) -> None:
    """Write one PDF with one A4 page per photo, in order, without compressing them again.

    The photos are the upright JPEGs written by the look, whatever was sent (JPEG, PNG or HEIC); the
    caller sees either the whole file or none. Twice: the same bytes. It blocks for
    some 10 ms a page.

    Raises:
        ValueError: no photo was given.
        OSError: a photo is missing, or the disk is full.
    """
    if not photos:
        raise ValueError("a PDF needs at least one photo")
    layout = img2pdf.get_layout_fun(
        pagesize=_A4, border=(_MARGIN, _MARGIN), fit=img2pdf.FitMode.into, auto_orient=True
    )
    part = into.with_suffix(".part")
    with part.open("wb") as file:
        img2pdf.convert(
            [str(photo) for photo in photos], layout_fun=layout, nodate=True, outputstream=file
        )
    part.rename(into)
