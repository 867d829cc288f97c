"""API Particulier on a free port of this machine, with the test families that the State publishes.

The shapes and the families are those of the public test payloads of its staging site (API
Particulier v3, quotient familial by civil identity and with FranceConnect).
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from domain.civil_identity import CivilIdentity
from settings import Settings

TOKEN, SIRET = "un-jeton-de-mairie", "13002526500013"
SOPHIE_DUPONT = CivilIdentity(
    "DUPONT", ("SOPHIE",), date(1982, 9, 3), "F", birth_department="13", birth_town="Marseille"
)
JEANNE_ROUX = CivilIdentity(
    "ROUX",
    ("JEANNE", "STEPHANIE"),
    date(1987, 6, 27),
    "F",
    birth_department="08",
    birth_town="Vouziers",
)
EYMEN_FAKIR = CivilIdentity(
    "FAKIR", ("EYMEN", "MOHAMED"), date(1992, 11, 14), "M", birth_country="99350"
)


def _household(value: int, source: str, year: int, month: int) -> dict[str, Any]:
    return {
        "data": {
            "quotient_familial": {
                "fournisseur": source,
                "valeur": value,
                "annee": year,
                "mois": month,
                "annee_calcul": 2024,
                "mois_calcul": 12,
            },
            "allocataires": [],
            "enfants": [],
            "adresse": {"code_postal_ville": "13006 MARSEILLE", "pays": "FRANCE"},
        },
        "links": {},
        "meta": {},
    }


KNOWN = {
    ("DUPONT", "SOPHIE", "1982-9-3"): _household(900, "CNAF", 2023, 6),
    ("ROUX", "JEANNE STEPHANIE", "1987-6-27"): _household(150, "MSA", 2023, 5),
    ("FAKIR", "EYMEN MOHAMED", "1992-11-14"): _household(4270, "CNAF", 2023, 6),
}


KNOWN_BY_CONSENT = {"Angela Claire DUBOIS": _household(2550, "CNAF", 2024, 2)}


@dataclass
class QuotientServer:
    """A running service: what it was asked, and what it answers instead when it is told to.

    `consents` says who consented at FranceConnect with a token, "" for nobody.
    """

    address: str
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    consents: Callable[[str], str] = lambda _: ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def settings(self, settings: Settings) -> Settings:
        """These settings, with this service, with FranceConnect as well where they have it."""
        return settings.model_copy(
            update={
                "api_particulier_url": self.address,
                "api_particulier_token": SecretStr(TOKEN),
                "api_particulier_siret": SIRET,
                "franceconnect_quotient": settings.has_france_connect,
            }
        )

    def answer(self, path: str, token: str, asked: dict[str, list[str]]) -> tuple[int, bytes]:
        """Status and text of an answer."""
        self.asked.append(asked)
        self.shown.append(token)
        if self.status != 200 or self.body is not None:
            return self.status, self.body if self.body is not None else _error(self.status)
        if path == "/v3/dss/quotient_familial/france_connect":
            return self._with_consent(token.removeprefix("Bearer "), asked)
        if path != "/v3/dss/quotient_familial/identite":
            return 404, _error(404)
        if token != f"Bearer {TOKEN}" or asked.get("recipient") != [SIRET]:
            return 401, _error(401)
        names = ("nomNaissance", "sexeEtatCivil", "codeCogInseePaysNaissance")
        if any(name not in asked for name in (*names, "prenoms[]")):
            return 422, _error(422)
        born = "-".join(asked.get(f"{one}DateNaissance", ["?"])[0] for one in _PARTS)
        who = (asked["nomNaissance"][0].upper(), " ".join(asked["prenoms[]"]).upper(), born)
        known = KNOWN.get(who)
        return (200, json.dumps(known).encode()) if known else (404, _error(404))

    def _with_consent(self, token: str, asked: dict[str, list[str]]) -> tuple[int, bytes]:
        who = self.consents(token)
        if not who or asked != {"recipient": [SIRET]}:
            return 401, _error(401)
        known = KNOWN_BY_CONSENT.get(who)
        return (200, json.dumps(known).encode()) if known else (404, _error(404))


_PARTS = ("annee", "mois", "jour")


def _error(status: int) -> bytes:
    error = {"code": f"37{status:03d}", "title": "Erreur", "detail": "…", "source": None}
    return json.dumps({"errors": [error]}).encode()


@contextmanager
def quotient_server() -> Iterator[QuotientServer]:
    """Run one on a free port."""
    server: QuotientServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            token = self.headers.get("Authorization", "")
            status, body = server.answer(parts.path, token, parse_qs(parts.query))
            self.send_response(status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = QuotientServer(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
