"""The mails the example town's catcher took, as its pages show them. Local town only."""

import html as html_text
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_LINK = re.compile(r"https?://[^\s<>\"'\]]+")


@dataclass(frozen=True)
class CaughtMail:
    """One accepted mail. `to` are the real recipients, whatever the header says.

    `received_at` is aware, in UTC. `links` are the addresses found in the text, then those only
    found in the HTML, each once, in the order of reading.
    """

    name: str
    to: tuple[str, ...]
    sender: str
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    received_at: datetime
    message_id: str


def caught_mails(folder: Path, *, limit: int = 200) -> list[CaughtMail]:
    """The newest mails first. An absent folder is an empty mailbox."""
    # A name is the time of arrival; a mail still being written has another ending.
    newest = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in newest]


def _read(path: Path) -> CaughtMail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    text, html = _body(mail, "plain"), _body(mail, "html")
    return CaughtMail(
        name=path.stem,
        to=tuple(one.strip() for one in str(mail["X-Caught-For"] or "").split(",") if one.strip()),
        sender=str(mail["From"] or ""),
        subject=str(mail["Subject"] or ""),
        text=text,
        html=html,
        links=_links(text, html),
        received_at=datetime.fromisoformat(str(mail["X-Caught-At"])),
        message_id=str(mail["Message-ID"] or ""),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _links(text: str, html: str) -> tuple[str, ...]:
    found = [link.rstrip(".,;:!?)»") for link in _LINK.findall(text)]
    found += _LINK.findall(html_text.unescape(html))
    return tuple(dict.fromkeys(found))
