"""The documents that serve more than once: what each family has, and where each was used.

There is one row and one file for a document, however many dossiers it stands in. What was taken
away from its dossier is lent to no other, and stays where it already served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.wallet import Kept
from storage.documents import REFUSED, Document
from storage.dossiers import Dossier
from storage.records import as_record, columns
from storage.tables import (
    children,
    documents,
    dossiers,
    guardian_accesses,
    procedures,
    wallet,
    wallet_uses,
)
from storage.writes import add_once

_MOST = 500
_IS_THERE = and_(documents.c.removed_at.is_(None), documents.c.status != REFUSED)


@dataclass(frozen=True)
class Held:
    """A document in the wallet, with its file, and of the dossier it came with: number and kind.

    `department` is the one whose dossier that was; `child` the first name of whose it is, or "".
    """

    kept: Kept
    document: Document
    number: str
    kind: str = ""
    department: str = ""
    child: str = ""


@dataclass(frozen=True)
class Beside:
    """The wallet beside one dossier.

    `school_year` is the one of the dossier's procedure. `held` is all that the family has, `used`
    what stood for each piece when the dossier was last sent.
    """

    school_year: str = ""
    held: Sequence[Held] = ()
    used: Mapping[str, Sequence[Held]] = field(default_factory=dict)


class Wallet:
    """Documents that serve more than once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def put(self, kept: Kept) -> bool:
        """Keep a document for the next dossiers. Twice: the first stands, False."""
        values = {one.name: getattr(kept, one.name) for one in columns(wallet, Kept)}
        return await add_once(self._db, wallet, **values)

    async def of_account(self, account_id: str) -> Sequence[Held]:
        """All that a family keeps, what holds no more included; the last given first."""
        query = _held().where(wallet.c.account_id == account_id, _IS_THERE)
        query = query.order_by(wallet.c.put_at.desc(), documents.c.given_at, documents.c.id)
        return [_as_held(row) for row in (await self._db.execute(query.limit(_MOST))).mappings()]

    async def valid_for(
        self, account_id: str, child_ids: Sequence[str], today: date
    ) -> Sequence[Held]:
        """What still holds today: of the family, and of these children."""
        is_asked = or_(wallet.c.child_id.is_(None), wallet.c.child_id.in_(child_ids))
        query = _held().where(
            wallet.c.account_id == account_id,
            is_asked,
            _IS_THERE,
            wallet.c.ended_at.is_(None),
            or_(wallet.c.valid_until.is_(None), wallet.c.valid_until >= today),
        )
        query = query.order_by(wallet.c.put_at, documents.c.given_at, documents.c.id)
        return [_as_held(row) for row in (await self._db.execute(query.limit(_MOST))).mappings()]

    async def shared_with(self, account_id: str, today: date) -> Sequence[Held]:
        """What is kept of the children that another family shares with this guardian today."""
        access, registered = guardian_accesses.c, children.alias("registered")
        is_open = exists().where(
            or_(registered.c.id == children.c.id, registered.c.same_as == children.c.id),
            access.dossier_id == registered.c.dossier_id,
            access.account_id == account_id,
            access.accepted_at.is_not(None),
            or_(access.ends_on.is_(None), access.ends_on > today),
        )
        query = _held().where(is_open, wallet.c.account_id != account_id, _IS_THERE)
        query = query.order_by(wallet.c.put_at.desc(), documents.c.given_at, documents.c.id)
        return [_as_held(row) for row in (await self._db.execute(query.limit(_MOST))).mappings()]

    async def beside(self, dossier: Dossier) -> Beside:
        """What a dossier may be lent, and what it was: one question."""
        mine = and_(
            wallet_uses.c.document_id == wallet.c.document_id,
            wallet_uses.c.dossier_id == dossier.id,
        )
        year = select(procedures.c.school_year).where(procedures.c.id == dossier.procedure_id)
        query = (
            _held()
            .outerjoin(wallet_uses, mine)
            .add_columns(
                wallet_uses.c.piece.label("used_for"), year.scalar_subquery().label("school_year")
            )
            .where(
                or_(
                    and_(wallet.c.account_id == dossier.account_id, _IS_THERE),
                    wallet_uses.c.piece.is_not(None),
                )
            )
            .order_by(wallet.c.put_at.desc(), documents.c.given_at, documents.c.id)
            .limit(_MOST)
        )
        rows = (await self._db.execute(query)).mappings().all()
        held: dict[str, Held] = {}
        used: dict[str, list[Held]] = {}
        for row in rows:
            one = _as_held(row)
            if one.document.counts:
                held.setdefault(one.kept.document_id, one)
            if row["used_for"]:
                used.setdefault(row["used_for"], []).append(one)
        return Beside(rows[0]["school_year"] if rows else "", list(held.values()), used)

    async def note_use(self, dossier_id: str, piece: str, document_id: str, at: datetime) -> None:
        """This document stood for this piece when the dossier was sent. Twice: the first stands."""
        await add_once(
            self._db,
            wallet_uses,
            dossier_id=dossier_id,
            piece=piece,
            document_id=document_id,
            used_at=at,
        )

    async def used_as(self, dossier_id: str, document_id: str) -> str:
        """The piece for which this document was used in this dossier; "" when it was not."""
        query = select(wallet_uses.c.piece).where(
            wallet_uses.c.dossier_id == dossier_id, wallet_uses.c.document_id == document_id
        )
        return (await self._db.execute(query.limit(1))).scalar() or ""

    async def end(self, dossier_id: str, piece: str, at: datetime) -> int:
        """What stands for this piece of this dossier holds no more, anywhere; how many documents.

        Twice: nothing more.
        """
        used = select(wallet_uses.c.document_id).where(
            wallet_uses.c.dossier_id == dossier_id, wallet_uses.c.piece == piece
        )
        own = select(documents.c.id).where(
            documents.c.dossier_id == dossier_id, documents.c.piece == piece
        )
        done = await self._db.execute(
            update(wallet)
            .where(
                or_(wallet.c.document_id.in_(used), wallet.c.document_id.in_(own)),
                wallet.c.ended_at.is_(None),
            )
            .values(ended_at=at)
        )
        return done.rowcount


def _held() -> Select[Any]:
    kept = [one.label(f"kept_{one.name}") for one in columns(wallet, Kept)]
    return (
        select(
            *columns(documents, Document),
            *kept,
            dossiers.c.number,
            dossiers.c.kind,
            dossiers.c.department,
            func.coalesce(children.c.first_name, "").label("child"),
        )
        .select_from(wallet)
        .join(documents, documents.c.id == wallet.c.document_id)
        .join(dossiers, dossiers.c.id == documents.c.dossier_id)
        .outerjoin(children, children.c.id == wallet.c.child_id)
    )


def _as_held(row: RowMapping) -> Held:
    facts = {one.name: row[f"kept_{one.name}"] for one in columns(wallet, Kept)}
    document = as_record(Document, row)
    kept = Kept(**facts, given_with=document.dossier_id)
    return as_record(Held, row, kept=kept, document=document)
