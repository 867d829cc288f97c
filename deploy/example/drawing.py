"""Drawing papers as PDF, and photographing them: every one is stamped as a specimen.

The letters are those of the readers themselves (Helvetica), which know every French accent; the
font that comes with Pillow does not.
"""

import io
import threading
from collections.abc import Sequence

import pypdfium2
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_A4 = (595, 842)
_CARD = (486, 306)
_INK, _PALE, _STAMP = "0.1 0.14 0.19 rg", "0.88 0.91 0.94 rg", "0.94 0.76 0.76 rg"
_SKY, _GREY = "0.84 0.89 0.93 rg", "0.66 0.72 0.78 rg"
_TABLE = (122, 98, 74)
_one_at_a_time = threading.Lock()
"""PDFium bears one thread only."""


def sheet(title: str, lines: Sequence[str]) -> bytes:
    """A page with a title and lines, as a PDF."""
    drawn = [_PALE, "36 750 523 60 re f", *_stamp(150, 240, 70)]
    drawn += _text(54, 772, 22, title, bold=True)
    for place, line in enumerate(lines):
        drawn += _text(54, 700 - 30 * place, 14, line)
    return _pdf(_A4, drawn)


def card(title: str, lines: Sequence[str]) -> bytes:
    """An identity card, as a PDF."""
    drawn = [_SKY, "0 0 486 306 re f", *_stamp(250, 24, 40)]
    drawn += ["q 24 50 120 180 re W n", _PALE, "24 50 120 180 re f", _GREY]
    drawn += [_disc(84, 160, 34), _disc(84, 50, 58), "Q"]
    drawn += _text(24, 264, 18, title, bold=True)
    for place, line in enumerate(lines):
        drawn += _text(166, 206 - 32 * place, 14, line)
    return _pdf(_CARD, drawn)


def photo_of(paper: bytes, width: int) -> bytes:
    """The paper as a telephone sees it, so many pixels wide: on a table, slightly turned."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(paper)
        page = document[0]
        picture: Image.Image = page.render(scale=1.1 * width / page.get_width()).to_pil()
        document.close()
    turned = picture.rotate(-2, Image.Resampling.BICUBIC, expand=True, fillcolor=_TABLE)
    edge = width // 16
    photo = Image.new("RGB", (turned.width + 2 * edge, turned.height + 2 * edge), _TABLE)
    photo.paste(turned, (edge, edge))
    made = io.BytesIO()
    height = round(width * photo.height / photo.width)
    photo.resize((width, height), Image.Resampling.BILINEAR).save(made, "JPEG", quality=80)
    return made.getvalue()


def _stamp(x: int, y: int, size: int) -> list[str]:
    """No paper of the example town may pass for a true one."""
    words = _escaped("SPÉCIMEN")
    return ["BT", _STAMP, f"/Bold {size} Tf", f"0.95 0.3 -0.3 0.95 {x} {y} Tm {words} Tj", "ET"]


def _disc(x: float, y: float, radius: float) -> str:
    """A filled circle, of four curves."""
    r, k = radius, 0.5523 * radius
    return (
        f"{x} {y + r} m {x + k} {y + r} {x + r} {y + k} {x + r} {y} c "
        f"{x + r} {y - k} {x + k} {y - r} {x} {y - r} c "
        f"{x - k} {y - r} {x - r} {y - k} {x - r} {y} c "
        f"{x - r} {y + k} {x - k} {y + r} {x} {y + r} c f"
    )


def _text(x: int, y: int, size: int, words: str, *, bold: bool = False) -> list[str]:
    font = "Bold" if bold else "Plain"
    return ["BT", _INK, f"/{font} {size} Tf", f"{x} {y} Td {_escaped(words)} Tj", "ET"]


def _escaped(words: str) -> str:
    """A PDF text, in hexadecimal: no sign needs an escape."""
    return f"<{words.encode('cp1252').hex()}>"


def _pdf(size: tuple[int, int], drawn: Sequence[str]) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(*size)
    fonts = {"Plain": "Helvetica", "Bold": "Helvetica-Bold"}
    page[NameObject("/Resources")] = _names(
        Font=DictionaryObject({NameObject(f"/{name}"): _font(font) for name, font in fonts.items()})
    )
    content = DecodedStreamObject()
    content.set_data("\n".join(drawn).encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(content)  # noqa: SLF001  no other way in
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _font(name: str) -> DictionaryObject:
    return _names(
        Type=NameObject("/Font"),
        Subtype=NameObject("/Type1"),
        BaseFont=NameObject(f"/{name}"),
        Encoding=NameObject("/WinAnsiEncoding"),
    )


def _names(**values: DictionaryObject | NameObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})
