"""A family that has begun to look again at what the town knows of it, and has not sent it yet."""

from datetime import datetime

from api.acts import Acts
from api.beginning import begin_filled
from api.gateway import Gateway
from api.known_family import known_family
from deploy.example.homes import FATOU
from deploy.example.sharing import account_of
from deploy.example.valbourg import UPDATE
from domain.deadlines import paris_day
from domain.states import Actor
from storage.store import OpenStore

_BEGUN = "exemple-diallo-actualisation-open"


async def begin_an_update(writing: OpenStore, gateway: Gateway, at: datetime) -> None:
    """Fatou has begun the update of this school year, for her four children. Twice: once."""
    async with writing() as store:
        fatou = await account_of(store, FATOU)
        known = await known_family(store, fatou, UPDATE, paris_day(at), agent=None)
        is_begun = await store.acts.find(_BEGUN) is not None
    if known is not None and not is_begun:
        acts = Acts(writing, gateway, actor=Actor.PARENT, actor_id=fatou.id, at=at)
        await begin_filled(writing, acts, UPDATE, known, act_id=_BEGUN, account_id=fatou.id)
