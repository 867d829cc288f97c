"""FranceConnect on a free port of this machine: it signs its answers as the real one does (v2).

Real HTTP: a description, keys, codes that serve once, an ID token and user information that are
both signed. `lies` changes what it says, `signs_with` how: a test that wants an impostor has one.
"""

import hashlib
import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from pydantic import SecretStr

from settings import Settings

CLIENT, SECRET = "ribambelle", "un-secret-de-fournisseur"
Claims = dict[str, Any]
SCOPES = {
    "retour": {"openid", "given_name", "family_name", "email"},
    "quotient": {"openid", "identite_pivot", "cnaf_quotient_familial"},
}
"""What is asked of it, by the way back: to come in, and to have a quotient asked of the CAF."""
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Someone:
    """Who FranceConnect knows."""

    sub: str
    given_name: str = "Angela Claire"
    family_name: str = "DUBOIS"
    email: str = "angela@example.org"


def unsigned(claims: Claims) -> str:
    """A token that claims to need no signature."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    texts = (urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    return ".".join((*texts, ""))


def signed_with(secret: bytes, claims: Claims) -> str:
    """A token signed with what everybody knows, as if it were a secret (HS256)."""
    text = unsigned(claims).rstrip(".").split(".")[1]
    head = urlsafe_b64encode(b'{"alg": "HS256", "kid": "k1"}').decode().rstrip("=")
    mark = hmac.new(secret, f"{head}.{text}".encode(), hashlib.sha256).digest()
    return f"{head}.{text}.{urlsafe_b64encode(mark).decode().rstrip('=')}"


@dataclass
class Provider:
    """A running provider, what it was asked, and how it lies."""

    issuer: str
    clock: Callable[[], datetime]
    key: ECKey | RSAKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1"}))
    alg: str = "ES256"
    lies: Claims = field(default_factory=dict)
    lies_of_information: Claims = field(default_factory=dict)
    lies_of_itself: Claims = field(default_factory=dict)
    signs_with: Callable[[Claims], str] | None = None
    is_down: bool = False
    here: Someone | None = None
    asked: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    _codes: dict[str, tuple[Someone, Mapping[str, str]]] = field(default_factory=dict)
    _access: dict[str, tuple[Someone, set[str], datetime]] = field(default_factory=dict)

    def settings(self, settings: Settings) -> Settings:
        """These settings, with this provider."""
        return settings.model_copy(
            update={
                "franceconnect_issuer": self.issuer,
                "franceconnect_client_id": CLIENT,
                "franceconnect_client_secret": SecretStr(SECRET),
            }
        )

    def identifies(self, who: Someone, way_there: str) -> str:
        """What somebody does there, who arrives by this address; gives the way back to the site."""
        assert way_there.startswith(f"{self.issuer}/authorize?")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way_there).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["acr_values"] == "eidas1"
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == SCOPES[asked["redirect_uri"].rpartition("/")[2]]
        code = token_urlsafe(32)
        self._codes[code] = who, asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return f"{asked['redirect_uri']}?{back}"

    def page(self, path: str, query: str) -> str:
        """Where a browser is sent on at once: whoever is `here` is known already."""
        if path.endswith("/authorize") and self.here is not None:
            return self.identifies(self.here, f"{self.issuer}/authorize?{query}")
        if path.endswith("/session/end"):
            return parse_qs(query)["post_logout_redirect_uri"][0]
        return ""

    def answer(self, path: str, form: Mapping[str, str], bearer: str) -> tuple[int, str, str]:
        """Status, type and text of an answer."""
        self.asked.append(path)
        if self.is_down:
            return 503, "text/plain", "en maintenance"
        if path.endswith("/.well-known/openid-configuration"):
            return self._json(self._description())
        if path.endswith("/jwks"):
            return self._json({"keys": [{**self.key.as_dict(private=False), "use": "sig"}]})
        if path.endswith("/token"):
            return self._tokens(form)
        who = self.knows(bearer, "email")
        if not path.endswith("/userinfo") or who is None:
            return 401, "text/plain", "?"
        said = {**vars(who), **self._frame(), **self.lies_of_information}
        return 200, "application/jwt", self._signed(said)

    def knows(self, access_token: str, scope: str) -> Someone | None:
        """Who consented to this with that token: once, and within a minute."""
        who, scopes, since = self._access.pop(access_token, (None, set(), self.clock()))
        return who if scope in scopes and self.clock() - since < A_MINUTE else None

    def names_of_who_allows_a_quotient(self, access_token: str) -> str:
        """Who consented to that one question, as the CAF is told of them; "" for nobody."""
        who = self.knows(access_token, "cnaf_quotient_familial")
        return f"{who.given_name} {who.family_name}" if who else ""

    def _description(self) -> Claims:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        addresses = {f"{one}_endpoint": f"{self.issuer}/{end}" for one, end in ends.items()}
        return {
            "issuer": self.issuer,
            **addresses,
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            **self.lies_of_itself,
        }

    def _tokens(self, form: Mapping[str, str]) -> tuple[int, str, str]:
        who, asked = self._codes.pop(form.get("code", ""), (None, {}))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = (
            who is not None
            and (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
            and form.get("redirect_uri") == asked["redirect_uri"]
            and proof == asked["code_challenge"]
        )
        if who is None or not is_right:
            return 400, "application/json", '{"error": "invalid_grant"}'
        access = token_urlsafe(32)
        self._access[access] = who, set(asked["scope"].split()), self.clock()
        self.given.append(access)
        claims = {
            **self._frame(),
            "sub": who.sub,
            "nonce": asked["nonce"],
            "acr": "eidas1",
            **self.lies,
        }
        id_token = self._signed({name: one for name, one in claims.items() if one is not None})
        given = {"access_token": access, "token_type": "Bearer", "id_token": id_token}
        return self._json(given)

    def _frame(self) -> Claims:
        at = int(self.clock().timestamp())
        return {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 60}

    def _signed(self, claims: Claims) -> str:
        if self.signs_with is not None:
            return self.signs_with(claims)
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key)

    def _json(self, said: object) -> tuple[int, str, str]:
        return 200, "application/json", json.dumps(said)


@contextmanager
def running_provider(clock: Callable[[], datetime]) -> Iterator[Provider]:
    """A provider on a free port, for as long as the block lasts."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            asked = urlsplit(self.path)
            if onward := provider.page(asked.path, asked.query):
                self.send_response(303)
                self.send_header("Location", onward)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            status, kind, text = provider.answer(asked.path, form, bearer)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815  (the name that is looked for)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider = Provider(f"http://127.0.0.1:{server.server_port}/api/v2", clock)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
