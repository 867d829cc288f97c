"""Where a person goes after signing in: back where they were, else to their own first page."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from domain.kinds.catalogue import RULES
from storage.accounts import Account
from storage.town import Procedure

HOMES = {"parent": "/accueil", "agent": "/agent", "admin": "/admin/supervision"}
WAY_COOKIE, ADDRESS_COOKIE = "suite", "adresse"
"""What a browser remembers while a link travels: where the person was, and which address."""
SECOND_FACTOR_PAGE = "/connexion/code"
_LONGEST = 300
_NEVER_BACK_TO = ("/connexion", "/deconnexion", "/activation", "/adresse/")


def safe_way(way: str) -> str:
    """The way if it is a path of this site worth returning to, else nothing.

    A path that a browser could read as another site (two slashes, a backslash, a tab) is none.
    """
    if not way.startswith("/") or way == "/" or len(way) > _LONGEST or not way.isascii():
        return ""
    if way.startswith("//") or "\\" in way or not way.isprintable() or " " in way:
        return ""
    parts = urlsplit(way)
    if parts.scheme or parts.netloc or parts.path.startswith(_NEVER_BACK_TO):
        return ""
    return way


def sign_in_way(back_to: str) -> str:
    """The sign-in page that leads back to this page."""
    way = safe_way(back_to)
    return f"/connexion?suite={quote(way, safe='/')}" if way else "/connexion"


def second_factor_way(back_to: str, page: str = SECOND_FACTOR_PAGE) -> str:
    """The page that asks for a code, or sets a telephone up, and leads back to `back_to`."""
    way = safe_way(back_to)
    return f"{page}?suite={quote(way, safe='/')}" if way else page


def for_newcomers(procedures: Sequence[Procedure]) -> Sequence[Procedure]:
    """Those that somebody begins of whom the town knows nothing: there is nothing to update yet."""
    return [one for one in procedures if not RULES[one.kind].starts_filled]


def way_after(
    account: Account, way: str, procedures: Sequence[Procedure] = (), *, is_new: bool = False
) -> str:
    """Where this person goes now: back to `way` if it is theirs, else home.

    A new parent starts at once, on the first procedure; its page leads to the others.
    """
    way, procedures = safe_way(way), for_newcomers(procedures)
    if way and _role_of(way) in (account.role, "any"):
        return way
    if is_new and account.role == "parent" and procedures:
        return f"/inscription/{procedures[0].slug}"
    return HOMES[account.role]


def _role_of(way: str) -> str:
    first = urlsplit(way).path.split("/")[1]
    return {"agent": "agent", "admin": "admin", "compte": "any"}.get(first, "parent")
