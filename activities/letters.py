"""Handing letters to the mail server: at least once, with one Message-ID, and nothing hidden.

`accepted` means "remis au serveur de mail", never "reçu". The same words and the same Message-ID
leave at every try, so that a copy sent twice shows as one.
"""

import asyncio
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.letter_writer import LetterWriter
from activities.mail_server import MailServer, hand_over
from domain.messages import SendLetter
from domain.states import Actor
from storage.clock import now
from storage.letters import ACCEPTED, ON_PAPER, REFUSED, RETRYING, Letter
from storage.store import DATABASE_ERRORS, OpenStore

__all__ = ["LetterActivities", "MailServer"]

_SETTLED = frozenset({ACCEPTED, REFUSED}) | ON_PAPER
_BUSY_PAUSES = (0.2, 0.5, 1, 2)  # in seconds


class LetterActivities:
    """The portal's way to the mail server."""

    def __init__(self, open_store: OpenStore, server: MailServer, writer: LetterWriter) -> None:
        self._open_store = open_store
        self._server = server
        self._writer = writer

    @activity.defn
    async def send(self, message: SendLetter) -> str:
        """Hand the letter over and give its status, `accepted` or `refused`.

        One on paper has no address: it is for somebody to print, and stays as it is.

        A refusal of this very letter is a result, shown to staff. Anything else (come back later, a
        server out of reach, one that refuses the portal itself) fails the try, and asks for the
        next one after a pause. Twice: a letter accepted or refused already is not sent; a
        deliberate resend is another letter.
        """
        async with self._open_store() as store:
            letter = await store.letters.find(message.letter_id)
            link_id = letter.link_id if letter else None
            link_hash = await store.accounts.link_hash(link_id) if link_id else ""
        if letter is None:
            return ACCEPTED
        if letter.status in _SETTLED:
            return letter.status
        answer = await hand_over(self._server, self.mail(letter, link_hash))
        if not answer.code:
            await self._note_accepted(letter)
            return ACCEPTED
        if answer.is_final:
            await self._note(letter, REFUSED, answer.code)
            return REFUSED
        await self._note(letter, RETRYING, answer.code)
        raise ApplicationError(
            answer.code,
            type=answer.code,
            next_retry_delay=self._server.pause_after(activity.info().attempt),
        ) from None

    @activity.defn
    async def give_up(self, message: SendLetter) -> None:
        """A day of tries was in vain: say so where staff will see it. Twice: the same."""
        async with self._open_store() as store:
            letter = await store.letters.find(message.letter_id)
        if letter is not None and letter.status not in _SETTLED:
            await self._note(letter, REFUSED, letter.code or "gave_up")

    async def _note_accepted(self, letter: Letter) -> None:
        """Write it down even if the database is busy just now: else the letter leaves again."""
        for pause in _BUSY_PAUSES:
            with suppress(*DATABASE_ERRORS):
                await self._note(letter, ACCEPTED, "")
                return
            await asyncio.sleep(pause)
        await self._note(letter, ACCEPTED, "")

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

    def mail(self, letter: Letter, link_hash: str = "") -> EmailMessage:
        """The mail as it leaves: text and HTML, the letter's own Message-ID and date.

        Twice: the same bytes, so that a mail server which got two copies can tell.
        """
        mail = EmailMessage()
        mail["From"] = self._writer.sender.mail_from
        mail["To"] = _as_servers_write_it(letter.to_address)
        mail["Subject"] = letter.subject
        mail["Message-ID"] = letter.message_id
        mail["Date"] = format_datetime(letter.created_at)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._writer.with_secret(letter.text, letter.link_id, link_hash))
        html = self._writer.with_secret(letter.html, letter.link_id, link_hash)
        mail.add_alternative(html, subtype="html")
        mail.set_boundary(f"=_{letter.id}")  # else each copy would have one of its own
        return mail


def _as_servers_write_it(address: str) -> str:
    """An address whose domain has accents is known to every server in its plain form too."""
    name, _, domain = address.rpartition("@")
    with suppress(UnicodeError):
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    return address
