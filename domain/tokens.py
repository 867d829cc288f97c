"""Secrets: that of a link sent by mail, made again from its id, and those that programs carry."""

import hashlib
import hmac
import re
from secrets import token_urlsafe

_OF_A_PROGRAM = re.compile(r"rib_[\w-]{43}", re.ASCII)


def token_of(secret: str, link_id: str) -> str:
    """The token of a link: the same each time for the same town secret and the same link."""
    return hmac.new(secret.encode(), f"link:{link_id}".encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What may be kept of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(secret: str, browser: str) -> str:
    """The token that ties a form to a browser which has not signed in yet."""
    return hmac.new(secret.encode(), f"form:{browser}".encode(), hashlib.sha256).hexdigest()


def subject_of(secret: str, *facts: str) -> str:
    """A name for counting failed attempts that says nothing of the person."""
    text = "\x00".join(("subject", *facts))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def new_program_token() -> str:
    """A token for a program: 256 random bits, known by its beginning wherever it is found."""
    return f"rib_{token_urlsafe(32)}"


def is_program_token(text: str) -> bool:
    """Whether this has the shape of a program's token."""
    return _OF_A_PROGRAM.fullmatch(text) is not None
