"""The agents' first page: what waits today, what is late, and the next dossier to take."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.rules import Agent
from api.dependencies import Now, PagesDep, Reading
from api.staff.away import away_of, entrusted
from api.staff.rows import table_rows
from api.staff.trail import QUEUES, SOON, Trail
from domain.deadlines import paris_day
from domain.french import day, hour, plural
from domain.rights import departments_of
from storage.holds import Calls
from storage.queue_lines import Line
from storage.selections import Queue

router = APIRouter()

_FIGURES = (
    # queue, words, tone while it is not empty
    ("urgents", "jour limite dépassé ou dans les 7 jours", "alert"),
    ("a-verifier", "à vérifier en tout", "waiting"),
    ("complement-recu", "dont compléments reçus", "waiting"),
    ("complement-demande", "en attente des familles", ""),
)


@router.get("/agent")
async def show_today(
    request: Request, visitor: Agent, store: Reading, now: Now, pages: PagesDep
) -> HTMLResponse:
    """Show what there is to do, the oldest legal date first."""
    departments = departments_of(visitor.account.duties)
    counts = await store.queues.counts(departments, now + SOON)
    first, decided = Trail(), Trail("decides")
    waiting = await store.queues.page(first.selection(departments, now), limit=5)
    latest = await store.queues.page(decided.selection(departments, now), limit=5)
    calls = await store.holds.calls(departments, now)
    away = await away_of(store, [*waiting, *latest], visitor.account.id, now)
    return pages.render(
        request,
        "staff/today.html",
        figures=[
            _figure(file, label, tone, counts[QUEUES[file].queue]) for file, label, tone in _FIGURES
        ],
        calls=_calls(calls),
        entrusted=await entrusted(store, visitor.account.id, now),
        waiting=table_rows(waiting, first, now, away),
        waiting_count=counts[Queue.TO_CHECK],
        latest=table_rows(latest, decided, now, away),
        last_words=_last_words(latest[0] if latest else None, now),
    )


def _calls(calls: Calls) -> list[str]:
    """What an agent is called to, as sentences; nothing when nobody calls."""
    held = plural(calls.held, "dossier attend", "dossiers attendent")
    alerted = plural(calls.alerted, "dossier sera décidé", "dossiers seront décidés")
    sentences = {
        f"{held} un agent : les deux parents ne sont pas d’accord, ou l’accord de l’un "
        "manque.": calls.held,
        f"Sans réponse, {alerted} bientôt par le silence de la mairie.": calls.alerted,
    }
    return [sentence for sentence, count in sentences.items() if count]


def _figure(file: str, label: str, tone: str, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "label": label,
        "href": Trail(file).queue_href(),
        "tone": tone if count else "ok" if tone else "",
    }


def _last_words(line: Line | None, now: datetime) -> str:
    """When the last dossier was decided: the hour if it was today."""
    if line is None or line.decided_at is None:
        return ""
    if paris_day(line.decided_at) == paris_day(now):
        return f"Dernier dossier traité à {hour(line.decided_at)}."
    return f"Dernier dossier traité le {day(line.decided_at)}."
