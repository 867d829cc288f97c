"""The town's texts, version after version, and who accepted which. No version is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.texts import TO_ACCEPT, Code
from storage.records import as_record, columns, new_id
from storage.tables import acceptances, children, families, guardian_accesses, texts
from storage.writes import add_once, take_turn


@dataclass(frozen=True)
class Text:
    """One version of a text. `effective_from` is its first civil day in Paris."""

    id: str
    code: str
    version: int
    title: str
    body: str
    published_at: datetime
    published_by: str
    effective_from: date


@dataclass(frozen=True)
class Acceptance:
    """Which version of a text somebody accepted, and when."""

    text_id: str
    code: str
    title: str
    version: int
    at: datetime
    dossier_id: str | None


class Texts:
    """Texts and acceptances."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def in_force(self, code: Code, day: date) -> Text | None:
        """The version of a text that counts on that day; None before the first."""
        query = _newest_first(texts.c.code == code.value, texts.c.effective_from <= day).limit(1)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Text, row) if row else None

    async def all_in_force(self, day: date) -> Sequence[Text]:
        """Every text as it counts on that day, in the order of `Code`: one question."""
        rows = (await self._db.execute(_newest_first(texts.c.effective_from <= day))).mappings()
        newest: dict[str, Text] = {}
        for row in rows:
            newest.setdefault(row["code"], as_record(Text, row))
        return [newest[code] for code in Code if code in newest]

    async def find(self, text_id: str) -> Text | None:
        """One version, whether it counts or not."""
        query = select(*columns(texts, Text)).where(texts.c.id == text_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Text, row) if row else None

    async def versions(self, code: Code | None = None) -> Sequence[Text]:
        """Every version of a text (of all of them), the newest first."""
        which = [texts.c.code == code.value] if code else []
        query = select(*columns(texts, Text)).where(*which)
        rows = await self._db.execute(query.order_by(texts.c.code, texts.c.version.desc()))
        return [as_record(Text, row) for row in rows.mappings()]

    async def publish(
        self,
        code: Code,
        *,
        after: int,
        title: str,
        body: str,
        effective_from: date,
        by: str,
        at: datetime,
    ) -> Text | None:
        """Publish the version that follows version `after` (0: the first).

        None when somebody published one meanwhile: nothing is written.
        """
        await take_turn(self._db, f"text:{code}")
        last = select(func.coalesce(func.max(texts.c.version), 0)).where(texts.c.code == code.value)
        if (await self._db.execute(last)).scalar_one() != after:
            return None
        text = Text(new_id(), code.value, after + 1, title, body, at, by, effective_from)
        values = {one.name: getattr(text, one.name) for one in columns(texts, Text)}
        await self._db.execute(insert(texts).values(**values))
        return text

    async def to_accept(self, account_id: str, day: date) -> Sequence[Text]:
        """What this person has still to accept on that day: one question.

        Everybody accepts the terms of the portal; the other texts are for whoever follows a child.
        """
        query = (
            _newest_first(
                texts.c.code.in_([code.value for code in TO_ACCEPT]),
                texts.c.effective_from <= day,
                or_(texts.c.code == Code.TERMS.value, _follows_a_child(account_id, day)),
            )
            .add_columns(acceptances.c.at)
            .outerjoin(
                acceptances,
                and_(acceptances.c.text_id == texts.c.id, acceptances.c.account_id == account_id),
            )
        )
        newest: dict[str, Text | None] = {}
        for row in (await self._db.execute(query)).mappings():
            newest.setdefault(row["code"], as_record(Text, row) if row["at"] is None else None)
        waiting = [newest.get(code) for code in Code]
        return [text for text in waiting if text is not None]

    async def accept(
        self, text_id: str, account_id: str, at: datetime, *, dossier_id: str | None = None
    ) -> bool:
        """Note that this person accepts this version; False when they had. Twice: the first day."""
        return await add_once(
            self._db,
            acceptances,
            id=new_id(),
            text_id=text_id,
            account_id=account_id,
            at=at,
            dossier_id=dossier_id,
        )

    async def accepted_by(self, account_id: str) -> Sequence[Acceptance]:
        """What this person accepted, the latest first."""
        query = (
            select(
                acceptances.c.text_id,
                texts.c.code,
                texts.c.title,
                texts.c.version,
                acceptances.c.at,
                acceptances.c.dossier_id,
            )
            .join(texts, texts.c.id == acceptances.c.text_id)
            .where(acceptances.c.account_id == account_id)
            .order_by(acceptances.c.at.desc(), texts.c.code)
        )
        return [as_record(Acceptance, row) for row in (await self._db.execute(query)).mappings()]

    async def count_accepted(self) -> dict[str, int]:
        """How many people accepted each version, by its id."""
        query = select(acceptances.c.text_id, func.count().label("people"))
        rows = await self._db.execute(query.group_by(acceptances.c.text_id))
        return {row.text_id: row.people for row in rows}


async def move_acceptances(db: AsyncConnection, before: str, now: str) -> None:
    """What one account accepted, the other did: the earlier day stands."""
    theirs = select(acceptances.c.text_id).where(acceptances.c.account_id == now)
    both = (
        select(acceptances.c.text_id, func.min(acceptances.c.at).label("first"))
        .where(acceptances.c.account_id.in_((before, now)), acceptances.c.text_id.in_(theirs))
        .group_by(acceptances.c.text_id)
    )
    for row in (await db.execute(both)).all():
        mine = acceptances.c.text_id == row.text_id
        await db.execute(acceptances.delete().where(mine, acceptances.c.account_id == before))
        await db.execute(
            acceptances.update().where(mine, acceptances.c.account_id == now).values(at=row.first)
        )
    await db.execute(
        acceptances.update().where(acceptances.c.account_id == before).values(account_id=now)
    )


def _newest_first(*which: ColumnElement[bool]) -> Select[Any]:
    query = select(*columns(texts, Text)).where(*which)
    return query.order_by(texts.c.effective_from.desc(), texts.c.version.desc())


def _follows_a_child(account_id: str, day: date) -> ColumnElement[bool]:
    own = (
        select(children.c.id)
        .join(families, families.c.id == children.c.family_id)
        .where(families.c.account_id == account_id)
    )
    shared = select(guardian_accesses.c.id).where(
        guardian_accesses.c.account_id == account_id,
        guardian_accesses.c.accepted_at.is_not(None),
        or_(guardian_accesses.c.ends_on.is_(None), guardian_accesses.c.ends_on > day),
    )
    return or_(own.exists(), shared.exists())
