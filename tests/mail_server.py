"""A real SMTP server for tests, in a thread: it keeps what it accepts and misbehaves on demand."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.town import free_port


class MailServer:
    """What was accepted, and how to answer the next recipients.

    `answers` are given one by one to RCPT TO ("451 plus tard"); when none is left, all is accepted.
    `drops` is how many mails it will take whole, and then hang up without a word; `stalls` how many
    it will answer after a long silence only (`stalled` counts those it began).
    """

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.answers: list[str] = []
        self.asked = 0
        self.drops = 0
        self.stalls = 0
        self.stalled = 0
        self.port = free_port()

    async def handle_RCPT(  # noqa: N802  the name aiosmtpd looks for
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Answer as told, else accept."""
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail."""
        if self.stalls:
            self.stalls -= 1
            self.stalled += 1
            await asyncio.sleep(8)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.accepted.append(mail)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 Accepted"

    def subjects(self) -> list[str]:
        """The subjects of what was accepted, in order."""
        return [str(mail["Subject"]) for mail in self.accepted]


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A mail server on a free port, stopped at the end."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop(no_assert=True)
