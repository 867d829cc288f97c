"""Requests as no browser sends them: endless, slow, crowded, broken. Never a 5xx, never a hang."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.access.sessions import cookie_name
from api.bodies import MOST_OF_A_SESSION
from domain.documents import MEGABYTE
from domain.messages import Outcome
from domain.states import Action, State
from settings import Settings
from storage.dossiers import Dossier
from tests.families import a_filled_draft
from tests.papers import PIECE, documents_of
from tests.samples import jpeg
from tests.site import CLAIRE, Browser, Site, running_site
from tests.wire import HastyProtocol, Wire, on_the_wire

TWO_GIGABYTES = 2 * 1024 * MEGABYTE
PACE_SECONDS = 1.0


@pytest.fixture
async def hasty_site(tmp_path: Path, sql_url: str) -> AsyncIterator[Site]:
    """A site with little patience for slow bodies."""
    settings = Settings(home=tmp_path / "home", slowest_64_kb_seconds=PACE_SECONDS)
    async with running_site(settings, sql_url) as site:
        site.gateway.outcomes[Action.ADD_DOCUMENT] = Outcome(applied=True, state=State.DRAFT)
        yield site


@pytest.fixture
async def wire(hasty_site: Site) -> AsyncIterator[Wire]:
    async with on_the_wire(hasty_site.app) as wire:
        yield wire


@pytest.fixture
async def claire(hasty_site: Site) -> Browser:
    return await hasty_site.signed_in(CLAIRE)


def cookie_of(site: Site, browser: Browser) -> str:
    name = cookie_name(site.settings)
    return f"{name}={next(one.value for one in browser.cookies.jar if one.name == name)}"


def a_sending(wire: Wire, site: Site, browser: Browser, dossier: Dossier, *lines: str) -> bytes:
    """The head of a sending of files by this parent."""
    return wire.head(
        f"POST /dossiers/{dossier.id}/documents/{PIECE} HTTP/1.1",
        "Content-Type: multipart/form-data; boundary=x",
        *lines,
        cookie=cookie_of(site, browser),
    )


def form_until_file(browser: Browser, name: str = "photo.jpg") -> bytes:
    return (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{browser.csrf}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    ).encode()


def in_chunks(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def bytes_kept(site: Site) -> int:
    files = site.settings.files_folder.rglob("*")
    return sum(one.stat().st_size for one in files if one.is_file())


async def test_two_gigabytes_that_are_announced_are_refused_before_they_come(
    hasty_site: Site, wire: Wire, claire: Browser
) -> None:
    dossier = await a_filled_draft(hasty_site)
    head = a_sending(wire, hasty_site, claire, dossier, f"Content-Length: {TWO_GIGABYTES}")

    async def body() -> AsyncIterator[bytes]:
        for _ in range(2048):
            yield bytes(MEGABYTE)

    answer = await wire.says(head, body=body())
    assert answer.status == 413
    assert "C’est trop lourd" in answer.text
    assert answer.bytes_sent < TWO_GIGABYTES
    assert bytes_kept(hasty_site) == 0


async def test_two_gigabytes_that_are_not_announced_stop_at_the_limit(
    hasty_site: Site, wire: Wire, claire: Browser
) -> None:
    dossier, most = await a_filled_draft(hasty_site), 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal most
        yield in_chunks(form_until_file(claire) + jpeg()[:200])
        for _ in range(2048):
            yield in_chunks(bytes(MEGABYTE))
            most = max(most, bytes_kept(hasty_site))

    head = a_sending(wire, hasty_site, claire, dossier, "Transfer-Encoding: chunked")
    answer = await wire.says(head, body=body())
    assert answer.status == 413
    assert answer.bytes_sent < 300 * MEGABYTE
    assert 0 < most <= hasty_site.settings.photo_limit_bytes + MEGABYTE
    assert bytes_kept(hasty_site) == 0
    assert await documents_of(hasty_site, dossier) == []


async def test_a_body_that_hardly_comes_is_cut_with_a_sentence(
    hasty_site: Site, wire: Wire, claire: Browser
) -> None:
    dossier = await a_filled_draft(hasty_site)

    async def body() -> AsyncIterator[bytes]:
        yield form_until_file(claire)
        for _ in range(600):
            yield b"\xff"
            await asyncio.sleep(0.1)

    head = a_sending(wire, hasty_site, claire, dossier, "Content-Length: 9000000")
    answer = await wire.says(head, body=body())
    assert answer.status == 408
    assert "L’envoi s’est arrêté en route" in answer.text
    assert bytes_kept(hasty_site) == 0


async def test_a_slow_telephone_that_keeps_the_pace_is_waited_for(
    hasty_site: Site, wire: Wire, claire: Browser
) -> None:
    dossier, photo = await a_filled_draft(hasty_site), jpeg(1800, 2400)
    whole = form_until_file(claire) + photo + b"\r\n--x--\r\n"

    async def body() -> AsyncIterator[bytes]:
        for place in range(0, len(whole), 40_000):
            yield whole[place : place + 40_000]
            await asyncio.sleep(PACE_SECONDS / 4)  # longer than the pace, all together

    assert len(whole) > 5 * 40_000
    head = a_sending(wire, hasty_site, claire, dossier, f"Content-Length: {len(whole)}")
    answer = await wire.says(head, body=body())
    assert answer.status == 303
    (kept,) = await documents_of(hasty_site, dossier)
    assert kept.size_bytes == len(photo)


async def test_a_head_that_never_ends_is_hung_up_on(wire: Wire) -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        for number in range(600):
            yield b"X-%d: a\r\n" % number
            await asyncio.sleep(0.1)

    answer = await wire.says(body=drip())
    assert answer.status == 0
    silent = await wire.says()
    assert silent.status == 0
    assert (await wire.says(wire.head("GET /healthz HTTP/1.1"))).status == 200


class LingeringProtocol(HastyProtocol):
    """Time enough for the end of a refused body, however busy the machine."""

    linger_seconds = 3.0


async def test_a_connection_is_used_again_after_an_early_refusal(hasty_site: Site) -> None:
    async with on_the_wire(hasty_site.app, LingeringProtocol) as wire:
        reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        size = 2 * MEGABYTE
        writer.write(wire.head("POST /connexion HTTP/1.1", f"Content-Length: {size}") + bytes(9000))
        assert b" 403 " in await reader.readuntil(b"\r\n")  # no form of ours: not read
        writer.write(bytes(size - 9000))
        await writer.drain()
        writer.write(wire.head("GET /healthz HTTP/1.1"))
        await reader.readuntil(b"HTTP/1.1 200 ")
        await asyncio.sleep(LingeringProtocol.linger_seconds * 1.2)  # nobody hangs up meanwhile
        writer.write(wire.head("GET /healthz HTTP/1.1", "Connection: close"))
        assert b"HTTP/1.1 200 " in await reader.read()
        writer.close()


async def test_fifty_slow_sendings_leave_the_pages_to_the_others(
    hasty_site: Site, wire: Wire, claire: Browser
) -> None:
    dossier = await a_filled_draft(hasty_site)
    pages: list[int] = []
    is_over = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield form_until_file(claire) + bytes(70_000)
        while not is_over.is_set():
            yield bytes(20_000)
            await asyncio.sleep(0.2)

    async def read_pages() -> None:
        for _ in range(20):
            answer = await wire.says(wire.head("GET /connexion HTTP/1.1"))
            pages.append(answer.status)
        is_over.set()

    head = a_sending(wire, hasty_site, claire, dossier, "Content-Length: 100000000")
    sendings = [asyncio.create_task(wire.says(head, body=slowly())) for _ in range(50)]
    await read_pages()
    answers = await asyncio.gather(*sendings)
    refused = [one for one in answers if one.status == 429]
    assert pages == [200] * 20
    # One that was cut on a busy machine leaves its place to another.
    assert 50 - 2 * MOST_OF_A_SESSION <= len(refused) <= 50 - MOST_OF_A_SESSION
    assert "Trop d’envois en même temps" in refused[0].text
    once_more = await wire.says(
        a_sending(wire, hasty_site, claire, dossier, "Content-Length: 30"), body=_bytes(b"--x--")
    )
    assert once_more.status == 408  # nobody is counted any more: it was read, as far as it went


async def _bytes(content: bytes) -> AsyncIterator[bytes]:
    yield content


def http(first_line: bytes, *lines: bytes, host: bytes = b"Host: localhost") -> bytes:
    return b"\r\n".join((first_line, *((host,) if host else ()), *lines, b"", b""))


GET, POST = b"GET / HTTP/1.1", b"POST /connexion HTTP/1.1"
CHUNKED = b"Transfer-Encoding: chunked"
BROKEN = {
    "nothing": b"\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "an odd method": http(b"PROPFIND / HTTP/1.1"),
    "a trace": http(b"TRACE /connexion HTTP/1.1"),
    "a connect": http(b"CONNECT localhost:22 HTTP/1.1"),
    "an upgrade": http(GET, b"Connection: Upgrade", b"Upgrade: h2c"),
    "a long address": http(b"GET /" + b"a" * 60_000 + b" HTTP/1.1"),
    "a very long address": http(b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1"),
    "a long query": http(b"GET /connexion?retour=" + b"%2f" * 9_000 + b" HTTP/1.1"),
    "a long cookie": http(GET, b"Cookie: a=" + b"b" * 40_000),
    "odd cookies": http(GET, b"Cookie: \xff\xfe=\x80; ;;=;="),
    "ten thousand headers": http(GET, *[b"A: b"] * 10_000),
    "two lengths": http(POST, b"Content-Length: 1", b"Content-Length: 9") + b"a",
    "a negative length": http(POST, b"Content-Length: -1"),
    "a length of letters": http(POST, b"Content-Length: \xb2"),
    "a length and chunks": http(POST, b"Content-Length: 5", CHUNKED) + b"0\r\n\r\n",
    "chunks that lie": http(POST, CHUNKED) + b"ffffffffffffffff\r\nabc",
    "an encoding of the body": http(POST, b"Transfer-Encoding: gzip"),
    "two hosts": http(GET, b"Host: evil.example"),
    "no host": http(GET, host=b""),
    "an odd host": http(GET, host=b"Host: [::1"),
    "a folded header": http(GET, b"A: b", b" c"),
    "bytes in the address": http(b"GET /\xff\xfe HTTP/1.1"),
    "bad signs in the address": http(b"GET /%ff%fe/%c0%ae%c0%ae/%00?a=%ff&b=%00 HTTP/1.1"),
    "a way up": http(b"GET /static/../../settings.py HTTP/1.1"),
    "a hidden way up": http(b"GET /static/%2e%2e/%2e%2e%2fsettings.py HTTP/1.1"),
    "a whole address": http(b"GET http://evil.example/ HTTP/1.1"),
    "ranges": http(b"GET /connexion HTTP/1.1", b"Range: bytes=" + b"0-1," * 999),
    "an old protocol": http(b"GET / HTTP/0.9"),
    "a future protocol": http(b"GET / HTTP/9.9"),
}


async def test_nothing_that_comes_over_the_wire_breaks_the_site(wire: Wire) -> None:
    for name, request in BROKEN.items():
        answer = await wire.says(request)
        assert answer.status < 500, name
        assert "evil.example" not in answer.text, name
    assert (await wire.says(wire.head("GET /healthz HTTP/1.1"))).status == 200
