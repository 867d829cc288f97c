"""What looking at a document costs, beside the bare libraries on the same file."""

import asyncio
import io
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import pi_heif
from PIL import Image
from pypdf import PdfReader

from activities.inspection.inspector import Inspector
from bench.table import Row, at_most, number
from tests import samples

ROUNDS: Final = 40
_WARM_UP: Final = 4
_MEDIAN_MS: Final = 100
_SLOWEST_MS: Final = 3_000


def measured(*, rounds: int = ROUNDS) -> Sequence[Row]:
    """One row for each sort of document, and one for the slowest of all."""
    taken, bare = asyncio.run(_taken(rounds))
    rows = [
        at_most(
            f"Inspection of {name}, median",
            median(taken[name]),
            _MEDIAN_MS,
            " ms",
            more=f"p99 {number(_p99(taken[name]))}; bare library {number(median(bare[name]))} ms",
        )
        for name in taken
    ]
    whole = [one for each in taken.values() for one in each]
    return (
        *rows,
        at_most("Inspection of all of these, median", median(whole), _MEDIAN_MS, " ms"),
        at_most("The same, 99th percentile", _p99(whole), _SLOWEST_MS, " ms"),
    )


def _documents() -> Mapping[str, tuple[bytes, Callable[[bytes], object]]]:
    """Ordinary documents by name, and what the bare library does to see that they open."""
    pi_heif.register_heif_opener()
    return {
        "a PDF of 2 pages": (samples.pdf(2), _count_pages),
        "a JPEG of 12 megapixels": (samples.telephone_jpeg(), _decode),
        "a HEIC of 2 megapixels": (samples.HEIC.read_bytes(), _decode),
    }


def _count_pages(content: bytes) -> object:
    return len(PdfReader(io.BytesIO(content)).pages)


def _decode(content: bytes) -> object:
    with Image.open(io.BytesIO(content)) as photo:
        return photo.load()


async def _taken(rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    documents = _documents()
    taken: dict[str, list[float]] = {name: [] for name in documents}
    bare: dict[str, list[float]] = {name: [] for name in documents}
    with tempfile.TemporaryDirectory() as folder:
        async with Inspector() as inspector:
            for turn in range(_WARM_UP + rounds):
                for name, (content, library) in documents.items():
                    whole = await _look(inspector, content, Path(folder) / f"{turn}{name[:4]}")
                    began = time.perf_counter()
                    library(content)
                    alone = time.perf_counter() - began
                    if turn >= _WARM_UP:
                        taken[name].append(1000 * whole)
                        bare[name].append(1000 * alone)
    return taken, bare


async def _look(inspector: Inspector, content: bytes, folder: Path) -> float:
    """Seconds to find the facts: what the family waits for. Page images come after."""
    await asyncio.to_thread(folder.mkdir)
    path = folder / "original"
    await asyncio.to_thread(path.write_bytes, content)
    began = time.perf_counter()
    await inspector.look(path, folder)
    return time.perf_counter() - began


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
