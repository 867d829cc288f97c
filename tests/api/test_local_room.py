"""The example town's own room: the caught mails, the components; nothing of it in production."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.site import Site

LINK = "http://localhost:8000/activation/abc"


@pytest.fixture
def mails(site: Site) -> Path:
    """Two caught mails, the second to Zoé."""
    folder = site.settings.home / "mails"
    folder.mkdir()
    for number, to in ((1, "claire@example.org"), (2, "zoe@example.org")):
        mail = EmailMessage()
        mail["X-Caught-At"] = f"2026-11-23T08:0{number}:00+00:00"
        mail["X-Caught-For"] = to
        mail["Subject"] = f"Lettre {number}"
        mail["Message-ID"] = f"<{number}@v.example>"
        mail.set_content(f"Bonjour <b>{to}</b>,\n{LINK}\n")
        mail.add_alternative(
            "<p>Bonjour</p><style>p{color:red}</style><script>x()</script>", subtype="html"
        )
        (folder / f"0000000000000000000{number}-ab.eml").write_bytes(mail.as_bytes())
    return folder


async def test_an_empty_mailbox_says_so(site: Site) -> None:
    page = await site.browser().get("/dev/letters")
    assert page.status_code == 200
    assert "Aucun courrier pour le moment." in page.text
    assert (await site.browser().get("/dev/letters.json")).json() == []


@pytest.mark.usefixtures("mails")
async def test_the_caught_mails_are_shown_newest_first_with_their_links(site: Site) -> None:
    text = (await site.browser().get("/dev/letters")).text
    assert text.index("Lettre 2") < text.index("Lettre 1")
    assert f'href="{LINK}"' in text
    assert "&lt;b&gt;claire@example.org" in text


@pytest.mark.usefixtures("mails")
async def test_the_mails_of_one_address_can_be_found(site: Site) -> None:
    text = (await site.browser().get("/dev/letters?to=ZOE")).text
    assert "Lettre 2" in text
    assert "Lettre 1" not in text


@pytest.mark.usefixtures("mails")
async def test_programs_read_the_mails_as_json(site: Site) -> None:
    first, second = (await site.browser().get("/dev/letters.json")).json()
    assert first["to"] == ["zoe@example.org"]
    assert first["subject"] == "Lettre 2"
    assert first["links"] == [LINK]
    assert LINK in first["text"]
    assert first["received_at"] == "2026-11-23T08:02:00+00:00"
    assert second["message_id"] == "<1@v.example>"


@pytest.mark.usefixtures("mails")
async def test_nothing_runs_in_the_html_part_of_a_mail(site: Site) -> None:
    answer = await site.browser().get("/dev/letters/00000000000000000001-ab/html")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert (await site.browser().get("/dev/letters/nothing/html")).status_code == 404


async def test_every_component_can_be_looked_at(site: Site) -> None:
    assert (await site.browser().get("/composants")).status_code == 200


@pytest.mark.parametrize("path", ["/dev/letters", "/composants"])
async def test_none_of_it_exists_in_production(site: Site, https_site: Site, path: str) -> None:
    assert (await site.browser().get(path)).status_code == 200
    assert (await https_site.browser().get(path)).status_code == 404
