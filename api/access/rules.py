"""Who may come in, said in the signature of each route, once.

    Anyone     signed in or not            SignedIn   whoever is signed in
    Parent     a family                    Agent      a member of staff
    Admin      an administrator            HalfSignedIn  whoever has a code to show still
    OwnDossier         the dossier `dossier_id` of this parent (says `Parent` by itself)
    OwnChild           the child `child_id` of this parent, or shared with them (says `Parent`)
    SharedChild        the child of `dossier_id`, which another guardian shares (says `Parent`)
    DepartmentDossier  what was sent to a department of this agent's (says `Agent`)

Signed out, a page leads to the sign-in page and back. Signed in as somebody else, it does not
exist. A test walks every route of the site: one without exactly one rule fails it.
"""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from api.access.sessions import GUEST, Guest, guest_of
from api.access.visiting import as_family
from api.house import house_of, now
from domain.errors import DomainError, NotFound
from domain.rights import EVERY_GROUP, FieldGroup, groups_open
from domain.states import State
from domain.visits import Mode
from storage.accounts import Account
from storage.dossiers import AT_DESK, Dossier
from storage.family_record import FollowedChild
from storage.records import is_id
from storage.sessions import Session
from storage.shared_dossiers import SharedDossier

EVERYONE = frozenset({"parent", "agent", "admin"})
STAFF = frozenset({"agent", "system"})
"""Who may see what their duties open; a `system` is another software of the town."""


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, by which session, and the token that its forms carry.

    On a visit `account` is the family, and `behind` the agent.
    """

    account: Account
    session: Session
    csrf: str
    behind: Account | None = None


class SignInFirst(DomainError):  # noqa: N818
    """Nobody is signed in; `back_to` is where to lead them afterwards."""

    def __init__(self, back_to: str) -> None:
        super().__init__("sign_in_first")
        self.back_to = back_to


class SecondFactorFirst(DomainError):  # noqa: N818
    """A code has to be shown first; `back_to` is where to lead the person afterwards."""

    def __init__(self, back_to: str) -> None:
        super().__init__("second_factor_first")
        self.back_to = back_to


class Rule:
    """An access rule: the roles that may come in."""

    def __init__(self, name: str, roles: frozenset[str]) -> None:
        self.name = name
        self.roles = roles

    async def __call__(self, request: Request, guest: Annotated[Guest, GUEST]) -> Visitor:
        """Let in whoever has the role.

        Raises:
            SignInFirst: nobody is signed in.
            SecondFactorFirst: somebody is, and has not shown a code yet.
            NotFound: somebody else is.
        """
        if guest.waiting is not None:
            raise SecondFactorFirst(page_of(request))
        if guest.account is None or guest.session is None:
            raise SignInFirst(page_of(request))
        if guest.account.role not in self.roles:
            raise NotFound
        return Visitor(guest.account, guest.session, guest.csrf)


class FamilyRule(Rule):
    """The rule of the families' own pages, on which an agent may visit."""

    async def __call__(self, request: Request, guest: Annotated[Guest, GUEST]) -> Visitor:
        """Let in the family, or the agent who visits it: see `as_family`, which raises more."""
        if guest.account is not None and guest.account.role == "agent":
            guest = await as_family(request, guest)
        visitor = await super().__call__(request, guest)
        return replace(visitor, behind=guest.behind)


class Waiting(Rule):
    """The rule of the pages on which a second factor is shown, or set up: once a password was."""

    async def __call__(self, request: Request, guest: Annotated[Guest, GUEST]) -> Visitor:
        """Let in whoever waits, as a visitor; NotFound for whoever is signed in already.

        Raises:
            SignInFirst: nobody has shown a password or a link.
        """
        del request
        if guest.waiting is None or guest.session is None:
            if guest.account is not None:
                raise NotFound
            raise SignInFirst("/")
        return Visitor(guest.waiting, guest.session, guest.csrf)


class OpenToAll(Rule):
    """The rule of public pages."""

    async def __call__(  # type: ignore[override]
        self, guest: Annotated[Guest, GUEST]
    ) -> Guest:
        """Let everybody in."""
        return guest


class OpenWithoutStorage(Rule):
    """The rule of what must answer even when the database does not: style, signs of life."""

    async def __call__(self) -> None:  # type: ignore[override]
        """Let everybody in, without looking who it is."""


ANYONE = Depends(OpenWithoutStorage("Anyone", frozenset()))
"""For `dependencies=[ANYONE]` on routes that show nothing of anybody."""

HalfSignedIn = Annotated[Visitor, Depends(Waiting("HalfSignedIn", EVERYONE))]
PARENT = FamilyRule("Parent", frozenset({"parent"}))
AGENT = Rule("Agent", frozenset({"agent"}))

Anyone = Annotated[Guest, Depends(OpenToAll("Anyone", EVERYONE))]
SignedIn = Annotated[Visitor, Depends(Rule("SignedIn", EVERYONE))]
Parent = Annotated[Visitor, Depends(PARENT)]
Agent = Annotated[Visitor, Depends(AGENT)]
Admin = Annotated[Visitor, Depends(Rule("Admin", frozenset({"admin"})))]


def may_see(account: Account, dossier: Dossier) -> bool:
    """Whether the dossier exists for this person: the family's own, or within the duties.

    A draft is the family's own affair.
    """
    if account.role == "parent":
        return dossier.account_id == account.id
    is_staff = account.role in STAFF and dossier.submitted_at is not None
    return is_staff and covers(account, dossier.department)


def covers(account: Account, department: str) -> bool:
    """Whether some duty of this member of staff is for this department."""
    return any(duty.covers(department) for duty in account.duties)


def groups_read(account: Account, dossier: Dossier) -> frozenset[FieldGroup]:
    """The reserved groups that this person reads on this dossier: the family, all of its own."""
    if not may_see(account, dossier):
        return frozenset()
    if account.role == "parent":
        return EVERY_GROUP
    return groups_open(account.duties, dossier.department)


def groups_of(request: Request, dossier: Dossier) -> frozenset[FieldGroup]:
    """The reserved groups that whoever asks reads on this dossier.

    An agent on the pages of a family reads there what the agent's own duties open, and no more; but
    for what is begun on this very visit, until it is sent: the person says it there and then.
    """
    guest = guest_of(request)
    if guest.account is None:
        return frozenset()
    if guest.behind is not None and not _is_being_typed(guest, dossier):
        return groups_open(guest.behind.duties, dossier.department)
    if guest.behind is not None:
        return EVERY_GROUP
    return groups_read(guest.account, dossier)


def _is_being_typed(guest: Guest, dossier: Dossier) -> bool:
    visit = guest.visit
    if visit is None or visit.mode is not Mode.DESK or dossier.origin != AT_DESK:
        return False
    # Another agent, or another day, finds what was typed as any draft: by the duties.
    return dossier.state is State.DRAFT and dossier.opened_at >= visit.begun_at


def may_read(account: Account, dossier: Dossier, group: FieldGroup | None) -> bool:
    """Whether this person reads what is of this group (None: of none) on this dossier."""
    return may_see(account, dossier) if group is None else group in groups_read(account, dossier)


async def dossier_for(request: Request, dossier_id: str, account: Account) -> Dossier:
    """The dossier if this person may see it; NotFound otherwise, as if there were none."""
    if not is_id(dossier_id):
        raise NotFound
    async with house_of(request).reading() as store:
        dossier = await store.dossiers.find(dossier_id)
    if not may_see(account, dossier):
        raise NotFound
    return dossier


async def own_dossier(request: Request, dossier_id: str, visitor: Parent) -> Dossier:
    """The parent's own dossier; NotFound for anybody else's, as if there were none.

    An agent on a visit has the duty for it as well.
    """
    dossier = await dossier_for(request, dossier_id, visitor.account)
    if visitor.behind is not None and not covers(visitor.behind, dossier.department):
        raise NotFound
    return dossier


async def department_dossier(request: Request, dossier_id: str, visitor: Agent) -> Dossier:
    """A dossier that its family sent to a department of the agent's."""
    return await dossier_for(request, dossier_id, visitor.account)


async def shared_child(request: Request, dossier_id: str, visitor: Parent) -> SharedDossier:
    """What another guardian may know of the dossier of a child of theirs, today.

    Raises:
        NotFound: it was never shared with them, or is no longer: as if there were none.
    """
    if not is_id(dossier_id):
        raise NotFound
    async with house_of(request).reading() as store:
        shared = await store.guardian_accesses.open_to(visitor.account.id, dossier_id, now(request))
    if shared is None:
        raise NotFound
    return shared


async def own_child(request: Request, child_id: str, visitor: Parent) -> FollowedChild:
    """A child of this parent's family, or one that another guardian shares with them today.

    An agent on a visit sees the family's own, those whose registration is not another department's.

    Raises:
        NotFound: it is somebody else's, or is shared no longer: as if there were none.
    """
    if not is_id(child_id):
        raise NotFound
    async with house_of(request).reading() as store:
        child = await store.family_record.child_for(visitor.account.id, child_id, now(request))
    if child is None or (visitor.behind is not None and not _may_visit(visitor.behind, child)):
        raise NotFound
    return child


def _may_visit(agent: Account, child: FollowedChild) -> bool:
    return not child.is_shared and (not child.department or covers(agent, child.department))


OwnDossier = Annotated[Dossier, Depends(own_dossier)]
OwnChild = Annotated[FollowedChild, Depends(own_child)]
SharedChild = Annotated[SharedDossier, Depends(shared_child)]
DepartmentDossier = Annotated[Dossier, Depends(department_dossier)]


def rules_of(dependant: Dependant) -> frozenset[str]:
    """The names of the rules a route declares: one, or the site's tests fail."""
    return frozenset(_rules_in(dependant))


def _rules_in(dependant: Dependant) -> set[str]:
    found = {dependant.call.name} if isinstance(dependant.call, Rule) else set()
    return found.union(*(_rules_in(one) for one in dependant.dependencies))


def page_of(request: Request) -> str:
    """Where to lead the person once signed in: this page, or the page whose form was sent."""
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{request.url.path}{query}"
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # anybody may have written it
        return "/"
    query = f"?{came_from.query}" if came_from.query else ""
    return f"{came_from.path}{query}" if came_from.path else "/"
