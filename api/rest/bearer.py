"""Who is behind a program's call: its token, what that opens, and how often it may call.

    Holder     whoever has a token          ReadDossier      a dossier, to read it
    Reader     dossiers:read                WrittenDossier   a dossier, to change it
    Writer     dossiers:write               ReviewedDossier  a dossier, to decide of it
    …                                       LetteredDossier, DocumentedDossier: its letters, files

Cookies open nothing here, so that no page of another site can act through a browser.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from api.access.rules import Rule, dossier_for
from api.access.sessions import Guest, may_come_in
from api.house import house_of, now
from domain.errors import DomainError, NotAllowed
from domain.scopes import BY_ROLE, Scope
from domain.tokens import is_program_token, token_hash
from storage.accounts import Account
from storage.dossiers import Dossier
from storage.store import OpenStore
from storage.tokens import Token

_REALM = 'Bearer realm="ribambelle"'
_MOST_WRONG_TOKENS = 60


class NoToken(DomainError):  # noqa: N818
    """The call brings no token (`token_missing`), or one that opens nothing (`token_unknown`)."""

    def __init__(self, code: str) -> None:
        error = "" if code == "token_missing" else ', error="invalid_token"'
        super().__init__(code, challenge=f"{_REALM}{error}")


class TooManyCalls(DomainError):  # noqa: N818
    """The token, or the place of wrong ones, calls more often than it may."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many_calls", retry_after=seconds)


@dataclass(frozen=True)
class Bearer:
    """The account on whose behalf a program calls, and by which token."""

    account: Account
    token: Token


class TokenRule(Rule):
    """The rule of the JSON facade: a token with this scope; None: any token."""

    def __init__(self, scope: Scope | None) -> None:
        super().__init__("Token", frozenset(BY_ROLE))
        self.scope = scope

    async def __call__(self, request: Request) -> Bearer:  # type: ignore[override]
        """Let in the program whose token opens this.

        Raises:
            NoToken: none, or one that is wrong, over, revoked, or of a closed account.
            NotAllowed: the token does not have the scope (`scope_missing`).
            TooManyCalls: it called more often than it may.
        """
        bearer = await _bearer_of(request)
        scopes = set(bearer.token.scopes) & set(BY_ROLE[bearer.account.role])
        if self.scope is not None and self.scope not in scopes:
            challenge = f'{_REALM}, error="insufficient_scope", scope="{self.scope}"'
            raise NotAllowed("scope_missing", challenge=challenge)
        return bearer


async def _bearer_of(request: Request) -> Bearer:
    house, at = house_of(request), now(request)
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NoToken("token_missing")
    token, account = None, None
    if is_program_token(secret.strip()):
        async with house.reading() as store:
            known = await store.tokens.known(token_hash(secret.strip()))
            token, account = known or (None, None)
            account = await store.duties.on_duty(account, at) if account else None
    is_open = account is not None and may_come_in(house.settings, account)
    if token is None or account is None or not is_open or not token.opens_at(at):
        place = request.client.host if request.client else ""
        if seconds := house.pace.wait(f"place {place}", _MOST_WRONG_TOKENS, at):
            raise TooManyCalls(seconds)
        raise NoToken("token_unknown")
    if account.role not in BY_ROLE:
        raise NoToken("token_unknown")
    if seconds := house.pace.wait(token.id, house.settings.api_calls_per_minute, at):
        raise TooManyCalls(seconds)
    if token.is_unseen_at(at):
        house.after_the_answer(_note_use(house.writing, token.id, at))
    if Scope.READ_RESERVED not in token.scopes:
        bare = tuple(replace(duty, fields=frozenset()) for duty in account.duties)
        account = replace(account, duties=bare)
    # Read by the log and by the words of errors, as for pages.
    request.state.guest = Guest(account, None, "")
    request.state.token_id = token.id
    return Bearer(account, token)


async def _note_use(writing: OpenStore, token_id: str, at: datetime) -> None:
    async with writing() as store:
        await store.tokens.note_use(token_id, at)


_ANY = TokenRule(None)
_RULES = {scope: TokenRule(scope) for scope in Scope}

Holder = Annotated[Bearer, Depends(_ANY)]
Reader = Annotated[Bearer, Depends(_RULES[Scope.READ_DOSSIERS])]
Writer = Annotated[Bearer, Depends(_RULES[Scope.WRITE_DOSSIERS])]
Decider = Annotated[Bearer, Depends(_RULES[Scope.WRITE_DECISIONS])]
Opener = Annotated[Bearer, Depends(_RULES[Scope.READ_DOCUMENTS])]
LetterReader = Annotated[Bearer, Depends(_RULES[Scope.READ_LETTERS])]

_DossierId = Annotated[
    str,
    Path(
        description="L’identifiant du dossier.",
        json_schema_extra={"pattern": "^[0-9a-f]{32}$"},
    ),
]


def _dossier_by(scope: Scope) -> Any:
    rule = _RULES[scope]

    async def find(
        request: Request, dossier_id: _DossierId, bearer: Annotated[Bearer, Depends(rule)]
    ) -> Dossier:
        return await dossier_for(request, dossier_id, bearer.account)

    return Depends(find)


ReadDossier = Annotated[Dossier, _dossier_by(Scope.READ_DOSSIERS)]
WrittenDossier = Annotated[Dossier, _dossier_by(Scope.WRITE_DOSSIERS)]
ReviewedDossier = Annotated[Dossier, _dossier_by(Scope.WRITE_DECISIONS)]
LetteredDossier = Annotated[Dossier, _dossier_by(Scope.READ_LETTERS)]
DocumentedDossier = Annotated[Dossier, _dossier_by(Scope.READ_DOCUMENTS)]


def scope_of(calls: list[Callable[..., Any]]) -> str:
    """The scope among the dependencies of a route; empty when any token opens it."""
    found = {one.scope for one in calls if isinstance(one, TokenRule)}
    return next((str(scope) for scope in found if scope is not None), "")
