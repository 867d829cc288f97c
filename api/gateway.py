"""The only door to the engine: starts dossiers, delivers acts, asks where a dossier stands.

An act is a committed row before it comes here. A reply gives its outcome; no reply in time means
"kept, will be applied" (`Kept`), never "not taken": the engine may still apply an update whose
reply was lost, and the reconciler delivers again what has no outcome.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from api import engine_room, engine_starts
from api.engine_nights import EngineNights, NightReading
from api.engine_room import AWAY, EngineReading, PendingStep, worker_identity
from api.engine_starts import QUEUE, REPLY_WITHIN, connect
from domain.errors import Unavailable
from domain.holds import HOLD_CODES, held_back
from domain.messages import Act, OpenDossier, Outcome, Situation
from domain.states import NOT_NOW_CODES, OPEN, Action, State, is_felt, why_not
from storage.acts import APPLIED, REFUSED, KeptAct
from storage.clock import now
from storage.store import OpenStore
from workflows.lifecycle import Lifecycle

_LOOK_WITHIN = timedelta(seconds=1)


@dataclass(frozen=True)
class Kept:
    """The act is kept and will be applied; there is no outcome to show yet."""


class Gateway:
    """Talks to the engine on behalf of the site, and of the worker's reconciler."""

    def __init__(self, client: Client, open_store: OpenStore) -> None:
        self._client = client
        self._open_store = open_store
        self.last_reading: EngineReading | None = None
        self.nights = EngineNights(client)

    @classmethod
    async def connect(cls, address: str, namespace: str, open_store: OpenStore) -> "Gateway":
        """A gateway that connects when first needed: the site starts without the engine."""
        return cls(await connect(address, namespace), open_store)

    # Acts ---------------------------------------------------------------------------------------

    async def act(self, kept: KeptAct) -> Outcome | Kept:
        """Deliver a committed act and give its outcome, or `Kept` when none came within 3 s.

        Twice with the same id: the first outcome again.
        """
        outcome: Outcome | Kept
        try:
            outcome = await self._apply(kept)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                return Kept()
            outcome = await self._where_no_workflow_runs(kept)
        except AWAY:
            return Kept()
        if isinstance(outcome, Kept) or await self._comes_too_early(kept, outcome):
            return Kept()
        await self._settle(kept, outcome)
        return outcome

    async def _comes_too_early(self, kept: KeptAct, outcome: Outcome) -> bool:
        """Whether the engine refuses what storage allows because it is behind: it will hear of it.

        A worker that died between writing and telling leaves the workflow a few seconds behind;
        and a dossier may have been sent before one of its documents was heard. An engine that is
        ahead, of an act that is being written, refuses for good.
        """
        if outcome.applied:
            return False
        if kept.action == Action.ADD_DOCUMENT and outcome.state is State.CHECKING:
            return True
        if outcome.code not in NOT_NOW_CODES | HOLD_CODES:
            return False
        async with self._open_store() as store:
            told = await store.acts.find(kept.id)
            waiting = await store.acts.waiting_in(kept.dossier_id)
            state = (await store.dossiers.find(kept.dossier_id)).state
            holds = await store.holds.of(kept.dossier_id)
        is_settled = told is not None and told.outcome != ""
        is_ahead = any(one.id != kept.id and is_felt(Action(one.action)) for one in waiting)
        action, whose, reason = Action(kept.action), kept.subject, kept.reason_code
        held = held_back(holds, action, subject=whose, at=kept.given_at, reason=reason)
        return not (is_settled or is_ahead or why_not(state, action) or held)

    async def _apply(self, kept: KeptAct) -> Outcome:
        handle = self._handle(kept.dossier_id)
        try:
            outcome: Outcome = await asyncio.wait_for(
                # The updates of `Lifecycle` bear the names of the actions.
                handle.execute_update(
                    kept.action,
                    kept.message(),
                    id=kept.id,
                    result_type=Outcome,
                    rpc_timeout=REPLY_WITHIN,
                ),
                REPLY_WITHIN.total_seconds() + 0.5,
            )
        except WorkflowUpdateFailedError as error:
            code = error.cause.type if isinstance(error.cause, ApplicationError) else None
            async with self._open_store() as store:
                state = (await store.dossiers.find(kept.dossier_id)).state
            return Outcome(applied=False, state=state, code=code or "not_now")
        return outcome

    async def _where_no_workflow_runs(self, kept: KeptAct) -> Outcome | Kept:
        """Closed for good, or lost with the engine: only storage knows."""
        async with self._open_store() as store:
            state: State = (await store.dossiers.find(kept.dossier_id)).state
        if state.is_closed:
            code = why_not(state, Action(kept.action))
            return Outcome(applied=False, state=state, code=code)
        try:
            await self.rebuild(kept.dossier_id)
            return await self._apply(kept)
        except AWAY:
            return Kept()

    async def _settle(self, kept: KeptAct, outcome: Outcome) -> None:
        async with self._open_store() as store:
            settled = await store.acts.find(kept.id)
            if settled is not None and not settled.outcome:
                # A document's act is settled by its inspection; until then it may be told again.
                if outcome.applied and kept.action == Action.ADD_DOCUMENT:
                    return
                word = APPLIED if outcome.applied else REFUSED
                is_first = await store.acts.settle(kept.id, word, now(), outcome.code)
                if is_first and not outcome.applied and kept.action == Action.ADD_DOCUMENT:
                    await store.documents.remove(kept.subject, now())  # nobody will look at it

    async def situation(self, dossier_id: str) -> Situation | None:
        """What the dossier says of itself, if it answers within a second."""
        try:
            return await asyncio.wait_for(
                self._handle(dossier_id).query(Lifecycle.situation, rpc_timeout=_LOOK_WITHIN),
                _LOOK_WITHIN.total_seconds() + 0.2,
            )
        except (*AWAY, WorkflowQueryFailedError, WorkflowFailureError):
            return None

    def _handle(self, dossier_id: str) -> WorkflowHandle[Any, State]:
        return self._client.get_workflow_handle(f"dossier-{dossier_id}", result_type=State)

    # What the reconciler needs --------------------------------------------------------------------

    async def deliver(self, act: KeptAct) -> bool:
        """Send an act (again); whether its outcome is known now."""
        if act.action == Action.OPEN:
            return await self._open_again(act)
        await self.act(act)
        async with self._open_store() as store:
            told = await store.acts.find(act.id)
        return told is not None and told.outcome != ""

    async def _open_again(self, act: KeptAct) -> bool:
        await self.rebuild(act.dossier_id)
        async with self._open_store() as store:
            await store.acts.settle(act.id, APPLIED, now())
        return True

    async def open(self, act: KeptAct) -> bool:
        """Start a new dossier's workflow; False when the engine is away: it starts by itself."""
        try:
            return await asyncio.wait_for(self._open_again(act), REPLY_WITHIN.total_seconds())
        except AWAY:
            return False

    async def rebuild(self, dossier_id: str) -> None:
        """Start a dossier's workflow from what storage knows of its life.

        One that runs is left alone, so that it is safe to ask twice.
        """
        async with self._open_store() as store:
            dossier = await store.dossiers.find(dossier_id)
            opening = OpenDossier(
                dossier_id,
                dossier.terms,
                await store.dossiers.life(dossier_id),
                inspecting=await store.documents.pending_ids(dossier_id),
                seen=await store.acts.settled_ids(dossier_id),
                letters=await store.letters.unsent_about(dossier_id),
            )
        if dossier.state.is_closed:
            return
        await engine_starts.start_dossier(self._client, dossier, opening)

    async def missing(self, dossier_ids: frozenset[str]) -> frozenset[str]:
        """Which of these dossiers have no running workflow, as far as the engine's lists say.

        The lists lag a little: one that was just started may be named; starting it again is safe.
        """
        return await engine_room.missing_dossiers(self._client, dossier_ids)

    async def send_letter(self, letter_id: str) -> None:
        """See that a letter leaves, beside any dossier. Twice: once.

        When the engine is away the row waits for the reconciler.
        """
        try:
            await asyncio.wait_for(
                engine_starts.start_letter(self._client, letter_id), REPLY_WITHIN.total_seconds()
            )
        except AWAY:
            return

    async def tell_campaign(self, campaign_id: str, word: str = "", version: int = 0) -> None:
        """Have a campaign run, and look at what was said of it. Twice: it looks twice.

        When the engine is away, storage knows what was said: the reconciler tells it later.
        """
        with suppress(*AWAY):
            await asyncio.wait_for(
                engine_starts.tell_campaign(self._client, campaign_id, word, version),
                REPLY_WITHIN.total_seconds(),
            )

    # What supervision needs ----------------------------------------------------------------------

    async def engine_reading(self) -> EngineReading | None:
        """Who is at work and what fails, as the engine says now; None when it does not answer.

        `last_reading` keeps the last good one.
        """
        reading = await engine_room.read_engine(self._client, now())
        self.last_reading = reading or self.last_reading
        return reading

    async def pending(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[PendingStep, ...]]:
        """The unfinished steps of some workflows; those that could not be asked are left out."""
        return await engine_room.pending_steps(self._client, workflow_ids)

    async def retry_now(self, workflow_id: str, activity_id: str, identity: str) -> bool:
        """Have a step tried at once; False when the state has changed and it waits no more.

        Raises:
            Unavailable: the engine does not answer; nothing was done.
        """
        try:
            return await engine_room.retry_now(self._client, workflow_id, activity_id, identity)
        except AWAY as error:
            raise Unavailable("engine_away") from error

    # What the check of the promises needs --------------------------------------------------------

    async def shown_states(self, dossier_ids: Sequence[str]) -> Mapping[str, str]:
        """The state these dossiers show in the engine's lists, which lag; those that run only.

        Raises:
            Unavailable: the engine does not answer. So do the three questions below.
        """
        try:
            return await engine_room.shown_states(self._client, dossier_ids)
        except AWAY as error:
            raise Unavailable("engine_away") from error

    async def running_and_open(self) -> AsyncIterator[str]:
        """The dossiers that run and show an open state in the engine's lists."""
        try:
            async for one in engine_room.running_dossiers(self._client, sorted(OPEN)):
                yield one
        except AWAY as error:
            raise Unavailable("engine_away") from error

    async def failing(self) -> Sequence[str]:
        """The workflows whose own code fails now, as `EngineReading` names them."""
        reading = await self.engine_reading()
        if reading is None:
            raise Unavailable("engine_away")
        return reading.failing

    async def is_running(self, dossier_id: str) -> bool | None:
        """Whether a dossier's workflow runs at this moment; None when its last run failed."""
        try:
            return await engine_room.is_running(self._client, f"dossier-{dossier_id}")
        except AWAY as error:
            raise Unavailable("engine_away") from error


__all__ = ["QUEUE", "Act", "EngineReading", "Gateway", "Kept", "NightReading", "PendingStep"]
__all__ += ["connect", "worker_identity"]
