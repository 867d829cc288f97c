"""Erasing what is overdue: one dossier, child or account at a time, or some rows."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.retention import CATEGORIES, Category, Subject
from storage.accounts import Accounts
from storage.erasing import Erasing
from storage.erasures import Erasures
from storage.retention import Due
from storage.retention_rows import Rows, rows_due
from storage.tables import (
    activations,
    children,
    erasure_warnings,
    families,
    image_consents,
    letters,
)


class Overdue:
    """Erasing, in the caller's transaction. Twice: the second finds nothing to erase."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._erasing = Erasing(connection)

    async def dossiers_of(self, category: Category, one: Due) -> Sequence[str]:
        """The dossiers that go with it, whole."""
        if CATEGORIES[category].subject is Subject.DOSSIER:
            return [] if category is Category.DOCUMENTS else [one.subject]
        if category is not Category.ENROLLED:
            return []
        rows = await self._same_child(one.subject)
        return [dossier_id for _, dossier_id in rows if dossier_id]

    async def letters_about(self, dossier_ids: Sequence[str]) -> Sequence[str]:
        """The letters about these dossiers."""
        query = select(letters.c.id).where(letters.c.dossier_id.in_(dossier_ids))
        return (await self._db.execute(query)).scalars().all()

    async def erase(self, category: Category, one: Due, day: date, at: datetime) -> Sequence[str]:
        """Erase it; gives the ids of the documents whose bytes have to follow.

        The caller holds nothing and has just asked `still_due` in this transaction.
        """
        match category:
            case Category.DOCUMENTS:
                return await self._erasing.documents_of(one.subject, day, at)
            case Category.HEALTH:
                await self._erasing.health_of(one.subject)
            case Category.RULINGS:
                await self._erasing.rulings_of(one.subject)
            case Category.KNOWN | Category.ACCOUNT:
                await self._erase_account(one.account, at)
            case Category.ENROLLED:
                return await self._erase_child(one, day)
            case _:
                return await self._erase_dossiers([one.subject], one.account, day)
        await self._forget_warning(category, one.subject)
        return []

    async def _erase_dossiers(self, ids: Sequence[str], account_id: str, day: date) -> list[str]:
        gone: list[str] = []
        for dossier_id in ids:
            gone += await self._erasing.dossier(dossier_id, day)
        await self._erasing.leave_nothing_of(account_id)
        return gone

    async def _erase_child(self, one: Due, day: date) -> list[str]:
        same = await self._same_child(one.subject)
        for child_id, _ in same:
            await self._erasing.rulings_of(child_id)
        gone: list[str] = []
        for _, dossier_id in same:
            gone += await self._erasing.dossier(dossier_id, day) if dossier_id else []
        for child_id, _ in same:
            await self._erasing.child(child_id)
        await self._erasing.leave_nothing_of(one.account)
        return gone

    async def _same_child(self, child_id: str) -> Sequence[tuple[str, str | None]]:
        """The child and the rows that stand for the same one, each with its dossier."""
        query = select(children.c.id, children.c.dossier_id).where(
            or_(children.c.id == child_id, children.c.same_as == child_id)
        )
        return [(row.id, row.dossier_id) for row in await self._db.execute(query)]

    async def _erase_account(self, account_id: str, at: datetime) -> None:
        query = (
            select(children.c.id)
            .join(families, families.c.id == children.c.family_id)
            .where(families.c.account_id == account_id)
        )
        for child_id in (await self._db.execute(query)).scalars().all():
            await self._erasing.child(child_id)
        await Accounts(self._db).disable(account_id, at)
        await Erasures(self._db).erase(account_id, at)
        await self._erasing.leave_nothing_of(account_id)
        await self._db.execute(
            delete(erasure_warnings).where(erasure_warnings.c.account_id == account_id)
        )

    async def _forget_warning(self, category: Category, subject: str) -> None:
        await self._db.execute(
            delete(erasure_warnings).where(
                erasure_warnings.c.category == category.value,
                erasure_warnings.c.subject_id == subject,
            )
        )

    async def erase_rows(self, category: Category, day: date, *, limit: int) -> int:
        """Erase some of the rows of a category that go that day; how many. 0: none is left."""
        for rows in rows_due(category, day):
            if count := await self._erase_some(rows, limit):
                return count
        return 0

    async def _erase_some(self, rows: Rows, limit: int) -> int:
        key = tuple(rows.table.primary_key.columns)
        found = (await self._db.execute(select(*key).where(rows.which).limit(limit))).all()
        these = tuple_(*key).in_([tuple(one) for one in found])
        if not found:
            return 0
        if rows.table is letters:
            ids = [one[0] for one in found]
            await self._db.execute(
                update(activations).where(activations.c.letter_id.in_(ids)).values(letter_id=None)
            )
        if rows.is_emptied:
            await self._db.execute(update(rows.table).where(these).values(email=""))
        else:
            await self._db.execute(delete(rows.table).where(these))
        return len(found)

    async def forget_bare_names(self, *, limit: int) -> None:
        """Erase the children of whom only the name had stayed, for a proof that is gone."""
        proved = select(image_consents.c.id).where(image_consents.c.child_id == children.c.id)
        query = (
            select(families.c.account_id)
            .distinct()
            .join(children, children.c.family_id == families.c.id)
            .where(children.c.same_as == children.c.id, ~proved.exists())
            .limit(limit)
        )
        for account_id in (await self._db.execute(query)).scalars().all():
            await self._erasing.leave_nothing_of(account_id)
