"""Writing a dossier's passages: state, audit line, effects and letters, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from temporalio import activity

from activities.letter_writer import LetterWriter
from activities.passages import PASSAGES, Passage
from domain.life import Alarm
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
            if written is not None:
                return passage.recorded_before(written)
            recorded = await PASSAGES[message.act.action](passage)
            outcome = APPLIED if recorded.applied else REFUSED
            code = "" if recorded.applied else why_not(recorded.state, message.act.action)
            await store.acts.settle(message.act.id, outcome, message.at, code)
            return recorded

    @activity.defn
    async def remind(self, message: Notice) -> tuple[str, ...]:
        """Write a reminder and its audit line, and give the letter to send.

        Twice: the letter of the first is given again. A draft typed at the desk for somebody
        without mail reminds nobody: the desk has it in its list.
        """
        async with self._open_store() as store:
            dossier = await store.dossiers.hold(message.dossier_id)
            request = await store.requests.current(message.dossier_id)
            of_draft = message.alarm != Alarm.COMPLEMENT_REMINDER
            round_ = 0 if of_draft or request is None else request.n
            stamp = dossier.last_saved_at.isoformat() if of_draft else ""
            key = f"{message.alarm}:{round_}:{message.count}:{stamp}"
            written = await store.events.detail(message.dossier_id, key)
            if written is not None:
                return tuple(written["letters"])
            if of_draft:
                await store.dossiers.note_draft_notice(message.dossier_id, message.count)
            else:
                await store.requests.note_reminder(message.dossier_id, message.count)
            letter = await self._writer.about(store, dossier, message.alarm, at=message.at)
            if not letter:
                return ()
            await store.events.add(
                message.dossier_id,
                key,
                at=message.at,
                what=message.alarm,
                actor=Actor.PORTAL,
                actor_id=None,
                state=dossier.state,
                detail={"letters": [letter]},
            )
            return (letter,)

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
