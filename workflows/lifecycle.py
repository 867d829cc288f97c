"""What every dossier goes through, whatever its kind: the shared life, written once.

A kind subclasses `Lifecycle`, adds `@workflow.defn` and its own `run`. Handlers are inherited.
Three habits keep it right:

- a validator (`workflows/acts.py`) asks the domain: a refused act leaves no trace in history;
- a handler assigns the new state before its first `await`, so that a second act sees it;
- storage has the last word: a conditional write that finds another state is adopted, not fought.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow

from workflows.acts import Acts
from workflows.inspecting import inspect
from workflows.posting import post
from workflows.showing import show, situation_of

with workflow.unsafe.imports_passed_through():
    from activities.dossiers import DossierActivities
    from domain import life as lives
    from domain.holds import held_back
    from domain.life import Alarm, Appointment, Life
    from domain.messages import (
        Act,
        Lookup,
        Notice,
        OpenDossier,
        Outcome,
        RecordAct,
        Recorded,
        Situation,
    )
    from domain.states import Action, Actor, State, after, moves, why_not
    from workflows.retries import RECORDS


class Lifecycle(Acts):
    """A dossier from its first saved step to its last letter. It can always say where it stands."""

    @workflow.init
    def __init__(self, opening: OpenDossier) -> None:
        self._id = opening.dossier_id
        self._terms = opening.terms
        self._life: Life = opening.life
        self._missing: tuple[str, ...] = ()
        self._inspecting: set[str] = set(opening.inspecting)
        self._to_inspect, self._to_post = opening.inspecting, opening.letters
        self._outcomes = {
            act: Outcome(applied=True, state=opening.life.state)
            # What gave a document that is inspected here was heard, even if its engine is lost.
            for act in (*opening.seen, *(f"add-{one}" for one in opening.inspecting))
        }
        self._underway: set[str] = set()
        self._errands: set[asyncio.Task[None]] = set()
        self._checks = 0

    # The life -----------------------------------------------------------------------------------

    async def live(self) -> State:
        """Live until closed: answer acts, check, remind, and keep the legal appointments."""
        self._show()
        for document_id in self._to_inspect:
            self._send_off(self._inspect(document_id))
        self._post(self._to_post)
        while not self._life.state.is_closed:
            if self._can_check():
                await self._check()
                continue
            appointment = lives.next_appointment(self._life, self._terms)
            if not await self._changes_before(appointment) and appointment:
                await self._keep(appointment)
            await self._rest_if_history_is_long()
        await workflow.wait_condition(
            lambda: workflow.all_handlers_finished() and not self._errands
        )
        return self._life.state

    def _can_check(self) -> bool:
        return self._life.state is State.CHECKING and not self._inspecting and not self._underway

    async def _changes_before(self, appointment: Appointment | None) -> bool:
        """Wait for the appointment; True when something happened first."""
        timeout = None if appointment is None else appointment.at - workflow.now()
        if timeout is not None and timeout <= timedelta():
            return False
        try:
            await workflow.wait_condition(
                lambda: (
                    self._life.state.is_closed
                    or self._can_check()
                    or lives.next_appointment(self._life, self._terms) != appointment
                ),
                timeout=timeout,
            )
        except TimeoutError:
            return False
        return True

    async def _check(self) -> None:
        """Everything given has been looked at: is something mandatory missing?"""
        self._checks += 1
        await self._do(self._portal_act(Action.FIND_COMPLETE, f"check-{self._checks}"))

    async def _keep(self, appointment: Appointment) -> None:
        """Time has passed: remind, or close, unless somebody acted before without being heard."""
        if self._life.state is State.DRAFT and await self._was_saved_since():
            return
        action = appointment.alarm.action
        if action is None:
            await self._remind(appointment.alarm)
            return
        earlier = await workflow.execute_activity_method(
            DossierActivities.acts_given_before, Lookup(self._id, appointment.at), **RECORDS
        )
        for act in earlier:
            await self._do(act)
        if lives.next_appointment(self._life, self._terms) == appointment:
            await self._do(self._portal_act(action, f"{action}-{int(appointment.at.timestamp())}"))

    async def _was_saved_since(self) -> bool:
        saved = await workflow.execute_activity_method(
            DossierActivities.last_saved, Lookup(self._id, workflow.now()), **RECORDS
        )
        if saved <= self._life.last_saved:
            return False
        self._life = lives.saved_again(self._life, saved)
        return True

    async def _remind(self, alarm: Alarm) -> None:
        self._life, count = lives.reminded(self._life, alarm, workflow.now())
        written = await workflow.execute_activity_method(
            DossierActivities.remind,
            Notice(self._id, alarm.value, count, workflow.now()),
            **RECORDS,
        )
        self._post(written)

    async def _rest_if_history_is_long(self) -> None:
        if not workflow.info().is_continue_as_new_suggested() or self._life.state.is_closed:
            return
        await workflow.wait_condition(
            lambda: workflow.all_handlers_finished() and not self._errands
        )
        workflow.continue_as_new(
            OpenDossier(
                self._id,
                self._terms,
                self._life,
                inspecting=tuple(sorted(self._inspecting)),
                seen=tuple(self._outcomes),
            )
        )

    # Acts ---------------------------------------------------------------------------------------

    async def _do(self, act: Act) -> Outcome:
        """Apply an act once, whoever delivers it and however often. Never raises."""
        if act.id in self._underway:
            await workflow.wait_condition(lambda: act.id not in self._underway)
        if act.id in self._outcomes:
            return self._outcomes[act.id]
        to = after(self._life.state, act.action)
        if to is None or self._held_back(act):
            code = why_not(self._life.state, act.action) or self._held_back(act)
            return Outcome(applied=False, state=self._life.state, code=code)
        before, self._life = self._life, lives.moved(self._life, to, workflow.now())
        if act.action is Action.OBJECT:  # a decision of the same instant already sees it
            self._life = lives.objected(self._life, act.id, act.subject, act.given_at)
        self._underway.add(act.id)
        try:
            if act.action is Action.ADD_DOCUMENT:
                self._inspecting.add(act.subject)
                self._send_off(self._inspect(act.subject))
                outcome = Outcome(applied=True, state=self._life.state)
            else:
                outcome = await self._record(act, before)
            self._outcomes[act.id] = outcome
        finally:
            self._underway.discard(act.id)
        return outcome

    async def _record(self, act: Act, before: Life) -> Outcome:
        recorded = await workflow.execute_activity_method(
            DossierActivities.record,
            RecordAct(self._id, act, workflow.now(), self._terms),
            **RECORDS,
        )
        if not recorded.applied:
            if act.action is Action.APPROVE_BY_RULE:
                before = replace(before, is_clear=False)  # a person looks at it
            self._life = lives.held_by(
                lives.moved(before, recorded.state, workflow.now()), recorded.holds
            )
            self._show()
            self._post(recorded.letters)
            code = why_not(recorded.state, act.action) or self._held_back(act)
            return Outcome(applied=False, state=recorded.state, code=code)
        self._life = self._life_after(act, recorded)
        if recorded.state is not before.state or self._life.holds != before.holds:
            self._show()
        self._post(recorded.letters)
        return Outcome(applied=True, state=recorded.state)

    def _life_after(self, act: Act, recorded: Recorded) -> Life:
        life = self._life
        if act.action is Action.SUBMIT:
            life = replace(life, submitted=act.given_at)
        elif act.action is Action.ANSWER:
            life = lives.completed(life, act.given_at)
        elif act.action is Action.CANCEL_REQUEST:
            life = lives.request_cancelled(life)
        if recorded.until is not None:
            life = lives.asked(life, workflow.now(), recorded.until)
        if moves(act.action):
            self._missing = recorded.missing
        life = lives.held_by(lives.moved(life, recorded.state, workflow.now()), recorded.holds)
        return replace(life, is_clear=life.is_clear or recorded.is_clear)

    def _portal_act(self, action: Action, act_id: str) -> Act:
        return Act(f"{self._id}-{act_id}", action, "", Actor.PORTAL, workflow.now())

    async def _inspect(self, document_id: str) -> None:
        try:
            await inspect(self._id, document_id, waiting=len(self._inspecting))
        finally:
            self._inspecting.discard(document_id)

    def _post(self, letters: tuple[str, ...]) -> None:
        for letter_id in letters:
            self._send_off(post(letter_id))

    def _send_off(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something beside the life of the dossier, which waits for it only at its end."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _show(self) -> None:
        show(self._life, self._terms)

    def _why_not(self, act: Act) -> str:
        """Why this act cannot be applied now; nothing for one that is being applied, or was."""
        if act.id in self._outcomes or act.id in self._underway:
            return ""
        return why_not(self._life.state, act.action) or self._held_back(act)

    def _held_back(self, act: Act) -> str:
        if act.actor is Actor.GUARDIAN and act.subject != act.actor_id:
            return "wrong_act"  # an objection, and its end, are each guardian's own
        holds, reason = self._life.holds, act.reason_code
        return held_back(holds, act.action, subject=act.subject, at=act.given_at, reason=reason)

    async def _note_unheard(self, act: Act) -> None:
        await workflow.execute_activity_method(
            DossierActivities.note_unheard,
            RecordAct(self._id, act, workflow.now(), self._terms),
            **RECORDS,
        )

    @workflow.query
    def situation(self) -> Situation:
        """Where the dossier stands, who must act and by when, and what the portal does next."""
        return situation_of(self._life, self._terms, self._missing, len(self._inspecting))
