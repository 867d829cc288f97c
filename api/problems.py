"""The errors that programs read: problem details (RFC 9457), in French, under `/api/`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from api.problem_words import CODES, words_of
from domain.french import size

MEDIA_TYPE = "application/problem+json"
TYPES, INCIDENTS = "urn:ribambelle:problem:", "urn:ribambelle:incident:"
GUIDE = "/api/v1"
_SOON = 5
"""Seconds after which a program may try again, when nothing better is known."""
_MEMBERS = ("dossier_id", "number", "state", "decided_by", "decided_at", "since")
_VERSIONS = {"version": "version", "seen": "version_seen", "answers": "current", "changes": "sent"}
_STATUS = {"stale_version": 412}
"""The statuses that are others for programs than for pages."""


def is_for_programs(request: Request) -> bool:
    """Whether a program reads the answer, and not a person: everything but the guide itself."""
    path = request.scope.get("path", "")
    is_guide = path == GUIDE and request.method in ("GET", "HEAD")
    return (path == GUIDE or path.startswith("/api/")) and not is_guide


def problem(
    request: Request, status: int, code: str = "", facts: Mapping[str, Any] | None = None
) -> Response:
    """One error as problem details. Never fails for want of a fact.

    Of `facts`, `title` and `happened` replace the usual words, `fields` become `errors`, and what
    tells who came first becomes members of its own.
    """
    facts = facts or {}
    status = _STATUS.get(code, status)
    code = code or CODES.get(status, "failure")
    words = words_of(code, status)
    known = _Known(facts)
    body: dict[str, Any] = {
        "type": f"{TYPES}{code}",
        "title": str(facts.get("title") or words.title),
        "status": status,
        "detail": str(facts.get("happened") or words.detail.format_map(known)),
        "instance": f"{INCIDENTS}{getattr(request.state, 'incident', '')}",
    }
    if fields := facts.get("fields"):
        body["errors"] = [{"field": name, "message": said} for name, said in fields.items()]
    body |= {name: _plain(facts[name]) for name in _MEMBERS if facts.get(name)}
    body |= {shown: facts[name] for name, shown in _VERSIONS.items() if name in facts}
    return JSONResponse(
        body, status, headers=_headers(request, status, facts), media_type=MEDIA_TYPE
    )


class _Known(dict[str, str]):
    """What the words may mention; a fact that nobody gave is said in general."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        limit = facts.get("limit_bytes")
        super().__init__(
            limit=size(limit) if isinstance(limit, int) else "la taille permise",
            expected=str(facts.get("expected", "application/json")),
        )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _headers(request: Request, status: int, facts: Mapping[str, Any]) -> dict[str, str]:
    match status:
        case 401 | 403 if "challenge" in facts:
            return {"WWW-Authenticate": str(facts["challenge"])}
        case 405:
            return {"Allow": ", ".join(allowed_methods(request))}
        case 429 | 503:
            return {"Retry-After": str(facts.get("retry_after", _SOON))}
    return {}


def allowed_methods(request: Request) -> list[str]:
    """All the methods that this address takes, whichever routes take them."""
    path, methods = request.scope["path"], set()
    for context in iter_route_contexts(request.app.routes):
        if compile_path(str(context.path))[0].match(path):
            methods |= set(context.methods or ())
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def field_problems(error: RequestValidationError) -> dict[str, str]:
    """Why the parameters of an address or of a header are refused, by name."""
    return french_of(error.errors(), skip=1)


_FRENCH = {
    "missing": "Cette valeur est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas.",
    "string_type": "Écrivez un texte.",
    "string_unicode": "Ce texte contient des signes qui n’en sont pas.",
    "string_too_long": "Raccourcissez : {max_length} caractères au plus.",
    "string_too_short": "Écrivez au moins {min_length} caractère(s).",
    "too_long": "{max_length} au plus.",
    "dict_type": "Écrivez un objet.",
    "list_type": "Écrivez une liste.",
    "model_type": "Écrivez un objet.",
    "model_attributes_type": "Écrivez un objet.",
    "literal_error": "Les valeurs possibles sont {expected}.",
    "enum": "Les valeurs possibles sont {expected}.",
    "greater_than_equal": "Au moins {ge}.",
    "less_than_equal": "Au plus {le}.",
    "timezone_aware": "Ajoutez le fuseau horaire, par exemple « Z ».",
}


def french_of(errors: Any, *, skip: int = 0) -> dict[str, str]:
    """The sentences of pydantic's errors by field; what was sent is never quoted."""
    found = {}
    for one in errors:
        place = ".".join(str(part)[:60] for part in one["loc"][skip:]) or "body"
        text = _FRENCH.get(one["type"], "Cette valeur ne convient pas.")
        found[place] = text.format_map({key: str(v) for key, v in one.get("ctx", {}).items()})
    return found
