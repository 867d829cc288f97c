"""Every component in a real browser: accessible, within the screen, and what the script adds."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from playwright.sync_api import Browser, Page, expect

from api.pages import NOTHING_SHARED, Pages, TownHall

pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'"
)

QUESTION = """{% extends "base.html" %}
{% from "macros/question.html" import question_page %}
{% from "macros/fields.html" import text_field %}
{% block title %}Question{% endblock %}
{% block main %}
{% call question_page("Votre enfant", "/question", "jeton", {"version": 1}, autosave="/garder") %}
{{ text_field("first_name", "Prénom") }}
{% endcall %}
{% endblock %}"""

DOCUMENTS = """{% extends "base.html" %}
{% from "macros/pieces.html" import piece_card %}
{% block title %}Documents{% endblock %}
{% block main %}<h1>Documents</h1>{{ piece_card(piece, "jeton") }}{% endblock %}"""


@dataclass
class Site:
    """A site with one question page and one piece; it remembers what it was sent."""

    address: str = ""
    kept: list[dict[str, str]] = field(default_factory=list)
    submitted: list[dict[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    refuses: int = 0
    is_checked: bool = False

    def piece(self) -> dict[str, object]:
        is_waiting = bool(self.files) and not self.is_checked
        verdict = "missing" if not self.files else "good" if self.is_checked else "checking"
        poll = {"poll": "/documents"} if is_waiting else {}
        return {
            "id": "domicile",
            "name": "Domicile",
            "why": "Pour choisir l’école.",
            "verdict": verdict,
            "upload": "/documents",
            "files": [{"name": name, "size": 2048, "verdict": verdict} for name in self.files],
            **poll,
        }


def application(site: Site) -> FastAPI:
    pages = Pages(TownHall("Valbourg"))
    app = FastAPI()
    app.include_router(pages.static_files.router)

    def page(request: Request, source: str, **context: object) -> Response:
        template = pages._environment.from_string(source)
        text = template.render(
            {**NOTHING_SHARED, "request": request, "path": "/", "csrf": "jeton", **context}
        )
        return Response(text, media_type="text/html", headers={"Content-Security-Policy": POLICY})

    @app.get("/composants")
    async def components(request: Request) -> Response:
        answer = pages.render(request, "local/composants.html")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @app.get("/question")
    async def question(request: Request) -> Response:
        return page(request, QUESTION)

    @app.post("/question")
    async def submit(request: Request) -> Response:
        form = await request.form()
        site.submitted.append({name: str(value) for name, value in form.items()})
        await asyncio.sleep(0.3)
        return page(request, QUESTION)

    @app.post("/garder")
    async def keep(request: Request) -> Response:
        assert request.headers["x-autosave"] == "1"
        if site.refuses:
            site.refuses -= 1
            return Response(status_code=503)
        form = await request.form()
        site.kept.append({name: str(value) for name, value in form.items()})
        return JSONResponse({"saved_at": "21 h 04", "version": 2})

    @app.get("/documents")
    async def documents(request: Request) -> Response:
        return page(request, DOCUMENTS, piece=site.piece())

    @app.post("/documents")
    async def add(request: Request) -> Response:
        if site.refuses:
            site.refuses -= 1
            return Response("Panne", status_code=503)
        async with request.form() as form:
            site.files += [getattr(file, "filename", "") for file in form.getlist("files")]
        return Response(status_code=303, headers={"Location": "/documents"})

    return app


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(site), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        site.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        yield site
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page
        assert not troubles


def test_the_error_summary_has_the_focus_and_leads_to_the_fields(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/composants")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Le 31 février n’existe pas").click()
    expect(page.locator("#c1_born")).to_be_focused()


def test_what_is_typed_is_kept_and_the_hour_is_said(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    page.get_by_label("Prénom").press_sequentially("Léna")
    expect(page.get_by_text("Enregistré à 21 h 04")).to_be_visible()
    assert site.kept == [{"csrf": "jeton", "version": "1", "first_name": "Léna"}]
    assert page.locator("[name=version]").input_value() == "2"


def test_a_failure_to_keep_is_said_and_can_be_tried_again(page: Page, site: Site) -> None:
    site.refuses = 1
    page.goto(f"{site.address}/question")
    page.get_by_label("Prénom").fill("Léna")
    expect(page.get_by_role("alert")).to_contain_text("pas encore enregistrées")
    expect(page.get_by_label("Prénom")).to_have_value("Léna")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("Enregistré à 21 h 04")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()


def test_pressing_twice_sends_once_and_names_the_button(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    page.get_by_label("Prénom").fill("Léna")
    page.evaluate(
        "() => { const b = document.querySelector('[name=then]'); b.click(); b.click(); }"
    )
    page.wait_for_load_state()
    expect(page.get_by_label("Prénom")).to_have_value("")
    assert site.submitted == [
        {"csrf": "jeton", "version": "1", "first_name": "Léna", "then": "leave"}
    ]


def test_a_busy_button_is_ready_again_after_the_back_button(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/question")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url("**/question")
    page.go_back()
    expect(page.get_by_role("button", name="Enregistrer et continuer")).to_be_visible()


def test_a_document_leaves_when_it_is_chosen_and_its_check_appears(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/documents")
    expect(page.get_by_role("button", name="Envoyer le fichier")).to_be_hidden()
    field = page.get_by_label("Ajouter une photo ou un fichier")
    field.focus()
    field.set_input_files({"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    expect(page.get_by_text(re.compile(r"Gardé à \d+\sh\s\d\d : « facture.pdf »"))).to_be_visible()
    expect(page.get_by_text("Vérification…").first).to_be_visible()
    expect(page.get_by_label("Ajouter une autre page")).to_be_focused()
    site.is_checked = True
    expect(page.get_by_text("Vérification…")).to_have_count(0)
    expect(page.get_by_label("Ajouter une autre page")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("Domicile : ✓ Bon")
    assert site.files == ["facture.pdf"]


def test_a_document_that_did_not_arrive_is_tried_again(page: Page, site: Site) -> None:
    site.refuses = 1
    page.goto(f"{site.address}/documents")
    page.get_by_label("Ajouter une photo ou un fichier").set_input_files(
        {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    expect(page.get_by_role("alert")).to_contain_text("n’a pas pu garder ce fichier")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("Vérification…").first).to_be_visible()
    assert site.files == ["facture.pdf"]


def test_a_document_leaves_without_scripts_too(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}/documents")
        page.get_by_label("Ajouter une photo ou un fichier").set_input_files(
            {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
        )
        page.get_by_role("button", name="Envoyer le fichier").click()
        expect(page.get_by_text("Vérification…").first).to_be_visible()
    assert site.files == ["facture.pdf"]


def test_a_key_opens_its_control_but_never_while_typing(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/composants")
    asked = page.locator("summary[data-key=m]").first
    page.locator("#c0_first_name").press_sequentially("m")
    expect(asked.locator("xpath=..")).not_to_have_attribute("open", "")
    page.locator("h1").first.click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("m")
    expect(asked.locator("xpath=..")).to_have_attribute("open", "")
    page.evaluate("localStorage.setItem('raccourcis', 'non')")
    page.keyboard.press("m")
    expect(asked.locator("xpath=..")).to_have_attribute("open", "")


def test_a_key_still_works_after_a_box_was_ticked(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/composants")
    page.locator("input[type=radio]:enabled").first.check()
    page.keyboard.press("m")
    asked = page.locator("summary[data-key=m]").first
    expect(asked.locator("xpath=..")).to_have_attribute("open", "")
