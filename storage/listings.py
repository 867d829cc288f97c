"""The dossiers as programs list them: narrowed, the latest first, one page after the other.

A family's are ordered by their opening; those of a department, by their sending, which every one
of them has. Neither changes any more, so that a page read later begins where the last one ended.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.states import State
from storage.dossiers import Dossier, as_dossier
from storage.merging import first_of_all
from storage.records import is_id
from storage.selections import matches
from storage.tables import documents, dossiers


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: after this moment (aware) and this dossier."""

    at: datetime
    dossier_id: str

    def written(self) -> str:
        """The cursor as a word for addresses."""
        return urlsafe_b64encode(f"{self.at.isoformat()} {self.dossier_id}".encode()).decode()

    @classmethod
    def read(cls, word: str) -> "Cursor | None":
        """The cursor of such a word; None when it is none of ours."""
        try:
            at, _, dossier_id = urlsafe_b64decode(word.encode("ascii")).decode().partition(" ")
            moment = datetime.fromisoformat(at)
            utc = moment.astimezone(UTC)
        except (ValueError, OverflowError, binascii.Error):
            return None
        return cls(utc, dossier_id) if moment.tzinfo and is_id(dossier_id) else None


@dataclass(frozen=True)
class Listing:
    """Which dossiers: a family's (`owner_id`), else those sent to some departments (None: any).

    The rest narrows them: `states` and `kind` and `department` as in the dossier, `words` as agents
    search, `updated_since` by answers, state or documents.
    """

    owner_id: str | None = None
    of_departments: Sequence[str] | None = None
    states: tuple[State, ...] = ()
    kind: str = ""
    department: str = ""
    updated_since: datetime | None = None
    words: str = ""

    def cursor_at(self, dossier: Dossier) -> Cursor:
        """Where a page that ends with this dossier ends."""
        sent = dossier.submitted_at or dossier.opened_at
        return Cursor(dossier.opened_at if self.owner_id else sent, dossier.id)


class Listings:
    """Lists of dossiers for programs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def page(
        self, listing: Listing, *, after: Cursor | None = None, limit: int
    ) -> Sequence[Dossier]:
        """The dossiers after this place, the latest first."""
        moment = dossiers.c.opened_at if listing.owner_id else dossiers.c.submitted_at
        conditions = _narrowed(listing)
        if after is not None:
            same = and_(moment == after.at, dossiers.c.id < after.dossier_id)
            conditions.append(or_(moment < after.at, same))
        by = (moment.desc(), dossiers.c.id.desc())
        each = [select(dossiers.c.id).where(mine, *conditions) for mine in _mine(listing)]
        wanted = first_of_all(each, by, limit=limit)
        query = select(dossiers).where(dossiers.c.id.in_(wanted)).order_by(*by)
        return [as_dossier(row) for row in (await self._db.execute(query)).mappings()]


def _mine(listing: Listing) -> Sequence[ColumnElement[bool]]:
    """Whose dossiers: one condition, or one of each department."""
    if listing.owner_id:
        return [dossiers.c.account_id == listing.owner_id]
    sent = dossiers.c.submitted_at.is_not(None)
    if listing.of_departments is None:
        return [sent]
    each = [and_(dossiers.c.department == one, sent) for one in listing.of_departments]
    return each or [false()]


def _narrowed(listing: Listing) -> list[ColumnElement[bool]]:
    column = dossiers.c
    found: list[ColumnElement[bool]] = []
    if listing.states:
        found.append(column.state.in_([one.value for one in listing.states]))
    if listing.kind:
        found.append(column.kind == listing.kind)
    if listing.department:
        found.append(column.department == listing.department)
    if listing.updated_since is not None:
        found.append(_changed_since(listing.updated_since))
    if listing.words:
        found.append(matches(listing.words))
    return found


def _changed_since(moment: datetime) -> ColumnElement[bool]:
    given = (
        select(documents.c.id)
        .where(
            documents.c.dossier_id == dossiers.c.id,
            or_(
                documents.c.given_at >= moment,
                documents.c.inspected_at >= moment,
                documents.c.removed_at >= moment,
            ),
        )
        .correlate(dossiers)
    )
    return or_(dossiers.c.last_saved_at >= moment, dossiers.c.state_since >= moment, given.exists())
