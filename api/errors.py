"""The one place that knows both the town's errors and HTTP: a status and a French page for each.

Each page says what happened, whether anything was lost, and one thing to do next.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.access.confirming import ConfirmFirst, ask_who_it_is
from api.access.kept_forms import keep_form, way_back
from api.access.rules import SecondFactorFirst, SignInFirst
from api.access.sessions import guest_of
from api.access.typed_words import is_secret
from api.access.ways import HOMES, second_factor_way, sign_in_way
from api.audit import note_refusal
from api.bodies import FORM_LIMIT_BYTES
from api.conflicts import conflict_words
from api.error_sentences import Words
from api.error_words import BY_CODE, BY_STATUS
from api.forms import Form, check_origin, read_form
from api.house import house_of, now
from api.problems import field_problems, is_for_programs, problem
from domain.errors import (
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    Stale,
    TransitionNotAllowed,
    Unavailable,
)
from domain.french import size
from domain.tokens import mark_in, owner_marks
from storage.databases import DATABASE_ERRORS, NO_SUCH_VALUE
from storage.sealed import CannotUnsealError

STATUS_BY_KIND: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (TransitionNotAllowed, 409),
    (Stale, 409),
    (Invalid, 422),
    (Unavailable, 503),
)
STATUS_BY_CODE = {
    "too_large": 413,
    "too_slow": 408,
    "too_many_sendings": 429,
    "unreadable_form": 400,
    "fc_over": 410,
    "fc_refused": 403,
    "fc_invalid": 400,
    "fc_no_mail": 422,
    "link_expired": 410,
    "link_used": 410,
    "link_unknown": 404,
    "too_many": 429,
    "too_many_calls": 429,
    "token_missing": 401,
    "token_unknown": 401,
    "unreadable": 400,
    "content_type": 415,
    "act_key_missing": 400,
    "act_id_reused": 422,
    "version_missing": 428,
    "version_unreadable": 400,
}


_SENT_FROM_A_PAGE = {"files_away", "too_large"}
"""What was sent can be sent again, otherwise: the way back leads to its page."""
_NOT_THEIRS = {"not_found", "not_visiting", "stale_form"}
"""What a form meets that was filled in for another session, or by somebody else."""
_ANSWERS = re.compile(r"/(?:dossiers|inscription)/[\w-]+/(?!verifier|retirer|repondre)[a-z-]+")
"""The pages on which families write: what they sent too late is handed back to them."""


def add_error_pages(app: FastAPI) -> None:
    """Have every error of the site answered with a page in French."""
    app.add_exception_handler(SignInFirst, _lead_to_sign_in)
    app.add_exception_handler(ConfirmFirst, ask_who_it_is)
    app.add_exception_handler(SecondFactorFirst, _lead_to_second_factor)
    app.add_exception_handler(DomainError, _tell_domain_error)
    app.add_exception_handler(HTTPException, _tell_http_error)
    app.add_exception_handler(RequestValidationError, _tell_odd_address)
    app.add_exception_handler(NO_SUCH_VALUE, _tell_odd_value)
    app.add_exception_handler(CannotUnsealError, _tell_sealed)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, tell_no_answer)


def error_page(request: Request, status: int, code: str = "", **facts: Any) -> Response:
    """The page of an error; JSON for our own scripts, problem details for programs.

    Never fails for want of a fact.
    """
    if is_for_programs(request):
        return problem(request, status, code, facts)
    words = BY_CODE.get(code) or BY_STATUS.get(status) or BY_STATUS[500]
    incident = getattr(request.state, "incident", "")
    if request.headers.get("x-autosave") or request.headers.get("sec-fetch-dest") == "empty":
        return JSONResponse({"error": code or str(status), "incident": incident}, status)
    words = _filled(words, facts)
    role = account.role if (account := guest_of(request).account) else ""
    return house_of(request).pages.render(
        request,
        "error.html",
        status_code=status,
        flash=None,  # what went well before waits for a page that did
        is_kept=False,
        title=str(facts.get("title") or words.title),
        happened=str(facts.get("happened") or words.happened),
        lost=words.lost,
        details=facts.get("details", []),
        next_href=str(facts.get("next_href") or words.next_href or HOMES.get(role, "/")),
        next_words=str(facts.get("next_words") or words.next_words),
        incident=incident,
        again=request.url.path if "typed" in facts else "",
        typed=facts.get("typed", {}),
        is_signed_out=code in {"sign_in_first", "other_family"},
        **({"csrf": facts["csrf"]} if "csrf" in facts else {}),
    )


def _filled(words: Words, facts: dict[str, Any]) -> Words:
    limit = facts.get("limit_bytes")
    known = {"limit": size(limit) if isinstance(limit, int) else "la taille permise"}
    return Words(*(text.format(**known) for text in words))


async def _lead_to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInFirst)
    if request.headers.get("x-autosave") or request.headers.get("sec-fetch-dest") == "empty":
        return JSONResponse({"error": error.code}, 401)
    if form := await _sent_too_late(request):
        back_to = await _kept(request, form)
        if not back_to and _ANSWERS.fullmatch(request.url.path):
            # Under its own token: it says whose words these are when they come again.
            own = form.get("csrf", "")
            return error_page(request, 401, error.code, typed=_typed_in(form), csrf=own)
    return RedirectResponse(sign_in_way(way_back(request)), 303)


async def _lead_to_second_factor(request: Request, error: Exception) -> Response:
    assert isinstance(error, SecondFactorFirst)
    if request.headers.get("x-autosave") or request.headers.get("sec-fetch-dest") == "empty":
        return JSONResponse({"error": error.code}, 401)
    if form := await _sent_too_late(request):
        await _kept(request, form)
    return RedirectResponse(second_factor_way(way_back(request)), 303)


async def _kept(request: Request, form: Form) -> str:
    """Where to come back to for what was sent too late; "" when it cannot be kept."""
    with suppress(*DATABASE_ERRORS, CannotUnsealError):
        return await keep_form(request, form)
    return ""


async def _sent_too_late(request: Request) -> Form | None:
    """The form of a page whose session is over; None for what did not come from our own pages."""
    # Files are not kept: they were being read, and cannot be read again.
    if request.method != "POST" or request.state.body_limit > FORM_LIMIT_BYTES:
        return None
    try:
        check_origin(request)
        return await read_form(request)
    except DomainError:
        return None


def _typed_in(form: Mapping[str, str]) -> Mapping[str, str]:
    return {k: v for k, v in form.items() if k != "csrf" and not is_secret(k)}


async def _tell_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    status = STATUS_BY_CODE.get(error.code) or next(
        (status for kind, status in STATUS_BY_KIND if isinstance(error, kind)), 409
    )
    if isinstance(error, (NotFound, NotAllowed)):
        await note_refusal(request, error.code)
    account = guest_of(request).account
    if error.code in _NOT_THEIRS and (late := await _tell_late(request, error.code)):
        return late
    words = conflict_words(error, role=account.role if account else "", now=now(request))
    if isinstance(error, Unavailable):
        request.state.failure = error.code
    way = {"next_href": way_back(request)} if error.code in _SENT_FROM_A_PAGE else {}
    fields = {"fields": error.fields} if isinstance(error, Invalid) else {}
    return error_page(request, status, error.code, **(words or error.facts), **way, **fields)


async def _tell_late(request: Request, code: str) -> Response | None:
    """The page for a form of another session of this browser; None for one that nobody knows."""
    account = guest_of(request).account
    form = await _sent_too_late(request) if account is not None else None
    if account is None or form is None:
        return None
    secrets = house_of(request).settings.secrets
    mark, own = mark_in(secrets, form.get("csrf", "")), owner_marks(secrets, account.id)
    is_visit = code == "not_visiting" or guest_of(request).behind is not None
    if mark and is_visit and mark not in own:
        return _of_another_visit(request, form)
    if mark and mark not in own:
        # Nothing is ever done in the name of somebody else: it waits for whoever filled it in.
        is_kept = await _kept(request, form)
        return error_page(request, 403, "other_account" if is_kept else "other_account_empty")
    if not mark or code != "stale_form":
        return None
    # The browser said that it came from our own page; a press on the button says the rest.
    return error_page(request, 403, "stale_answers", typed=_typed_in(form))


def _of_another_visit(request: Request, form: Form) -> Response:
    """The page for a form of an agent's visit that is over, or of another family.

    It hands back what was typed under its own token, which opens nothing but its own family.
    """
    typed, token = _typed_in(form), form.get("csrf", "")
    return error_page(request, 403, "other_family", typed=typed, csrf=token)


async def _tell_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = error_page(request, error.status_code)
    for name, value in (error.headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


async def _tell_odd_address(request: Request, error: Exception) -> Response:
    # Our pages never lead to such an address: for the person it is one that does not exist.
    assert isinstance(error, RequestValidationError)
    if is_for_programs(request):
        return error_page(request, 422, fields=field_problems(error))
    return error_page(request, 404)


async def _tell_odd_value(request: Request, error: Exception) -> Response:
    # Nothing that people type on our pages comes this far.
    request.state.failure = type(error).__name__
    if request.method == "GET":
        return error_page(request, 404)
    return error_page(request, 400, "unreadable_form")


async def _tell_sealed(request: Request, error: Exception) -> Response:
    # Which key is missing is for the log: the person can only come back later.
    answer = await tell_no_answer(request, error)
    request.state.failure = str(error)
    return answer


async def tell_no_answer(request: Request, error: Exception) -> Response:
    """The database, or another part that a page needs, does not answer, or not in time."""
    request.state.failure = type(error).__name__
    if request.method == "GET":
        return error_page(request, 503)
    form: Mapping[str, str] = getattr(request.state, "form", {})
    if not form or "password" in form:
        return error_page(request, 503, "not_kept", next_href=way_back(request))
    # Everything typed goes with the page: one button sends it again.
    return error_page(request, 503, "not_kept_yet", typed=_typed_in(form))
