"""The OpenAPI description of the facade: made from its own routes, once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.problem_words import CODES, WORDS
from api.problems import MEDIA_TYPE, TYPES
from api.rest.bearer import scope_of
from api.rest.bodies import JSON, MULTIPART, JsonBody
from api.rest.shapes import Problem
from domain.scopes import WORDS as SCOPES

_REF = "#/components/schemas/{model}"
_SCHEME = "token"
_INTRO = """\
La même façade que les pages du portail, pour un autre logiciel : mêmes règles, mêmes actes.

Chaque appel porte un jeton (`Authorization: Bearer rib_…`). Chaque acte porte une clé à vous
(`Idempotency-Key`) et, quand il dépend de ce qui a été lu, la version lue (`If-Match`). Toutes les
erreurs sont des « problem details » (RFC 9457) en français. Le guide est à `/api/v1`.
"""
_TAGS = (
    ("Démarches", "Ce que la mairie propose, et tout ce que chaque démarche demande."),
    ("Dossiers", "Commencer, lister et lire les dossiers."),
    ("Réponses", "Les réponses de la famille, page par page."),
    ("Documents", "Les fichiers et les déclarations sur l’honneur."),
    ("Actes de la famille", "Envoyer, répondre, retirer."),
    ("Décisions", "Accepter, refuser, demander un complément."),
    ("Courriers", "Les courriers de la mairie."),
)
_ALWAYS = (400, 401, 403, 429, 500, 503)


def describe(router: APIRouter, version: str) -> dict[str, Any]:
    """The whole description, as OpenAPI 3.1."""
    contexts = [one for one in iter_route_contexts(router.routes) if _is_described(one)]
    told = get_openapi(
        title="Ribambelle, le portail famille",
        version=version,
        description=_INTRO,
        routes=contexts,
        tags=[{"name": name, "description": words} for name, words in _TAGS],
    )
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _add_schema(schemas, Problem)
    told["components"]["securitySchemes"] = {
        _SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "rib_…",
            "description": "Un jeton du compte. "
            + " ".join(f"`{scope}` : {words}." for scope, words in SCOPES.items()),
        }
    }
    for context in contexts:
        assert isinstance(context.dependant, Dependant)
        for method in context.methods or ():
            operation = told["paths"][str(context.path)][method.lower()]
            _complete(operation, str(context.path), method, context.dependant, schemas)
    return told


def _is_described(context: Any) -> bool:
    return isinstance(context.original_route, APIRoute) and bool(context.include_in_schema)


def _complete(
    operation: dict[str, Any],
    path: str,
    method: str,
    dependant: Dependant,
    schemas: dict[str, Any],
) -> None:
    calls = list(_calls_in(dependant))
    scope = scope_of(calls)
    operation["security"] = [{_SCHEME: [scope] if scope else []}]
    if scope:
        operation["description"] += f"\n\nPermission : `{scope}`."
    for parameter in operation.get("parameters", []):
        # An absent header has an error of its own, with its own words.
        parameter["required"] = parameter["required"] or parameter["in"] == "header"
        parameter["schema"] = _without_null(parameter["schema"])
    for body in (one for one in calls if isinstance(one, JsonBody)):
        _add_schema(schemas, body.model)
        ref = {"$ref": _REF.format(model=body.model.__name__)}
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": ref}}}
    if method == "POST" and path.endswith("/documents"):
        operation["requestBody"] = _files()
    responses = operation["responses"]
    for status in _errors_of(operation, path, method):
        responses[str(status)] = _problem(status)
    if method in ("POST", "DELETE") and "{dossier_id}" in path:
        done = next(responses[code] for code in ("200", "201") if code in responses)
        responses["202"] = {**done, "description": "Gardé, et pas encore appliqué."}


def _errors_of(operation: dict[str, Any], path: str, method: str) -> Sequence[int]:
    headers = {one["name"].lower() for one in operation.get("parameters", [])}
    statuses = set(_ALWAYS)
    if "{" in path or "requestBody" in operation:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {408, 413, 415, 422}
    if headers:
        statuses |= {422}
    if "if-match" in headers:
        statuses |= {412, 428}
    if method != "GET":
        statuses |= {409}
    return sorted(statuses)


def _calls_in(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for one in dependant.dependencies:
        yield from _calls_in(one)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is optional in an address is left out, never sent as null."""
    variants = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    if len(variants) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**variants[0], **rest}


def _files() -> dict[str, Any]:
    files = {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
    schema = {"type": "object", "required": ["files"], "properties": {"files": files}}
    return {"required": True, "content": {MULTIPART: {"schema": schema}}}


def _problem(status: int) -> dict[str, Any]:
    code = CODES[status]
    words = WORDS[code]
    told: dict[str, Any] = {
        "description": words.title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": _REF.format(model="Problem")},
                "example": {
                    "type": f"{TYPES}{code}",
                    "title": words.title,
                    "status": status,
                    "detail": words.detail,
                    "instance": "urn:ribambelle:incident:1a2b3c4d",
                },
            }
        },
    }
    named = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}.get(status)
    if named:
        told["headers"] = {named: {"schema": {"type": "string"}}}
    return told


def _add_schema(schemas: dict[str, Any], model: Any) -> None:
    schema = model.model_json_schema(ref_template=_REF)
    for name, one in schema.pop("$defs", {}).items():
        schemas.setdefault(name, one)
    schemas[model.__name__] = schema


def operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every method, address and operation of a description, in its order."""
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
