"""Giving a program a token, and taking it back: the form, the row, the line in the log."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.forms import Form
from domain import french
from domain.audit import What
from domain.scopes import BY_ROLE, LONGEST_LIFE, WORDS, Scope
from domain.tokens import new_program_token, token_hash
from storage.audit import Line
from storage.records import new_id
from storage.store import Store
from storage.tokens import Token

_log = logging.getLogger("ribambelle.site")
DAYS = {"30": "30 jours", "90": "3 mois", "365": "1 an"}
_MOST_SIGNS = 120


@dataclass(frozen=True)
class Grant:
    """What a token is to be: for what, with which scopes, for how long (a year at most)."""

    name: str
    scopes: tuple[Scope, ...]
    life: timedelta


def read_grant(form: Form, role: str) -> tuple[Grant | None, dict[str, str]]:
    """The grant that a form asks for, or one sentence for each field that is wrong."""
    name, days = " ".join(form.get("name", "").split()), form.get("days", "")
    scopes = tuple(one for one in BY_ROLE[role] if one in form.getlist("scopes"))
    errors = {}
    if not name:
        errors["name"] = "Écrivez à quoi servira ce jeton, par exemple « logiciel de cantine »."
    elif len(name) > _MOST_SIGNS:
        errors["name"] = f"Raccourcissez : {_MOST_SIGNS} caractères au plus."
    if not scopes:
        errors["scopes"] = "Choisissez au moins une permission."
    if days not in DAYS:
        errors["days"] = "Choisissez une durée."
    if errors:
        return None, errors
    return Grant(name, scopes, timedelta(days=int(days))), {}


async def give_token(
    store: Store,
    account_id: str,
    grant: Grant,
    *,
    token_id: str,
    by: str | None,
    at: datetime,
    place: str = "",
) -> str:
    """Keep a new token and give its secret, which nobody can ever read again.

    `by` is who gives it; None for the command line. Twice with the same `token_id`: "" the second
    time, and nothing more is given.
    """
    secret = new_program_token()
    token = Token(
        id=token_id,
        account_id=account_id,
        name=grant.name,
        scopes=[one.value for one in grant.scopes],
        created_at=at,
        created_by=by,
        expires_at=at + min(grant.life, LONGEST_LIFE),
    )
    if not await store.tokens.add(token, token_hash(secret)):
        return ""
    await store.audit.add(
        Line(
            at,
            What.TOKEN_GIVEN,
            by or "",
            subject=account_id,
            place=place,
            detail={"token": token.id, "scopes": " ".join(token.scopes)},
        )
    )
    _log.info(
        "token created",
        extra={"token": token.id, "account": account_id, "by": by, "scopes": token.scopes},
    )
    return secret


async def take_token_back(
    store: Store, token: Token, *, by: str, at: datetime, place: str = ""
) -> None:
    """Close a token: the next call with it is refused. Twice: once."""
    if token.revoked_at is None:
        await store.tokens.revoke(token.id, at)
        await store.audit.add(
            Line(
                at,
                What.TOKEN_TAKEN_BACK,
                by,
                subject=token.account_id,
                place=place,
                detail={"token": token.id},
            )
        )
        _log.info("token revoked", extra={"token": token.id, "account": token.account_id, "by": by})


def grant_form(
    role: str, values: Mapping[str, str] | None, errors: Mapping[str, str] | None
) -> Mapping[str, Any]:
    """What a page needs to ask for a grant: its choices, and what was typed and is wrong."""
    scopes = [{"value": one.value, "label": WORDS[one], "hint": one.value} for one in BY_ROLE[role]]
    return {
        "scopes": scopes,
        "days": [{"value": value, "label": words} for value, words in DAYS.items()],
        "act_id": new_id(),
        "values": values or {},
        "errors": errors or {},
    }


def token_rows(tokens: Sequence[Token], at: datetime) -> Sequence[Mapping[str, Any]]:
    """The tokens of a list, those that still open something first."""
    ordered = sorted(tokens, key=lambda one: not one.opens_at(at))
    return [
        {
            "id": one.id,
            "name": one.name,
            "scopes": [WORDS[Scope(scope)] for scope in one.scopes],
            "is_open": one.opens_at(at),
            "state": _state(one, at),
            "used": french.moment(one.last_used_at) if one.last_used_at else "jamais",
        }
        for one in ordered
    ]


def _state(token: Token, at: datetime) -> tuple[str, str, str]:
    if token.revoked_at is not None:
        return "neutral", "–", f"Révoqué le {french.day(token.revoked_at)}"
    if at >= token.expires_at:
        return "neutral", "–", f"Terminé le {french.day(token.expires_at)}"
    return "ok", "✓", f"Valable jusqu’au {french.day(token.expires_at)}"
