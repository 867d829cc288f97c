"""Who is behind a request: the cookie, the session it opens, and how long it lasts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex

from fastapi import Depends, Request

from api.access.codes import new_secret
from api.access.cookies import cookie, kept_cookie, set_cookie
from api.house import house_of, now
from domain.devices import device_of
from domain.errors import NotAllowed
from domain.tokens import form_token, new_form_token, owner_marks, token_hash
from settings import Settings
from storage.accounts import Account
from storage.sessions import Session
from storage.store import Store
from storage.visits import Visit

_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_HEADER = 512
STAYING = "/compte/duree"
"""The address at which a page asks how long the session goes on."""
_CLOSE = timedelta(minutes=10)
SECOND_FACTOR = "second_factor"
"""What a session waits for that has seen a password, or a link, and no code yet."""
_HALF_LIFE = timedelta(minutes=30)
WITH_SECOND_FACTOR = frozenset({"agent", "admin"})
"""Who has a code to show beside a password or a link."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts without a sign of life, and at most."""

    idle: timedelta
    whole: timedelta


LIFETIMES = {
    "parent": Lifetime(timedelta(minutes=60), timedelta(hours=12)),
    "agent": Lifetime(timedelta(minutes=30), timedelta(hours=8)),
    "admin": Lifetime(timedelta(minutes=15), timedelta(hours=8)),
}


@dataclass(frozen=True)
class Guest:
    """Whoever asks: signed in (`account` and `session`) or not. `csrf` goes into every form.

    `waiting` is who has still to show a second factor: nobody is signed in until then. On a `visit`
    `account` is the family, and `behind` the agent (`api/access/visiting.py`).
    """

    account: Account | None
    session: Session | None
    csrf: str
    waiting: Account | None = None
    behind: Account | None = None
    visit: Visit | None = None


def cookie_name(settings: Settings) -> str:
    """The session's cookie; over https the browser itself guards it (`__Host-`)."""
    return "__Host-session" if settings.has_https else "session"


def keep_cookie(request: Request, value: str) -> None:
    """Have the answer set the session's cookie; an empty value removes it."""
    set_cookie(request, cookie_name(house_of(request).settings), value)


async def load_guest(request: Request) -> AsyncIterator[Guest]:
    """Find who is behind the request. An ended session, or a closed account, is nobody."""
    house, at = house_of(request), now(request)
    token = request.cookies.get(cookie_name(house.settings), "")
    session, account = None, None
    if token or house.town_hall.is_old(at):
        # A short transaction of its own: a slow upload must not hold a connection meanwhile.
        async with house.reading() as store:
            await house.town_hall.refresh(store, at)
            session, owner, stands_in = await store.sessions.with_owner(token_hash(token), at)
            account = owner if _is_at_home(house.settings, session, owner, at) else None
            if account is not None and stands_in:
                account = await store.duties.on_duty(account, at)
            if account is not None and session is not None and session.has_kept_forms:
                path = request.url.path
                request.state.kept = await store.kept_forms.of_page(session.id, path, at)
    if account is None or session is None:
        guest = Guest(None, None, _anonymous_csrf(request, token))
    elif session.waits_for:
        guest = Guest(None, session, session.csrf_token, waiting=account)
    else:
        guest = Guest(account, session, session.csrf_token)
        # The distance, not the order: a clock that was set back makes nobody immortal.
        if abs(at - session.seen_at) >= _SEEN_EVERY and not _is_by_itself(request):
            async with house.writing() as writing:
                await writing.sessions.touch(session.token_hash, at)
            session = replace(session, seen_at=at)
            guest = replace(guest, session=session)
    request.state.guest = guest
    yield guest
    for letter_id in getattr(request.state, "letters", ()):
        house.after_the_answer(house.gateway.send_letter(letter_id))
    if getattr(request.state, "notice_shown", False) and session is not None:
        async with house.writing() as writing:
            await writing.sessions.set_notice(session.token_hash, None)


GUEST = Depends(load_guest, scope="function")


def _is_at_home(
    settings: Settings, session: Session | None, owner: Account | None, at: datetime
) -> bool:
    """Whether this session still opens this account."""
    if session is None or owner is None or at >= session.expires_at:
        return False
    if not may_come_in(settings, owner) or owner.role not in LIFETIMES:
        return False
    return at - session.seen_at < LIFETIMES[owner.role].idle


def _is_by_itself(request: Request) -> bool:
    """Whether a page asks by itself, without anybody there: that is no sign of life."""
    is_by_script = request.headers.get("sec-fetch-dest") == "empty"
    return request.method == "GET" and (is_by_script or request.url.path == STAYING)


def seconds_left(guest: Guest, at: datetime) -> int:
    """How long the session goes on if nobody does anything more; 0 for nobody."""
    if guest.account is None or guest.session is None:
        return 0
    ends = min(
        guest.session.seen_at + LIFETIMES[(guest.behind or guest.account).role].idle,
        guest.session.expires_at,
    )
    return max(0, int((ends - at).total_seconds()))


def is_confirmed(session: Session, at: datetime) -> bool:
    """Whether the person has shown who they are within the last ten minutes."""
    return session.confirmed_at is not None and abs(at - session.confirmed_at) <= _CLOSE


def may_come_in(settings: Settings, account: Account) -> bool:
    """Whether an account opens anything: not once closed, nor an example outside its town."""
    return account.disabled_at is None and (settings.is_local or not account.is_example)


def _anonymous_csrf(request: Request, token: str) -> str:
    # Nothing is kept for a browser that has not signed in: its forms are tied to its own cookie.
    browser = token or token_hex(32)
    request.state.new_browser = "" if token else browser
    return form_token(house_of(request).settings.secret.get_secret_value(), browser)


def forms_of_before(request: Request) -> Sequence[str]:
    """The tokens that the forms of a browser nobody has signed in by had under older secrets."""
    settings = house_of(request).settings
    browser = request.cookies.get(cookie_name(settings), "")
    if guest_of(request).session is not None or not browser:
        return ()
    return [form_token(secret, browser) for secret in settings.secrets[1:]]


def prepare_form(request: Request) -> None:
    """Give the browser of somebody not signed in the cookie to which `csrf` is tied."""
    if getattr(request.state, "new_browser", ""):
        keep_cookie(request, request.state.new_browser)


def guest_of(request: Request) -> Guest:
    """Who `load_guest` found; nobody when the request got stuck before."""
    guest: Guest = getattr(request.state, "guest", Guest(None, None, ""))
    return guest


async def open_session(
    request: Request, store: Store, account: Account, *, has_passed: bool = False
) -> Session:
    """Sign in with a new token, always: what the browser had before opens nothing any more.

    Whoever needs a second factor has only its pages opened, unless `has_passed` says that a code
    was shown just now.

    Raises:
        NotAllowed: the account is closed (`account_closed`).
    """
    house, at, token = house_of(request), now(request), token_hex(32)
    held = await store.accounts.hold(account.id)  # it may be erased at this very moment
    if held is None or not may_come_in(house.settings, held):
        raise NotAllowed("account_closed")
    secret = house.settings.secret.get_secret_value()
    waits_for = "" if has_passed else await _what_waits(request, store, account)
    await end_session(request, store)
    session = Session(
        token_hash=token_hash(token),
        account_id=account.id,
        csrf_token=new_form_token(secret, account.id),
        created_at=at,
        seen_at=at,
        expires_at=at + (_HALF_LIFE if waits_for else LIFETIMES[account.role].whole),
        waits_for=waits_for,
        device=device_of(request.headers.get("user-agent", "")[:_LONGEST_HEADER]),
        place=(request.client.host if request.client else "")[:64],
        confirmed_at=None if waits_for else at,
    )
    browser = cookie(request, kept_cookie(house.settings))
    if browser and not waits_for:
        marks = owner_marks(house.settings.secrets, account.id)
        has_kept = await store.kept_forms.hand_over(token_hash(browser), marks, session.id, at)
        session = replace(session, has_kept_forms=has_kept)
    await store.sessions.add(session)
    keep_cookie(request, token)
    return session


async def renew_session(request: Request, store: Store, account_id: str = "") -> str:
    """Give this browser a new token, because what the person may do has changed; the session's id.

    The old token opens nothing any more; the end of the session stays where it was. "" and nothing
    for nobody, or for somebody else than `account_id` if it is given.
    """
    guest, token = guest_of(request), token_hex(32)
    if guest.account is None or guest.session is None:
        return ""
    if account_id and guest.session.account_id != account_id:
        return ""
    secret, owner = house_of(request).settings.secret.get_secret_value(), guest.behind
    fresh = replace(
        guest.session,
        token_hash=token_hash(token),
        csrf_token=new_form_token(secret, (owner or guest.account).id),
    )
    if await store.sessions.renew(guest.session.token_hash, fresh):
        request.state.guest = replace(guest, session=fresh, csrf=fresh.csrf_token)
        keep_cookie(request, token)
        return fresh.id
    return ""


async def _what_waits(request: Request, store: Store, account: Account) -> str:
    if await store.second_factors.is_proven(account.id):
        return SECOND_FACTOR
    is_excused = account.is_example and house_of(request).settings.is_local
    if account.role not in WITH_SECOND_FACTOR or is_excused:
        return ""
    # A secret of this visit only: one that somebody saw on a page left open proves nothing.
    await store.second_factors.begin(account.id, new_secret())
    return SECOND_FACTOR


async def end_session(request: Request, store: Store) -> None:
    """Sign out this browser. Twice: nothing more."""
    token = request.cookies.get(cookie_name(house_of(request).settings), "")
    if token:
        await store.sessions.end(token_hash(token))
    keep_cookie(request, "")
