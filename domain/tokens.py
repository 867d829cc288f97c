"""Secrets: that of a link sent by mail, made again from its id, and those that programs carry."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from secrets import token_hex, token_urlsafe

_MARK, _CHECK = 10, 6
_VISIT_BYTES = 24
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
    mark = _hmac(secret, f"owner:{account_id}")[:_MARK]
    return mark + _hmac(secret, f"mark:{mark}")[:_CHECK]


def new_form_token(secret: str, account_id: str) -> str:
    """The form token of a new session: the mark of its owner, then 192 random bits."""
    return owner_mark(secret, account_id) + token_hex(24)


def visit_token(secret: str, family_id: str, visit_id: str) -> str:
    """The form token of an agent's visit: that of the family's pages, and of this visit alone."""
    return owner_mark(secret, family_id) + _hmac(secret, f"visit:{visit_id}")[: 2 * _VISIT_BYTES]


def owner_marks(secrets: Iterable[str], account_id: str) -> Sequence[str]:
    """What the form tokens of an account may begin with: by the secret of today, and of before."""
    return [owner_mark(secret, account_id) for secret in secrets]


def mark_in(secrets: Iterable[str], token: str) -> str:
    """The owner's mark in the token of a form; "" when the portal never wrote it."""
    mark, check = token[:_MARK], token[_MARK : _MARK + _CHECK]
    rights = [_hmac(secret, f"mark:{mark}")[:_CHECK] for secret in secrets]
    is_ours = any(hmac.compare_digest(check.encode(), right.encode()) for right in rights)
    return mark + check if is_ours else ""


def _hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


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
