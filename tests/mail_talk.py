"""A mail server that says, stage by stage, what the test wrote down: real bytes on a real port.

Stages are `hello` (the greeting), the commands (`EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`, `DATA`,
`QUIT`) and `.` (after the whole mail). What nobody wrote down goes well.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.town import free_port

STALL, DROP = "stall", "drop"

_GOES_WELL = {
    "hello": "220 mail.valbourg.example",
    "STARTTLS": "220 Ready",
    "AUTH": "235 Welcome",
    "DATA": "354 Go on",
    "QUIT": "221 Bye",
}


@dataclass
class MailTalk:
    """`script`: for a stage, what is answered the next times: a line, STALL or DROP.

    `offers` are the extensions told after EHLO. `seconds_each`: it takes one mail at a time, each
    for so long; `seconds_per_word`: it thinks so long before every answer. `most_at_once` is how
    many conversations there were at one moment.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    offers: tuple[str, ...] = ("8BITMIME", "SIZE 10000000")
    tls: ssl.SSLContext | None = None
    seconds_each: float = 0
    seconds_per_word: float = 0
    port: int = field(default_factory=free_port)
    heard: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    open_now: int = 0
    most_at_once: int = 0
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def accepted(self) -> list[EmailMessage]:
        """The mails it said 250 for, or fell silent after having taken them whole."""
        found = [message_from_bytes(raw, policy=policy.default) for raw in self.raw]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    def commands(self, name: str) -> list[str]:
        """What it heard of one command, in order."""
        return [line for line in self.heard if line.upper().startswith(name)]

    async def hears(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation, whatever its end."""
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._talk(reader, writer)
        finally:
            self.open_now -= 1
            self._talks.discard(task)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._says("hello", reader, writer):
            return
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            self.heard.append(line)
            name = line.split()[0].upper()
            words = await self._says(name, reader, writer)
            if not words:
                return
            if words.startswith("220") and self.tls is not None:
                await writer.start_tls(self.tls)
            if words.startswith("354") and not await self._takes(reader, writer):
                return

    async def _takes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        mail = await reader.readuntil(b"\r\n.\r\n")
        async with self._one_by_one:
            await asyncio.sleep(self.seconds_each)
        if self._next_words(".")[0] not in "45":
            self.raw.append(_unstuffed(mail))
        return bool(await self._says(".", reader, writer))

    def _next_words(self, stage: str) -> str:
        return (self.script.get(stage) or [_GOES_WELL.get(stage, "250 OK")])[0]

    async def _says(
        self, stage: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        """Answer at this stage and give the words; none when they end the conversation."""
        await asyncio.sleep(self.seconds_per_word)
        words = self._next_words(stage)
        if told := self.script.get(stage):
            told.pop(0)
        if words == STALL:
            await reader.read()  # until the other side has enough
        if words in {STALL, DROP}:
            return ""
        lines = [words]
        if stage == "EHLO" and words.startswith("250"):
            names = [words[4:], *self.offers]
            lines = [*(f"250-{name}" for name in names[:-1]), f"250 {names[-1]}"]
        writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await writer.drain()
        return "" if words.startswith(("221", "421")) else words

    async def ends(self) -> None:
        """Hang up on everybody."""
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)


def _unstuffed(mail: bytes) -> bytes:
    """What was sent, without the dots that were doubled and the one that ended it."""
    lines = mail.removesuffix(b".\r\n").split(b"\r\n")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


@asynccontextmanager
async def mail_talk(talk: MailTalk | None = None) -> AsyncIterator[MailTalk]:
    """Have it listen on its port; at the end it hangs up on whoever is left."""
    talk = talk or MailTalk()
    server = await asyncio.start_server(talk.hears, "127.0.0.1", talk.port)
    try:
        yield talk
    finally:
        server.close()
        await talk.ends()
