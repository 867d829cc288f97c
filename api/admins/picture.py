"""One look at the whole portal: what storage knows, what the engine says, put together."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.antivirus import antivirus_at
from api.gateway import EngineReading, NightReading, PendingStep
from api.health import answers
from api.house import House
from domain.states import State
from domain.working_days import working_days_since
from storage.documents import Scans
from storage.erasure_nights import Night
from storage.letters import REFUSED, TO_PRINT, RefusedLetter
from storage.paper_letters import PaperLetter
from storage.store import Store
from storage.supervision import Incident, SlowCheck, Unheard, Waiting

PATIENCE = timedelta(minutes=1)
"""What takes longer than this should be looked at."""

FOUND_LATELY = timedelta(days=30)
"""How long the page tells of the infected files that were refused."""

PRINTED_WITHIN = 2
"""Working days within which a letter on paper should be printed."""

BLOCKED_AFTER = 5
"""A step that failed that often will hardly go through by itself."""


@dataclass(frozen=True)
class Trouble:
    """One step that does not go through; `incident_id` or `letter_id` say where to look closer.

    `kind`: blocked | retrying | late. `number` is the dossier's, empty for a letter without one.
    """

    kind: str
    number: str
    step: str
    code: str
    since: datetime
    attempts: int
    next_try_at: datetime | None = None
    is_running: bool = False
    incident_id: str = ""
    letter_id: str = ""
    letter_kind: str = ""


@dataclass(frozen=True)
class Picture:
    """Everything the page of supervision tells. `reading` is None when the engine is away."""

    troubles: Sequence[Trouble]
    waiting: Sequence[Waiting]
    letters: Mapping[str, int]
    unheard: Unheard
    reading: EngineReading | None
    last_reading: EngineReading | None
    mail_answers: bool
    files_answer: bool
    antivirus_answers: bool | None
    scans: Scans
    planned: NightReading | None = None
    last_night: Night | None = None

    @property
    def open_count(self) -> int:
        """How many dossiers are open."""
        return sum(one.count for one in self.waiting)

    @property
    def blocked(self) -> int:
        """How many steps wait for somebody."""
        return sum(one.kind in {"blocked", "late"} for one in self.troubles)

    @property
    def retrying(self) -> int:
        """How many steps will be tried again by themselves."""
        return sum(one.kind == "retrying" for one in self.troubles)


async def take_picture(store: Store, house: House, now: datetime) -> Picture:
    """Look at everything once; bounded, and never longer than two seconds for the engine."""
    settings, gateway = house.settings, house.gateway
    reading, planned, mail_answers, files_answer, antivirus_answers = await asyncio.gather(
        gateway.engine_reading(),
        gateway.nights.read(),
        answers(settings.smtp_host, settings.smtp_port),
        house.files.answers(),
        antivirus_at(settings.clamd).answers(),
    )
    incidents = await store.supervision.open_incidents()
    waiting, letters = await store.supervision.waiting(now), await store.letters.counts()
    slow = await _slow_checks(store, waiting, now)
    failing = await _failing(store, reading)
    pending: Mapping[str, tuple[PendingStep, ...]] = {}
    if reading is not None:
        wanted = [one.workflow_id for one in incidents]
        pending = await gateway.pending([*wanted, *(f"dossier-{one.dossier_id}" for one in slow)])
    known = {one.dossier_id for one in incidents}
    return Picture(
        troubles=[
            *failing,
            *(_refused(one) for one in await _refused_letters(store, letters)),
            *(_unprinted(one) for one in await _forgotten_on_paper(store, letters, now)),
            *_of_incidents(incidents, pending),
            *(_slow(one, reading, pending) for one in slow if one.dossier_id not in known),
        ],
        waiting=waiting,
        letters=letters,
        unheard=await store.supervision.unheard(given_before=now - PATIENCE),
        reading=reading,
        last_reading=gateway.last_reading,
        mail_answers=mail_answers,
        files_answer=files_answer,
        antivirus_answers=antivirus_answers,
        scans=await store.documents.scans(found_since=now - FOUND_LATELY),
        planned=planned,
        last_night=next(iter(await store.erasure_nights.latest(limit=1)), None),
    )


async def _failing(store: Store, reading: EngineReading | None) -> list[Trouble]:
    """The dossiers whose own code fails: rare, so that storage is asked only then."""
    if reading is None or not reading.failing:
        return []
    ids = [one.removeprefix("dossier-") for one in reading.failing]
    numbers = await store.supervision.numbers(ids)
    return [
        Trouble("blocked", numbers.get(one, ""), "workflow", "workflow_failing", reading.read_at, 0)
        for one in ids
    ]


def _refused(letter: RefusedLetter) -> Trouble:
    return Trouble(
        kind="blocked",
        number=letter.number,
        step="send",
        code=letter.code,
        since=letter.created_at,
        attempts=letter.attempts,
        letter_id=letter.id,
        letter_kind=letter.kind,
    )


async def _slow_checks(
    store: Store, waiting: Sequence[Waiting], now: datetime
) -> Sequence[SlowCheck]:
    before = now - PATIENCE
    oldest = [one.oldest_since for one in waiting if one.state is State.CHECKING]
    if not any(since is not None and since < before for since in oldest):
        return []  # as most of the time: storage is asked for each of them only then
    return await store.supervision.slow_checks(since_before=before)


async def _refused_letters(store: Store, letters: Mapping[str, int]) -> Sequence[RefusedLetter]:
    return await store.letters.refused_for_good() if letters.get(REFUSED) else []


async def _forgotten_on_paper(
    store: Store, letters: Mapping[str, int], now: datetime
) -> Sequence[PaperLetter]:
    waiting = await store.paper_letters.waiting() if letters.get(TO_PRINT) else []
    return [one for one in waiting if working_days_since(one.created_at, now) > PRINTED_WITHIN]


def _unprinted(letter: PaperLetter) -> Trouble:
    return Trouble(
        kind="late",
        number=letter.number,
        step="send",
        code="not_printed",
        since=letter.created_at,
        attempts=0,
        letter_id=letter.id,
        letter_kind=letter.kind,
    )


def _of_incidents(
    incidents: Sequence[Incident], pending: Mapping[str, tuple[PendingStep, ...]]
) -> list[Trouble]:
    found = []
    for incident in incidents:
        steps = pending.get(incident.workflow_id)
        live = live_step(incident, steps or ())
        if steps is not None and live is None:
            continue  # it went through, or was given up: only its last line in storage is late
        found.append(trouble_of(incident, live))
    return found


def live_step(incident: Incident, steps: Sequence[PendingStep]) -> PendingStep | None:
    """What the engine says of this incident's step; None when it is not waiting any more."""
    return next((one for one in steps if one.activity_id == incident.activity_id), None)


def trouble_of(incident: Incident, live: PendingStep | None) -> Trouble:
    """An incident, with what the engine says of it now: storage may have missed the last try."""
    attempts = incident.attempt
    if live is not None:
        attempts = max(attempts, live.attempt - (0 if live.is_running else 1))
    return Trouble(
        kind="blocked" if attempts >= BLOCKED_AFTER else "retrying",
        number=incident.number,
        step=incident.step,
        code=incident.code,
        since=incident.first_at,
        attempts=attempts,
        next_try_at=live.next_try_at if live else incident.next_try_at,
        is_running=bool(live and live.is_running),
        incident_id=incident.id,
    )


def _slow(
    check: SlowCheck,
    reading: EngineReading | None,
    pending: Mapping[str, tuple[PendingStep, ...]],
) -> Trouble:
    """A check that lasts, though no failure was written down: the engine may know why."""
    steps = pending.get(f"dossier-{check.dossier_id}", ())
    step = max(steps, key=lambda one: one.attempt, default=None)
    has_worker = reading is None or reading.last_call is not None
    return Trouble(
        kind="late",
        number=check.number,
        step=step.step if step else "inspect",
        code=(step.code if step else "") or ("slow" if has_worker else "worker_away"),
        since=check.since,
        attempts=step.attempt - 1 if step else 0,
        next_try_at=step.next_try_at if step else None,
        is_running=bool(step and step.is_running),
    )
