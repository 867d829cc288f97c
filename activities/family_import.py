"""Taking a town's list of families: looked at first, then for real, some lines at a time.

Looking and taking are one: the same plan is made of each line, and its changes are written or not.
Lines that were taken stay taken when a later one fails or the machine stops; the same list again
makes nothing twice.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from domain.deadlines import paris_day
from domain.family_lines import family_of
from domain.family_plans import Noun, Outcome, Verdict, plan
from domain.family_sheet import Row, Sheet
from domain.known_families import Known
from storage.family_lists import SomebodyWasFaster
from storage.records import new_id
from storage.store import OpenStore, Store

CHUNK = 100
"""How many lines are taken in one transaction: short enough for whoever waits to write."""


class FamilyImport:
    """One list, on its way."""

    def __init__(self, open_store: OpenStore, *, apply: bool, at: datetime) -> None:
        self._open_store = open_store
        self._apply = apply
        self._at = at
        self._schools: Mapping[str, str] = {}
        # Looking writes nothing, so what the lines before would have made is remembered.
        self._looked = Known()

    async def run(self, sheet: Sheet) -> AsyncIterator[Sequence[Outcome]]:
        """What comes of each line, some lines at a time, as they are done.

        Raises:
            FileRefused: the file cannot be read to its end.
        """
        async with self._open_store() as store:
            self._schools = {one.id: one.name for one in await store.town.schools()}
        for rows in _chunks(sheet.rows()):
            yield await self._take(rows)

    async def _take(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        try:
            return await self._once(rows)
        except SomebodyWasFaster:
            # A parent or an agent made the same account at this instant: it is known now.
            return await self._once(rows)

    async def _once(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        today = paris_day(self._at)
        read = [(row, *family_of(row, self._schools, today)) for row in rows]
        lines = [said for _, said, _ in read if said]
        async with self._open_store() as store:
            if self._apply:
                await store.family_lists.take_turn()
            before = None if self._apply else self._looked
            known = await store.family_lists.known(lines, today, before)
            outcomes = [
                plan(said, known, new_id) if said else Outcome(row.number, Verdict.REFUSED, wrong)
                for row, said, wrong in read
            ]
            if self._apply:
                for outcome in outcomes:
                    await store.family_lists.write(outcome.changes, self._at)
                await self._look(store, outcomes)
        return outcomes

    async def _look(self, store: Store, outcomes: Sequence[Outcome]) -> None:
        """Note whoever may be known twice since these lines."""
        made = {
            change.values["account_id"]
            for outcome in outcomes
            for change in outcome.changes
            if change.noun is Noun.FAMILY and change.is_new
        }
        for account_id in sorted(made):
            await store.doubles.look(account_id, self._at)


def _chunks(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while some := list(islice(rows, CHUNK)):
        yield some
