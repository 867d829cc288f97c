"""Forms nobody should send: names that mislead, parts that lie, packed bodies, crowds of fields."""

import pytest

from domain.documents import NAME_LENGTH
from storage.dossiers import Dossier
from tests.families import a_filled_draft
from tests.papers import PDF, PIECE, documents_of, folders, send
from tests.site import Browser, Site

NAMES = (
    "../../../../etc/passwd.pdf",
    "..\\..\\..\\windows\\win.ini.pdf",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd.pdf",
    "..%c0%af..%c0%afpasswd.pdf",
    "....//....//passwd.pdf",
    "/etc/shadow.pdf",
    "\\\\serveur\\partage\\acte.pdf",
    "file:///etc/passwd.pdf",
    "acte.pdf\x00.html",
    "acte\x00.pdf",
    "CON.pdf",
    "NUL.pdf",
    "aux.pdf",
    "COM1.pdf",
    "acte.pdf::$DATA.pdf",
    "acte .pdf. . .pdf",
    ".pdf",
    "..pdf",
    "...",
    "~root.pdf",
    "-rf.pdf",
    "$(reboot).pdf",
    "`reboot`.pdf",
    "a;reboot|b&c.pdf",
    "acte\r\nSet-Cookie: a=b.pdf",
    "acte\nX: y.pdf",
    "acte\u2028b\u2029c\u0085d.pdf",
    'acte".pdf',
    "acte\\.pdf",
    "acte';alert(1);'.pdf",
    '"><svg onload=alert(1)>.pdf',
    "{{7*7}}${7*7}<%=7*7%>.pdf",
    "%s%n%x%d.pdf",
    "=cmd|'/c calc'!A1.pdf",
    "' OR 1=1 --.pdf",
    "\u202efdp.exe.pdf",
    "\u2066acte\u2069\u200b\ufeff.pdf",
    "A\u0301\u0301\u0301" * 90 + ".pdf",
    "\U0001f4c4" * 200 + ".pdf",
    "é" * 4096 + ".pdf",
    "acte" + ".pdf" * 1000,
    "a" * 300 + "." + "b" * 300,
    "\ud83d.pdf".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "ACTE.PDF",
    "acte.pdf;v=1.pdf",
    "acte.pdf?.pdf#.pdf",
    "acte.pdf/",
)


async def raw(browser: Browser, dossier: Dossier, body: bytes, kind: str = "x") -> int:
    """Send this as the body of a sending of files; the status that comes back."""
    answer = await browser.post(
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        content=body,
        headers={"Content-Type": f"multipart/form-data; boundary={kind}"},
    )
    return answer.status_code


def part(disposition: str, content: bytes = b"", *, end: bytes = b"\r\n") -> bytes:
    return b"--x\r\nContent-Disposition: %b\r\n\r\n%b%b" % (disposition.encode(), content, end)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_no_name_leaves_its_folder_its_header_or_its_page(
    answering: Site, as_parent: Browser, name: str
) -> None:
    dossier = await a_filled_draft(answering)
    told = name.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    disposition = b'form-data; name="files"; filename="%b"' % told.replace(b"\r\n", b" ")
    body = part('form-data; name="csrf"', as_parent.csrf.encode())
    body += b"--x\r\nContent-Disposition: %b\r\n\r\n%b\r\n--x--\r\n" % (disposition, PDF)
    assert await raw(as_parent, dossier, body) in {303, 400}
    everything = [one for one in answering.settings.home.rglob("*") if one.is_file()]
    originals = [one for one in everything if one.read_bytes() == PDF]
    assert all(one.is_relative_to(answering.settings.files_folder) for one in originals)
    for kept in await documents_of(answering, dossier):
        assert len(kept.original_name) <= NAME_LENGTH
        assert kept.original_name.isprintable()
        assert not {"/", "\\"} & set(kept.original_name)
        answer = await as_parent.get(f"/dossiers/{dossier.id}/fichiers/{kept.id}")
        header = answer.headers["content-disposition"]
        assert header.isascii()
        assert header.isprintable()
        assert header.startswith("attachment; filename")
        assert "set-cookie" not in answer.headers
        page = await as_parent.opens(f"/dossiers/{dossier.id}/documents")
        assert "<svg onload" not in page.text
        assert "{{7*7}}" in page.text or "{{7*7}}" not in name


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("no end", part('form-data; name="csrf"', b"a"), "x"),
        ("nested", part("form-data; name=f") + b"Content-Type: multipart/mixed; boundary=y", "x"),
        ("a huge header", part(f'form-data; name="{"a" * 100_000}"', b"1") + b"--x--", "x"),
        ("no name", part("form-data", b"1") + b"--x--\r\n", "x"),
        ("control signs in a name", part('form-data; name="c\x00s\x07rf"', b"1") + b"--x--", "x"),
        ("no disposition", b"--x\r\n\r\n1\r\n--x--\r\n", "x"),
        ("headers without end", b"--x\r\n" + b"A: b\r\n" * 60_000, "x"),
        ("an endless boundary", b"--" + b"x" * 60_000, "x" * 60_000),
        ("a quoted boundary", b"--x--", '"x'),
        ("an odd boundary", b"--\xe9--", "\xe9"),
        ("only hyphens", b"-" * 600_000, "x"),
        ("only line ends", b"\r\n" * 300_000, "x"),
        ("a bare beginning", b"--x", "x"),
        ("odd bytes", bytes(range(256)) * 99, "x"),
    ],
)
async def test_an_odd_sending_is_a_plain_refusal(
    answering: Site, as_parent: Browser, name: str, body: bytes, kind: str
) -> None:
    dossier = await a_filled_draft(answering)
    answer = await as_parent.post(
        f"/dossiers/{dossier.id}/documents/{PIECE}",
        content=body,
        headers=[(b"Content-Type", f"multipart/form-data; boundary={kind}".encode("latin-1"))],
    )
    assert answer.status_code in {303, 400, 403, 413}, name
    assert folders(answering) == []
    assert await documents_of(answering, dossier) == []


async def test_a_second_token_cannot_replace_the_first(answering: Site, as_parent: Browser) -> None:
    dossier = await a_filled_draft(answering)
    tokens = [b"0" * 64, as_parent.csrf.encode()]
    for first, second in (tokens, tokens[::-1]):
        body = part('form-data; name="csrf"', first) + part('form-data; name="csrf"', second)
        assert await raw(as_parent, dossier, body + b"--x--\r\n") == 403


async def test_a_thousand_files_and_ten_thousand_fields_are_not_read(
    answering: Site, as_parent: Browser
) -> None:
    dossier = await a_filled_draft(answering)
    files = [(f"{n}.pdf", PDF + b"%d" % n) for n in range(1000)]
    assert (await send(as_parent, dossier, *files)).status_code == 400
    assert len(folders(answering)) <= answering.settings.files_per_piece
    fields = "&".join(f"f{n}=1" for n in range(10_000))
    for kind, body in (
        ("application/x-www-form-urlencoded", fields.encode()),
        (
            "multipart/form-data; boundary=x",
            b"".join(part(f'form-data; name="f{n}"', b"1") for n in range(10_000)) + b"--x--\r\n",
        ),
    ):
        for place in (f"/dossiers/{dossier.id}/documents/{PIECE}", "/connexion"):
            answer = await as_parent.post(place, content=body, headers={"Content-Type": kind})
            assert answer.status_code == 400, (kind, place)


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "GZIP, identity", "x"])
async def test_a_packed_body_is_not_unpacked(site: Site, packing: str) -> None:
    answer = await site.browser().post(
        "/connexion", content=b"\x1f\x8b" * 99, headers={"Content-Encoding": packing}
    )
    assert answer.status_code == 415
    assert "ne lit pas les envois compressés" in answer.text
