"""Real files, a real nursery, real limits: what families send, and what nobody should."""

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from activities.inspection.assemble import assemble
from activities.inspection.inspector import Inspector
from activities.inspection.jobs import page_name
from domain.documents import Facts, Limits, MediaType, judge
from tests import samples
from tests.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Inspector() as inspector:
        yield Desk(inspector, tmp_path)


def colour_at_the_top(picture: Path) -> tuple[int, int, int]:
    """The mean colour of the band which is at the top of every sample sheet."""
    with Image.open(picture) as image:
        pixel = image.convert("RGB").resize((12, 16), Image.Resampling.BOX).getpixel((6, 1))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


async def test_a_family_reads_what_became_of_each_kind_of_file(desk: Desk) -> None:
    expected: dict[str, Callable[[], bytes]] = {
        "Lisible, 1\u00a0page.": samples.pdf,
        "Lisible, 3\u00a0pages.": lambda: samples.pdf(3),
        "Lisible, 2\u00a0pages.": lambda: samples.encrypted_pdf("", pages=2),
        "Photo lisible.": samples.jpeg,
        "Protégé par un mot de passe.": lambda: samples.encrypted_pdf("secret"),
        "Ce PDF n’a aucune page.": samples.pdf_without_pages,
        "Ce document n’a pas pu être lu.": samples.broken_pdf,
        "Le fichier est vide.": bytes,
        "La photo est trop petite pour être lue.": lambda: samples.jpeg(120, 160),
        "Photo lisible. La photo est petite.": lambda: samples.jpeg(600, 800),
        "Cette photo n’a pas pu être lue.": lambda: samples.jpeg()[:-9000],
        "La photo a trop de pixels": lambda: samples.png_that_claims(60_000, 60_000),
        "Lisible, 1\u00a0page. Ce PDF contient autre chose que des pages": samples.pdf_with_script,
        "Le PDF dépasse 6\u00a0Mo.": lambda: samples.pdf() + b"\n" * 6_400_000,
    }
    for beginning, make in expected.items():
        said = await desk.says(make())
        assert said.startswith(beginning), said


@pytest.mark.parametrize(("name", "content"), samples.strangers().items())
async def test_a_file_that_is_none_of_ours_is_refused_by_its_content(
    desk: Desk, name: str, content: bytes
) -> None:
    facts, into = await desk.look(content)
    assert facts == Facts(size_bytes=len(content)), name
    assert [path.name for path in into.iterdir()] == ["source"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (samples.HEIC.read_bytes(), MediaType.HEIC),
        (samples.png(), MediaType.PNG),
        (samples.png(mode="RGBA"), MediaType.PNG),
        (samples.png(mode="P"), MediaType.PNG),
        (samples.png(mode="I;16"), MediaType.PNG),
        (samples.png(mode="1"), MediaType.PNG),
        (samples.telephone_jpeg(1200, 1600), MediaType.JPEG),
    ],
)
async def test_every_photo_becomes_an_upright_jpeg(
    desk: Desk, content: bytes, media_type: MediaType
) -> None:
    facts, into = await desk.look(content)
    assert (facts.media_type, facts.width, facts.height) == (media_type, 1200, 1600)
    assert judge(facts, Limits()).grade == "good"
    with Image.open(into / page_name(1)) as photo:
        assert (photo.format, photo.size) == ("JPEG", (1200, 1600))
    red, green, blue = colour_at_the_top(into / page_name(1))
    assert red >= green + 40 or media_type is MediaType.PNG  # a grey screenshot has no red band
    assert max(red, green, blue) < 230


@pytest.mark.parametrize("content", [samples.telephone_jpeg(), samples.HEIC.read_bytes()])
async def test_a_photo_no_longer_tells_where_and_with_what_it_was_taken(
    desk: Desk, content: bytes
) -> None:
    assert b"Telephone Exemple" in content
    drawing, into = await desk.draw(content)
    assert drawing.thumbnail is not None
    for name in (*drawing.pages, drawing.thumbnail):
        kept = (into / name).read_bytes()
        with Image.open(io.BytesIO(kept)) as photo:
            assert not photo.getexif()
            assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in kept
        assert b"Telephone" not in kept
        assert b"Camille" not in kept


async def test_a_large_photo_is_kept_at_a_legible_size(desk: Desk) -> None:
    facts, into = await desk.look(samples.telephone_jpeg())
    assert (facts.width, facts.height) == (3024, 4032)
    with Image.open(into / page_name(1)) as photo:
        assert 1500 <= min(photo.size) < max(photo.size) <= 2480
    assert colour_at_the_top(into / page_name(1))[0] > 150


async def test_the_staff_see_the_first_ten_pages_and_a_light_thumbnail(desk: Desk) -> None:
    drawing, into = await desk.draw(samples.pdf(12))
    assert drawing.pages == tuple(page_name(number) for number in range(1, 11))
    for name in drawing.pages:
        with Image.open(into / name) as page:
            assert (page.format, page.width) == ("JPEG", 1100)
        assert (into / name).stat().st_size <= 300_000
    assert drawing.thumbnail is not None
    assert (into / drawing.thumbnail).stat().st_size <= 25_000
    assert colour_at_the_top(into / page_name(1))[0] > 150


async def test_looking_and_drawing_twice_changes_nothing(desk: Desk) -> None:
    for content in (samples.pdf(2), samples.HEIC.read_bytes()):
        facts, into = await desk.look(content)
        drawing = await desk.inspector.draw(into / "source", into, facts)
        before = {path.name: path.read_bytes() for path in into.iterdir()}
        assert await desk.inspector.look(into / "source", into) == facts
        assert await desk.inspector.draw(into / "source", into, facts) == drawing
        assert {path.name: path.read_bytes() for path in into.iterdir()} == before


@pytest.mark.parametrize("content", [samples.blank_pdf(2), samples.blank_jpeg()])
async def test_an_empty_page_is_noticed_and_not_refused(desk: Desk, content: bytes) -> None:
    facts, into = await desk.look(content)
    drawing = await desk.inspector.draw(into / "source", into, facts)
    verdict = judge(drawing.complete(facts), Limits())
    assert (verdict.grade, verdict.remarks[-1].code) == ("doubtful", "blank")


async def test_a_page_that_cannot_be_drawn_does_not_refuse_the_document(desk: Desk) -> None:
    facts, into = await desk.look(samples.heavy_drawing())
    drawing = await desk.inspector.draw(into / "source", into, facts)
    verdict = judge(drawing.complete(facts), Limits())
    assert (drawing.pages, verdict.remarks[-1].code) == ((), "not_drawn")
    assert not verdict.is_refused
    assert not list(into.glob("*.part"))


async def test_photos_of_one_piece_become_one_pdf(desk: Desk, tmp_path: Path) -> None:
    photos = []
    for content in (samples.telephone_jpeg(), samples.HEIC.read_bytes(), samples.png(1600, 1200)):
        _, into = await desk.look(content)
        photos.append(into / page_name(1))
    piece = tmp_path / "piece.pdf"
    assemble(photos, piece)
    first = piece.read_bytes()
    assemble(photos, piece)
    assert piece.read_bytes() == first
    sizes = [
        tuple(
            round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)
        )
        for page in PdfReader(piece).pages
    ]
    assert sizes == [(210, 297), (210, 297), (297, 210)]
    assert await desk.says(first) == "Lisible, 3\u00a0pages."


def test_a_pdf_of_no_photo_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one photo"):
        assemble([], tmp_path / "piece.pdf")
