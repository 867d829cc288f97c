"""What an agent may know of a family: its dossiers within the duties, and no word of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.access.rules import covers
from api.access.visiting import family_of
from api.health_readers import opens_health
from api.school_words import class_of, first_day_in_words
from api.staff.trail import Trail
from domain.deadlines import paris_day
from domain.french import ago, short_day
from domain.health import is_checked
from domain.kinds.catalogue import RULES
from domain.rights import FieldGroup, groups_open
from storage.accounts import Account
from storage.dossiers import AT_DESK, Dossier
from storage.households import Child
from storage.store import Store

_OTHER_DEPARTMENT = (
    "Cette famille a aussi un dossier qui ne relève pas de vos services\u00a0: vous ne pouvez pas "
    "voir tout ce qu’elle voit."
)

_RESERVED = (
    "Cette famille a donné des réponses réservées que votre accès n’ouvre pas. Demandez à un "
    "collègue qui a cet accès."
)


@dataclass(frozen=True)
class Family:
    """A family, for one agent: `every` dossier it has, and those `known` to the agent."""

    account: Account
    agent: Account
    every: Sequence[Dossier]
    known: Sequence[Dossier]

    @property
    def others(self) -> int:
        """How many of its dossiers are other departments'."""
        return sum(not covers(self.agent, one.department) for one in self.every)


async def load_family(store: Store, family_id: str, agent: Account) -> Family:
    """The family, and those of its dossiers that the agent's duties open; NotFound for none.

    A draft on the portal is the family's own; one begun at the desk is the desk's as well.
    """
    account = await family_of(store, family_id)
    every = await store.dossiers.of_account(account.id)
    known = [
        one
        for one in every
        if covers(agent, one.department) and (one.submitted_at is not None or one.origin == AT_DESK)
    ]
    return Family(account, agent, every, known)


async def why_not_look(store: Store, family: Family) -> str:
    """Why the agent may not see what the family sees, as a sentence; empty when they may.

    All of its dossiers must be within the duties, with each reserved group that is in one of them.
    """
    if family.others:
        return _OTHER_DEPARTMENT
    for dossier in family.every:
        closed = await _reserved_in(store, dossier) - groups_open(
            family.agent.duties, dossier.department
        )
        if closed:
            return _RESERVED
    return ""


async def why_not_hand_over(store: Store, family: Family) -> str:
    """Why the agent may not lead another address, or account, to all of this family; or empty.

    As `why_not_look`. What the record says of a child's health or custody counts as well: on a
    visit it stays closed, and whoever reads the mails of the family reads it.
    """
    if why := await why_not_look(store, family):
        return why
    departments = {one.id: one.department for one in family.every}
    children = await store.households.children_of(family.account.id)
    ids = [one.id for one in children]
    told = {
        FieldGroup.HEALTH: frozenset(await store.health_records.checked(ids)),
        FieldGroup.CUSTODY: frozenset(await store.custody.of(ids)),
    }
    for child in children:
        opened = groups_open(family.agent.duties, departments.get(child.dossier_id or "", ""))
        if any(child.id in some and group not in opened for group, some in told.items()):
            return _RESERVED
    return ""


async def _reserved_in(store: Store, dossier: Dossier) -> frozenset[FieldGroup]:
    """The reserved groups of which the family answered or gave something in this dossier."""
    rules = RULES[dossier.kind]
    answers = await store.dossiers.answers(dossier.id)
    answered = {
        one.group
        for section in rules.sections
        for one in section.fields
        if one.group is not None and answers.get(section.code, {}).get(one.name)
    }
    given = {
        rules.group_of_piece(one.piece)
        for one in await store.documents.of(dossier.id)
        if one.removed_at is None
    }
    return frozenset({*answered, *(one for one in given if one is not None)})


async def known_children(store: Store, family: Family) -> Sequence[Child]:
    """The children within the duties: by their registration, or known before any (some duty)."""
    known = {one.id for one in family.known}
    return [
        one
        for one in await store.households.children_of(family.account.id)
        if one.dossier_id in known or (one.dossier_id is None and family.agent.duties)
    ]


async def child_rows(store: Store, family: Family, at: datetime) -> Sequence[Mapping[str, Any]]:
    """The children within the duties: that there is a health record, and the way for who reads it.

    What is in it is never asked here.
    """
    known = {one.id: one.department for one in family.known}
    today = paris_day(at)
    children = [one.on(today) for one in await known_children(store, family)]
    checked = await store.health_records.checked([one.id for one in children])
    return [
        {
            "name": f"{one.first_name} {one.last_name}".strip() or "Enfant sans nom",
            "school": class_of(one) or "Non indiquée",
            "to_come": [(first_day_in_words(year), class_of(year)) for year in one.years],
            "departure": f"/agent/familles/{family.account.id}/enfants/{one.id}/depart",
            "is_there": one.id in checked,
            "is_checked": is_checked(checked.get(one.id), today),
            "href": f"/agent/familles/{family.account.id}/enfants/{one.id}/sante"
            if opens_health(family.agent, known.get(one.dossier_id or "", ""))
            else "",
        }
        for one in children
    ]


async def dossier_rows(store: Store, family: Family, at: datetime) -> Sequence[Mapping[str, Any]]:
    """The dossiers as the page of the family lists them; a draft opens on the family's pages."""
    titles = {one.id: one.title for one in await store.town.every_procedure()}
    return [
        {
            "href": Trail("tous").desk_href(one.id) if one.submitted_at else "",
            "child": one.child_name or "Toute la famille",
            "procedure": titles[one.procedure_id],
            "number": one.number,
            "state": one.state,
            "received": short_day(one.submitted_at) if one.submitted_at else "",
            "saved": ago(at, one.last_saved_at),
            "is_of_desk": one.origin == AT_DESK,
        }
        for one in family.known
    ]
