"""What the routes of this room may ask for, beside the house's own."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from api.access.rules import Agent, DepartmentDossier, groups_of
from api.acts import Acts
from api.dependencies import CheckedForm, GatewayDep, Now, Reading, Writing
from api.staff.desk_view import Desk, load_desk
from api.staff.trail import TrailDep, trail_from
from domain.rights import FieldGroup
from domain.states import Actor

SentDossier = DepartmentDossier
"""A dossier that its family has sent: a draft is its own affair."""


def _groups(request: Request, dossier: SentDossier) -> frozenset[FieldGroup]:
    return groups_of(request, dossier)


ReadGroups = Annotated[frozenset[FieldGroup], Depends(_groups)]
"""The reserved groups that this agent reads on this dossier."""


async def _desk_of_address(
    visitor: Agent,
    dossier: SentDossier,
    groups: ReadGroups,
    store: Reading,
    now: Now,
    trail: TrailDep,
) -> Desk:
    return await load_desk(store, dossier, trail, visitor.account, groups, now)


async def _desk_of_form(
    visitor: Agent,
    dossier: SentDossier,
    groups: ReadGroups,
    store: Reading,
    now: Now,
    form: CheckedForm,
) -> Desk:
    return await load_desk(store, dossier, trail_from(form), visitor.account, groups, now)


OpenDesk = Annotated[Desk, Depends(_desk_of_address)]
"""A dossier on the agent's desk, opened from the list that the address names."""

DeskOfForm = Annotated[Desk, Depends(_desk_of_form)]
"""The same, opened from the list that the form names."""


def _acts(visitor: Agent, writing: Writing, gateway: GatewayDep, now: Now) -> Acts:
    return Acts(writing, gateway, actor=Actor.AGENT, actor_id=visitor.account.id, at=now)


AgentActs = Annotated[Acts, Depends(_acts)]
"""What this agent does, now."""


def see(href: str) -> RedirectResponse:
    """Lead to a page after a form: reloading it sends nothing again."""
    return RedirectResponse(href, 303)
