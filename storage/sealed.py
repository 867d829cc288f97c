"""Texts kept sealed: a copy of the database says nothing of them without the keys, kept elsewhere.

    sealed = store.keys.seal(secret, ("accounts", account_id, "totp_secret"))
    secret = store.keys.unseal(sealed, ("accounts", account_id, "totp_secret"))

AES-256-GCM rather than Fernet: it binds a text to its place (table, row, column). Moved to another
row, a sealed text does not open. What is kept names its key, so that a change of keys knows what is
still under an old one: `1.<key id>.<nonce and sealed bytes>`. Nonces are random, 96 bits: one key
is good for some four thousand million texts, more than a town writes.
"""

import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

EXAMPLE_KEYS = "dmFsYm91cmctZXhlbXBsZS1uZS1wYXMtdXRpbGlzZXI="
"""Of the example town only; production refuses to start on it."""

Place = tuple[str, ...]
"""Where a text is kept: table, the row's key, column."""

_KEY_BYTES, _NONCE_BYTES, _STEP_BITS = 32, 12, 512
_FORM = "1"


class CannotUnsealError(Exception):
    """A sealed text does not open, and nothing is guessed of it.

    `no_key`: no key is set at all; `key_unknown`: its key is none of those set; `seal_broken`: the
    text was changed, or moved from its place. The message never says what is sealed.
    """

    def __init__(self, code: str, key_id: str = "") -> None:
        super().__init__(f"{code} {key_id}".strip())
        self.code = code
        self.key_id = key_id


class Keys:
    """The keys of a town: the first seals, each opens what it sealed."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        """Keys as `new_key` writes them, newest first; ValueError for what is none."""
        self._keys = {_id_of(key): AESGCM(key) for key in map(_key, texts)}
        self.newest = next(iter(self._keys), "")

    @classmethod
    def listed(cls, text: str) -> "Keys":
        """The keys of a list separated by commas, newest first; ValueError for what is none."""
        return cls([word.strip() for word in text.split(",") if word.strip()])

    def knows(self, key_id: str) -> bool:
        """Whether the key of this id is among them."""
        return key_id in self._keys

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._keys)})"

    def seal(self, text: str, place: Place) -> str:
        """The text under the newest key, for this place only. Twice: two different seals.

        Its length is hidden up to 64 bytes: a "yes" weighs what a "no" does.

        Raises:
            CannotUnsealError: no key is set (`no_key`); it would never open again.
        """
        if not self.newest:
            raise CannotUnsealError("no_key")
        nonce = token_bytes(_NONCE_BYTES)
        fill = PKCS7(_STEP_BITS).padder()
        filled = fill.update(text.encode()) + fill.finalize()
        sealed = nonce + self._keys[self.newest].encrypt(nonce, filled, _bound_to(place))
        return f"{_FORM}.{self.newest}.{urlsafe_b64encode(sealed).decode()}"

    def unseal(self, sealed: str, place: Place) -> str:
        """The text that was sealed for this place.

        Raises:
            CannotUnsealError: no key opens it, or it was changed or moved.
        """
        if not self._keys:
            raise CannotUnsealError("no_key", key_id_of(sealed))
        key_id = key_id_of(sealed)
        if key_id not in self._keys:
            raise CannotUnsealError("key_unknown", key_id)
        try:
            kept = urlsafe_b64decode(sealed.rpartition(".")[2])
            nonce, body = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
            filled = self._keys[key_id].decrypt(nonce, body, _bound_to(place))
        except (ValueError, InvalidTag):
            raise CannotUnsealError("seal_broken", key_id) from None
        bare = PKCS7(_STEP_BITS).unpadder()
        return (bare.update(filled) + bare.finalize()).decode()

    def resealed(self, sealed: str, place: Place) -> str:
        """The same text under the newest key; CannotUnsealError as for `unseal`."""
        return self.seal(self.unseal(sealed, place), place)


def new_key() -> str:
    """A new key, as it is written in the settings: 256 random bits."""
    return urlsafe_b64encode(token_bytes(_KEY_BYTES)).decode()


def key_id_of(sealed: str) -> str:
    """Which key sealed this; "" for what is no sealed text."""
    form, _, rest = sealed.partition(".")
    return rest.partition(".")[0] if form == _FORM else ""


def _key(text: str) -> bytes:
    key = b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _id_of(key: bytes) -> str:
    return sha256(b"ribambelle key id\x00" + key).hexdigest()[:8]


def _bound_to(place: Place) -> bytes:
    return json.dumps(place).encode()
