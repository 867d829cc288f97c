"""The mail server of the example town: it takes every mail and gives it to nobody.

Each mail is one file in `mails/` of the data folder, written whole before the sender is told "250".

Two domains are not ordinary (`deploy/example/mail_domains.py`), so that the example town shows what
mail servers do at times: one knows nobody, the other asks to come back later.
"""

import asyncio
import os
import secrets
import signal
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.example import mail_domains
from settings import Settings
from storage.clock import now

SIZE_LIMIT_BYTES = 20 * 1024 * 1024
COME_BACK_AFTER = 600.0


class KeepMails:
    """Writes accepted mails into a folder. The same mail twice makes two files, as in a mailbox."""

    def __init__(self, folder: Path, *, come_back_after: float = COME_BACK_AFTER) -> None:
        self._folder = folder
        self._come_back_after = come_back_after
        self._first_seen: dict[str, float] = {}

    async def handle_RCPT(  # noqa: N802  (the name aiosmtpd calls)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take every recipient, but those of the two domains that are not ordinary."""
        domain = address.rpartition("@")[2].lower()
        if domain == mail_domains.UNKNOWN:
            return "550 5.1.1 User unknown"
        if domain == mail_domains.SLOW and self._is_too_early(address.lower()):
            return "451 4.7.1 Greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _is_too_early(self, address: str) -> bool:
        first = self._first_seen.setdefault(address, time.monotonic())
        return time.monotonic() - first < self._come_back_after

    async def handle_DATA(  # noqa: N802  (the name aiosmtpd calls)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, then accept it; a full disk is a temporary refusal, to be tried again."""
        content = envelope.content or b""
        if isinstance(content, str):
            content = content.encode()
        received = now().isoformat(timespec="milliseconds")
        recipients = ", ".join(envelope.rcpt_tos)
        mail = f"X-Caught-At: {received}\r\nX-Caught-For: {recipients}\r\n".encode() + content
        try:
            await asyncio.to_thread(self._keep, mail)
        except OSError:
            return "452 Requested action not taken: insufficient system storage"
        return "250 OK"

    def _keep(self, mail: bytes) -> None:
        # The name sorts by the time of arrival; the reader never sees a file without its end.
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self._folder / f"{name}.tmp"
        with unfinished.open("wb") as file:
            file.write(mail)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / f"{name}.eml")


async def catch(folder: Path, *, port: int) -> None:
    """Take mails on this machine only, until the process is asked to end.

    The folder must exist.
    """
    loop = asyncio.get_running_loop()
    asked_to_end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_end.set)
    handler = KeepMails(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=SIZE_LIMIT_BYTES, enable_SMTPUTF8=True, loop=loop),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await asked_to_end.wait()


if __name__ == "__main__":
    settings = Settings()
    mails = settings.home / "mails"
    mails.mkdir(parents=True, exist_ok=True)
    asyncio.run(catch(mails, port=settings.smtp_port))
