"""What a parent has given that the engine has not heard of yet."""

from datetime import datetime

from domain.states import Action
from storage.dossiers import Dossier
from storage.store import Store


async def is_waiting(store: Store, dossier: Dossier, action: Action, at: datetime) -> bool:
    """Whether such an act is kept and not applied yet."""
    waiting = await store.acts.waiting_in(dossier.id, given_before=at)
    return any(one.action == action for one in waiting)
