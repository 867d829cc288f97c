"""Finding the families the town knows by what somebody at the desk says: names, or an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.paper import shown_address
from domain.states import State
from storage.accounts import PARENT
from storage.dossiers import AT_DESK
from storage.records import as_record, sort_key
from storage.search_words import accounts_with, dossiers_with
from storage.tables import accounts, dossiers


@dataclass(frozen=True)
class Family:
    """A family by its account. `address` is empty for one without mail.

    `children` are those of its dossiers that the town has: a draft on the portal is its own.
    """

    id: str
    name: str
    address: str
    children: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class DeskDraft:
    """A dossier begun at the desk and not sent yet: nobody but the desk can go on with it."""

    family_id: str
    name: str
    number: str
    child_name: str
    last_saved_at: datetime


class People:
    """Families by their names."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def found(self, words: str, *, limit: int = 20) -> Sequence[Family]:
        """The families of which every word begins a name: of a parent, of a child; or an address.

        Two questions. Without words there is nobody.
        """
        each = [_known_by(word) for word in _words(words)]
        if not each:
            return []
        query = (
            select(accounts.c.id, accounts.c.name, accounts.c.email)
            .where(accounts.c.role == PARENT, accounts.c.disabled_at.is_(None), *each)
            .order_by(accounts.c.name, accounts.c.id)
            .limit(limit)
        )
        rows = (await self._db.execute(query)).all()
        children = await self._children([row.id for row in rows])
        return [
            Family(row.id, row.name, shown_address(row.email), tuple(children.get(row.id, ())))
            for row in rows
        ]

    async def _children(self, ids: Sequence[str]) -> dict[str, list[str]]:
        query = (
            select(dossiers.c.account_id, dossiers.c.child_name)
            .where(dossiers.c.account_id.in_(ids), dossiers.c.child_name != "", _of_the_town())
            .order_by(dossiers.c.opened_at)
        )
        found: dict[str, list[str]] = {}
        for row in await self._db.execute(query):
            names = found.setdefault(row.account_id, [])
            if row.child_name not in names:
                names.append(row.child_name)
        return found

    async def drafts_at_desk(
        self, departments: Sequence[str] | None, *, limit: int = 50
    ) -> Sequence[DeskDraft]:
        """The dossiers that were begun at the desk and wait to be sent, the oldest first."""
        query = (
            select(
                dossiers.c.account_id.label("family_id"),
                accounts.c.name,
                dossiers.c.number,
                dossiers.c.child_name,
                dossiers.c.last_saved_at,
            )
            .join(accounts, accounts.c.id == dossiers.c.account_id)
            .where(dossiers.c.state == State.DRAFT.value, dossiers.c.origin == AT_DESK)
            .order_by(dossiers.c.last_saved_at)
            .limit(limit)
        )
        if departments is not None:
            query = query.where(dossiers.c.department.in_(departments))
        rows = (await self._db.execute(query)).mappings()
        return [as_record(DeskDraft, row) for row in rows]


def _words(text: str) -> Sequence[str]:
    text = text.strip().casefold()
    return [text.lstrip("@")] if "@" in text else sort_key(text).split()


def _known_by(word: str) -> ColumnElement[bool]:
    of_children = select(dossiers.c.account_id).where(
        dossiers.c.id.in_(dossiers_with(word)), _of_the_town()
    )
    return or_(accounts.c.id.in_(accounts_with(word)), accounts.c.id.in_(of_children))


def _of_the_town() -> ColumnElement[bool]:
    return or_(dossiers.c.submitted_at.is_not(None), dossiers.c.origin == AT_DESK)
