from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from jinja2 import UndefinedError

from api.pages import TEMPLATES, Pages, TownHall, environment
from api.static_files import StaticFiles


def site(pages: Pages) -> httpx2.AsyncClient:
    app = FastAPI()
    app.include_router(pages.static_files.router)

    @app.get("/erreur")
    async def error(request: Request) -> Response:
        return pages.render(
            request,
            "error.html",
            status_code=404,
            title="Cette page n’existe pas",
            happened="<script>alert(1)</script>",
            incident="A1B2",
        )

    @app.get("/composants")
    async def components(request: Request) -> Response:
        return pages.render(request, "local/composants.html")

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://site")


@pytest.fixture
def pages() -> Pages:
    return Pages(TownHall("Orléans", phone="02 00 00 00 00"))


async def test_an_error_page_says_what_happened_and_escapes_it(pages: Pages) -> None:
    async with site(pages) as browser:
        page = await browser.get("/erreur")
    assert page.status_code == 404
    assert "<title>Cette page n’existe pas – Portail Famille d’Orléans</title>" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "02 00 00 00 00" in page.text
    assert "A1B2" in page.text


async def test_every_component_renders_without_a_missing_name(pages: Pages) -> None:
    async with site(pages) as browser:
        page = await browser.get("/composants")
    assert page.status_code == 200
    assert "À compléter" in page.text
    assert "Terminé" not in page.text


async def test_no_page_has_a_style_or_a_script_of_its_own(pages: Pages) -> None:
    async with site(pages) as browser:
        text = (await browser.get("/composants")).text
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<style" not in text
    assert text.count("<script") == 1


def test_a_name_nobody_gave_is_an_error() -> None:
    template = environment(StaticFiles()).from_string("{{ forgotten }}")
    with pytest.raises(UndefinedError):
        template.render()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_template_compiles(path: Path) -> None:
    environment(StaticFiles()).get_template(str(path.relative_to(TEMPLATES)))


async def test_the_style_is_kept_for_a_year_at_an_address_that_follows_its_content(
    tmp_path: Path,
) -> None:
    (tmp_path / "portail.css").write_text("a { color: red }" * 50)
    before = StaticFiles(tmp_path).url("portail.css")
    (tmp_path / "portail.css").write_text("a { color: blue }" * 50)
    files = StaticFiles(tmp_path)
    pages = Pages(TownHall("Valbourg"), static_files=files)
    async with site(pages) as browser:
        now = await browser.get(files.url("portail.css"))
        old = await browser.get(before)
        plain = await browser.get(files.url("portail.css"), headers={"accept-encoding": "identity"})
    assert before != files.url("portail.css")
    assert "immutable" in now.headers["cache-control"]
    assert now.headers["content-encoding"] == "gzip"
    assert "blue" in now.text
    assert "content-encoding" not in plain.headers
    assert old.headers["cache-control"] == "no-cache"
    assert "blue" in old.text


async def test_an_unknown_static_file_is_not_found(pages: Pages) -> None:
    async with site(pages) as browser:
        page = await browser.get("/static/0123456789ab/autre.css")
        up = await browser.get("/static/0123456789ab/%2e%2e%2fpages.py")
    assert page.status_code == 404
    assert up.status_code == 404


def test_the_style_and_the_script_stay_light() -> None:
    folder = TEMPLATES.parent / "static"
    assert (folder / "portail.css").stat().st_size <= 30_000
    assert (folder / "portail.js").stat().st_size <= 20_000
