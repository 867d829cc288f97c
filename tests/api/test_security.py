"""What every answer carries, what is refused before it is looked at, and what the log may say."""

import json
import logging
from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect

from api.access.rules import ANYONE, Anyone
from api.bodies import body_up_to
from api.dependencies import CheckedForm
from api.logs import JsonLines
from api.security import HEADERS
from tests.site import Browser, Site

FORM = "application/x-www-form-urlencoded"


def add_broken_page(site: Site) -> None:
    """A page that fails, quoting a family, and one that takes larger bodies."""
    router = APIRouter(dependencies=[ANYONE])

    @router.get("/casse/{dossier_id}")
    async def broken(visitor: Anyone, dossier_id: str) -> None:
        raise ValueError(f"Léna Martin {dossier_id} {visitor}")

    @router.post("/large", dependencies=[body_up_to(lambda settings: settings.pdf_limit_bytes)])
    async def large(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @router.post("/noms")
    async def names(form: CheckedForm) -> dict[str, list[str]]:
        return {name: form.getlist(name) for name in form}

    site.app.include_router(router)


@pytest.mark.parametrize("path", ["/", "/rien", "/casse/1", "/compte", "/healthz", "/connexion"])
async def test_every_answer_carries_the_headers(site: Site, path: str) -> None:
    add_broken_page(site)
    answer = await site.browser().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_over_https_cookies_and_headers_are_strict(https_site: Site) -> None:
    answer = await https_site.browser().get("/connexion")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


async def test_production_shows_no_example_account_and_no_local_room(https_site: Site) -> None:
    page = (await https_site.browser().get("/connexion")).text
    assert "valbourg-exemple" not in page
    for path in ("/dev/letters", "/composants", "/docs", "/openapi.json", "/redoc"):
        assert (await https_site.browser().get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc"])
async def test_there_are_no_pages_for_machines_yet(site: Site, path: str) -> None:
    assert (await site.browser().get(path)).status_code == 404


async def test_a_failure_gives_its_number_and_nothing_else(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    add_broken_page(site)
    logging.getLogger("ribambelle").propagate = True
    page = await site.browser().get(f"/casse/{'ab' * 16}?nom=Durand")
    assert page.status_code == 500
    assert "Le portail a rencontré un problème" in page.text
    assert "est gardé" in page.text
    lines = [JsonLines().format(record) for record in caplog.records]
    failure = json.loads(next(line for line in lines if "ValueError" in line))
    assert failure["incident"] in page.text
    assert failure["ids"] == {"dossier_id": "ab" * 16}
    for private in ("Léna", "Martin", "Durand"):
        assert private not in page.text
        assert not any(private in line for line in lines)


async def test_the_log_never_has_a_link_nor_an_address(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("ribambelle").propagate = True
    browser = site.browser()
    await browser.opens("/connexion?suite=/dossiers")
    await browser.send_form("/connexion", email="nina@example.org", password="mon secret")
    await browser.send_form("/connexion", email="nina@example.org")
    (token,) = await site.mailed_links()
    await browser.opens(f"/activation/{token}")
    lines = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert "/activation/{token}" in lines
    for private in (token, "nina", "secret", "suite="):
        assert private not in lines


async def test_the_log_never_has_what_somebody_wrote_in_place_of_an_id(
    as_parent: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("ribambelle").propagate = True
    assert (await as_parent.get("/dossiers/Léna Martin")).status_code == 404
    (line,) = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert line["ids"] == {"dossier_id": "odd"}


async def test_the_log_has_no_lines_but_its_own(
    as_parent: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    await as_parent.post("/compte/mot-de-passe", content=b"Martin", headers=headers)
    assert {record.name.partition(".")[0] for record in caplog.records} <= {"ribambelle"}


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
async def test_another_host_is_not_served(site: Site, name: str) -> None:
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "[", "[::1"):
        answer = await site.browser().get("/", headers={name: host})
        assert answer.status_code == 400
        assert "n’est pas celle du portail" in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await site.browser().get("/healthz", headers={"Host": "10.0.0.7"})).status_code == 200


async def test_a_body_is_refused_while_it_is_read(site: Site) -> None:
    add_broken_page(site)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"email="
        while sent < 50_000_000:
            sent += 65_536
            yield b"a" * 65_536

    answer = await site.browser().post(
        "/connexion", content=endless(), headers={"Content-Type": FORM}
    )
    assert answer.status_code == 413
    assert "1,0\u00a0Mo" in answer.text or "1\u00a0Mo" in answer.text
    assert sent < 3_000_000


async def test_an_announced_size_is_refused_unread(site: Site) -> None:
    headers = {"Content-Type": FORM, "Content-Length": "99999999999"}
    answer = await site.browser().post("/connexion", content=b"email=a", headers=headers)
    assert answer.status_code == 413


async def test_a_route_may_take_a_larger_body(site: Site) -> None:
    add_broken_page(site)
    browser = site.browser()
    answer = await browser.post("/large", content=b"a" * 2_000_000)
    assert answer.json() == {"size": 2_000_000}
    too_much = site.settings.pdf_limit_bytes + 1
    assert (await browser.post("/large", content=b"a" * too_much)).status_code == 413


async def test_a_form_with_too_many_fields_or_a_file_is_refused(site: Site) -> None:
    browser = site.browser()
    await browser.opens("/connexion")
    many = "&".join(f"f{n}=1" for n in range(10_000))
    answer = await browser.post("/connexion", content=many, headers={"Content-Type": FORM})
    assert answer.status_code == 400
    answer = await browser.post(
        "/connexion", data={"csrf": browser.csrf}, files={"email": ("a.txt", b"x")}
    )
    assert answer.status_code == 400
    assert "n’a pas été compris" in answer.text


async def test_a_form_gives_the_last_value_and_the_whole_list(site: Site) -> None:
    add_broken_page(site)
    browser = site.browser()
    await browser.opens("/connexion")
    fields = {"csrf": browser.csrf, "a": ["1", "2\x00"], "b": "é"}
    for files in ({}, {"empty": (None, "texte")}):
        answer = await browser.post("/noms", data=fields, files=files)
        assert answer.json()["a"] == ["1", "2"]
        assert answer.json()["b"] == ["é"]


async def test_a_form_loses_the_signs_nobody_sees_and_nothing_else(
    site: Site, as_parent: Browser
) -> None:
    add_broken_page(site)
    seen = "Zoé 👩\u200d👧 O’Brien\t–\r\n\u00a0: العربية"
    answer = await as_parent.send_form("/noms", a=f"\x00\x1b\u202e\x07\u2066{seen}\x7f\x85")
    assert answer.json()["a"] == [seen]


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "punycode", "undefined", "rien"])
async def test_an_odd_charset_never_breaks_a_form(
    site: Site, as_parent: Browser, charset: str
) -> None:
    add_broken_page(site)
    fields = {"csrf": as_parent.csrf, "a": r"\ud800", "b": "+2AA-"}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    answer = await as_parent.post("/noms", content="".join(parts) + "--b--\r\n", headers=headers)
    assert answer.status_code == (200 if charset == "rien" else 400)


async def test_a_torn_referrer_leads_to_the_sign_in_page(site: Site) -> None:
    headers = {"Referer": "http://["}
    answer = await site.browser().post("/compte/mot-de-passe", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion?suite=/compte"


async def test_a_sending_that_is_cut_is_no_failure_of_the_portal(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    add_broken_page(site)
    logging.getLogger("ribambelle").propagate = True

    async def cut() -> AsyncIterator[bytes]:
        yield b"la moiti"
        raise ClientDisconnect

    await site.browser().post("/large", content=cut())
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [line["status"] for line in lines if line["what"] == "request"] == [499]
    assert not any(line["what"] == "failure" for line in lines)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_form_from_another_site_is_refused(
    as_parent: Browser, headers: dict[str, str]
) -> None:
    answer = await as_parent.post(
        "/compte/mot-de-passe", data={"csrf": as_parent.csrf}, headers=headers
    )
    assert answer.status_code == 403
    assert "ne vient pas du portail" in answer.text


async def test_an_old_browser_that_says_nothing_is_judged_by_its_token(
    as_parent: Browser,
) -> None:
    for name in ("Origin", "Sec-Fetch-Site"):
        del as_parent.headers[name]
    assert (await as_parent.send_form("/compte/mot-de-passe")).status_code == 303
    answer = await as_parent.post("/compte/mot-de-passe", data={"csrf": "0" * 64})
    assert answer.status_code == 403
    assert "restée ouverte trop longtemps" in answer.text


async def test_our_own_scripts_are_answered_in_their_language(site: Site) -> None:
    browser = site.browser()
    answer = await browser.post("/compte/mot-de-passe", headers={"X-Autosave": "1"})
    assert answer.status_code == 401
    assert answer.json() == {"error": "sign_in_first"}


async def test_a_wrong_method_and_an_odd_address_are_explained(site: Site) -> None:
    answer = await site.browser().get("/deconnexion")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert "ne s’ouvre pas ainsi" in answer.text
    assert (await site.browser().get("/%00/\u202e/../etc")).status_code == 404


async def test_what_went_well_is_told_on_the_next_page_not_on_an_error(as_parent: Browser) -> None:
    await as_parent.send_form("/compte/mot-de-passe")
    assert "notice-" not in (await as_parent.get("/rien")).text
    assert "notice-" in (await as_parent.get("/compte")).text


async def test_without_the_database_the_site_says_so(site: Site) -> None:
    ready = (await site.browser().get("/readyz")).json()
    assert ready["status"] == "degraded"
    assert ready["parts"]["database"] == "ok"
    assert set(ready["degraded"]) == {"engine", "mail"}
    assert (ready["parts"]["files"], ready["parts"]["antivirus"]) == ("ok", "absent")
    async with site.writing() as store:
        await store.connection.exec_driver_sql("DROP TABLE town")
    answer = await site.browser().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"
    site.app.state.house.town_hall._read_at = None
    page = await site.browser().get("/")
    assert page.status_code == 503
    assert "momentanément indisponible" in page.text
    assert (await site.browser().get("/healthz")).status_code == 200
