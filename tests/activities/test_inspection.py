"""Real files, a real nursery, real limits: what families send, and what nobody should."""

import asyncio
import io
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from activities.inspection.assemble import assemble
from activities.inspection.inspector import Drawing, Inspector
from activities.inspection.jobs import page_name
from activities.inspection.link import NURSERY, CannotInspectError, Link
from domain.documents import Facts, Limits, MediaType, judge
from domain.remarks import sentence
from tests import samples

ANSWERED_WITHIN = 7.0
SLOW_BOMB = samples.endless_objects_bomb(400_000)
"""Twice as large as the portal takes, so that it outlasts its five seconds on any machine."""


class Desk:
    """An inspector with a folder of its own for each file."""

    def __init__(self, inspector: Inspector, folder: Path) -> None:
        self.inspector = inspector
        self._folder = folder
        self._count = 0

    async def look(self, content: bytes) -> tuple[Facts, Path]:
        """The facts, and the folder where everything about the file is."""
        self._count += 1
        into = self._folder / str(self._count)
        into.mkdir()
        (into / "source").write_bytes(content)
        return await self.inspector.look(into / "source", into), into

    async def draw(self, content: bytes) -> tuple[Drawing, Path]:
        facts, into = await self.look(content)
        return await self.inspector.draw(into / "source", into, facts), into

    async def says(self, content: bytes) -> str:
        """All that the family reads about the file."""
        facts, _ = await self.look(content)
        return " ".join(sentence(remark) for remark in judge(facts, Limits()).remarks)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with Inspector() as inspector:
        yield Desk(inspector, tmp_path)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def at_work(nursery: int | None, count: int = 1) -> list[int]:
    """The children that are working just now, once there are so many."""

    def wait() -> list[int]:
        assert nursery is not None
        until = time.monotonic() + 4
        while len(children := children_of(nursery)) < count:
            assert time.monotonic() < until, "no child was seen at work"
            time.sleep(0.005)
        return children

    return await asyncio.to_thread(wait)


def lives(pid: int | None) -> bool:
    """Whether the process runs; one that ended and waits to be counted does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] not in "ZX"


def told_by(pid: int | None, name: str) -> str:
    """What the system says of a process."""
    return Path(f"/proc/{pid}/{name}").read_text()


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
        "Lisible, 1\u00a0page. Ce PDF contient des éléments actifs": samples.pdf_with_script,
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


async def test_hostile_files_are_answered_in_time_and_the_nursery_lives_on(desk: Desk) -> None:
    nursery = desk.inspector.nursery_pid
    bombs = [samples.nested_bomb(), samples.doubling_bomb(), samples.unfinished_bomb()]
    for bomb in bombs:
        started = time.monotonic()
        said = await desk.says(bomb)
        assert time.monotonic() - started < ANSWERED_WITHIN
        assert said.startswith("Ce document")
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."
    assert desk.inspector.nursery_pid == nursery


async def test_two_documents_are_looked_at_together_and_neither_outlasts_its_time(
    desk: Desk,
) -> None:
    started = time.monotonic()
    looks = [asyncio.create_task(desk.look(SLOW_BOMB)) for _ in range(2)]
    hanging, _ = await at_work(desk.inspector.nursery_pid, 2)
    os.kill(hanging, signal.SIGSTOP)  # it uses no more processor time: the wall clock ends it
    for look in looks:
        facts, _ = await look
        assert (facts.failure, facts.media_type) == ("timeout", MediaType.PDF)
    assert time.monotonic() - started < ANSWERED_WITHIN


async def test_photos_are_looked_at_one_after_the_other(desk: Desk) -> None:
    pid = desk.inspector.nursery_pid
    assert pid is not None
    photo = samples.telephone_jpeg()
    looks = [asyncio.create_task(desk.look(photo)) for _ in range(3)]
    most = 0
    while not all(look.done() for look in looks):
        most = max(most, len(children_of(pid)))
        await asyncio.sleep(0.002)
    assert most == 1


async def test_a_child_that_crashes_costs_only_its_document(desk: Desk) -> None:
    look = asyncio.create_task(desk.look(SLOW_BOMB))
    (child,) = await at_work(desk.inspector.nursery_pid)
    os.kill(child, signal.SIGSEGV)
    facts, _ = await look
    assert facts.failure == "crash"
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_a_document_survives_the_death_of_the_nursery(desk: Desk) -> None:
    first = desk.inspector.nursery_pid
    assert first is not None
    look = asyncio.create_task(desk.look(samples.unfinished_bomb()))
    (orphan,) = await at_work(first)
    os.kill(first, signal.SIGKILL)
    facts, _ = await look
    assert facts.failure == "unreadable"
    assert desk.inspector.nursery_pid not in (None, first)
    assert not lives(orphan)
    assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_a_nursery_that_dies_between_two_documents_is_not_noticed(desk: Desk) -> None:
    for _ in range(3):
        assert desk.inspector.nursery_pid is not None
        os.kill(desk.inspector.nursery_pid, signal.SIGKILL)
        assert await desk.says(samples.pdf()) == "Lisible, 1\u00a0page."


async def test_documents_are_looked_at_without_a_network(desk: Desk) -> None:
    pid = desk.inspector.nursery_pid
    if not desk.inspector.is_isolated:
        pytest.skip("this system does not let `unshare -rn` close the network")
    interfaces = told_by(pid, "net/dev").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    assert not told_by(pid, "net/route").splitlines()[1:]


async def test_a_system_that_cannot_close_the_network_still_inspects_and_says_so() -> None:
    refused = ["false", *NURSERY]
    async with Inspector(Link([refused, NURSERY])) as inspector:
        assert not inspector.is_isolated
        facts = await inspector.look(samples.HEIC, samples.HEIC.parent / "nowhere")
    assert facts.failure == "unreadable"


async def test_a_machine_that_cannot_inspect_does_not_refuse_the_document(tmp_path: Path) -> None:
    inspector = Inspector(Link([["false"]]))
    with pytest.raises(CannotInspectError):
        await inspector.start()
    with pytest.raises(CannotInspectError):
        await inspector.look(samples.HEIC, tmp_path)
    await inspector.close()


async def test_the_nursery_knows_none_of_the_secrets_of_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RIBAMBELLE_SECRET", "canari")
    async with Inspector() as inspector:
        assert "canari" not in told_by(inspector.nursery_pid, "environ")


async def test_an_ordinary_document_costs_a_tenth_of_a_second(desk: Desk) -> None:
    facts, into = await desk.look(samples.pdf(2))
    costs = []
    for _ in range(15):
        started = time.perf_counter()
        assert await desk.inspector.look(into / "source", into) == facts
        costs.append(time.perf_counter() - started)
    assert sorted(costs)[7] < 0.1


async def test_a_closed_inspector_leaves_no_process_behind() -> None:
    inspector = Inspector()
    await inspector.start()
    await inspector.start()
    pid = inspector.nursery_pid
    assert lives(pid)
    await inspector.close()
    await inspector.close()
    assert inspector.nursery_pid is None
    assert not lives(pid)


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
