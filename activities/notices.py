"""What the portal writes by itself because time has passed: one short story per alarm.

A notice runs inside one transaction that `DossierActivities.remind` opens and commits, with the
dossier held. Its key in the timeline says that it was written.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from activities.beside import Beside
from activities.letter_writer import LetterWriter
from domain.deadlines import SilenceRule, last_day, paris_day
from domain.french import day, plural
from domain.holds import HoldKind, open_ones
from domain.life import Alarm
from domain.messages import Notice
from domain.states import State
from storage.dossiers import Dossier
from storage.store import Store


@dataclass(frozen=True)
class Written:
    """The letters of a notice: to the family, and beside it to others."""

    letters: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Telling:
    """One notice about one dossier."""

    store: Store
    writer: LetterWriter
    dossier: Dossier
    message: Notice

    @property
    def beside(self) -> Beside:
        """The way to others than the family."""
        return Beside(self.store, self.writer, self.dossier, self.message.at)

    async def key(self) -> str:
        """The key of this notice's line in the timeline."""
        message = self.message
        if message.alarm == Alarm.SILENCE_ALERT:
            return f"{message.alarm}:{message.at.isoformat()}"
        of_draft = message.alarm in {Alarm.DRAFT_REMINDER, Alarm.DRAFT_WARNING}
        request = await self.store.requests.current(message.dossier_id)
        is_asked = message.alarm == Alarm.COMPLEMENT_REMINDER and request is not None
        round_ = request.n if is_asked and request else 0
        stamp = self.dossier.last_saved_at.isoformat() if of_draft else ""
        return f"{message.alarm}:{round_}:{message.count}:{stamp}"

    async def to_family(self) -> Written:
        """A reminder to the family; on paper, of a draft, there is none."""
        letter = await self.writer.about(
            self.store, self.dossier, self.message.alarm, at=self.message.at
        )
        return Written(tuple(filter(None, (letter,))))


async def _of_draft(telling: Telling) -> Written:
    message = telling.message
    await telling.store.dossiers.note_draft_notice(message.dossier_id, message.count)
    return await telling.to_family()


async def _of_complement(telling: Telling) -> Written:
    message = telling.message
    await telling.store.requests.note_reminder(message.dossier_id, message.count)
    return await telling.to_family()


async def _of_silence(telling: Telling) -> Written:
    """The silent decision comes near: its department is told, if it still does."""
    dossier, at = telling.dossier, telling.message.at
    await telling.store.dossiers.note_alert(dossier.id, at)
    if dossier.state is not State.UNDER_REVIEW or dossier.due_at is None:
        return Written()
    last = last_day(dossier.due_at)
    days = max((last - paris_day(at)).days, 0)
    words = f"dans {plural(days, 'jour')}" if days else "aujourd’hui"
    means_yes = dossier.terms.silence_rule is SilenceRule.ACCEPTANCE
    facts = {"due": day(last), "in_days": words, "means_yes": means_yes}
    return Written(aside=await telling.beside.to_department("silence_alert", **facts))


async def _of_cosignature(telling: Telling) -> Written:
    """The other guardian is reminded to sign."""
    store, dossier = telling.store, telling.dossier
    unsigned = open_ones(await store.holds.of(dossier.id), HoldKind.COSIGNATURE)
    await store.holds.note_notice(dossier.id, telling.message.count)
    if not unsigned or dossier.state.is_closed:
        return Written()
    aside: tuple[str, ...] = ()
    until = unsigned[0].until
    last = day(last_day(until)) if until else ""
    for account_id in await store.guardian_accesses.others_of(dossier.id, telling.message.at):
        aside += await telling.beside.to_guardian(account_id, "cosign_reminder", until=last)
    return Written(aside=aside)


async def _of_missing_signature(telling: Telling) -> Written:
    """The time to sign is over: an agent is called to decide."""
    store, dossier = telling.store, telling.dossier
    await store.holds.note_notice(dossier.id, telling.message.count)
    if dossier.state.is_closed:
        return Written()
    return Written(aside=await telling.beside.to_department("cosign_overdue"))


NOTICES: Mapping[str, Callable[[Telling], Awaitable[Written]]] = {
    Alarm.DRAFT_REMINDER: _of_draft,
    Alarm.DRAFT_WARNING: _of_draft,
    Alarm.COMPLEMENT_REMINDER: _of_complement,
    Alarm.SILENCE_ALERT: _of_silence,
    Alarm.COSIGN_REMINDER: _of_cosignature,
    Alarm.COSIGN_OVERDUE: _of_missing_signature,
}
