"""What the routes of this room may ask for, beside the house's own."""

from typing import Annotated

from fastapi import Depends

from api.access.rules import Parent
from api.acts import Acts
from api.dependencies import GatewayDep, Now, Writing
from domain.states import Actor


def _acts(visitor: Parent, writing: Writing, gateway: GatewayDep, at: Now) -> Acts:
    agent = visitor.behind
    actor = Actor.DESK if agent else Actor.PARENT
    return Acts(writing, gateway, actor=actor, actor_id=(agent or visitor.account).id, at=at)


ParentActs = Annotated[Acts, Depends(_acts)]
"""What this parent does, now; what an agent at the desk does in the parent's name."""
