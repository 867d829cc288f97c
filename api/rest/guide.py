"""How to begin: the description for programs, and a page for the people who write them."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.access.rules import ANYONE, Anyone
from api.dependencies import PagesDep, SettingsDep
from api.problem_words import CODES, WORDS
from api.problems import TYPES
from api.rest.description import operations
from domain.scopes import BY_ROLE
from domain.scopes import WORDS as SCOPES

router = APIRouter(include_in_schema=False)


@router.get("/api/v1/openapi.json", dependencies=[ANYONE])
async def description(request: Request) -> JSONResponse:
    """The description of every route, as OpenAPI 3.1; no token is needed to read it."""
    return JSONResponse(request.app.state.description())


@router.get("/api/v1")
async def show(
    visitor: Anyone, request: Request, pages: PagesDep, settings: SettingsDep
) -> Response:
    """How to begin, the routes, the scopes and the errors, for whoever writes a program."""
    del visitor
    told = request.app.state.description()
    return pages.render(
        request,
        "rest/guide.html",
        site_url=settings.site_url,
        groups=_groups(told),
        scopes=[
            {"code": scope.value, "words": words, "for": _for(scope)}
            for scope, words in SCOPES.items()
        ],
        problems=[
            {"status": status, "type": f"{TYPES}{code}", "title": WORDS[code].title}
            for status, code in CODES.items()
        ],
        calls=settings.api_calls_per_minute,
    )


def _for(scope: Any) -> str:
    both = ("parent", "familles"), ("agent", "agents et autres logiciels de la mairie")
    return ", ".join(words for role, words in both if scope in BY_ROLE[role])


def _groups(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": tag["name"],
            "routes": [
                {
                    "method": method,
                    "path": path,
                    "summary": operation["summary"],
                    "scope": next(iter(operation["security"][0]["token"]), ""),
                }
                for method, path, operation in operations(told)
                if tag["name"] in operation["tags"]
            ],
        }
        for tag in told["tags"]
    ]
