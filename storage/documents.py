"""The documents of dossiers, and what the agents said of each piece.

A document is one file, or one sworn statement, given for one piece. The bytes are in
`storage.files`; what is refused by the inspection keeps its row (the family sees why) and loses its
bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Scan
from storage.records import as_record, columns
from storage.tables import documents, dossiers, marks, town_forms, wallet, wallet_uses
from storage.writes import add_once, put

FILE, STATEMENT = "file", "statement"
PENDING, GOOD, DOUBTFUL, REFUSED = "pending", "good", "doubtful", "refused"
_ASKED_AT_ONCE = 1000
"""PostgreSQL takes 65,535 values in a question, and a town has more documents than that."""

_WITHHELD = and_(
    documents.c.scan == Scan.PENDING.value,
    documents.c.status.in_((GOOD, DOUBTFUL)),
    documents.c.removed_at.is_(None),
)
"""Looked at, and not scanned: the antivirus was away, or could not say."""


@dataclass(frozen=True)
class Document:
    """One document. `remarks` are codes with values, put in words by `domain.documents`.

    `page_images` are file names in the document's folder; `rotation` in quarter turns clockwise.
    """

    id: str
    dossier_id: str
    piece: str
    form: str
    status: str
    original_name: str
    media_type: str
    size_bytes: int
    sha256: str
    given_at: datetime
    given_by: str
    pages: int = 0
    page_images: list[str] = field(default_factory=list)
    remarks: list[dict[str, Any]] = field(default_factory=list)
    statement: str = ""
    rotation: int = 0
    inspected_at: datetime | None = None
    removed_at: datetime | None = None
    scan: str = Scan.UNSCANNED
    scan_tried_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether it stands for its piece: not refused, not taken away."""
        return self.removed_at is None and self.status != REFUSED

    @property
    def is_withheld(self) -> bool:
        """Whether nobody of the town may open it yet: the antivirus has not said anything."""
        return self.scan == Scan.PENDING


@dataclass(frozen=True)
class Scans:
    """How many documents wait for the antivirus, and how many it has had refused."""

    waiting: int
    infected: int


@dataclass(frozen=True)
class Volume:
    """What a family has given: files since a moment, whatever became of them, and bytes kept."""

    files_since: int
    bytes_kept: int


@dataclass(frozen=True)
class Mark:
    """What an agent said of a piece: `good`, or `replace` with a reason."""

    piece: str
    mark: str
    reason_code: str
    words: str
    by: str
    at: datetime


class Documents:
    """Documents and marks of dossiers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, document: Document) -> bool:
        """Keep a document's row (its file is already on disk). False when its id is known."""
        values = {c.name: getattr(document, c.name) for c in columns(documents, Document)}
        return await add_once(self._db, documents, **values)

    async def find(self, document_id: str) -> Document | None:
        """One document, removed or not."""
        query = select(*columns(documents, Document)).where(documents.c.id == document_id)
        row = (await self._db.execute(query)).mappings().first()
        return as_record(Document, row) if row else None

    async def of(self, dossier_id: str, *, removed: bool = False) -> Sequence[Document]:
        """The documents of a dossier in the order given, without the removed ones unless asked."""
        query = select(*columns(documents, Document)).where(documents.c.dossier_id == dossier_id)
        if not removed:
            query = query.where(documents.c.removed_at.is_(None))
        rows = await self._db.execute(query.order_by(documents.c.given_at, documents.c.id))
        return [as_record(Document, row) for row in rows.mappings()]

    async def volume(self, dossier_id: str, since: datetime) -> Volume:
        """What the family of this dossier has given, in all its dossiers."""
        family = select(dossiers.c.account_id).where(dossiers.c.id == dossier_id).scalar_subquery()
        is_kept = and_(documents.c.removed_at.is_(None), documents.c.status != REFUSED)
        query = (
            select(
                func.count().filter(documents.c.given_at > since),
                func.coalesce(func.sum(documents.c.size_bytes).filter(is_kept), 0),
            )
            .select_from(documents.join(dossiers, dossiers.c.id == documents.c.dossier_id))
            .where(dossiers.c.account_id == family, documents.c.form == FILE)
        )
        files, size = (await self._db.execute(query)).one()
        return Volume(files, int(size))

    async def pending_ids(self, dossier_id: str) -> tuple[str, ...]:
        """The documents still to be inspected."""
        return tuple(one.id for one in await self.of(dossier_id) if one.status == PENDING)

    async def note_inspection(
        self,
        document_id: str,
        *,
        status: str,
        media_type: str,
        pages: int,
        page_images: Sequence[str],
        remarks: list[dict[str, Any]],
        scan: Scan,
        at: datetime,
    ) -> None:
        """Write what the inspection found. Twice: the same again."""
        await self._db.execute(
            update(documents)
            .where(documents.c.id == document_id)
            .values(
                status=status,
                media_type=media_type,
                pages=pages,
                page_images=list(page_images),
                remarks=remarks,
                scan=scan.value,
                scan_tried_at=None if scan is Scan.PENDING else at,
                inspected_at=at,
            )
        )

    async def to_scan_again(self, *, tried_before: datetime, limit: int = 50) -> Sequence[Document]:
        """What was looked at and not scanned: never tried again first, then the longest ago."""
        query = (
            select(*columns(documents, Document))
            .where(
                _WITHHELD,
                or_(
                    documents.c.scan_tried_at.is_(None),
                    documents.c.scan_tried_at <= tried_before,
                ),
            )
            .order_by(func.coalesce(documents.c.scan_tried_at, documents.c.given_at))
            .limit(limit)
        )
        return [as_record(Document, row) for row in (await self._db.execute(query)).mappings()]

    async def note_scan(self, document_id: str, scan: Scan, at: datetime, **refusal: Any) -> bool:
        """Write what the antivirus says of a document looked at without it; False when it had.

        `refusal`: the status and the remarks of one that is refused.
        """
        done = await self._db.execute(
            update(documents)
            .where(documents.c.id == document_id, _WITHHELD)
            .values(scan=scan.value, scan_tried_at=at, **refusal)
        )
        return done.rowcount == 1

    async def scans(self, *, found_since: datetime) -> Scans:
        """How many documents wait for the antivirus, and how many it has had refused since then."""
        infected = and_(
            documents.c.scan == Scan.INFECTED.value, documents.c.scan_tried_at >= found_since
        )
        counts = [
            select(func.count()).select_from(documents).where(which).scalar_subquery()
            for which in (_WITHHELD, infected)
        ]
        return Scans(*(await self._db.execute(select(*counts))).one())

    async def remove(self, document_id: str, at: datetime) -> None:
        """Take a document away: the row stays as a trace, the bytes go by the reconciler."""
        await self._db.execute(
            update(documents)
            .where(documents.c.id == document_id, documents.c.removed_at.is_(None))
            .values(removed_at=at)
        )

    async def turn(self, document_id: str) -> None:
        """Turn a document a quarter clockwise for who looks at it; the original stays."""
        turned = (documents.c.rotation + 1) % 4
        await self._db.execute(
            update(documents).where(documents.c.id == document_id).values(rotation=turned)
        )

    async def with_bytes(self, ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids are documents, or forms of the town, whose bytes must be kept.

        What was taken away from its dossier and stands in another one is kept for that one.
        """
        is_used = exists().where(
            wallet_uses.c.document_id == documents.c.id, wallet.c.document_id == documents.c.id
        )
        asked, kept = list(ids), set[str]()
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            query = select(documents.c.id).where(
                documents.c.id.in_(asked[start : start + _ASKED_AT_ONCE]),
                or_(documents.c.removed_at.is_(None), is_used),
                documents.c.status != REFUSED,
            )
            kept.update((await self._db.execute(query)).scalars())
            forms = select(town_forms.c.id).where(
                town_forms.c.id.in_(asked[start : start + _ASKED_AT_ONCE]),
                town_forms.c.removed_at.is_(None),
            )
            kept.update((await self._db.execute(forms)).scalars())
        return frozenset(kept)

    async def marks_of(self, dossier_id: str) -> dict[str, Mark]:
        """What the agents said, by piece."""
        query = select(*columns(marks, Mark)).where(marks.c.dossier_id == dossier_id)
        rows = (await self._db.execute(query)).mappings()
        return {row["piece"]: as_record(Mark, row) for row in rows}

    async def mark(self, dossier_id: str, mark: Mark) -> None:
        """Say something of a piece; the last word stands."""
        values = {c.name: getattr(mark, c.name) for c in columns(marks, Mark) if c.name != "piece"}
        await put(self._db, marks, {"dossier_id": dossier_id, "piece": mark.piece}, values)

    async def unmark(self, dossier_id: str, piece: str) -> None:
        """Forget what was said of a piece: it changed since."""
        await self._db.execute(
            delete(marks).where(marks.c.dossier_id == dossier_id, marks.c.piece == piece)
        )
