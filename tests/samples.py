"""Real files for the tests, made in code: the papers families send, and those nobody should.

The two HEIC photos beside this module are drawings of a sheet of paper, stored lying with an
orientation and an invented place, as telephones do; the portal's decoder cannot make such files.
"""

import io
import random
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

HEIC = Path(__file__).parent / "photos" / "photo.heic"
"""1200 x 1600 pixels once upright, with a red band at the top."""
SMALL_HEIC = Path(__file__).parent / "photos" / "petite.heic"
"""300 x 400 pixels once upright."""
ATTESTATION = "ATTESTATION DE DOMICILE"
_ORIENTATION, _GPS, _MAKER = 0x0112, 0x8825, 0x010F
_A4_AT_100_DPI = (827, 1169)


def sheet(width: int = 1200, height: int = 1600, text: str = ATTESTATION) -> Image.Image:
    """A sheet of paper with a red band at its top, upright."""
    picture = Image.new("RGB", (width, height), (146, 118, 88))
    drawing = ImageDraw.Draw(picture)
    edge = width // 14
    drawing.rectangle((edge, edge, width - edge, height - edge), fill=(247, 245, 238))
    drawing.rectangle((edge, edge, width - edge, edge + height // 9), fill=(200, 30, 40))
    font = ImageFont.load_default(size=max(8, width // 24))
    for line in range(14):
        words = text if line == 0 else f"{line}. Camille Exemple, 3 rue des Tilleuls"
        drawing.text((2 * edge, height // 5 + line * height // 20), words, (20, 20, 30), font=font)
    return picture


def pdf(pages: int = 1, text: str = ATTESTATION) -> bytes:
    """A scanned document of so many pages."""
    sheets = [sheet(*_A4_AT_100_DPI, f"{text} {page + 1}") for page in range(pages)]
    made = io.BytesIO()
    sheets[0].save(made, "PDF", save_all=True, append_images=sheets[1:], resolution=100)
    return made.getvalue()


def encrypted_pdf(password: str, pages: int = 1) -> bytes:
    """A PDF that opens with this password only (an empty one opens for everybody)."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf(pages)))
    writer.encrypt(user_password=password, owner_password="mairie", algorithm="AES-256")
    return _written(writer)


def encrypted_pdf_with_script() -> bytes:
    """A PDF that wants to run something, encrypted with the empty password."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_with_script()))
    writer.encrypt(user_password="", owner_password="mairie", algorithm="AES-256")
    return _written(writer)


def pdf_with_script() -> bytes:
    """A PDF that wants to run something when it is opened."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('Bonjour');"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def pdf_form(*fields: bytes, also: Sequence[bytes] = (), beside: bytes = b"") -> bytes:
    """One page with a form of these fields, written as in a PDF.

    The first object of `also` is `5 0 R`; `beside` stands beside the fields (`/XFA …`).
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Fields[" + b"\n".join(fields) + b"]" + beside + b">>",
        *also,
    ]
    body, places = b"%PDF-1.6\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF" % len(body)


def blank_pdf(pages: int = 1) -> bytes:
    """White pages, as a scanner makes them of the wrong side."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer)


def pdf_without_pages() -> bytes:
    """A well-formed PDF with nothing in it."""
    return _written(PdfWriter())


def broken_pdf() -> bytes:
    """The beginning of a PDF whose sending was cut, with nothing a reader could hold on to."""
    return pdf()[:400]


def jpeg(width: int = 1200, height: int = 1600) -> bytes:
    """A photo as a computer saves it."""
    made = io.BytesIO()
    sheet(width, height).save(made, "JPEG", quality=80)
    return made.getvalue()


def telephone_jpeg(width: int = 3024, height: int = 4032) -> bytes:
    """A 12-megapixel photo stored lying, which tells where it was taken."""
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    exif[_MAKER] = "Telephone Exemple"
    exif.get_ifd(_GPS).update({1: "N", 2: (45.0, 30.0, 15.0), 3: "E", 4: (4.0, 20.0, 10.0)})
    lying = sheet(width, height).transpose(Image.Transpose.ROTATE_90)
    made = io.BytesIO()
    lying.save(made, "JPEG", quality=80, exif=exif, comment=b"Camille")
    return made.getvalue()


def png(width: int = 1200, height: int = 1600, mode: str = "RGB") -> bytes:
    """A screenshot; with mode `RGBA` its paper is transparent."""
    picture = sheet(width, height)
    if mode == "I;16":
        picture = picture.convert("I").point(lambda grey: grey * 257)
    picture = picture.convert(mode)
    if mode == "RGBA":
        picture.putalpha(picture.convert("L").point(lambda grey: 0 if grey > 200 else 255))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def blank_jpeg() -> bytes:
    """A photo of nothing."""
    made = io.BytesIO()
    Image.new("RGB", (1200, 1600), "white").save(made, "JPEG")
    return made.getvalue()


def strangers() -> dict[str, bytes]:
    """Files that are no document of ours, by a name they could come under."""
    return {
        "page.pdf": b"<!doctype html><script>alert(1)</script>",
        "dessin.png": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        "notes.txt": "Léna mange à la cantine.\n".encode(),
        "lettre.docx": b"PK\x03\x04" + b"\0" * 200,
        "facture.pdf": b"MZ" + random.Random(1).randbytes(4000),
        "decale.pdf": b"\n\n" + pdf(),
    }


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes whose header announces an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 5000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def nested_bomb() -> bytes:
    """200,000 dictionaries, each inside the one before."""
    depth = 200_000
    return (
        b"%PDF-1.4\n1 0 obj\n" + b"<</A " * depth + b"1" + b">>" * depth + b"\nendobj\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )


def endless_objects_bomb(objects: int = 130_000) -> bytes:
    """Objects without a table that says where they are; 130,000 of them reach the limit of size."""
    one = b"%d 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body = b"".join(one % number for number in range(1, objects))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def doubling_bomb(times: int = 38) -> bytes:
    """3 kB whose page tree holds 2 to the power of `times` pages."""
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    for level in range(times):
        kid = level + 3
        parts.append(
            b"%d 0 obj<</Type/Pages/Count 2/Kids[%d 0 R %d 0 R]>>endobj\n" % (level + 2, kid, kid)
        )
    parts.append(b"%d 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n" % (times + 2))
    parts.append(b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF")
    return b"".join(parts)


def unfinished_bomb() -> bytes:
    """The same unfinished object again and again, up to the limit of size."""
    return b"%PDF-1.4\n" + b"1 0 obj <<\n" * 550_000


def heavy_drawing() -> bytes:
    """A PDF which opens at once, and whose only page takes minutes to draw."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(b"0 0 595 842 re f 9 9 580 800 re S 1 0 0 rg\n" * 1_500_000)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    return _written(writer)


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
