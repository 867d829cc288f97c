"""Whatever file comes: an answer within seconds, words that help, a worker that lives on."""

import asyncio
import io
import random
import statistics
import struct
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import pytest
from PIL import Image

from activities.antivirus import NoAntivirus
from activities.documents import DocumentActivities
from activities.inspection.inspector import Inspector
from domain.documents import MAX_MEGAPIXELS, Limits
from domain.remarks import GRADES, Remark, sentence
from storage.documents import PENDING, Document
from storage.dossiers import Dossier
from tests import bombs, samples
from tests.office import Office

ANSWERED_WITHIN = 7.0
"""The 6 s of the two tries, and what a loaded machine adds."""
MUTATIONS = 200
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<script>fetch('http://127.0.0.1:9/')</script>"


@dataclass
class Counter:
    """A counter where documents are handed in; it remembers how long each took."""

    office: Office
    activity: DocumentActivities
    inspector: Inspector
    dossier: Dossier

    async def answers(self, content: bytes) -> tuple[Document, float]:
        """What is written of this file, and after how many seconds."""
        message = await self.office.receives(self.dossier, content)
        began = time.monotonic()
        await self.office.inspects(self.activity.inspect, message)
        seconds = time.monotonic() - began
        async with self.office.open_store() as store:
            document = await store.documents.find(message.document_id)
        assert document is not None
        assert document.status != PENDING
        assert document.remarks
        assert all(told.endswith(".") for told in sentences(document))
        return document, seconds

    def images(self, document: Document) -> list[bytes]:
        folder = self.office.files.folder_of(document.id)
        return [path.read_bytes() for path in folder.rglob("*.jpg")]


@pytest.fixture
async def counter(office: Office) -> AsyncIterator[Counter]:
    async with Inspector() as inspector:
        activity = DocumentActivities(
            office.open_store, office.files, inspector, NoAntivirus(), Limits()
        )
        yield Counter(office, activity, inspector, await office.dossier())


def sentences(document: Document) -> list[str]:
    return [sentence(Remark(one["code"], one["values"])) for one in document.remarks]


def codes(document: Document) -> set[str]:
    return {one["code"] for one in document.remarks}


async def test_every_bomb_is_answered_in_time_and_the_nursery_lives_on(counter: Counter) -> None:
    nursery, told = counter.inspector.nursery_pid, {}
    for name, make in (bombs.PDF_BOMBS | bombs.PHOTO_BOMBS).items():
        document, seconds = await counter.answers(make())
        assert seconds < ANSWERED_WITHIN, name
        told[name] = codes(document)
    assert counter.inspector.nursery_pid == nursery
    assert told["a PNG that claims 4 Gpx"] == {"too_many_pixels"}
    assert told["a JPEG that claims 4 Gpx"] == {"too_many_pixels"}
    assert told["a HEIC that claims 4 Gpx"] == {"too_many_pixels"}
    assert "not_drawn" in told["tiles without number"]
    assert {GRADES[code] for code in told["a page tree that doubles"]} == {"refused"}


async def test_two_hundred_broken_copies_of_good_files_are_all_answered(counter: Counter) -> None:
    chance, nursery = random.Random(20261121), counter.inspector.nursery_pid
    good = [
        samples.pdf(2),
        samples.pdf_with_script(),
        samples.encrypted_pdf(""),
        samples.jpeg(900, 1200),
        samples.png(900, 1200),
        samples.HEIC.read_bytes(),
    ]
    files = [broken(good[number % len(good)], chance) for number in range(MUTATIONS)]
    times: list[float] = []
    for number in range(0, MUTATIONS, 2):
        both = await asyncio.gather(*map(counter.answers, files[number : number + 2]))
        times += [seconds for _, seconds in both]
    assert counter.inspector.nursery_pid == nursery
    assert max(times) < ANSWERED_WITHIN
    cuts = statistics.quantiles(times, n=100)
    figures = (cuts[49], cuts[94], cuts[98], max(times))
    print("p50, p95, p99, max:", *(f"{one:.3f}" for one in figures))  # noqa: T201  pytest -s


def broken(content: bytes, chance: random.Random) -> bytes:
    """The same file after one accident."""
    made = bytearray(content)
    begin = chance.randrange(len(made))
    end = min(len(made), begin + chance.randrange(1, 4000))
    accident = chance.randrange(5)
    if accident == 0:
        for _ in range(chance.randrange(1, 40)):
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    elif accident == 1:
        del made[begin:]
    elif accident == 2:
        del made[begin:end]
    elif accident == 3:
        made[begin:begin] = made[begin:end] * chance.randrange(1, 30)
    else:
        made[begin:end] = chance.randbytes(end - begin)
    return bytes(made)


def cmyk_jpeg() -> bytes:
    made = io.BytesIO()
    samples.sheet(900, 1200).convert("CMYK").save(made, "JPEG")
    return made.getvalue()


def grey_png_of_16_bits() -> bytes:
    return samples.png(900, 1200, mode="I;16")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (cmyk_jpeg, "readable_photo"),
        (grey_png_of_16_bits, "readable_photo"),
        (bombs.animated_png, "readable_photo"),
        (lambda: samples.jpeg()[:-9000], "unreadable_photo"),
        (lambda: samples.png()[:-9000], "unreadable_photo"),
        (lambda: samples.HEIC.read_bytes()[:-9000], "unreadable_photo"),
        (lambda: samples.png_that_claims(1200, 1600), "unreadable_photo"),
        (lambda: bombs.heic_that_claims(1201, 1601), "unreadable_photo"),
        (lambda: samples.png_that_claims(1_000_000 * MAX_MEGAPIXELS, 1), "unreadable_photo"),
        (lambda: samples.png_that_claims(1_000_001 * MAX_MEGAPIXELS, 1), "too_many_pixels"),
        (lambda: samples.png_that_claims(0, 0), "unreadable_photo"),
        (lambda: samples.encrypted_pdf("secret"), "password"),
        (bytes, "empty"),
        (lambda: EICAR, "wrong_type"),
        (lambda: b"%PDF-1.4\n", "unreadable"),
        (lambda: b"\xff\xd8\xff", "wrong_type"),
        (lambda: samples.pdf() + EICAR, "readable_page"),
    ],
)
async def test_an_odd_file_gets_its_own_sentence(
    counter: Counter, make: Callable[[], bytes], expected: str
) -> None:
    document, _ = await counter.answers(make())
    assert expected in codes(document)


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Main.class", b"\xca\xfe\xba\xbe" + SCRIPT)
    return made.getvalue()


def jpeg_with_a_page_in_it() -> bytes:
    made = io.BytesIO()
    samples.sheet(900, 1200).save(made, "JPEG", comment=b"--><html>" + SCRIPT)
    return made.getvalue() + b"<html>" + SCRIPT


def png_with_a_page_in_it() -> bytes:
    made = io.BytesIO()
    samples.sheet(900, 1200).save(made, "PNG")
    kind, data = b"tEXt", b"Comment\0<html>" + SCRIPT
    chunk = struct.pack(">I", len(data)) + kind + data
    chunk += struct.pack(">I", zlib.crc32(kind + data))
    return made.getvalue()[:33] + chunk + made.getvalue()[33:] + zipped()


POLYGLOTS: dict[str, Callable[[], bytes]] = {
    "PDF and ZIP": lambda: samples.pdf() + zipped(),
    "PDF and HTML": lambda: samples.pdf().replace(b"\n", b"\n%<html>" + SCRIPT + b"\n", 1),
    "PDF and JavaScript": lambda: samples.pdf().replace(b"\n", b"\n%*/alert(1)/*\n", 1),
    "JPEG and HTML": jpeg_with_a_page_in_it,
    "JPEG and JAR": lambda: samples.jpeg(900, 1200) + zipped(),
    "PNG, HTML and ZIP": png_with_a_page_in_it,
    "HEIC and ZIP": lambda: samples.HEIC.read_bytes() + zipped(),
    "GIF and JAR": lambda: b"GIF89a" + bytes(20) + zipped(),
    "ZIP and PDF": lambda: zipped() + samples.pdf(),
}


@pytest.mark.parametrize("name", POLYGLOTS)
async def test_what_staff_look_at_holds_nothing_of_a_file_with_two_faces(
    counter: Counter, name: str
) -> None:
    document, _ = await counter.answers(POLYGLOTS[name]())
    images = counter.images(document)
    assert bool(images) is (document.status != "refused")
    for image in images:
        assert b"<script" not in image
        assert b"PK\x03\x04" not in image
        with Image.open(io.BytesIO(image)) as picture:
            assert picture.format == "JPEG"


ACTIONS = {
    "/JS": b"<</S/Rendition/JS(app.alert\\(1\\))>>",
    "/JavaScript": b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
    "/Launch": b"<</S/Launch/F(calc.exe)>>",
    "/SubmitForm": b"<</S/SubmitForm/F(http://127.0.0.1:9/)>>",
    "/ImportData": b"<</S/ImportData/F(data.fdf)>>",
    "/GoToR": b"<</S/GoToR/F(http://127.0.0.1:9/a.pdf)/D[0/Fit]>>",
    "/GoToE": b"<</S/GoToE/T<</R/C/N(a)>>>>",
    "a hex name": b"<</#53/#4a#61#76aScript/#4AS(app.alert\\(1\\))>>",
}
KEYS = {
    "/AA of a page": (b"/AA<</O 5 0 R>>", b"<</S/GoTo/D[3 0 R/Fit]>>"),
    "/RichMedia": (b"/Annots[5 0 R]", b"<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]>>"),
    "/EmbeddedFile": (
        b"/Annots[5 0 R]",
        b"<</Type/Annot/Subtype/FileAttachment/FS<</Type/Filespec/F(a)/EF<</F 6 0 R>>>>>>",
    ),
}


def page_with(entries: bytes, five: bytes) -> bytes:
    six = bombs.stream(b"MZ", b"/Type/EmbeddedFile")
    return bombs.a_page(bombs.stream(b"0 0 9 9 re f"), page=entries, o5=five, o6=six)


def hidden_in_an_object_stream() -> bytes:
    """The action is in no plain bytes of the file: it is packed with other objects."""
    inside = [bombs.CATALOGUE[:-2] + b"/OpenAction 5 0 R>>", bombs.ONE_PAGE]
    inside += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>", ACTIONS["/JavaScript"]]
    numbers, heads, body = (1, 2, 3, 5), b"", b""
    for number, content in zip(numbers, inside, strict=True):
        heads += b"%d %d " % (number, len(body))
        body += content + b" "
    entries = b"/Type/ObjStm/N 4/First %d" % len(heads)
    made = b"%PDF-1.7\n"
    holder, table = len(made), 0
    made += b"7 0 obj\n" + bombs.packed(heads + body, entries=entries) + b"\nendobj\n"
    table = len(made)
    rows = {0: (0, 0, 0), 7: (1, holder, 0), 8: (1, table, 0)}
    rows |= {number: (2, 7, place) for place, number in enumerate(numbers)}
    lines = b"".join(struct.pack(">BIB", *rows.get(number, (0, 0, 0))) for number in range(9))
    entries = b"/Type/XRef/Size 9/W[1 4 1]/Root 1 0 R"
    made += b"8 0 obj\n" + bombs.packed(lines, entries=entries) + b"\nendobj\n"
    return made + b"startxref\n%d\n%%%%EOF\n" % table


def active_pdfs() -> dict[str, bytes]:
    """PDFs that want something, by what they want or where they hide it."""
    made = {
        name: bombs.a_page(
            bombs.stream(b"0 0 9 9 re f"), page=b"/Annots[6 0 R]", o5=action, o6=link
        )
        for name, action in ACTIONS.items()
        for link in [b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 5 0 R>>"]
    }
    made |= {name: page_with(entries, five) for name, (entries, five) in KEYS.items()}
    catalogue = bombs.CATALOGUE[:-2]
    objects = {2: bombs.ONE_PAGE, 3: bombs.PAGE % b"", 4: bombs.stream(b"0 0 9 9 re f")}
    form = catalogue + b"/AcroForm<</Fields[]/XFA(<x/>)>>>>"
    names = catalogue + b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>>>"
    made["/XFA"] = bombs.pdf_of({1: form} | objects)
    made["/EmbeddedFiles"] = bombs.pdf_of({1: names, 5: b"<</Type/Filespec/F(a)>>"} | objects)
    made["in an object stream"] = hidden_in_an_object_stream()
    made["encrypted for everybody"] = samples.encrypted_pdf_with_script()
    return made


async def test_active_content_is_flagged_wherever_it_hides_and_never_refused(
    counter: Counter,
) -> None:
    for name, content in active_pdfs().items():
        document, _ = await counter.answers(content)
        assert "active_content" in codes(document), name
        assert document.status == "doubtful", name
        assert any("autre chose que des pages" in told for told in sentences(document))


async def test_an_ordinary_pdf_is_not_called_active(counter: Counter) -> None:
    plain: Sequence[bytes] = (samples.pdf(), samples.blank_pdf(), samples.encrypted_pdf(""))
    for content in plain:
        document, _ = await counter.answers(content)
        assert "active_content" not in codes(document)
