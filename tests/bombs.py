"""Files made to hurt whoever opens them: few bytes that ask for hours, gigabytes or endless loops.

Every one fits the portal's limits of size, so that nothing but the limited process answers it. The
oldest ones are in `tests/samples.py`.
"""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Final

from PIL import PngImagePlugin

from tests.samples import (
    HEIC,
    doubling_bomb,
    endless_objects_bomb,
    heavy_drawing,
    jpeg,
    nested_bomb,
    png_that_claims,
    sheet,
    unfinished_bomb,
)

SIX_MEGABYTES: Final = 6_200_000
PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%b>>"
CATALOGUE: Final = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE: Final = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def pdf_of(objects: dict[int, bytes], *, more: bytes = b"") -> bytes:
    """A PDF of these objects, number 1 its catalogue, with a true table of where they are."""
    made, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, size = len(made), max(objects) + 1
    made += b"xref\n0 %d\n" % size
    for number in range(size):
        place = places.get(number)
        made += b"0000000000 65535 f \n" if place is None else b"%010d 00000 n \n" % place
    made += b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, more, start)
    return bytes(made)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object with these bytes as they are."""
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), entries, content)


def packed(content: bytes, times: int = 1, entries: bytes = b"") -> bytes:
    """A stream object packed so many times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter[" + b"/FlateDecode" * times + b"]" + entries)


def a_page(drawing: bytes, *, page: bytes = b"", **others: bytes) -> bytes:
    """A PDF of one page with this drawing; `others` are objects by number, `o5=…`."""
    objects = {1: CATALOGUE, 2: ONE_PAGE, 3: PAGE % page, 4: drawing}
    return pdf_of(objects | {int(name[1:]): content for name, content in others.items()})


def _same(line: bytes, size: int) -> bytes:
    """So many bytes of the same line, packed once and repeated packed."""
    block, packer = line * (1_000_000 // len(line)), zlib.compressobj(9, wbits=-15)
    packed_block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    count, checksum = size // len(block), 1
    for _ in range(count):
        checksum = zlib.adler32(block, checksum)
    return b"\x78\xda" + packed_block * count + b"\x03\x00" + struct.pack(">I", checksum)


def _inflating(line: bytes, size: int) -> bytes:
    return a_page(stream(_same(line, size), b"/Filter/FlateDecode"))


def _comments() -> bytes:
    return b"%PDF-1.4\n" + b"%" * SIX_MEGABYTES


def _kids(count: int, *, each_its_own: bool) -> bytes:
    numbers = range(5, 5 + count) if each_its_own else [3] * count
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {
        1: CATALOGUE,
        2: b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids),
        3: b"<</Type/Page>>",
    }
    return pdf_of(objects | dict.fromkeys(numbers, b"<</Type/Page>>"))


def _references() -> bytes:
    """A chain in which every object is only the name of the next one."""
    objects = {1: CATALOGUE, 2: ONE_PAGE, 3: b"4 0 R"}
    return pdf_of(objects | {n: b"%d 0 R" % (n + 1) for n in range(4, 110_000)})


def _ring_of_pages() -> bytes:
    return pdf_of({1: CATALOGUE, 2: b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]>>", 3: b"2 0 R"})


def _ring_of_tables() -> bytes:
    whole = pdf_of({1: CATALOGUE, 2: ONE_PAGE, 3: PAGE % b"", 4: stream(b"")})
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root", b"/Prev %d/Root" % start)


def _ring_of_object_streams() -> bytes:
    content = b"1 0 2 30 " + CATALOGUE.ljust(30) + ONE_PAGE
    holder = packed(content, entries=b"/Type/ObjStm/N 2/First 9/Extends 3 0 R")
    rows = b"".join(struct.pack(">BHB", 2, 3, place) for place in (3, 0, 1, 2))
    head = b"%PDF-1.7\n3 0 obj\n" + holder + b"\nendobj\n"
    table = packed(rows, entries=b"/Type/XRef/Size 4/W[1 2 1]/Root 1 0 R")
    return head + b"9 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)


def _table_that_claims() -> bytes:
    """A table said to have two thousand million lines."""
    whole = pdf_of({1: CATALOGUE, 2: ONE_PAGE, 3: PAGE % b"", 4: stream(b"")})
    return whole.replace(b"xref\n0 5", b"xref\n0 2000000000").replace(b"Size 5", b"Size 2000000000")


def _drawings_in_drawings() -> bytes:
    """Thirty drawings, each of which shows the next one ten times."""
    forms = {
        f"o{n}": stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
            % (n + 1),
        )
        for n in range(5, 35)
    }
    last = {"o35": stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")}
    page = b"/Resources<</XObject<</F 5 0 R>>>>"
    return a_page(stream(b"/F Do"), page=page, **forms, **last)


def _picture_in_a_page(side: int = 30_000) -> bytes:
    rows = stream(
        _same(b"\0", side * side // 8),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1"
        b"/ColorSpace/DeviceGray/Filter/FlateDecode" % (side, side),
    )
    return a_page(
        stream(b"595 0 0 842 0 0 cm /I Do"), page=b"/Resources<</XObject<</I 5 0 R>>>>", o5=rows
    )


def _tiles() -> bytes:
    tile = stream(
        b"0 0 1 1 re f " * 2000,
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .01/YStep .01"
        b"/Resources<<>>",
    )
    page = b"/Resources<</Pattern<</P 5 0 R>>>>"
    return a_page(stream(b"/Pattern cs /P scn 0 0 595 842 re f"), page=page, o5=tile)


def _sheet_without_end() -> bytes:
    return a_page(stream(b"0 0 9 9 re f")).replace(b"0 0 595 842", b"0 0 9e9 .01")


def _long_drawing_of_text() -> bytes:
    font = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    text = b"BT /F 9 Tf 9 9 Td (Camille Exemple) Tj ET\n"
    return a_page(stream(_same(text, 70_000_000), b"/Filter/FlateDecode"), page=font)


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    made = [b"\x89PNG\r\n\x1a\n"]
    for kind, data in chunks:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        made.append(struct.pack(">I", len(data)) + kind + data + checksum)
    return b"".join(made)


def _pixels(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = (b"IDAT", _same(b"\0", height * (3 * width + 1) + 1_000_000))
    return _png(header, *more, rows, (b"IEND", b""))


def jpeg_that_claims(width: int, height: int) -> bytes:
    """A photo whose header announces an enormous picture."""
    photo, real = jpeg(), struct.pack(">HH", 1600, 1200)
    return photo.replace(real, struct.pack(">HH", height, width), 1)


def heic_that_claims(width: int, height: int) -> bytes:
    """A photo of a telephone whose description announces an enormous picture."""
    photo = bytearray(HEIC.read_bytes())
    place = photo.find(b"ispe")
    while place >= 0:
        photo[place + 8 : place + 16] = struct.pack(">II", width, height)
        place = photo.find(b"ispe", place + 4)
    return bytes(photo)


def _many_scans() -> bytes:
    """A progressive photo, whose last scan comes again thousands of times."""
    made = io.BytesIO()
    sheet(5000, 5000).save(made, "JPEG", quality=20, progressive=True)
    photo = made.getvalue()
    last = photo.rindex(b"\xff\xda")
    scan = photo[last:-2]
    return photo[:-2] + scan * max(1, (14_000_000 - len(photo)) // len(scan)) + b"\xff\xd9"


def _noted(size: int = 200_000_000) -> bytes:
    """A screenshot with notes that fill a memory once they are unpacked."""
    note = b"Commentaire\0\0" + _same(b"a", size)
    return _pixels(1200, 1600, *[(b"zTXt", note)] * 20)


def _profiled() -> bytes:
    """A screenshot whose colour profile is enormous once unpacked."""
    return _pixels(1200, 1600, (b"iCCP", b"profil\0\0" + _same(b"\0", 900_000_000)))


def _exif_in_circles() -> bytes:
    """A photo whose EXIF directory leads to itself, with a count of two thousand million."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    huge = struct.pack("<HHII", 0x010F, 2, 2_000_000_000, 8)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + entry + huge
    exif = b"Exif\0\0" + tiff + struct.pack("<I", 8)
    marker = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    photo = jpeg()
    return photo[:2] + marker * 200 + photo[2:]


def animated_png(frames: int = 2_000_000_000) -> bytes:
    """A screenshot that moves, and says that it does so for a lifetime."""
    pictures = [sheet(600, 800) for _ in range(3)]
    pictures = [picture.point(lambda grey, n=n: grey ^ n) for n, picture in enumerate(pictures)]
    made = io.BytesIO()
    pictures[0].save(made, "PNG", save_all=True, append_images=pictures[1:])
    real = struct.pack(">II", len(pictures), 0)
    told = b"acTL" + struct.pack(">II", frames, 0)
    moved = made.getvalue().replace(b"acTL" + real, told)
    place = moved.index(told) + len(told)
    return moved[:place] + struct.pack(">I", zlib.crc32(told)) + moved[place + 4 :]


def _crowd_of_chunks() -> bytes:
    info = PngImagePlugin.PngInfo()
    for number in range(60_000):
        info.add_text(f"n{number}", "x" * 20)
    made = io.BytesIO()
    sheet().save(made, "PNG", pnginfo=info)
    return made.getvalue()


PDF_BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "an unfinished object, again and again": unfinished_bomb,
    "objects without a table": endless_objects_bomb,
    "six megabytes of comments": _comments,
    "a page tree that doubles": doubling_bomb,
    "a hundred thousand pages": partial(_kids, 90_000, each_its_own=True),
    "the same page 950,000 times": partial(_kids, 950_000, each_its_own=False),
    "a chain of references": _references,
    "nested dictionaries": nested_bomb,
    "a stream of 60 MB": partial(_inflating, b"0 0 m 9 9 l S\n", 60_000_000),
    "a stream of 1 GB": partial(_inflating, b"q Q ", 1_000_000_000),
    "70 MB of text": _long_drawing_of_text,
    "a page packed five times": lambda: a_page(packed(_same(b" ", 1_000_000_000), 4)),
    "pages in a ring": _ring_of_pages,
    "tables in a ring": _ring_of_tables,
    "object streams in a ring": _ring_of_object_streams,
    "a table that claims": _table_that_claims,
    "drawings in drawings": _drawings_in_drawings,
    "a picture of 900 megapixels": _picture_in_a_page,
    "tiles without number": _tiles,
    "a sheet without end": _sheet_without_end,
    "a drawing of minutes": heavy_drawing,
}
"""What each one is, and how it is made. None is refused for its size."""

PHOTO_BOMBS: Final[dict[str, Callable[[], bytes]]] = {
    "a PNG that claims 4 Gpx": partial(png_that_claims, 65_000, 65_000),
    "a JPEG that claims 4 Gpx": partial(jpeg_that_claims, 65_000, 65_000),
    "a HEIC that claims 4 Gpx": partial(heic_that_claims, 65_000, 65_000),
    "a JPEG that claims 50 Mpx": partial(jpeg_that_claims, 7_000, 7_000),
    "a HEIC that claims 50 Mpx": partial(heic_that_claims, 7_000, 7_000),
    "a PNG of 50 Mpx in 50 kB": partial(_pixels, 7_000, 7_000),
    "a scan again and again": _many_scans,
    "notes of 4 GB": _noted,
    "a profile of 900 MB": _profiled,
    "EXIF in circles": _exif_in_circles,
    "a screenshot that moves": animated_png,
    "sixty thousand notes": _crowd_of_chunks,
}
