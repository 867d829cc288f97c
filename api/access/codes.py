"""The codes of a telephone (TOTP, RFC 6238) and the recovery codes: made, shown, recognised.

Six digits of a step of thirty seconds. The step before and the one after are taken as well: people
type slowly, and telephones are not always right.
"""

import hmac
from datetime import datetime
from secrets import choice

import pyotp
import segno

from domain.tokens import token_hash

STEP_SECONDS = 30
_SLACK = (-1, 0, 1)
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper: i, l, o, 0, 1."""
_GROUPS, _GROUP = 6, 4
RECOVERY_CODES = 10


def new_secret() -> str:
    """A secret for a telephone: 160 random bits, base 32."""
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, None for a wrong one. Takes as long whatever the code."""
    now, telephone, found = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret), None
    for step in (now + slack for slack in _SLACK):
        expected = telephone.generate_otp(step)
        if hmac.compare_digest(expected.encode(), code.encode()):
            found = step
    return found


def code_at(secret: str, at: datetime) -> str:
    """What a telephone with this secret shows at this moment."""
    return pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP_SECONDS)


def address_of(secret: str, email: str, town: str) -> str:
    """The `otpauth:` address that applications read; a telephone opens it, too."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Portail Famille {town}")


def picture_of(address: str) -> str:
    """The address as a QR code: a `data:` address of a PNG, for `<img>`."""
    uri: str = segno.make(address, error="m").png_data_uri(scale=5, border=4)
    return uri


def spelled(secret: str) -> str:
    """The secret in groups of four, for whoever types it."""
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Ten new codes, some 119 random bits each, in groups of four signs."""
    return [
        "-".join("".join(choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """What may be kept of a recovery code, however it was typed: spaces, hyphens, capitals."""
    return token_hash("".join(sign for sign in code.casefold() if sign.isalnum()))


def is_telephone_code(text: str) -> bool:
    """Whether this has the shape of a telephone's code; a recovery code has not."""
    return len(text) == 6 and text.isascii() and text.isdigit()  # noqa: PLR2004  (six digits)
