"""The headers of every answer: pages, errors, files, data, style, refusals; and pages without any
script or style of their own inside.
"""

import re
from pathlib import Path

import httpx2
import pytest

from api.security import HEADERS
from tests.api.actors import Door, claires_dossier, doors, insider
from tests.api.office import an_office
from tests.programs import a_program
from tests.samples import jpeg, pdf
from tests.site import AGENT, CLAIRE, Browser, Site

ROOT = Path(__file__).resolve().parents[2]
ALWAYS = set(HEADERS) - {"Content-Security-Policy", "Cache-Control", "Referrer-Policy"}
"""What no route has a value of its own for."""
_INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)|<style\b|\s(?:style|on[a-z]+)\s*=\s*["'{]|\bjavascript:|<base\b""",
    re.IGNORECASE,
)


def is_guarded(answer: httpx2.Response) -> bool:
    """Whether an answer carries all that each must carry."""
    headers = answer.headers
    policy = headers["content-security-policy"]
    assert {name: headers[name] for name in ALWAYS} == {name: HEADERS[name] for name in ALWAYS}
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
    kind = headers.get("content-type", "")
    assert kind or not answer.content
    assert "charset=utf-8" in kind or not kind.startswith("text/")
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers
    assert "x-powered-by" not in headers
    return True


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE"])
async def test_every_door_answers_with_the_headers_whatever_the_method(
    site: Site, method: str
) -> None:
    dossier_id = await claires_dossier(site)
    browsers = {role: await insider(site, role) for role in {door.role for door in doors(site)}}
    for door in {door.path: door for door in doors(site)}.values():
        answer = await browsers[door.role].request(method, door.address(dossier_id))
        assert answer.status_code < 500, f"{method} {door.path}"
        assert is_guarded(answer), f"{method} {door.path}"
        if door.role and method == "GET":
            assert "no-store" in answer.headers["cache-control"], door.path


async def test_the_answers_to_what_no_door_is_for_carry_them_too(
    site: Site, as_parent: Browser
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    program = await a_program(site, CLAIRE)
    answers = {
        "unknown": await as_parent.get("/nulle/part"),
        "another host": await as_parent.get("/", headers={"Host": "evil.example"}),
        "a packed body": await as_parent.post("/connexion", headers={"Content-Encoding": "gzip"}),
        "a zero": await as_parent.get("/dossiers?x=%00"),
        "too large": await as_parent.post(
            "/connexion", content=b"x", headers={**form, "Content-Length": "99999999"}
        ),
        "no form of ours": await as_parent.post("/compte/mot-de-passe", data={"csrf": "0" * 64}),
        "data": await program.reads("/dossiers"),
        "data that is not there": await program.reads(f"/dossiers/{'0' * 32}"),
        "data without a token": await site.browser().get("/api/v1/dossiers"),
        "the description": await site.browser().get("/api/v1/openapi.json"),
        "a sign of life": await site.browser().get("/healthz"),
    }
    async with site.writing() as store:
        await store.connection.exec_driver_sql("ALTER TABLE dossiers RENAME TO away")
    answers["the database away"] = await as_parent.get("/accueil")
    assert answers["the database away"].status_code == 503
    assert answers["too large"].status_code == 413
    for name, answer in answers.items():
        assert is_guarded(answer), name


async def test_style_and_script_may_be_kept_and_nothing_else(site: Site) -> None:
    page = (await site.browser().get("/connexion")).text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        answer = await site.browser().get(address)
        assert answer.status_code == 200
        assert is_guarded(answer)
        assert "immutable" in answer.headers["cache-control"]
    assert "no-store" in (await site.browser().get("/connexion")).headers["cache-control"]


async def test_a_document_leaves_where_nothing_can_run(site: Site) -> None:
    office = await an_office(site, "Léna")
    async with site.writing() as store:
        document = (await store.documents.of(office.first.id))[0]
    files = site.app.state.house.files
    files.pages(document.id).mkdir(parents=True)
    files.original(document.id).write_bytes(pdf())
    files.page(document.id, "page-01.jpg").write_bytes(jpeg())
    agent, claire = await site.signed_in(AGENT), await site.signed_in(CLAIRE)
    for browser, room in ((agent, "/agent"), (claire, "")):
        root = f"{room}/dossiers/{office.first.id}/fichiers/{document.id}"
        for path in (root, f"{root}/page/page-01.jpg"):
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert is_guarded(answer)
            assert answer.headers["content-security-policy"].startswith("sandbox;")
            assert "no-store" in answer.headers["cache-control"]
        original = await browser.get(root)
        assert original.headers["content-disposition"].startswith("attachment")


async def test_the_page_of_a_link_tells_nobody_its_address(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    await browser.send_form("/connexion", email="nina@example.org")
    (token,) = await site.mailed_links()
    for answer in (
        await browser.get(f"/activation/{token}"),
        await browser.get("/activation/inconnu"),
        await browser.post(f"/activation/{token}", data={}),
    ):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


async def test_over_https_every_answer_asks_for_https_for_a_year(https_site: Site) -> None:
    browser = https_site.browser()
    for path in ("/", "/connexion", "/nulle-part", "/accueil", "/healthz", "/api/v1/dossiers"):
        answer = await browser.get(path)
        wanted = "max-age=31536000; includeSubDomains"
        assert answer.headers["strict-transport-security"] == wanted, path
        assert is_guarded(answer), path


async def test_over_https_every_cookie_belongs_to_this_host_alone(https_site: Site) -> None:
    browser = https_site.browser()
    await browser.opens("/connexion?suite=/courriers")
    sent = await browser.send_form("/connexion", email="nina@example.org", suite="/courriers")
    cookies = sent.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for one in cookies:
        assert one.startswith("__Host-"), one
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(one.split("; "))
    assert "nina@example.org" in (await browser.get("/connexion/mail-envoye")).text


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in (ROOT / "api" / "templates").rglob("*.html")
        for match in _INLINE.finditer(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "odd",
    [
        '<p style="x">',
        "<a onclick='x()'>",
        "<script>x</script>",
        '<a href="javascript:x()">',
        "<style>p{}</style>",
        "<p onmouseover={{ x }}>",
    ],
)
def test_a_script_in_a_template_would_be_found(odd: str) -> None:
    assert _INLINE.search(odd)


def test_a_door_knows_its_address() -> None:
    door = Door("GET", "/dossiers/{dossier_id}/lettres/{letter_id}", "parent")
    assert door.address("a") == f"/dossiers/a/lettres/{'0' * 32}"


def test_the_address_of_the_portal_comes_from_the_settings_alone() -> None:
    files = [
        one for floor in ("api", "activities", "workflows") for one in (ROOT / floor).rglob("*.py")
    ]
    for path in files:
        said = path.read_text("utf-8")
        assert not re.search(
            r"request\.(?:base_url|url_for)|url_for\(|url\.(?:netloc|hostname)", said
        ), path
