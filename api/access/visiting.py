"""An agent on the pages of a family: to type for it at the desk, or to see what it sees.

The visit is a row that belongs to the agent's session (`storage/visits.py`). On the families' own
pages the agent is then that family, with themselves `behind`; on every other page nothing changes.
The forms of these pages carry a token of the visit: none of them is taken for another family, nor
once the visit is over.
"""

import re
from dataclasses import replace

from fastapi import Request

from api.access.sessions import Guest
from api.audit import line_of
from api.house import house_of, now
from domain.audit import What
from domain.errors import DomainError, NotAllowed, NotFound
from domain.tokens import visit_token
from domain.visits import LASTS, Mode
from storage.accounts import PARENT, Account
from storage.store import Store
from storage.visits import Visit

_IN_PERSON = re.compile(
    r"/(?:compte|enfants|quotient/caf/france-connect|connexion/france-connect)(?:/|$)"
    r"|/dossiers/[^/]+/acces(?:/|$)"
)
"""The pages that belong to one person alone: nobody visits them, nor invites in their name."""
_LOOKING = frozenset({"GET", "HEAD"})


class VisitIsOver(DomainError):  # noqa: N818
    """The time of a visit that looks is over; `next_href` leads to the family."""


async def as_family(request: Request, guest: Guest) -> Guest:
    """The family that this agent visits, with the agent behind it.

    Here alone is said what a visit opens: no page of one person's own, nothing but looking when it
    only looks.

    Raises:
        NotFound: this browser visits nobody, or the page is nobody else's business.
        NotAllowed: a form was sent on a visit that only looks (`only_looking`).
        VisitIsOver: its time is over.
    """
    house, at = house_of(request), now(request)
    if guest.account is None or guest.session is None:
        raise NotFound
    async with house.reading() as store:
        visit = await store.visits.current(guest.session.id)
        family = await store.accounts.by_id(visit.family_id) if visit else None
    if visit is None or family is None or visit.agent_id != guest.account.id:
        raise NotFound("not_visiting")
    if _IN_PERSON.match(request.url.path):
        raise NotFound("in_person")
    home = f"/agent/familles/{family.id}"
    if at >= visit.until:
        async with house.writing() as store:
            await end_visit(request, store, visit, why="time")
        raise VisitIsOver("visit_over", next_href=home)
    if visit.mode is Mode.VIEW and request.method not in _LOOKING:
        raise NotAllowed("only_looking", next_href=home)
    visiting = replace(
        guest,
        account=family,
        behind=guest.account,
        visit=visit,
        csrf=visit_token(house.settings.secret.get_secret_value(), family.id, visit.id),
    )
    request.state.guest = visiting
    return visiting


async def begin_visit(
    request: Request, store: Store, guest: Guest, family_id: str, mode: Mode
) -> Visit:
    """Begin to visit; the visit before ends. Each leaves its line.

    Raises:
        NotFound: there is no such family.
    """
    at = now(request)
    if guest.account is None or guest.session is None:
        raise NotFound
    await family_of(store, family_id)
    before = await store.visits.current(guest.session.id)
    if before is not None:
        await end_visit(request, store, before, why="another")
    lasts = LASTS[mode]
    visit = await store.visits.begin(
        guest.session.id,
        agent_id=guest.account.id,
        family_id=family_id,
        mode=mode,
        at=at,
        until=min(guest.session.expires_at, at + lasts) if lasts else guest.session.expires_at,
    )
    await store.audit.add(line_of(request, What.VISIT_BEGUN, subject=family_id, mode=mode))
    return visit


async def end_visit(request: Request, store: Store, visit: Visit, *, why: str) -> None:
    """Leave the family's pages, and say so. Twice: one line."""
    if await store.visits.end(visit.id, now(request)):
        facts = {"mode": visit.mode, "why": why}
        await store.audit.add(line_of(request, What.VISIT_ENDED, subject=visit.family_id, **facts))


async def family_of(store: Store, family_id: str) -> Account:
    """The account of a family; NotFound for whoever is none."""
    family = await store.accounts.by_id(family_id)
    if family is None or family.role != PARENT or family.disabled_at is not None:
        raise NotFound
    return family
