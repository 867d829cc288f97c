"""Who did what, to which dossier, from where: lines that are only ever added.

The database refuses to change one (a trigger), and to erase one of the last twelve months. They are
read in `storage.journal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.audit import What
from storage.records import new_id
from storage.tables import audit_log


@dataclass(frozen=True)
class Line:
    """One line. `detail` holds codes and counts, never what was read or typed.

    `actor_id` is in whose name, `behind_id` who really sat there (an agent at the desk); `subject`
    the account, document or token it was done to; `place` the network address.
    """

    at: datetime
    what: What
    actor_id: str = ""
    behind_id: str = ""
    dossier_id: str = ""
    subject: str = ""
    place: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


class Audit:
    """Writing lines, and erasing them when they are too old."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, line: Line) -> None:
        """Write a line, in the transaction of what it tells. Twice: two lines."""
        await self._db.execute(
            insert(audit_log).values(
                id=new_id(),
                at=line.at,
                what=line.what.value,
                actor_id=line.actor_id,
                behind_id=line.behind_id,
                dossier_id=line.dossier_id,
                subject=line.subject,
                place=line.place,
                detail=dict(line.detail),
            )
        )

    async def count(self, what: What, *, actor_id: str, since: datetime) -> int:
        """How often somebody did this since then."""
        query = select(func.count()).where(
            audit_log.c.actor_id == actor_id, audit_log.c.at > since, audit_log.c.what == what.value
        )
        return (await self._db.execute(query)).scalar_one()

    async def count_before(self, moment: datetime) -> int:
        """How many lines are older than this."""
        query = select(func.count()).where(audit_log.c.at < moment)
        return (await self._db.execute(query)).scalar_one()

    async def forget_before(self, moment: datetime) -> int:
        """Erase the lines older than this, and give their number. Nothing else ever erases one.

        IntegrityError or InternalError of the database for what is younger than twelve months.
        """
        done = await self._db.execute(
            delete(audit_log).where(audit_log.c.at < moment),
            execution_options={"preserve_rowcount": True},
        )
        return done.rowcount
