"""Every door of the site, and everybody who might knock at it.

The doors come from the application itself: a route without exactly one rule has none, and a test
says so. What an actor may expect is written here once, by rule, and not route by route.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

import httpx2
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.access.codes import new_secret
from api.access.rules import rules_of
from api.access.sessions import SECOND_FACTOR, cookie_name
from domain.deadlines import paris_day
from domain.rights import Duty
from domain.states import State
from domain.tokens import token_hash
from domain.visits import LASTS, Mode
from storage.accounts import Account
from tests.builders import Someone, a_dossier
from tests.guardians import is_shared
from tests.programs import CANTEEN, a_program
from tests.site import (
    ADMIN,
    AGENT,
    CLAIRE,
    GUARDIAN,
    NURSERY_AGENT,
    OTHER_PARENT,
    Browser,
    Site,
)

ROLES = {
    "Anyone": "",
    "SignedIn": "any",
    "HalfSignedIn": "half",
    "Parent": "parent",
    "Agent": "agent",
    "Admin": "admin",
}
PROGRAMS = "Token"
"""The rule of what programs call: no session opens it, see test_rest_access.py."""
INSIDERS = {"parent": CLAIRE, "agent": AGENT, "admin": ADMIN, "any": CLAIRE}
OPEN_AGENT = Someone("accueil@v.example", "agent", "Lise Morin", "Accueil", is_example=True)
"""An agent of the schools' department without any reserved group."""
EX_GUARDIAN = Someone("ancien@example.org", name="Marc Martin")
_GONE = Someone("parti@v.example", "agent", "Noël Parti", "", "scolaire", is_example=True)
_LEFT = Someone("partie@example.org", name="Inès Partie")
SHARED = "/enfants/{dossier_id}"
_IN_PERSON = (
    "/compte",
    "/enfants",
    "/dossiers/{dossier_id}/acces",
    "/quotient/caf/france-connect",
    "/connexion/france-connect",
)
"""What nobody does for a family: their account, children that are shared, the sharing of them,
coming by FranceConnect."""
_SHARING = ("/agent/dossiers/{dossier_id}/acces", "/agent/dossiers/{dossier_id}/jugements")


@dataclass(frozen=True)
class Door:
    """A route and a method; `role` is who may come in ("" for everybody)."""

    method: str
    path: str
    role: str

    @property
    def parameters(self) -> set[str]:
        """The names of what stands in the address."""
        return set(re.findall(r"{(\w+)", self.path))

    @property
    def is_plain(self) -> bool:
        """Whether the page of this dossier exists for whoever may see the dossier."""
        return self.method == "GET" and self.parameters <= {"dossier_id"}

    def address(self, dossier_id: str) -> str:
        """The address for this dossier; any other id is one that nobody has."""
        own = re.sub(r"{dossier_id[^}]*}", dossier_id, self.path)
        return re.sub(r"{\w+[^}]*}", "0" * 32, own)


def doors(site: Site) -> Iterator[Door]:
    """Every door of the site, but those of programs."""
    for context in iter_route_contexts(site.app.routes):
        assert isinstance(context.dependant, Dependant)
        (rule,) = rules_of(context.dependant)
        for method in sorted(set(context.methods or ()) - {"HEAD", "OPTIONS"}):
            if rule != PROGRAMS:
                yield Door(method, str(context.path), ROLES[rule])


async def claires_dossier(site: Site) -> str:
    """A dossier under review of Claire's, with a guardian, and one who was."""
    claire = await site.account(CLAIRE)
    async with site.writing() as store:
        dossier = await a_dossier(store, claire, site.clock(), state=State.UNDER_REVIEW)
    await is_shared(site, dossier, GUARDIAN)
    await is_shared(site, dossier, EX_GUARDIAN, until=paris_day(site.clock()))
    return dossier.id


async def half_signed_in(site: Site, who: Someone = ADMIN) -> Browser:
    """A browser in which a password was shown, and no code yet."""
    browser = await site.signed_in(who)
    async with site.writing() as store:
        found, *_ = await store.sessions.with_owner(_session_of(site, browser), site.clock())
        assert found is not None
        await store.sessions.end(found.token_hash)
        await store.sessions.add(replace(found, waits_for=SECOND_FACTOR))
        await store.second_factors.begin(found.account_id or "", new_secret())
    return browser


async def insider(site: Site, role: str) -> Browser:
    """Somebody for whom the doors of this role are."""
    if role == "half":
        return await half_signed_in(site)
    return await site.signed_in(INSIDERS[role]) if role else site.browser()


def _session_of(site: Site, browser: Browser) -> str:
    return token_hash(browser.cookies.get(cookie_name(site.settings)) or "")


IN, NOT_THERE, SIGN_IN, CODE, REFUSED = "in", "404", "sign in", "code", "403"


@dataclass(frozen=True)
class Actor:
    """Somebody at a door: with which browser they come, and what they find there."""

    comes: Callable[[Site], Awaitable[httpx2.AsyncClient]]
    finds: Callable[[Door], str]


def _person(who: Someone, *, sees: bool = True) -> Actor:
    """Somebody signed in; `sees` whether the dossier is theirs to see."""

    def finds(door: Door) -> str:
        if door.role == "":
            return IN
        if door.role not in {"any", who.role}:
            return NOT_THERE
        if "dossier_id" in door.parameters and not sees:
            return NOT_THERE
        # What another guardian reads and says has pages of its own, which the owner does not have.
        return NOT_THERE if door.path.startswith(SHARED) else IN

    async def comes(site: Site) -> Browser:
        return await site.signed_in(who)

    return Actor(comes, finds)


def _outside(comes: Callable[[Site], Awaitable[httpx2.AsyncClient]]) -> Actor:
    return Actor(comes, lambda door: SIGN_IN if door.role else IN)


async def _nobody(site: Site) -> Browser:
    return site.browser()


async def _token_of_a_parent(site: Site) -> httpx2.AsyncClient:
    return (await a_program(site, CLAIRE)).client


async def _token_of_a_system(site: Site) -> httpx2.AsyncClient:
    return (await a_program(site, CANTEEN)).client


def _shut_out(who: Someone) -> Actor:
    """Somebody whose access is closed while a page of theirs is open."""

    async def comes(site: Site) -> Browser:
        browser, account = await site.signed_in(who), await site.account(who)
        async with site.writing() as store:
            await store.connection.exec_driver_sql(
                f"UPDATE accounts SET disabled_at = created_at WHERE id = '{account.id}'"
            )
        return browser

    return _outside(comes)


def _guardian() -> Actor:
    """Another guardian of the child: its page, what is said there, and nothing else."""
    stranger = _person(GUARDIAN, sees=False)

    def finds(door: Door) -> str:
        return IN if door.path.startswith(SHARED) else stranger.finds(door)

    return Actor(stranger.comes, finds)


def _half(who: Someone) -> Actor:
    def finds(door: Door) -> str:
        return IN if door.role in {"", "half"} else CODE

    async def comes(site: Site) -> Browser:
        return await half_signed_in(site, who)

    return Actor(comes, finds)


async def visiting(site: Site, mode: Mode) -> Browser:
    """An agent on Claire's pages."""
    browser, family, agent = (
        await site.signed_in(AGENT),
        await site.account(CLAIRE),
        await site.account(AGENT),
    )
    async with site.writing() as store:
        session, *_ = await store.sessions.with_owner(_session_of(site, browser), site.clock())
        assert session is not None
        lasts = LASTS[mode]
        await store.visits.begin(
            session.id,
            agent_id=agent.id,
            family_id=family.id,
            mode=mode,
            at=site.clock(),
            until=site.clock() + lasts if lasts else session.expires_at,
        )
    return browser


def _looking_as_the_parent() -> Actor:
    def finds(door: Door) -> str:
        if door.role != "parent":
            return _person(AGENT).finds(door)
        if door.path.startswith(_IN_PERSON):
            return NOT_THERE
        return IN if door.method == "GET" else REFUSED

    async def comes(site: Site) -> Browser:
        return await visiting(site, Mode.VIEW)

    return Actor(comes, finds)


def _without_group() -> Actor:
    async def comes(site: Site) -> Browser:
        account: Account = await site.account(OPEN_AGENT)
        async with site.writing() as store:
            await store.staff.change(
                account.id,
                name=account.name,
                title=account.title,
                role="agent",
                duties=[Duty("scolaire")],
            )
        return await site.signed_in(OPEN_AGENT)

    def finds(door: Door) -> str:
        # The sharing of a child follows rulings: it is for those who read them.
        return NOT_THERE if door.path.startswith(_SHARING) else _person(OPEN_AGENT).finds(door)

    return Actor(comes, finds)


ACTORS = {
    "nobody": _outside(_nobody),
    "the parent": _person(CLAIRE),
    "another parent": _person(OTHER_PARENT, sees=False),
    "the other guardian": _guardian(),
    "an ex-guardian": _person(EX_GUARDIAN, sees=False),
    "an agent": _person(AGENT),
    "an agent of another department": _person(NURSERY_AGENT, sees=False),
    "an agent without a reserved group": _without_group(),
    "an agent who looks as the parent": _looking_as_the_parent(),
    "an admin": _person(ADMIN),
    "an agent who is shut out": _shut_out(_GONE),
    "a parent who is shut out": _shut_out(_LEFT),
    "an agent without the code yet": _half(AGENT),
    "an admin without the code yet": _half(ADMIN),
    "a parent without the code yet": _half(CLAIRE),
    "the token of a parent": _outside(_token_of_a_parent),
    "the token of a system": _outside(_token_of_a_system),
}
"""Everybody who might knock, by what they are called in the name of a test."""
