"""The example town's mail server keeps what it accepts, and its reader shows it as it was sent."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.local.caught_mails import CaughtMail, caught_mails
from deploy.example import mail_domains
from deploy.mail_catcher import KeepMails
from deploy.probes import mailbox_answers, until
from storage.clock import now
from tests.town import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[int]:
    """A catcher on a free port, which keeps its mails in `mails/` of the test's folder."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.mail_catcher"),
        cwd=ROOT,
        env=os.environ  # noqa: TID251  (handed on)
        | {"RIBAMBELLE_HOME": str(tmp_path), "RIBAMBELLE_SMTP_PORT": str(port)},
    )
    async with asyncio.timeout(20):
        await until(lambda: mailbox_answers(port))
    yield port
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0


def a_letter(subject: str = "Votre dossier est arrivé à l’école") -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "Mairie de Valbourg <portail-famille@valbourg.example>"
    letter["To"] = "Zoé Lemaître <zoe@famille.example>"
    letter["Subject"] = subject
    letter["Message-ID"] = "<lettre-1@valbourg.example>"
    letter.set_content(
        "Bonjour,\n\nvotre dossier : http://localhost:8000/dossiers/a1?lien=2.\nÀ bientôt.\n"
    )
    letter.add_alternative(
        "<p>Bonjour</p><a href='http://localhost:8000/dossiers/a1?lien=2&amp;x=3'>ici</a>",
        subtype="html",
    )
    return letter


async def send(letter: EmailMessage, port: int, to: list[str] | None = None) -> None:
    await aiosmtplib.send(letter, hostname="127.0.0.1", port=port, recipients=to, start_tls=False)


def mails_of(folder: Path) -> list[CaughtMail]:
    return caught_mails(folder / "mails")


async def test_an_accepted_mail_can_be_read_as_it_was_sent(catcher: int, tmp_path: Path) -> None:
    await send(a_letter(), catcher)
    [mail] = mails_of(tmp_path)
    assert mail.to == ("zoe@famille.example",)
    assert mail.subject == "Votre dossier est arrivé à l’école"
    assert "À bientôt." in mail.text
    assert "<p>Bonjour</p>" in mail.html
    assert mail.message_id == "<lettre-1@valbourg.example>"
    assert mail.links == (
        "http://localhost:8000/dossiers/a1?lien=2",
        "http://localhost:8000/dossiers/a1?lien=2&x=3",
    )
    assert timedelta(0) <= now() - mail.received_at < timedelta(minutes=1)
    assert mail.received_at.tzinfo == UTC


async def test_the_newest_mail_comes_first(catcher: int, tmp_path: Path) -> None:
    for subject in ("un", "deux", "trois"):
        await send(a_letter(subject), catcher)
    assert [mail.subject for mail in mails_of(tmp_path)] == ["trois", "deux", "un"]
    assert [mail.subject for mail in caught_mails(tmp_path / "mails", limit=1)] == ["trois"]


async def test_the_same_mail_sent_twice_is_seen_twice(catcher: int, tmp_path: Path) -> None:
    await send(a_letter(), catcher)
    await send(a_letter(), catcher)
    assert len({mail.message_id for mail in mails_of(tmp_path)}) == 1
    assert len(mails_of(tmp_path)) == 2


async def test_the_real_recipients_are_shown(catcher: int, tmp_path: Path) -> None:
    await send(a_letter(), catcher, ["one@famille.example", "two@famille.example"])
    assert mails_of(tmp_path)[0].to == ("one@famille.example", "two@famille.example")


async def test_many_mails_at_once_are_all_kept(catcher: int, tmp_path: Path) -> None:
    await asyncio.gather(*(send(a_letter(f"n° {n}"), catcher) for n in range(20)))
    assert {mail.subject for mail in mails_of(tmp_path)} == {f"n° {n}" for n in range(20)}


def test_a_town_that_sent_nothing_has_an_empty_mailbox(tmp_path: Path) -> None:
    assert mails_of(tmp_path) == []


def test_a_mail_still_being_written_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "1.tmp").write_bytes(b"X-Caught-At: 2026")
    (tmp_path / "mails" / "2.eml").write_bytes(b"X-Caught-At: 2026-11-21T08:00:00+00:00\r\n\r\nx")
    [mail] = mails_of(tmp_path)
    assert mail.received_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


async def test_an_address_of_the_unknown_domain_is_refused_for_good(
    catcher: int, tmp_path: Path
) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(a_letter(), catcher, [f"marc@{mail_domains.UNKNOWN}"])
    assert [one.code for one in refused.value.recipients] == [550]
    assert mails_of(tmp_path) == []


async def test_the_slow_domain_takes_a_mail_once_some_time_has_passed(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    handler, envelope = KeepMails(tmp_path, come_back_after=0.2), Envelope()
    address = f"Emma@{mail_domains.SLOW}"

    async def answer() -> str:
        return await handler.handle_RCPT(SMTP(handler), Session(loop), envelope, address, [])

    assert (await answer()).startswith("451")
    assert (await answer()).startswith("451")
    await asyncio.sleep(0.25)
    assert (await answer()).startswith("250")
    assert envelope.rcpt_tos == [address]
