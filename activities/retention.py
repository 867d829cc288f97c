"""What a night does: tell families what will go, erase what is overdue, and write down how much.

Whatever is asked twice, or by two at once, is done once: a dossier, a child or an account goes in
one transaction that first makes sure that it is still due.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.attempts import code_of
from activities.journal_watch import purge_journal
from activities.retention_letters import RetentionLetters
from domain.audit import What
from domain.deadlines import end_of_day
from domain.errors import Unavailable
from domain.nights import Batch, Done, EndOfNight, Stage
from domain.retention import CATEGORIES, Category, Subject
from domain.states import Actor
from storage.audit import Line
from storage.clock import now
from storage.files import Files
from storage.retention import Due
from storage.store import DATABASE_ERRORS, OpenStore, Store

_log = logging.getLogger("ribambelle.retention")
_SUBJECTS_AT_ONCE, _ROWS_AT_ONCE, _ACCOUNTS_AT_ONCE = 20, 500, 50
_BATCHES_OF_ROWS, _MORE = 20, "more"
_AWAY = (*DATABASE_ERRORS, Unavailable)
_INCOMPLETE = "erasure_incomplete"


class RetentionActivities:
    """The portal's hand in a night.

    `post` sees that a letter leaves; `forget` erases the histories of workflows, and passes over
    those that are unknown (Unavailable: the engine does not answer).
    """

    def __init__(
        self,
        open_store: OpenStore,
        files: Files,
        letters: RetentionLetters,
        *,
        post: Callable[[str], Awaitable[None]],
        forget: Callable[[Sequence[str]], Awaitable[None]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._open_store = open_store
        self._files = files
        self._letters = letters
        self._post = post
        self._forget = forget
        self._now = clock

    @activity.defn
    async def begin_night(self, batch: Batch) -> None:
        """Write down that it begins; forget the warnings of whoever came back. Twice: the same."""
        async with self._open_store() as store:
            await store.erasure_nights.begin(batch.day, self._now())
            await store.retention.forget_warnings(batch.day)

    @activity.defn
    async def warn_families(self, batch: Batch) -> Done:
        """Tell some families what goes in two weeks, one letter each. Twice: told once."""
        async with self._open_store() as store:
            account_ids = await store.retention.accounts_to_warn(
                batch.day, after=batch.after, limit=_ACCOUNTS_AT_ONCE
            )
        for account_id in account_ids:
            async with self._open_store() as store:
                letter_id = await self._letters.warn(store, account_id, batch.day, self._now())
            if letter_id:
                await self._post(letter_id)
        return Done(account_ids[-1] if account_ids else "")

    @activity.defn
    async def erase_overdue(self, batch: Batch) -> Done:
        """Erase some of what is overdue in a category. Twice: what is gone is not found again.

        What cannot be erased keeps nothing else from going: it is counted, and stays for a person.
        A database, a bucket or an engine that is away fails the whole try.
        """
        category = batch.category
        if category is None:
            return Done()
        if CATEGORIES[category].subject is Subject.ROWS:
            return await self._erase_rows(category, batch.day)
        async with self._open_store() as store:
            found = await store.retention.batch(
                category, batch.day, after=batch.after, limit=_SUBJECTS_AT_ONCE
            )
        failed = 0
        for one in found:
            try:
                await self._erase(category, one, batch.day)
            except _AWAY:
                raise
            except Exception as error:  # noqa: BLE001  the others go all the same
                failed += 1
                facts = {"category": category, "subject": one.subject, "code": code_of(error)}
                _log.warning("erasing failed", extra={"facts": facts})
        return Done(found[-1].subject if found else "", failed)

    @activity.defn
    async def end_night(self, night: EndOfNight) -> None:
        """Write down that the night has gone through everything. Twice: the same.

        Raises:
            ApplicationError: something could not be erased; trying again now cannot help.
        """
        if night.failed:
            raise ApplicationError(_INCOMPLETE, type=_INCOMPLETE, non_retryable=True)
        async with self._open_store() as store:
            await store.erasure_nights.end(night.day, self._now())

    async def _erase_rows(self, category: Category, day: date) -> Done:
        if category is Category.JOURNAL:
            await self._purge_journal(day)
        for _ in range(_BATCHES_OF_ROWS):
            async with self._open_store() as store:
                count = await store.overdue.erase_rows(category, day, limit=_ROWS_AT_ONCE)
                if count:
                    await store.erasure_nights.count(day, category, erased=count)
            if not count:
                await self._forget_bare_names(category)
                return Done()
        return Done(_MORE)

    async def _purge_journal(self, day: date) -> None:
        purged = await purge_journal(self._open_store, end_of_day(day - timedelta(days=1)))
        async with self._open_store() as store:
            await store.erasure_nights.count(day, Category.JOURNAL, erased=purged)

    async def _forget_bare_names(self, category: Category) -> None:
        """Once a child's proofs are gone, the name that stayed for them has no reason any more."""
        if category is Category.CONSENTS:
            async with self._open_store() as store:
                await store.overdue.forget_bare_names(limit=_ROWS_AT_ONCE)

    async def _erase(self, category: Category, one: Due, day: date) -> None:
        async with self._open_store() as store:
            if await store.retention.still_due(category, day, one) is None:
                return
            dossier_ids = await store.overdue.dossiers_of(category, one)
            letter_ids = await store.overdue.letters_about(dossier_ids)
        if dossier_ids:  # first: afterwards nobody would know what they were called
            dossiers = [f"dossier-{dossier_id}" for dossier_id in dossier_ids]
            await self._forget([*dossiers, *(f"letter-{one}" for one in letter_ids)])
        async with self._open_store() as store:
            if await store.retention.still_due(category, day, one) is None:
                return
            at = self._now()
            gone = await store.overdue.erase(category, one, day, at)
            await store.erasure_nights.count(day, category, erased=1)
            await _write_down(store, category, one, at)
        for document_id in gone:
            with suppress(Unavailable):  # swept later
                await self._files.remove(document_id)


async def _write_down(store: Store, category: Category, one: Due, at: datetime) -> None:
    line = Line(at, What.DATA_ERASED, dossier_id=one.dossier or "", subject=one.subject)
    await store.audit.add(replace(line, detail={"category": category.value}))
    if category is Category.DOCUMENTS:
        dossier = await store.dossiers.find(one.subject)
        await store.events.add(
            one.subject,
            f"documents_erased:{at.isoformat()}",
            at=at,
            what="documents_erased",
            actor=Actor.PORTAL,
            actor_id=None,
            state=dossier.state,
        )


async def live_through(activities: RetentionActivities, day: date) -> Stage:
    """A whole night at once, without the engine's help: what its workflow does, by hand."""
    stage = Stage(day)
    await activities.begin_night(Batch(day))
    while stage.category is not None:
        if stage.is_warned:
            done = await activities.erase_overdue(Batch(day, stage.after, stage.category))
        else:
            done = await activities.warn_families(Batch(day, stage.after))
        stage = stage.after_batch(done)
    if not stage.failed:
        await activities.end_night(EndOfNight(day, 0))
    return stage
