"""Giving an act on behalf of a token's owner, and telling what became of it.

FamilyAct    what a family does, by a token that may write dossiers
TownAct      what the town decides, by a token that may decide
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from api.access.places import place_of
from api.acts import Acts
from api.dependencies import GatewayDep, Now, Writing
from api.gateway import Gateway, Kept
from api.rest import shapes
from api.rest.bearer import Bearer, Decider, Writer
from api.rest.headers import ActKey
from api.rest.views import ACTORS
from domain.messages import Outcome
from domain.states import Action
from storage.acts import KeptAct
from storage.dossiers import Dossier
from storage.store import OpenStore

PREFIX = "/api/v1"


def acts_of(
    bearer: Bearer, writing: OpenStore, gateway: Gateway, at: datetime, place: str = ""
) -> Acts:
    """What this owner does, now, in the quality that pages would give them."""
    who, actor = bearer.account.id, ACTORS[bearer.account.role]
    return Acts(writing, gateway, actor=actor, actor_id=who, at=at, place=place)


@dataclass(frozen=True)
class Giving:
    """One act of a program: in whose name, under which key, and the answer that tells of it."""

    acts: Acts
    key: str
    response: Response

    async def give(self, action: Action, dossier: Dossier, **facts: Any) -> shapes.Act:
        """Give the act, as `Acts.give` takes `facts` and raises, and tell what became of it."""
        outcome = await self.acts.give(action, dossier.id, act_id=self.key, **facts)
        return told(self.response, outcome, dossier, action, self.key)


def _by_a_family(
    request: Request,
    bearer: Writer,
    key: ActKey,
    writing: Writing,
    gateway: GatewayDep,
    response: Response,
    at: Now,
) -> Giving:
    return Giving(acts_of(bearer, writing, gateway, at, place_of(request)), key, response)


def _by_the_town(
    bearer: Decider, key: ActKey, writing: Writing, gateway: GatewayDep, response: Response, at: Now
) -> Giving:
    return Giving(acts_of(bearer, writing, gateway, at), key, response)


FamilyAct = Annotated[Giving, Depends(_by_a_family)]
TownAct = Annotated[Giving, Depends(_by_the_town)]


def told(
    response: Response, outcome: Outcome | Kept, dossier: Dossier, action: Action, act_id: str
) -> shapes.Act:
    """The answer to an act: 200 with its outcome; 202 and where to look again while it waits."""
    is_waiting = isinstance(outcome, Kept)
    if is_waiting:
        look_again(response, f"/dossiers/{dossier.id}/acts/{act_id}")
    return shapes.Act(
        id=act_id,
        dossier_id=dossier.id,
        action=action,
        outcome="waiting" if is_waiting else "applied",
        code="",
        state=dossier.state if isinstance(outcome, Kept) else outcome.state,
    )


def look_again(response: Response, path: str) -> None:
    """Say that it is kept and not applied yet (202), and where to look again."""
    response.status_code = 202
    response.headers["Location"] = f"{PREFIX}{path}"


def act_shape(act: KeptAct, dossier: Dossier) -> shapes.Act:
    """An act given before, as it stands now."""
    return shapes.Act(
        id=act.id,
        dossier_id=dossier.id,
        action=Action(act.action),
        outcome=act.outcome or "waiting",
        code=act.outcome_code,
        state=dossier.state,
    )
