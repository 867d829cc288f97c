"""What the page of one incident needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.admins.picture import live_step, trouble_of
from api.admins.rows import interventions, next_try
from api.causes import cause_of, letter_words, step_words
from api.gateway import Gateway
from api.timeline import lines
from domain import french
from domain.errors import NotFound
from domain.kinds.catalogue import RULES
from domain.states import Actor
from storage.store import Store
from storage.supervision import Incident


async def incident_page(
    store: Store, gateway: Gateway, incident_id: str, now: datetime
) -> Mapping[str, Any]:
    """The step as it stands now, its dossier's timeline, the interventions so far.

    Raises:
        NotFound: there is no such incident.
    """
    incident = await store.supervision.incident(incident_id)
    if incident is None:
        raise NotFound
    answered = await gateway.pending([incident.workflow_id])
    steps = answered.get(incident.workflow_id)
    live = live_step(incident, steps or ())
    # The engine knows better than the last line in storage; without it, storage is believed.
    is_over = live is None if steps is not None else incident.cleared_at is not None
    trouble = trouble_of(incident, live)
    cause = cause_of(incident.code)
    about = incident.subject or incident.id
    return {
        "incident": incident,
        "step": step_words(incident.step),
        "number": incident.number,
        "cause": cause,
        "is_over": is_over,
        "kind": trouble.kind,
        "attempts": trouble.attempts,
        "next_try": next_try(trouble, now),
        "engine_answers": steps is not None,
        "subject": await _subject(store, incident),
        "timeline": await _timeline(store, incident),
        "interventions": interventions(await store.supervision.interventions(subject=about), now),
        "now": now,
    }


async def _subject(store: Store, incident: Incident) -> Mapping[str, str]:
    """The letter or document concerned: what it is, never what it says."""
    if incident.step == "send" and incident.subject:
        letter = await store.letters.find(incident.subject)
        if letter is not None:
            href = f"/admin/mails/{letter.id}"
            return {"label": "Courrier", "words": letter_words(letter.kind), "href": href}
    document = await store.documents.find(incident.subject) if incident.subject else None
    if document is None or not incident.dossier_id:
        return {}
    dossier = await store.dossiers.find(incident.dossier_id)
    title = RULES[dossier.kind].piece(document.piece).title
    words = (
        f"{title}, donné le {french.moment(document.given_at)}, {french.size(document.size_bytes)}"
    )
    return {"label": "Document", "words": words, "href": ""}


async def _timeline(store: Store, incident: Incident) -> Sequence[Mapping[str, str]]:
    """The life of the dossier, newest first, without the names of the family."""
    if not incident.dossier_id:
        return []
    dossier = await store.dossiers.find(incident.dossier_id)
    events = [
        replace(event, actor_name="") if event.actor == Actor.PARENT else event
        for event in await store.events.of(dossier.id)
    ]
    return [
        {
            "when": french.moment(line.at),
            "who": line.who or "le portail",
            "what": line.text,
            "detail": line.detail,
        }
        for line in reversed(lines(dossier, events, "staff"))
    ]
