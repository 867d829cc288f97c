"""What every page knows: who is signed in, their room, the form token, what was just done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.access.kept_forms import kept_form
from api.access.sessions import WITH_SECOND_FACTOR, Guest, guest_of, seconds_left
from api.access.typed_words import typed_words
from api.house import house_of, now

_LAYOUTS = {
    "parent": "parents/layout.html",
    "agent": "staff/layout.html",
    "admin": "admins/layout.html",
}


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the header of the pages shows it.

    `is_excused`: one of the town's people without a second factor, as only examples may be.
    """

    name: str
    is_excused: bool = False


def shared(request: Request) -> Mapping[str, Any]:
    """What every page knows, by the names of `Pages`."""
    guest = guest_of(request)
    notice = guest.session.notice if guest.session else None
    request.state.notice_shown = notice is not None
    kept, is_shown = kept_form(request), getattr(request.state, "kept_is_shown", False)
    room = {"layout": _LAYOUTS[guest.account.role]} if guest.account else {}
    return {
        **room,
        "ends_in": seconds_left(guest, now(request)),
        "is_kept": kept is not None,
        "kept_words": typed_words(kept.fields) if kept and not is_shown else [],
        "csrf": guest.csrf,
        "own_csrf": guest.session.csrf_token if guest.session else guest.csrf,
        "visit": guest.visit,
        "visited": guest.account.name if guest.visit and guest.account else "",
        "person": _person(guest),
        "flash": notice,
        "town": house_of(request).town_hall.card,
    }


def _person(guest: Guest) -> Person | None:
    """Whoever sits there: on a visit the agent, not the family."""
    who = guest.behind or guest.account
    if who is None:
        return None
    is_excused = who.is_example and who.role in WITH_SECOND_FACTOR
    return Person(who.name or who.email, is_excused=is_excused)
