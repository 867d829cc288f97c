"""The browsers that are known: a cookie of long life by which nobody is signed in.

It says no more than that somebody came in with this browser before. Their attempts are then counted
apart from everybody else's (`api/access/attempts.py`). A new password ends it.
"""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe

from fastapi import Request

from api.access.cookies import cookie, set_cookie
from api.house import house_of
from domain.tokens import token_hash
from settings import Settings
from storage.browsers import KEPT
from storage.store import Store

_MOST = 4
"""People of a family who share a browser."""
_BETWEEN = "."


def browser_cookie(settings: Settings) -> str:
    """The cookie's name; over https the browser itself guards it (`__Host-`)."""
    return "__Host-connu" if settings.has_https else "connu"


async def known_as(request: Request, store: Store, account_id: str, at: datetime) -> str:
    """The hash by which this browser is known for this account; "" when it is not.

    The same question is asked of the database whoever, or nobody, has the account.
    """
    owners = await store.browsers.owners([token_hash(one) for one in _tokens(request)], at)
    return next((known for known, owner in owners.items() if owner == account_id), "")


async def remember(request: Request, store: Store, account_id: str, at: datetime) -> None:
    """Know this browser for this account from now on, by a new token each time somebody comes in.

    What the browser had before for the same account is known no more; what it has for others stays.
    """
    tokens, token = _tokens(request), token_urlsafe(32)
    owners = await store.browsers.owners([token_hash(one) for one in tokens], at)
    kept = [one for one in tokens if owners.get(token_hash(one)) not in {None, account_id}]
    stale = [known for known, owner in owners.items() if owner == account_id]
    for known in (*stale, *(token_hash(one) for one in kept[_MOST - 1 :])):
        await store.browsers.forget(known)
    await store.browsers.add(token_hash(token), account_id, at)
    set_cookie(
        request,
        browser_cookie(house_of(request).settings),
        _BETWEEN.join((token, *kept[: _MOST - 1])),
        seconds=int(KEPT.total_seconds()),
    )


def _tokens(request: Request) -> Sequence[str]:
    sent = cookie(request, browser_cookie(house_of(request).settings))
    return [one for one in sent.split(_BETWEEN)[:_MOST] if one]
