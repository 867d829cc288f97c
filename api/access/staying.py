"""How long the session goes on, and « Rester connecté »."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.kept_forms import way_back
from api.access.rules import SignedIn
from api.access.sessions import STAYING, guest_of, seconds_left
from api.dependencies import CheckedForm, Now, Writing

router = APIRouter(prefix=STAYING)


@router.get("")
async def left(visitor: SignedIn, request: Request, now: Now) -> JSONResponse:
    """Say how many seconds are left. To ask does not prolong them."""
    del visitor
    return JSONResponse({"seconds": seconds_left(guest_of(request), now)})


@router.post("")
async def stay(
    visitor: SignedIn, request: Request, form: CheckedForm, writing: Writing, now: Now
) -> Response:
    """Go on: a sign of life, and nothing else. The absolute end stays where it is."""
    del form
    async with writing() as store:
        await store.sessions.touch(visitor.session.token_hash, now)
    guest = guest_of(request)
    left = seconds_left(replace(guest, session=replace(visitor.session, seen_at=now)), now)
    if request.headers.get("sec-fetch-dest") == "empty":
        return JSONResponse({"seconds": left})
    return RedirectResponse(way_back(request) or "/compte", 303)
