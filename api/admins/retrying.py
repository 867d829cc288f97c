"""Having a step tried now: written down first, then asked of the engine, then looked at."""

import asyncio
from datetime import datetime

from api.admins.picture import live_step
from api.causes import cause_of
from api.gateway import Gateway
from domain.states import Actor
from storage.store import OpenStore
from storage.supervision import Incident

RETRIED, MOVED_ON, _ENGINE_AWAY = "retried", "moved_on", "engine_away"
_SEEN_WITHIN = 3.0
_LOOK_EVERY = 0.15


async def retry(
    writing: OpenStore,
    gateway: Gateway,
    incident: Incident,
    *,
    admin_id: str,
    reason: str,
    act_id: str,
    at: datetime,
    place: str = "",
) -> str:
    """Ask the engine to try the step now, and give `retried` or `moved_on`.

    The intervention is kept whatever happens, with its reason and what came of it. Twice with the
    same `act_id`: the first result again.

    Raises:
        Unavailable: the engine does not answer; only the intervention is kept.
    """
    async with writing() as store:
        is_new = await store.supervision.note_intervention(
            admin_id,
            "step_retried",
            reason=reason,
            at=at,
            dossier_id=incident.dossier_id,
            subject=incident.subject or incident.id,
            result=_ENGINE_AWAY,
            intervention_id=act_id,
            place=place,
        )
        known = "" if is_new else await store.supervision.result_of(act_id)
    if known in {RETRIED, MOVED_ON}:
        return known
    # Cleared before it is tried: only a new failure, written later, makes it an incident again.
    async with writing() as store:
        await store.supervision.clear(incident.workflow_id, incident.activity_id, at)
    is_retried = await gateway.retry_now(incident.workflow_id, incident.activity_id, admin_id)
    result = RETRIED if is_retried else MOVED_ON
    async with writing() as store:
        await store.supervision.conclude(act_id, result)
        if is_retried and incident.dossier_id:
            dossier = await store.dossiers.find(incident.dossier_id)
            await store.events.add(
                dossier.id,
                f"intervention:{act_id}",
                at=at,
                what="step_retried",
                actor=Actor.ADMIN,
                actor_id=admin_id,
                state=dossier.state,
                detail={"step": incident.step},
            )
    return result


async def what_came_of_it(
    writing: OpenStore, gateway: Gateway, incident: Incident, result: str
) -> tuple[str, str]:
    """The notice to show: its kind and its words. Waits a few seconds for the try to end."""
    if result == MOVED_ON:
        return "info", "L’état a changé entre-temps : cette étape n’attend plus. Rien n’a été fait."
    waited = 0.0
    while waited < _SEEN_WITHIN:
        await asyncio.sleep(_LOOK_EVERY)
        waited += _LOOK_EVERY
        async with writing() as store:
            now = await store.supervision.incident(incident.id)
        if now is not None and now.cleared_at is None:
            cause = cause_of(now.code).title
            return "attention", f"L’étape a été relancée, et elle a encore échoué. {cause}."
        steps = (await gateway.pending([incident.workflow_id])).get(incident.workflow_id)
        if steps is not None and live_step(incident, steps) is None:
            return "success", "L’étape a été relancée, et elle est passée."
    return "info", "L’étape est relancée. Le nouvel essai est en cours."
