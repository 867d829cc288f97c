"""Asking the CAF and the MSA for a quotient familial: API Particulier (v3).

There are two ways: by a civil identity, with the town's own token; or with the consent that a
person gave at FranceConnect, whose token says who they are and what may be asked.

Only for towns with an authorisation, and only when the parent asks (CRPA L114-8: people are not
asked for what another administration can say). What comes back is small and is checked before
anything of it is believed; the value and its month are all that is taken of it: the names, the
address and the children of the household are not read.

Neither the identity nor the consent is kept: it travels with the question and is forgotten.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

import httpx2

from domain.civil_identity import FRANCE, CivilIdentity

_BY_IDENTITY: Final = "/v3/dss/quotient_familial/identite"
_BY_CONSENT: Final = "/v3/dss/quotient_familial/france_connect"
_PATIENCE, _PATIENCE_IN_ALL = 5.0, 7.0
_MOST_BYTES = 64 * 1024
_MOST_EUROS = 100_000
_FIRST_YEAR = 2000
_SOURCES: Mapping[str, Literal["caf", "msa"]] = {"CNAF": "caf", "MSA": "msa"}
_LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """A quotient in whole euros, of that month ("2026-10")."""

    value: int
    month: str
    source: Literal["caf", "msa"]


class Why(StrEnum):
    """Why there is no quotient."""

    UNKNOWN = "unknown"
    """Neither the CAF nor the MSA has a file under this identity."""
    IDENTITY = "identity"
    """The identity is not one: a town that does not exist, a name that cannot be."""
    BUSY = "busy"
    """Too many questions, or the same one is being answered: later."""
    AWAY = "away"
    """No answer, or none that can be read."""
    NOT_ALLOWED = "not_allowed"
    """The town's authorisation is refused: an admin has to look."""
    EXPIRED = "expired"
    """The consent given at FranceConnect is no longer good: it lasts one minute."""


@dataclass(frozen=True)
class NotFound:
    """No quotient. `again_after` is how long the service asks to be left alone, when it says."""

    why: Why
    again_after: timedelta | None = None


_BY_STATUS: Mapping[int, Why] = {
    401: Why.NOT_ALLOWED,
    403: Why.NOT_ALLOWED,
    404: Why.UNKNOWN,
    409: Why.BUSY,
    400: Why.IDENTITY,
    422: Why.IDENTITY,
    429: Why.BUSY,
}
_WHY: Mapping[str, Mapping[int, Why]] = {
    _BY_IDENTITY: _BY_STATUS,
    # The one token that is shown there is that of the consent.
    _BY_CONSENT: {**_BY_STATUS, 401: Why.EXPIRED},
}


class ApiParticulier:
    """The service at `address`, with the town's token, for the town of that SIRET."""

    def __init__(self, address: str, token: str, recipient: str) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._recipient = recipient
        self._http = httpx2.AsyncClient(
            timeout=_PATIENCE,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json"},
        )

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def quotient_of(self, who: CivilIdentity) -> Found | NotFound:
        """The quotient of whoever this is, within 7 s. Asking twice changes nothing."""
        return await self._answer(_BY_IDENTITY, self._token, _asked(who))

    async def quotient_by(self, access_token: str) -> Found | NotFound:
        """The quotient of whoever consented at FranceConnect, within 7 s.

        Such a token is good for one minute after the consent.
        """
        return await self._answer(_BY_CONSENT, access_token)

    async def _answer(
        self, path: str, token: str, asked: Sequence[tuple[str, str]] = ()
    ) -> Found | NotFound:
        try:
            async with asyncio.timeout(_PATIENCE_IN_ALL):
                return await self._ask(path, token, asked)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
            return NotFound(Why.AWAY)

    async def _ask(
        self, path: str, token: str, asked: Sequence[tuple[str, str]]
    ) -> Found | NotFound:
        content = b""
        about = (("recipient", self._recipient), *asked)
        by = {"Authorization": f"Bearer {token}"}
        async with self._http.stream(
            "GET", self._address + path, params=about, headers=by
        ) as answer:
            if answer.status_code != httpx2.codes.OK:
                why = _WHY[path].get(answer.status_code, Why.AWAY)
                return NotFound(why, _wait(answer.headers.get("Retry-After", "")))
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    return NotFound(Why.AWAY)
        return _read(json.loads(content))


def _asked(who: CivilIdentity) -> list[tuple[str, str]]:
    place = [("codeCogInseePaysNaissance", who.birth_country)]
    if who.birth_country == FRANCE:
        place += [
            ("codeCogInseeDepartementNaissance", who.birth_department),
            ("nomCommuneNaissance", who.birth_town),
        ]
    return [
        ("nomNaissance", who.last_name),
        *(("prenoms[]", name) for name in who.first_names),
        ("sexeEtatCivil", who.sex),
        ("anneeDateNaissance", str(who.birth_date.year)),
        ("moisDateNaissance", str(who.birth_date.month)),
        ("jourDateNaissance", str(who.birth_date.day)),
        *place,
    ]


def _read(told: Any) -> Found | NotFound:
    """What an answer says; a nonsense is no answer."""
    data = told.get("data") if isinstance(told, dict) else None
    said = data.get("quotient_familial") if isinstance(data, dict) else None
    if not isinstance(said, dict):
        return NotFound(Why.AWAY)
    source = _SOURCES.get(str(said.get("fournisseur")))
    value = _whole(said.get("valeur"), 0, _MOST_EUROS)
    year = _whole(said.get("annee"), _FIRST_YEAR, date.max.year)
    month = _whole(said.get("mois"), 1, 12)
    if source is None or value is None or year is None or month is None:
        return NotFound(Why.AWAY)
    return Found(value, f"{year:04d}-{month:02d}", source)


def _whole(said: Any, least: int, most: int) -> int | None:
    """A whole number between these two; None for anything else, true and false among it."""
    return said if type(said) is int and least <= said <= most else None


def _wait(said: str) -> timedelta | None:
    """How long to wait, of a `Retry-After` in seconds; None when it says nothing of use."""
    if not said.isascii() or not said.isdigit() or len(said) > 6:  # noqa: PLR2004
        return None
    return min(timedelta(seconds=int(said)), _LONGEST_WAIT)
