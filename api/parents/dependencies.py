"""What the routes of this room may ask for, beside the house's own."""

from typing import Annotated

from fastapi import Depends

from api.access.rules import Parent
from api.acts import Acts
from api.dependencies import GatewayDep, Now, Writing
from domain.states import Actor


def _acts(visitor: Parent, writing: Writing, gateway: GatewayDep, at: Now) -> Acts:
    return Acts(writing, gateway, actor=Actor.PARENT, actor_id=visitor.account.id, at=at)


ParentActs = Annotated[Acts, Depends(_acts)]
"""What this parent does, now."""
