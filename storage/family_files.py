"""Lists of families that an admin gave: sealed, and gone once they have served."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import compress, decompress

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import as_record, columns, fitting
from storage.sealed import Keys
from storage.tables import family_files

CHECKING, CHECKED, APPLYING, APPLIED, FAILED = (
    "checking", "checked", "applying", "applied", "failed",
)  # fmt: skip
AT_WORK = frozenset({CHECKING, APPLYING})
LIFE = timedelta(days=1)
"""How long a list that nobody took, or a report, is kept."""


@dataclass(frozen=True)
class FamilyFile:
    """A list on its way. `worked_at` is when somebody last went on with it."""

    id: str
    name: str
    given_by: str
    given_at: datetime
    stage: str
    lines: int
    done: int
    counts: Mapping[str, int]
    worked_at: datetime

    def is_left_alone(self, at: datetime) -> bool:
        """Whether whoever worked on it stopped half-way."""
        return self.stage in AT_WORK and at - self.worked_at > timedelta(minutes=1)


class FamilyFiles:
    """The lists, their reports, and how far each has come."""

    def __init__(self, connection: AsyncConnection, keys: Keys) -> None:
        self._db = connection
        self._keys = keys

    async def add(
        self, file_id: str, content: bytes, name: str, lines: int, *, by: str, at: datetime
    ) -> None:
        """Keep a list to be looked at."""
        values = fitting(family_files, name=name, report="")
        await self._db.execute(
            insert(family_files).values(
                id=file_id,
                content=self._sealed(content, file_id, "content"),
                given_by=by,
                given_at=at,
                stage=CHECKING,
                lines=lines,
                counts={},
                worked_at=at,
                **values,
            )
        )

    async def find(self, file_id: str) -> FamilyFile | None:
        """One list."""
        query = select(*columns(family_files, FamilyFile)).where(family_files.c.id == file_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(FamilyFile, row) if row else None

    async def all(self) -> Sequence[FamilyFile]:
        """Those of the last day, the latest first."""
        query = select(*columns(family_files, FamilyFile))
        rows = await self._db.execute(query.order_by(family_files.c.given_at.desc()).limit(20))
        return [as_record(FamilyFile, row) for row in rows.mappings()]

    async def content(self, file_id: str) -> bytes:
        """The bytes as they were given; none once they were erased."""
        return await self._opened(file_id, "content")

    async def report(self, file_id: str) -> Sequence[tuple[str, str, str]]:
        """What was said of each line."""
        text = await self._opened(file_id, "report")
        return [(row[0], row[1], row[2]) for row in json.loads(text or b"[]")]

    async def note(self, file_id: str, done: int, counts: Mapping[str, int], at: datetime) -> None:
        """How far it has come."""
        await self._change(file_id, done=done, counts=dict(counts), worked_at=at)

    async def move(self, file_id: str, from_: Sequence[str], to: str, at: datetime) -> bool:
        """Go on from one of these stages; False when somebody was faster."""
        done = await self._db.execute(
            update(family_files)
            .where(family_files.c.id == file_id, family_files.c.stage.in_(from_))
            .values(stage=to, worked_at=at, done=0)
        )
        return done.rowcount == 1

    async def settle(
        self, file_id: str, stage: str, report: Sequence[Sequence[str]], at: datetime
    ) -> None:
        """Keep the report. The list itself is erased, unless it was only looked at."""
        text = json.dumps(list(report), ensure_ascii=False).encode()
        values: dict[str, Any] = {"report": self._sealed(text, file_id, "report")}
        if stage != CHECKED:
            values["content"] = ""
        await self._change(file_id, stage=stage, worked_at=at, **values)

    async def forget(self, file_id: str) -> None:
        """Erase a list and its report. Twice: nothing more."""
        await self._db.execute(delete(family_files).where(family_files.c.id == file_id))

    async def forget_old(self, at: datetime) -> None:
        """Erase what is more than a day old."""
        await self._db.execute(delete(family_files).where(family_files.c.given_at < at - LIFE))

    async def _change(self, file_id: str, **values: object) -> None:
        await self._db.execute(
            update(family_files).where(family_files.c.id == file_id).values(**values)
        )

    async def _opened(self, file_id: str, column: str) -> bytes:
        query = select(family_files.c[column]).where(family_files.c.id == file_id)
        sealed = (await self._db.execute(query)).scalar()
        if not sealed:
            return b""
        text = self._keys.unseal(sealed, ("family_files", file_id, column))
        return decompress(b64decode(text))

    def _sealed(self, content: bytes, file_id: str, column: str) -> str:
        text = b64encode(compress(content)).decode()
        return self._keys.seal(text, ("family_files", file_id, column))
