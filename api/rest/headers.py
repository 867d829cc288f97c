"""What programs say in headers: the key of their act, and the version they have read."""

import hashlib
import json
import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Response

from domain.errors import DomainError, Stale
from domain.states import Action, after
from storage.dossiers import Dossier
from storage.records import is_id

_VERSION = re.compile(r'"(\d{1,9})(?:-[0-9a-f]{1,64})?"')
_KEY_SHAPE = "^[0-9a-f]{32}$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


class BadHeader(DomainError):  # noqa: N818
    """A header is missing or cannot be read; the code says which."""


def _act_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="L’identifiant de l’acte, choisi par vous : un UUID, ou 32 chiffres "
            "hexadécimaux. Renvoyé avec la même clé, le même acte ne se fait qu’une fois.",
            json_schema_extra={"pattern": _KEY_SHAPE},
        ),
    ] = None,
) -> str:
    if not idempotency_key:
        raise BadHeader("act_key_missing")
    key = idempotency_key.strip()
    if is_id(key):
        return key
    if not re.fullmatch(_KEY_SHAPE, key):
        raise BadHeader("act_key_missing")
    return UUID(key).hex


def _version_read(
    if_match: Annotated[
        str | None,
        Header(
            description='L’ETag de la dernière lecture, par exemple `"3"`. Seule compte la partie '
            "avant le tiret : la version des réponses et des documents.",
            json_schema_extra={"pattern": f"^{_VERSION.pattern}$"},
        ),
    ] = None,
) -> int:
    if not if_match:
        raise BadHeader("version_missing")
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise BadHeader("version_unreadable")
    return int(found.group(1))


ActKey = Annotated[str, Depends(_act_key)]
"""The id of the act that a program gives, as forms have theirs. Required."""

VersionRead = Annotated[int, Depends(_version_read)]
"""The version of the dossier that a program has read. Required."""


def tag(response: Response, version: int, shown: Any = None) -> None:
    """Say the version of what is answered; with `shown`, also whether anything else differs."""
    more = ""
    if shown is not None:
        text = json.dumps(shown, sort_keys=True, default=str)
        more = f"-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    response.headers["ETag"] = f'"{version}{more}"'


def refuse_stale(dossier: Dossier, action: Action, version: int) -> None:
    """Refuse an act on what has changed since it was read, if it is possible at all.

    Raises:
        Stale: the dossier is at another version.
    """
    if after(dossier.state, action) is not None and version != dossier.version:
        raise Stale(version=dossier.version, seen=version, dossier_id=dossier.id)
