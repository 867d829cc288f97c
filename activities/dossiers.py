"""Writing a dossier's passages: state, audit line, effects and letters, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from temporalio import activity

from activities.letter_writer import LetterWriter
from activities.notices import NOTICES, Telling
from activities.passage import Passage
from activities.passages import PASSAGES, leave
from domain.holds import held_back
from domain.messages import Act, Lookup, Notice, RecordAct, Recorded
from domain.states import Actor, why_not
from storage.acts import APPLIED, REFUSED
from storage.store import OpenStore


class DossierActivities:
    """What the workflow asks of storage."""

    def __init__(self, open_store: OpenStore, writer: LetterWriter) -> None:
        self._open_store = open_store
        self._writer = writer

    @activity.defn
    async def record(self, message: RecordAct) -> Recorded:
        """Write an act's effect and give the state storage is in.

        The change of state is a conditional write: when somebody was faster, `applied` is false and
        nothing else is written. Twice: the second gives what the first gave and writes nothing.
        """
        async with self._open_store() as store:
            await store.dossiers.hold(message.dossier_id)
            passage = Passage(store, self._writer, message)
            written = await store.events.detail(message.dossier_id, passage.key)
            holds = await store.holds.of(message.dossier_id)
            if written is not None:
                return replace(passage.recorded_before(written), holds=holds)
            act = message.act
            code = held_back(
                holds, act.action, subject=act.subject, at=act.given_at, reason=act.reason_code
            )
            tell = leave if code else PASSAGES[act.action]
            recorded = await tell(passage)
            if not recorded.applied:
                code = why_not(recorded.state, act.action) or code or "not_now"
            outcome = APPLIED if recorded.applied else REFUSED
            await store.acts.settle(act.id, outcome, message.at, code)
            return replace(recorded, holds=await store.holds.of(message.dossier_id))

    @activity.defn
    async def remind(self, message: Notice) -> tuple[str, ...]:
        """Write what is told because time has passed, with its line, and give the letters to send.

        Twice: the letters of the first are given again. A draft typed at the desk for somebody
        without mail reminds nobody: the desk has it in its list.
        """
        async with self._open_store() as store:
            dossier = await store.dossiers.hold(message.dossier_id)
            telling = Telling(store, self._writer, dossier, message)
            key = await telling.key()
            told = await store.events.detail(message.dossier_id, key)
            if told is not None:
                return (*told["letters"], *told.get("aside", ()))
            written = await NOTICES[message.alarm](telling)
            if not written.letters and not written.aside:
                return ()
            await store.events.add(
                message.dossier_id,
                key,
                at=message.at,
                what=message.alarm,
                actor=Actor.PORTAL,
                actor_id=None,
                state=dossier.state,
                detail={"letters": written.letters, "aside": written.aside},
            )
            return (*written.letters, *written.aside)

    @activity.defn
    async def last_saved(self, message: Lookup) -> datetime:
        """When the family last saved its answers."""
        async with self._open_store() as store:
            return (await store.dossiers.find(message.dossier_id)).last_saved_at

    @activity.defn
    async def acts_given_before(self, message: Lookup) -> Sequence[Act]:
        """The acts given in time and not heard yet: they count before any deadline does."""
        async with self._open_store() as store:
            kept = await store.acts.waiting_in(message.dossier_id, given_before=message.before)
            return [act.message() for act in kept]

    @activity.defn
    async def note_unheard(self, message: RecordAct) -> None:
        """A decision by signal that does not apply: an audit line. Twice: one line."""
        async with self._open_store() as store:
            dossier = await store.dossiers.find(message.dossier_id)
            known = await store.accounts.by_id(message.act.actor_id)
            await store.events.add(
                message.dossier_id,
                f"unheard:{message.act.id}",
                at=message.at,
                what="decision_unheard",
                actor=message.act.actor,
                actor_id=known.id if known else None,
                state=dossier.state,
                detail={"action": message.act.action},
            )
