"""Going to FranceConnect and coming back: once, in one browser, for what one went there for."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.access.cookies import cookie, set_cookie
from api.access.vouching import Errand, FranceConnect, NotVouched
from api.house import House, house_of, now
from domain.tokens import token_hash
from settings import Settings
from storage.identities import RoundTrip

_AN_HOUR = 3600
_LONGEST = 2_000


@dataclass(frozen=True)
class Returned:
    """What somebody brings back from FranceConnect: anybody may have written it."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str = ""

    def may_be_of(self, provider: FranceConnect) -> bool:
        """Whether it brings a code, and says of no other provider that it is from there."""
        has_code = 0 < len(self.code) <= _LONGEST
        return has_code and self.iss in {"", provider.issuer}


ComesBack = Annotated[Returned, Depends()]


async def lead_there(
    request: Request,
    house: House,
    provider: FranceConnect,
    errand: Errand,
    *,
    way: str,
    account_id: str = "",
) -> Response:
    """Lead to FranceConnect. What has to come back is kept ten minutes, for this browser.

    `way` is where to go afterwards. With `account_id` only that account may come back.

    Raises:
        ProviderAway: nobody can say where that is; nothing is kept.
    """
    state, browser = token_urlsafe(32), token_urlsafe(32)
    trip = RoundTrip(
        nonce=token_urlsafe(32),
        verifier=token_urlsafe(48),
        way=way,
        browser_hash=_mark(browser, account_id),
    )
    way_there = await provider.way_there(state, trip, errand)
    async with house.writing() as store:
        await store.identities.begin(token_hash(state), trip, now(request))
    set_cookie(request, browser_cookie(house.settings), browser, seconds=_AN_HOUR)
    return RedirectResponse(way_there, 303)


async def trip_of(request: Request, house: House, state: str, account_id: str = "") -> RoundTrip:
    """The trip that ends here, once, whatever comes of it.

    Raises:
        NotVouched: no such trip began in this browser, for this, in the last ten minutes
            (`fc_over`).
    """
    mark, trip = browser_hash(request, account_id), None
    if state and mark:
        async with house.writing() as store:
            trip = await store.identities.end(token_hash(state), mark, now(request))
    if trip is None:
        raise NotVouched("fc_over")
    return trip


def browser_cookie(settings: Settings) -> str:
    """The cookie that ties a trip, and the link that ends it, to one browser."""
    return "__Host-france-connect" if settings.has_https else "france-connect"


def browser_hash(request: Request, account_id: str = "") -> str:
    """What is kept of that cookie; "" when the browser has none."""
    value = cookie(request, browser_cookie(house_of(request).settings))
    return _mark(value, account_id) if value else ""


def _mark(browser: str, account_id: str) -> str:
    # The trip of one account is no other's, nor a way in: its mark is another one.
    return token_hash(f"{browser} {account_id}" if account_id else browser)
