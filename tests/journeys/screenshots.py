"""Pictures of every page in every state, to look through: `make screenshots`.

    python -m tests.journeys.screenshots [FOLDER]

Fills an example town of its own, takes each example of `example_pages.py` at 390 and 1280 px into
FOLDER (`../captures` without one), and writes an index.html there. Pictures of an earlier time are
replaced; nothing else in the folder is touched.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.conftest import ARGUMENTS, FILLED
from tests.journeys.example import Example
from tests.journeys.example_pages import EXAMPLES
from tests.journeys.look import HEIGHT
from tests.journeys.readers import Readers
from tests.town import ROOT, RunningTown, wait_until

_WIDTHS = (390, 1280)
_INDEX = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Toutes les pages</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; margin: 1rem; background: #f4f6f8 }}
figure {{ display: inline-block; vertical-align: top; margin: 0 1rem 2rem 0 }}
img {{ display: block; max-height: 40rem; border: 1px solid #6b7785; background: #fff }}
</style></head><body><h1>Toutes les pages, dans tous leurs états</h1>
{rooms}
</body></html>
"""


def main() -> int:
    """Take every picture. Gives 1 when some page could not be shown as its example says."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "captures"
    folder.mkdir(parents=True, exist_ok=True)
    with everybody() as readers:
        odd = [
            f"{room}: {example.name}"
            for room, examples in EXAMPLES.items()
            for example in examples
            if not _take(readers, example, folder / room)
        ]
    _write_index(folder)
    _say(f"{sum(map(len, EXAMPLES.values()))} pages : {folder / 'index.html'}")
    for one in odd:
        _say(f"Pas comme attendu : {one}")
    return 1 if odd else 0


@contextmanager
def everybody() -> Iterator[Readers]:
    """Everybody in front of a browser, in a filled example town and in a new one of their own.

    Raises:
        SystemExit: no browser is there.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium est introuvable : apt-get install chromium")
    with (
        tempfile.TemporaryDirectory() as homes,
        RunningTown(Path(homes) / "example", with_examples=True) as town,
        RunningTown(Path(homes) / "new") as new_town,
        sync_playwright() as playwright,
    ):
        wait_until(lambda: FILLED in town.screen, seconds=120, what="the town is filled")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        readers = Readers(browser, town, new_town)
        yield readers
        readers.closes()
        browser.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _take(readers: Readers, example: Example, folder: Path) -> bool:
    folder.mkdir(exist_ok=True)
    reader, status = readers.show(example)
    for width in _WIDTHS:
        reader.page.set_viewport_size({"width": width, "height": HEIGHT})
        # As high as the page: what sticks to the foot of the screen is then at the foot.
        height = max(HEIGHT, reader.page.evaluate("document.documentElement.scrollHeight"))
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.page.screenshot(path=folder / _file(example, width))
    return status == example.status


def _file(example: Example, width: int) -> str:
    return f"{example.name.replace(', ', '--').replace(' ', '-')}-{width}.png"


def _write_index(folder: Path) -> None:
    rooms = []
    for room, examples in EXAMPLES.items():
        figures = []
        for example in examples:
            images = "".join(
                f'<a href="{room}/{escape(_file(example, width))}">'
                f'<img src="{room}/{escape(_file(example, width))}" alt="" loading="lazy"></a>'
                for width in _WIDTHS
            )
            caption = f"<figcaption>{escape(example.name)}</figcaption>"
            figures.append(f"<figure>{caption}{images}</figure>")
        rooms.append(f"<h2>{room}</h2>\n" + "\n".join(figures))
    page = _INDEX.format(rooms="\n".join(rooms))
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
