"""What people may do to a dossier: one update each, and the decisions by signal too.

A validator refuses before anything is written: a refused act leaves no trace in history. What an
act does is told in `workflows/lifecycle.py`; every handler here only passes it on.
"""

from abc import ABC, abstractmethod

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.messages import Act, Decision, Outcome
    from domain.states import Action, Actor


class Acts(ABC):
    """The handlers of a dossier's workflow. `Lifecycle` says what they lead to."""

    @abstractmethod
    async def _do(self, act: Act) -> Outcome:
        """Apply an act once, whoever delivers it and however often. Never raises."""

    @abstractmethod
    def _why_not(self, act: Act) -> str:
        """Why this act cannot be applied now; nothing for one that is being applied, or was."""

    @abstractmethod
    async def _note_unheard(self, act: Act) -> None:
        """A decision by signal does not apply: leave a line in the dossier's timeline."""

    def _refuse_unless_allowed(self, act: Act, action: Action) -> None:
        code = self._why_not(act) if act.action is action else "wrong_act"
        if action is Action.REFUSE and not act.reason_code:
            code = code or "reason_missing"
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

    # What holds a decision, and lets it go --------------------------------------------------------

    @workflow.update(name="object")
    async def raise_objection(self, act: Act) -> Outcome:
        """The other guardian does not agree: nobody decides until that is lifted."""
        return await self._do(act)

    @raise_objection.validator
    def _may_object(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.OBJECT)

    @workflow.update
    async def lift_objection(self, act: Act) -> Outcome:
        """Whoever objected agrees now, or an agent has settled it."""
        return await self._do(act)

    @lift_objection.validator
    def _may_lift_objection(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.LIFT_OBJECTION)

    @workflow.update
    async def cosign(self, act: Act) -> Outcome:
        """The other guardian signs too."""
        return await self._do(act)

    @cosign.validator
    def _may_cosign(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.COSIGN)

    @workflow.update
    async def waive_cosignature(self, act: Act) -> Outcome:
        """The time to sign is over, and an agent does without."""
        return await self._do(act)

    @waive_cosignature.validator
    def _may_waive_cosignature(self, act: Act) -> None:
        self._refuse_unless_allowed(act, Action.WAIVE_COSIGNATURE)

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
        if lacks_reason or not (await self._do(act)).applied:
            await self._note_unheard(act)
