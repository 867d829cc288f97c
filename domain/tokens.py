"""Secrets: that of a link sent by mail, made again from its id, and those that programs carry."""

import hashlib
import hmac
import re
from secrets import token_hex, token_urlsafe

_MARK = 16
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


def owner_mark(secret: str, account_id: str) -> str:
    """What the form tokens of an account begin with: nobody else can write it, or read whose it is.

    So a form that comes after its session has ended still says in whose name it was filled in.
    """
    text = f"owner:{account_id}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:_MARK]


def new_form_token(secret: str, account_id: str) -> str:
    """The form token of a new session: the mark of its owner, then 192 random bits."""
    return owner_mark(secret, account_id) + token_hex(24)


def mark_in(token: str) -> str:
    """The mark with which a form token begins. Anybody may have written it."""
    return token[:_MARK]


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
