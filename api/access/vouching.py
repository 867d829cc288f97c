"""Asking FranceConnect who somebody is: OpenID Connect, from this server to theirs.

The only address that is ever called is the one of the settings: what its description names must lie
at the same origin. Answers are small, signed, and checked before anything of them is believed.
"""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from domain.errors import DomainError, Unavailable
from settings import Settings
from storage.identities import Identity, RoundTrip

LEVELS: Final = ("eidas1", "eidas2", "eidas3")
WAY_OUT: Final = "/connexion/france-connect/fin"
_T = TypeVar("_T")
_ALGORITHMS: Final = ("ES256", "RS256")
_PATIENCE, _PATIENCE_IN_ALL = 3.0, 7.0
_MOST_BYTES = 64 * 1024
_DESCRIPTION_LASTS = timedelta(hours=1)
_KEYS_LAST = timedelta(minutes=5)
_LEEWAY_SECONDS = 30
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Errand:
    """What a person is sent there for: what is asked of FranceConnect, and where they come back."""

    scope: str
    way_back: str


SIGN_IN: Final = Errand("openid given_name family_name email", "/connexion/france-connect/retour")
QUOTIENT: Final = Errand(
    "openid identite_pivot cnaf_quotient_familial", "/connexion/france-connect/quotient"
)
"""Consenting to one question to the CAF or the MSA, which know people by the whole identity."""


class NotVouched(DomainError):  # noqa: N818
    """What came back is not believed (`fc_invalid`), or the person gave up (`fc_refused`)."""


class ProviderAway(Unavailable):
    """FranceConnect does not answer, or not as it should: nobody can say who this is."""

    def __init__(self) -> None:
        super().__init__("fc_away")


@dataclass(frozen=True)
class Vouched:
    """Who somebody is, their mail address as FranceConnect has it (unproved), and the proof."""

    identity: Identity
    email: str
    id_token: str


@dataclass(frozen=True)
class Consent:
    """Who consented, and what says so to the service that is asked: for one minute, kept nowhere.

    `id_token` is the proof by which the person leaves FranceConnect afterwards.
    """

    subject: str
    access_token: str = field(repr=False)
    id_token: str = field(repr=False)


class FranceConnect:
    """The provider of the settings. Its description and keys are read again now and then."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.issuer = settings.franceconnect_issuer
        self._client_id = settings.franceconnect_client_id
        self._secret = settings.franceconnect_client_secret.get_secret_value()
        self._site = settings.site_url
        self._clock = clock
        self._http = httpx2.AsyncClient(timeout=_PATIENCE, follow_redirects=False, trust_env=False)
        self._description: tuple[datetime, Mapping[str, str]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def way_there(self, state: str, trip: RoundTrip, errand: Errand = SIGN_IN) -> str:
        """Where the person says who they are. ProviderAway when nobody can say where that is."""
        described = await self._described()
        digest = hashlib.sha256(trip.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._site + errand.way_back,
            "scope": errand.scope,
            "acr_values": LEVELS[0],
            "state": state,
            "nonce": trip.nonce,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{described['authorization_endpoint']}?{urlencode(asked)}"

    async def way_out(self, id_token: str, state: str) -> str:
        """Where the person leaves FranceConnect too; "" when it does not say, or is away."""
        try:
            described = await self._described()
        except ProviderAway:
            return ""
        if "end_session_endpoint" not in described:
            return ""
        told = {
            "id_token_hint": id_token,
            "state": state,
            "post_logout_redirect_uri": self._site + WAY_OUT,
        }
        return f"{described['end_session_endpoint']}?{urlencode(told)}"

    async def vouch(self, code: str, trip: RoundTrip) -> Vouched:
        """Who came back with this code.

        Raises:
            NotVouched: an answer is not signed by them, not for us, not for now, or not about this.
            ProviderAway: no answer in time, or none that can be read.
        """
        return await _in_time(self._vouch(code, trip))

    async def consent(self, code: str, trip: RoundTrip, errand: Errand) -> Consent:
        """Who came back with this code, and what they allow; raises as `vouch`."""
        return await _in_time(self._consent(code, trip, errand))

    async def _consent(self, code: str, trip: RoundTrip, errand: Errand) -> Consent:
        described = await self._described()
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._site + errand.way_back,
            "client_id": self._client_id,
            "client_secret": self._secret,
            "code_verifier": trip.verifier,
        }
        tokens = _as_object(await self._ask("POST", described["token_endpoint"], given))
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise NotVouched("fc_invalid")
        claims = await self._believe(
            id_token,
            exp={"essential": True},
            nonce={"essential": True, "value": trip.nonce},
            acr={"essential": True, "values": LEVELS},
            sub={"essential": True},
        )
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise NotVouched("fc_invalid")
        return Consent(subject, access_token, id_token)

    async def _vouch(self, code: str, trip: RoundTrip) -> Vouched:
        given = await self._consent(code, trip, SIGN_IN)
        described = await self._described()
        answer = await self._ask("GET", described["userinfo_endpoint"], bearer=given.access_token)
        said = await self._believe(
            answer.decode("ascii", "replace"), sub={"essential": True, "value": given.subject}
        )
        name = {one: said[one] for one in ("given_name", "family_name") if one in said}
        words = {**name, "email": said.get("email", "")}
        if not all(isinstance(word, str) for word in words.values()):
            raise NotVouched("fc_invalid")
        identity = Identity(
            self.issuer,
            given.subject,
            _one_line(name.get("given_name", "")),
            _one_line(name.get("family_name", "")),
        )
        return Vouched(identity, words["email"], given.id_token)

    async def _believe(self, token: str, **claims: Any) -> Mapping[str, Any]:
        """The claims of a token of theirs, for us, still good, and as `claims` wants them."""
        registry = JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            **claims,
        )
        try:
            read = await self._opened(token)
            registry.validate(read)
        except (JoseError, ValueError, TypeError, KeyError):
            raise NotVouched("fc_invalid") from None
        return read

    async def _opened(self, token: str) -> dict[str, Any]:
        """What is signed. Keys may have changed since they were read: they are read once more."""
        try:
            return jwt.decode(token, await self._known_keys(), _ALGORITHMS).claims
        except (JoseError, ValueError):
            if self._keys is None or self._clock() - self._keys[0] < _KEYS_LAST:
                raise
        self._keys = None
        return jwt.decode(token, await self._known_keys(), _ALGORITHMS).claims

    async def _known_keys(self) -> KeySet:
        if self._keys is None:
            told = _as_object(await self._ask("GET", (await self._described())["jwks_uri"]))
            self._keys = self._clock(), KeySet.import_key_set(told)  # type: ignore[arg-type]
        return self._keys[1]

    async def _described(self) -> Mapping[str, str]:
        """What the provider says of itself; ProviderAway unless it is about this provider alone."""
        at = self._clock()
        if self._description is None or abs(at - self._description[0]) > _DESCRIPTION_LASTS:
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            told = _as_object(await self._ask("GET", address))
            known = {
                name: told[name] for name in (*_ENDPOINTS, "end_session_endpoint") if name in told
            }
            if told.get("issuer") != self.issuer or not set(_ENDPOINTS) <= set(known):
                raise ProviderAway
            if any(origin_of(str(one)) != origin_of(self.issuer) for one in known.values()):
                raise ProviderAway
            self._description = at, known
        return self._description[1]

    async def _ask(
        self, method: str, address: str, form: Mapping[str, str] | None = None, *, bearer: str = ""
    ) -> bytes:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        content = b""
        try:
            async with self._http.stream(method, address, data=form, headers=headers) as answer:
                async for piece in answer.aiter_bytes():
                    content += piece
                    if len(content) > _MOST_BYTES:
                        raise ProviderAway
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            raise ProviderAway from None
        if answer.is_client_error and form is not None:
            raise NotVouched("fc_invalid")  # the code is not theirs, or served already
        if not answer.is_success:
            raise ProviderAway
        return content


async def _in_time(answer: Awaitable[_T]) -> _T:
    try:
        async with asyncio.timeout(_PATIENCE_IN_ALL):
            return await answer
    except TimeoutError:
        raise ProviderAway from None


def origin_of(address: str) -> str:
    """Scheme, host and port of an address; "" when it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}" if parts.hostname else ""


def _as_object(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        raise ProviderAway from None
    if not isinstance(told, dict):
        raise ProviderAway
    return told


def _one_line(name: str) -> str:
    return " ".join("".join(sign for sign in name if sign.isprintable()).split())[:120]
