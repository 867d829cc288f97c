"""One conversation with a mail server, at whatever stage it goes wrong."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from activities.mail_server import Answer, MailServer, hand_over
from tests.certificates import a_certificate
from tests.living_town import eventually
from tests.mail_talk import DROP, STALL, MailTalk, mail_talk
from tests.town import free_port

IN_TIME = 10.0
"""A guard against hanging for ever, far from every limit of these tests."""


@pytest.fixture
async def talk() -> AsyncIterator[MailTalk]:
    async with mail_talk() as talk:
        yield talk


def a_mail(to: str = "claire@exemple.fr", text: str = "Bonjour Claire,\n") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "portail@v.example", to, "Dossier reçu"
    mail["Message-ID"] = "<1@v.example>"
    mail.set_content(text)
    return mail


def at(talk: MailTalk, **more: object) -> MailServer:
    known = MailServer("127.0.0.1", talk.port, timeout_seconds=0.5, conversation_seconds=2)
    return replace(known, **more)  # type: ignore[arg-type]


async def hands_over(server: MailServer, mail: EmailMessage | None = None) -> Answer:
    async with asyncio.timeout(IN_TIME):
        return await hand_over(server, mail or a_mail())


async def is_alone(talk: MailTalk) -> None:
    async def nobody() -> bool:
        return talk.open_now == 0

    await eventually(nobody, what="every connection is closed")


async def test_a_mail_is_accepted_and_the_portal_says_goodbye(talk: MailTalk) -> None:
    assert await hands_over(at(talk)) == Answer()
    assert [mail["Message-ID"] for mail in talk.accepted] == ["<1@v.example>"]
    assert talk.commands("QUIT") == ["QUIT"]
    await is_alone(talk)


@pytest.mark.parametrize(
    ("stage", "words", "code", "is_final"),
    [
        ("hello", "421 too busy", "smtp_421", False),
        ("hello", "554 your machine is not welcome", "smtp_hello_554", False),
        ("hello", "SSH-2.0-OpenSSH_9.2", "smtp_protocol", False),
        ("MAIL", "451 later", "smtp_451", False),
        ("MAIL", "550 portail@v.example may not write from here", "smtp_sender_550", False),
        ("MAIL", "530 Must issue a STARTTLS command first", "smtp_sender_530", False),
        ("MAIL", "552 too big", "smtp_552", True),
        ("RCPT", "451 greylisted", "smtp_451", False),
        ("RCPT", "421 closing", "smtp_421", False),
        ("RCPT", "550 unknown", "smtp_550", True),
        ("RCPT", "553 not an address", "smtp_553", True),
        ("DATA", "250 you are welcome", "smtp_protocol", False),
        ("DATA", "554 no", "smtp_554", True),
        (".", "451 try again", "smtp_451", False),
        (".", "552 mailbox full", "smtp_552", True),
        (".", "554 spam", "smtp_554", True),
    ],
)
async def test_each_refusal_has_its_code_and_says_whether_another_try_would_help(
    talk: MailTalk, stage: str, words: str, code: str, is_final: bool
) -> None:
    talk.script = {stage: [words]}
    assert await hands_over(at(talk)) == Answer(code, is_final=is_final)
    assert talk.accepted == []
    await is_alone(talk)
    assert await hands_over(at(talk)) == Answer()


@pytest.mark.parametrize("stage", ["hello", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("trouble", [STALL, DROP])
async def test_a_server_that_falls_silent_or_hangs_up_at_any_stage_holds_nobody(
    talk: MailTalk, stage: str, trouble: str
) -> None:
    talk.script = {stage: [trouble]}
    answer = await hands_over(at(talk))
    expected = "smtp_unreachable" if stage == "hello" else "smtp_disconnected"
    assert answer == Answer(expected)
    assert talk.accepted == []
    await is_alone(talk)
    assert await hands_over(at(talk)) == Answer()


@pytest.mark.parametrize("trouble", [STALL, DROP])
async def test_what_was_taken_without_a_word_may_arrive_twice_but_is_one_mail(
    talk: MailTalk, trouble: str
) -> None:
    talk.script = {".": [trouble] * 2}
    for _ in range(2):
        assert await hands_over(at(talk)) == Answer("smtp_disconnected")
    assert await hands_over(at(talk)) == Answer()
    assert len(talk.raw) == 3
    assert len(set(talk.raw)) == 1
    await is_alone(talk)


@pytest.mark.parametrize("trouble", [STALL, DROP, "500 what?", "421 bye"])
async def test_a_mail_that_was_accepted_stays_so_whatever_the_goodbye(
    talk: MailTalk, trouble: str
) -> None:
    talk.script = {"QUIT": [trouble]}
    assert await hands_over(at(talk)) == Answer()
    assert len(talk.accepted) == 1
    await is_alone(talk)


async def test_a_server_that_always_answers_at_the_last_moment_is_left_in_the_end(
    talk: MailTalk,
) -> None:
    talk.seconds_per_word = 0.3  # of the 0.5 it has for each word; six words are needed
    server = at(talk, conversation_seconds=0.8)
    assert await hands_over(server) == Answer("smtp_disconnected")
    assert talk.accepted == []
    await is_alone(talk)


async def test_a_server_that_is_not_there_or_has_no_name_is_said_so() -> None:
    nowhere = MailServer("127.0.0.1", free_port())
    assert await hands_over(nowhere) == Answer("smtp_unreachable")
    nameless = MailServer("mail.valbourg.invalid", 25)
    assert await hands_over(nameless) == Answer("smtp_unknown_host")


# Under a cover ------------------------------------------------------------------------------------


async def test_with_a_good_certificate_everything_but_the_greeting_is_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = a_certificate(tmp_path, of="127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with mail_talk(MailTalk(offers=("STARTTLS", "AUTH PLAIN"), tls=context)) as talk:
        server = at(talk, start_tls=True, username="portail", password="secret")
        assert await hands_over(server) == Answer()
        spoken = [line.split()[0] for line in talk.heard]
        assert spoken[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
        assert len(talk.accepted) == 1


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_wrong_certificate_stops_everything_before_a_word_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    context, file = a_certificate(tmp_path, of="127.0.0.2" if trusted else "127.0.0.1")
    if trusted:  # the right authority, for another machine
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with mail_talk(MailTalk(offers=("STARTTLS", "AUTH PLAIN"), tls=context)) as talk:
        server = at(talk, start_tls=True, username="portail", password="secret")
        assert await hands_over(server) == Answer("smtp_certificate")
        assert [line.split()[0] for line in talk.heard] == ["EHLO", "STARTTLS"]
        assert talk.raw == []
        await is_alone(talk)


@pytest.mark.parametrize(
    ("offers", "words", "code"),
    [
        (("AUTH PLAIN",), "220 Ready", "smtp_no_tls"),
        (("STARTTLS", "AUTH PLAIN"), "454 not now", "smtp_454"),
        (("STARTTLS", "AUTH PLAIN"), "502 no", "smtp_tls_502"),
        (("STARTTLS", "AUTH PLAIN"), STALL, "smtp_disconnected"),
    ],
)
async def test_without_the_cover_that_is_asked_for_nothing_leaves(
    talk: MailTalk, offers: tuple[str, ...], words: str, code: str
) -> None:
    talk.offers, talk.script = offers, {"STARTTLS": [words]}
    server = at(talk, start_tls=True, username="portail", password="secret")
    assert await hands_over(server) == Answer(code)
    assert not talk.commands("AUTH")
    assert not talk.commands("MAIL")


async def test_a_refused_password_concerns_every_letter_and_refuses_none_for_good(
    talk: MailTalk,
) -> None:
    talk.offers, talk.script = ("AUTH PLAIN",), {"AUTH": ["535 wrong password"]}
    server = at(talk, username="portail", password="old")
    assert await hands_over(server) == Answer("smtp_auth_535")
    assert await hands_over(server) == Answer()
    sent = talk.commands("AUTH")[0].split()[-1]
    assert base64.b64decode(sent) == b"\0portail\0old"


async def test_a_server_that_asks_for_no_password_is_said_so(talk: MailTalk) -> None:
    assert await hands_over(at(talk, username="portail")) == Answer("smtp_no_auth")


# What is said -------------------------------------------------------------------------------------


async def test_an_address_with_accents_needs_a_server_that_can_write_them(talk: MailTalk) -> None:
    mail = a_mail("zoé@exemple.fr")
    assert await hands_over(at(talk), mail) == Answer("smtp_no_utf8", is_final=True)
    talk.offers = ("SMTPUTF8", "8BITMIME")
    assert await hands_over(at(talk), mail) == Answer()
    assert "zoé@exemple.fr" in talk.commands("RCPT")[0]


@pytest.mark.parametrize("offers", [(), ("8BITMIME",)])
async def test_long_lines_dots_and_accents_arrive_as_they_were_written(
    talk: MailTalk, offers: tuple[str, ...]
) -> None:
    talk.offers = offers
    text = f".\n..\n.bonjour\nUne ligne de {'très ' * 600}long.\nQUIT\nL’été à l’école.\n"
    mail = a_mail(text=text)
    mail.add_alternative(f"<p>{text}</p>", subtype="html")
    assert await hands_over(at(talk), mail) == Answer()
    [raw] = talk.raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii() or "8BITMIME" in offers
    body = talk.accepted[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text
