"""Looking after the journal: who opens too much is pointed out; what is a year old leaves.

Several may run at once: each warning is given once an hour, and each line leaves once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from activities.letter_writer import LetterWriter
from domain.audit import KEPT, MANY, WITHIN, What
from storage.audit import Line
from storage.journal import Curious
from storage.store import OpenStore, Store

_TURN = "journal"
_PURGE_EVERY = timedelta(days=1)


class JournalWatch:
    """What the reconciler does with the journal, each minute and each day."""

    def __init__(self, open_store: OpenStore, writer: LetterWriter) -> None:
        self._open_store = open_store
        self._writer = writer
        self._purged_at: datetime | None = None

    async def warn(self, at: datetime) -> Sequence[str]:
        """Write to every admin about whoever opened more than a hundred documents in an hour.

        Gives the letters to send. Once an hour about one person, however often it runs.
        """
        async with self._open_store() as store:
            await store.accounts.take_turn(_TURN)
            since = at - WITHIN
            letters: list[str] = []
            for one in await store.journal.curious(since=since, more_than=MANY):
                if await store.journal.has_line(What.MANY_OPENINGS, one.actor_id, since=since):
                    continue
                facts = {"documents": str(one.documents)}
                await store.audit.add(
                    Line(at, What.MANY_OPENINGS, one.actor_id, subject=one.actor_id, detail=facts)
                )
                letters += await self._tell_admins(store, one, at)
        return letters

    async def _tell_admins(self, store: Store, one: Curious, at: datetime) -> Sequence[str]:
        return [
            await self._writer.to_person(
                store,
                admin,
                "many_openings",
                path="/admin/journal?acte=document_opened",
                at=at,
                name=one.name,
                documents=one.documents,
            )
            for admin in await store.staff.everybody()
            if admin.role == "admin" and admin.disabled_at is None
        ]

    async def purge_daily(self, at: datetime) -> int:
        """Purge the first time, then once a day; how many lines left."""
        if self._purged_at is not None and at - self._purged_at < _PURGE_EVERY:
            return 0
        purged = await purge_journal(self._open_store, at)
        self._purged_at = at
        return purged


async def purge_journal(open_store: OpenStore, at: datetime) -> int:
    """Erase the lines that are more than a year old, and give their number; one line says so.

    Twice: the second erases nothing, and says nothing.
    """
    async with open_store() as store:
        await store.accounts.take_turn(_TURN)
        count = await store.audit.count_before(at - KEPT)
        if count:
            # First: the database counts the age of lines from the newest.
            await store.audit.add(Line(at, What.JOURNAL_PURGED, detail={"lines": str(count)}))
            await store.audit.forget_before(at - KEPT)
    return count
