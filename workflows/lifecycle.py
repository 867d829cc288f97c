"""What every dossier goes through, whatever its kind: the shared life, written once.

A kind subclasses `Lifecycle`, adds `@workflow.defn` and its own `run`. Handlers are inherited.
Three habits keep it right:

- a validator asks the domain, so that a refused act leaves no trace in history;
- a handler assigns the new state before its first `await`, so that a second act sees it;
- storage has the last word: a conditional write that finds another state is adopted, not fought.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError

from workflows.posting import post

with workflow.unsafe.imports_passed_through():
    from activities.documents import DocumentActivities
    from activities.dossiers import DossierActivities
    from domain import life as lives
    from domain.life import Alarm, Appointment, Life
    from domain.messages import (
        Act,
        Decision,
        InspectDocument,
        Lookup,
        Notice,
        OpenDossier,
        Outcome,
        RecordAct,
        Recorded,
        Situation,
    )
    from domain.states import Action, Actor, State, after, why_not
    from workflows.retries import INSPECTION, RECORDS

STATE = SearchAttributeKey.for_keyword("DossierState")
WAITING_ON = SearchAttributeKey.for_keyword("WaitingOn")
DUE_AT = SearchAttributeKey.for_datetime("DueAt")

_DETAILS = {
    State.DRAFT: "Brouillon : la famille n’a pas encore envoyé son dossier.",
    State.CHECKING: "Envoyé : le portail vérifie les documents.",
    State.UNDER_REVIEW: "À vérifier : la réponse de la mairie est attendue.",
    State.AWAITING_FAMILY: "Complément demandé : la réponse de la famille est attendue.",
    State.APPROVED: "Validé.",
    State.REFUSED: "Refusé.",
    State.WITHDRAWN: "Retiré par la famille.",
    State.CLOSED_WITHOUT_ACTION: "Classé sans suite.",
    State.ABANDONED: "Brouillon abandonné.",
}


class Lifecycle:
    """A dossier from its first saved step to its last letter. It can always say where it stands."""

    @workflow.init
    def __init__(self, opening: OpenDossier) -> None:
        self._id = opening.dossier_id
        self._terms = opening.terms
        self._life: Life = opening.life
        self._missing: tuple[str, ...] = ()
        self._inspecting: set[str] = set(opening.inspecting)
        self._to_inspect = opening.inspecting
        self._outcomes = {
            act: Outcome(applied=True, state=opening.life.state) for act in opening.seen
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
        of_draft = alarm is not Alarm.COMPLEMENT_REMINDER
        count = 1 + (self._life.draft_notices if of_draft else self._life.reminders_sent)
        if of_draft:
            self._life = replace(self._life, draft_notices=count)
        else:
            self._life = replace(self._life, reminders_sent=count)
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
        if to is None:
            code = why_not(self._life.state, act.action)
            return Outcome(applied=False, state=self._life.state, code=code)
        before, self._life = self._life, lives.moved(self._life, to, workflow.now())
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
            self._life = lives.moved(before, recorded.state, workflow.now())
            self._show()
            return Outcome(
                applied=False, state=recorded.state, code=why_not(recorded.state, act.action)
            )
        self._life = self._life_after(act, recorded)
        if recorded.state is not before.state:
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
        if act.action is not Action.REMOVE_DOCUMENT:
            self._missing = recorded.missing
        return lives.moved(life, recorded.state, workflow.now())

    def _portal_act(self, action: Action, act_id: str) -> Act:
        return Act(f"{self._id}-{act_id}", action, "", Actor.PORTAL, workflow.now())

    async def _inspect(self, document_id: str) -> None:
        try:
            await workflow.execute_activity_method(
                DocumentActivities.inspect, InspectDocument(self._id, document_id), **INSPECTION
            )
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
        """Tell the operators' tools where the dossier stands."""
        state = self._life.state
        waits_for = lives.waits_for(state)
        due = lives.due_at(self._life, self._terms)
        workflow.set_current_details(_DETAILS[state])
        workflow.upsert_search_attributes(
            [
                STATE.value_set(state.value),
                WAITING_ON.value_set(waits_for.value) if waits_for else WAITING_ON.value_unset(),
                DUE_AT.value_set(due) if due else DUE_AT.value_unset(),
            ]
        )

    # What people do: one update each, refused by its validator before anything is written ---------

    def _refuse_unless_allowed(self, act: Act, action: Action) -> None:
        code = "wrong_act" if act.action is not action else ""
        if act.id not in self._outcomes and act.id not in self._underway:
            code = code or why_not(self._life.state, action)
        if code:
            raise ApplicationError(code, type=code, non_retryable=True)

    @workflow.update
    async def add_document(self, act: Act) -> Outcome:
        """A document was given; it is inspected beside."""
        return await self._do(act)

    @add_document.validator
    def _may_add_document(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.ADD_DOCUMENT)

    @workflow.update
    async def remove_document(self, act: Act) -> Outcome:
        """A document was taken away."""
        return await self._do(act)

    @remove_document.validator
    def _may_remove_document(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.REMOVE_DOCUMENT)

    @workflow.update
    async def submit(self, act: Act) -> Outcome:
        """The family sends its dossier."""
        return await self._do(act)

    @submit.validator
    def _may_submit(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.SUBMIT)

    @workflow.update
    async def answer(self, act: Act) -> Outcome:
        """The family says that its complement is whole."""
        return await self._do(act)

    @answer.validator
    def _may_answer(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.ANSWER)

    @workflow.update
    async def ask_to_complete(self, act: Act) -> Outcome:
        """The town asks for what is missing."""
        return await self._do(act)

    @ask_to_complete.validator
    def _may_ask_to_complete(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.ASK_TO_COMPLETE)

    @workflow.update
    async def cancel_request(self, act: Act) -> Outcome:
        """The town takes its request back."""
        return await self._do(act)

    @cancel_request.validator
    def _may_cancel_request(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.CANCEL_REQUEST)

    @workflow.update
    async def approve(self, act: Act) -> Outcome:
        """The town says yes."""
        return await self._do(act)

    @approve.validator
    def _may_approve(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.APPROVE)

    @workflow.update
    async def refuse(self, act: Act) -> Outcome:
        """The town says no, with a reason."""
        return await self._do(act)

    @refuse.validator
    def _may_refuse(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.REFUSE)

    @workflow.update
    async def withdraw(self, act: Act) -> Outcome:
        """The family takes its dossier back."""
        return await self._do(act)

    @withdraw.validator
    def _may_withdraw(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.WITHDRAW)

    # The same decisions by signal, for operators and other systems --------------------------------

    @workflow.signal(name="approve")
    async def approve_by_signal(self, decision: Decision) -> None:
        """Approve without waiting for an answer; one that does not apply becomes an audit line."""
        await self._decide_by_signal(Action.APPROVE, decision)

    @workflow.signal(name="refuse")
    async def refuse_by_signal(self, decision: Decision) -> None:
        """Refuse without waiting for an answer; it must carry a reason code."""
        await self._decide_by_signal(Action.REFUSE, decision)

    async def _decide_by_signal(self, action: Action, decision: Decision) -> None:
        act = Act(
            id=decision.act_id,
            action=action,
            actor_id=decision.actor_id,
            actor=Actor.AGENT,
            given_at=workflow.now(),
            reason_code=decision.reason_code,
        )
        lacks_reason = action is Action.REFUSE and not decision.reason_code
        if not lacks_reason and (await self._do(act)).applied:
            return
        await workflow.execute_activity_method(
            DossierActivities.note_unheard,
            RecordAct(self._id, act, workflow.now(), self._terms),
            **RECORDS,
        )

    @workflow.query
    def situation(self) -> Situation:
        """Where the dossier stands, who must act and by when, and what the portal does next."""
        appointment = lives.next_appointment(self._life, self._terms)
        return Situation(
            state=self._life.state,
            since=self._life.since,
            waits_for=lives.waits_for(self._life.state),
            due_at=lives.due_at(self._life, self._terms),
            next_alarm=appointment.alarm.value if appointment else "",
            next_alarm_at=appointment.at if appointment else None,
            missing=self._missing,
            inspecting=len(self._inspecting),
        )
