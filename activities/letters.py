"""Handing letters to the mail server: at least once, with one Message-ID, and nothing hidden.

`accepted` means "remis au serveur de mail", never "reçu". The same words and the same Message-ID
leave at every try, so that a copy sent twice shows as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letter_writer import LetterWriter
from domain.messages import SendLetter
from domain.states import Actor
from storage.clock import now
from storage.letters import ACCEPTED, REFUSED, RETRYING, Letter
from storage.store import OpenStore

_SETTLED = frozenset({ACCEPTED, REFUSED})


@dataclass(frozen=True)
class MailServer:
    """How to reach the town's mail server, and how long to wait before trying again."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    start_tls: bool = False
    timeout_seconds: float = 10
    pauses: Sequence[timedelta] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
    )


class LetterActivities:
    """The portal's way to the mail server."""

    def __init__(self, open_store: OpenStore, server: MailServer, writer: LetterWriter) -> None:
        self._open_store = open_store
        self._server = server
        self._writer = writer

    @activity.defn
    async def send(self, message: SendLetter) -> str:
        """Hand the letter over and give its status, `accepted` or `refused`.

        A 5xx answer is a result, shown to staff. A 4xx answer or a server out of reach fails the
        try, and asks for the next one after a pause. Twice: a letter accepted or refused already is
        not sent; a deliberate resend is another letter.
        """
        async with self._open_store() as store:
            letter = await store.letters.find(message.letter_id)
        if letter is None:
            return ACCEPTED
        if letter.status in _SETTLED:
            return letter.status
        code = await self._hand_over(letter)
        if not code:
            await self._note(letter, ACCEPTED, "")
            return ACCEPTED
        if code.startswith("smtp_5"):
            await self._note(letter, REFUSED, code)
            return REFUSED
        await self._note(letter, RETRYING, code)
        attempt = min(activity.info().attempt, len(self._server.pauses))
        raise ApplicationError(
            code, type=code, next_retry_delay=self._server.pauses[attempt - 1]
        ) from None

    @activity.defn
    async def give_up(self, message: SendLetter) -> None:
        """A day of tries was in vain: say so where staff will see it. Twice: the same."""
        async with self._open_store() as store:
            letter = await store.letters.find(message.letter_id)
        if letter is not None and letter.status not in _SETTLED:
            await self._note(letter, REFUSED, letter.code or "gave_up")

    async def _note(self, letter: Letter, status: str, code: str) -> None:
        async with self._open_store() as store:
            await store.letters.note_try(letter.id, status, code, now())
            if status == REFUSED:
                await store.supervision.clear_about(letter.id, now())
            if status == REFUSED and letter.dossier_id:
                dossier = await store.dossiers.find(letter.dossier_id)
                await store.events.add(
                    letter.dossier_id,
                    f"letter_refused:{letter.id}",
                    at=now(),
                    what="letter_refused",
                    actor=Actor.PORTAL,
                    actor_id=None,
                    state=dossier.state,
                    detail={"letter": letter.id, "code": code},
                )

    async def _hand_over(self, letter: Letter) -> str:
        """Try once; empty when accepted, else the code of what refused it. No address leaks out."""
        server = self._server
        try:
            await aiosmtplib.send(
                self.mail(letter),
                hostname=server.host,
                port=server.port,
                username=server.username or None,
                password=server.password or None,
                start_tls=server.start_tls,
                timeout=server.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return f"smtp_{max(one.code for one in refused.recipients)}"
        except aiosmtplib.SMTPResponseException as refused:
            return f"smtp_{refused.code}"
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError):
            return "smtp_disconnected"
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return "smtp_unreachable"
        return ""

    def mail(self, letter: Letter) -> EmailMessage:
        """The mail as it leaves: text and HTML, the letter's own Message-ID and date."""
        mail = EmailMessage()
        mail["From"] = self._writer.sender.mail_from
        mail["To"] = letter.to_address
        mail["Subject"] = letter.subject
        mail["Message-ID"] = letter.message_id
        mail["Date"] = format_datetime(letter.created_at)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._writer.with_secret(letter.text, letter.link_id))
        html = self._writer.with_secret(letter.html, letter.link_id)
        mail.add_alternative(html, subtype="html")
        return mail
