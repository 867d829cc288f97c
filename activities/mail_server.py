"""The town's mail server: how to reach it, and one conversation with it.

Nothing of what it answers leaves this file but a code: its sentences quote addresses.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib

_GOODBYE_WITHIN = 1.0
_TOO_BIG = 552


@dataclass(frozen=True)
class MailServer:
    """How to reach the town's mail server, and how long to wait before trying again.

    `timeout_seconds` is for each of its answers, `conversation_seconds` for all of them together:
    one that answers every question at the last moment must not hold a letter for minutes. `pauses`
    are those after the first tries; the last one stays.
    """

    host: str
    port: int
    username: str = ""
    password: str = ""
    start_tls: bool = False
    timeout_seconds: float = 10
    conversation_seconds: float = 20
    pauses: Sequence[timedelta] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
    )

    def pause_after(self, attempt: int) -> timedelta:
        """How long to wait after this try, counted from 1."""
        return self.pauses[min(attempt, len(self.pauses)) - 1]


@dataclass(frozen=True)
class Answer:
    """What one try gave: no code when the letter was accepted.

    `is_final`: this letter will be refused at every try. What the server has against the portal
    itself (its password, its address, its machine) is not final: it is mended for all letters.
    """

    code: str = ""
    is_final: bool = False


async def hand_over(server: MailServer, mail: EmailMessage) -> Answer:
    """Try once to hand a mail over. Never raises for what a mail server may do.

    With `start_tls` nothing of the mail, nor the password, ever leaves in clear.
    """
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        start_tls=False,  # asked for below, so that its failures can be told apart
        timeout=server.timeout_seconds,
    )
    stage = "hello"
    try:
        async with asyncio.timeout(server.conversation_seconds):
            await client.connect()
            if server.start_tls:
                stage = "tls"
                await client.starttls()
            if server.username:
                stage = "auth"
                await client.login(server.username, server.password)
            stage = "letter"
            await client.send_message(mail)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        return _answer(error, stage)
    else:
        return Answer()
    finally:
        await _take_leave(client)


async def _take_leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye to who still listens; a letter that was accepted stays accepted."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        if client.is_connected:
            async with asyncio.timeout(_GOODBYE_WITHIN):
                await client.quit()
    client.close()


_CODES: tuple[tuple[type[Exception], str], ...] = (
    (aiosmtplib.SMTPNotSupported, "smtp_no_utf8"),
    (aiosmtplib.SMTPConnectError, "smtp_unreachable"),
    (aiosmtplib.SMTPServerDisconnected, "smtp_disconnected"),
    (TimeoutError, "smtp_disconnected"),
    (ssl.SSLCertVerificationError, "smtp_certificate"),
    (ssl.SSLError, "smtp_no_tls"),
    (ValueError, "smtp_bad_address"),
)
_FINAL = {"smtp_no_utf8", "smtp_bad_address"}


def _answer(error: Exception, stage: str) -> Answer:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]  # a letter has one
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answer_of_code(error, stage)
    if isinstance(error.__cause__, socket.gaierror):
        return Answer("smtp_unknown_host")
    for kind, code in _CODES:
        if isinstance(error, kind):
            return Answer(code, is_final=code in _FINAL)
    is_not_offered = isinstance(error, aiosmtplib.SMTPException) and stage in {"tls", "auth"}
    return Answer(f"smtp_no_{stage}" if is_not_offered else "smtp_unreachable")


def _answer_of_code(refused: aiosmtplib.SMTPResponseException, stage: str) -> Answer:
    """A 4xx is "come back later"; a 5xx is about this letter, or says what must be mended."""
    code = refused.code
    if not 400 <= code < 600:  # noqa: PLR2004
        return Answer("smtp_protocol")
    if code < 500:  # noqa: PLR2004
        return Answer(f"smtp_{code}")
    if isinstance(refused, aiosmtplib.SMTPHeloError):
        return Answer(f"smtp_hello_{code}")
    if stage != "letter":
        return Answer(f"smtp_{stage}_{code}")
    if isinstance(refused, aiosmtplib.SMTPSenderRefused) and code != _TOO_BIG:
        return Answer(f"smtp_sender_{code}")
    return Answer(f"smtp_{code}", is_final=True)
