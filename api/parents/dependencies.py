"""What the routes of this room may ask for, beside the house's own."""

from typing import Annotated

from fastapi import Depends, Request

from api.access.places import place_of
from api.access.rules import Parent
from api.acts import Acts
from api.dependencies import GatewayDep, Now, Writing
from domain.states import Actor


def _acts(
    request: Request, visitor: Parent, writing: Writing, gateway: GatewayDep, at: Now
) -> Acts:
    agent = visitor.behind
    actor = Actor.DESK if agent else Actor.PARENT
    who, place = (agent or visitor.account).id, place_of(request)
    return Acts(writing, gateway, actor=actor, actor_id=who, at=at, place=place)


ParentActs = Annotated[Acts, Depends(_acts)]
"""What this parent does, now; what an agent at the desk does in the parent's name."""
