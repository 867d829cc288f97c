"""What is stuck and why, what waits for whom, and what admins did about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.audit import What
from domain.states import Action, State
from storage.audit import Audit, Line
from storage.records import as_record, columns, new_id
from storage.tables import accounts, acts, dossiers, incidents, interventions
from storage.writes import add_once, insert_into


@dataclass(frozen=True)
class Incident:
    """A step that failed and is being tried again. `code` says why, never with personal data."""

    id: str
    workflow_id: str
    activity_id: str
    step: str
    dossier_id: str
    subject: str
    code: str
    attempt: int
    first_at: datetime
    last_at: datetime
    next_try_at: datetime | None
    cleared_at: datetime | None = None
    number: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many open dossiers are in a state, and since when the oldest one has been."""

    state: State
    count: int
    oldest_since: datetime | None
    overdue: int


@dataclass(frozen=True)
class Intervention:
    """What an admin did, and why."""

    at: datetime
    what: str
    dossier_id: str
    subject: str
    reason: str
    result: str
    admin_name: str = ""


@dataclass(frozen=True)
class Unheard:
    """How many acts were kept and have not been applied since, and when the oldest was given."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class SlowCheck:
    """A dossier whose documents have been looked at for too long."""

    dossier_id: str
    number: str
    since: datetime


class Supervision:
    """Incidents, counts and interventions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def note_failure(
        self,
        *,
        workflow_id: str,
        activity_id: str,
        step: str,
        dossier_id: str,
        subject: str,
        code: str,
        attempt: int,
        at: datetime,
        next_try_at: datetime | None,
    ) -> None:
        """A step failed (again).

        A step that was retried by hand counts its tries from 1 again; here they go on adding up.
        """
        tries = case((incidents.c.attempt < attempt, attempt), else_=incidents.c.attempt + 1)
        latest = {"code": code, "last_at": at, "next_try_at": next_try_at}
        await self._db.execute(
            insert_into(self._db, incidents)
            .values(
                id=new_id(),
                workflow_id=workflow_id,
                activity_id=activity_id,
                step=step,
                dossier_id=dossier_id,
                subject=subject,
                attempt=attempt,
                first_at=at,
                **latest,
            )
            .on_conflict_do_update(
                index_elements=["workflow_id", "activity_id"],
                set_={**latest, "attempt": tries, "cleared_at": None},
            )
        )

    async def tries_of(self, workflow_id: str, activity_id: str) -> int:
        """How many tries of a step are known to have failed, cleared or not; 0 when none is."""
        query = select(incidents.c.attempt).where(
            incidents.c.workflow_id == workflow_id, incidents.c.activity_id == activity_id
        )
        return int((await self._db.execute(query)).scalar() or 0)

    async def clear(self, workflow_id: str, activity_id: str, at: datetime) -> None:
        """The step went through."""
        await self._db.execute(
            update(incidents)
            .where(
                incidents.c.workflow_id == workflow_id,
                incidents.c.activity_id == activity_id,
                incidents.c.cleared_at.is_(None),
            )
            .values(cleared_at=at)
        )

    async def clear_about(self, subject: str, at: datetime) -> None:
        """Whatever was tried again about this letter or document is tried no more."""
        await self._db.execute(
            update(incidents)
            .where(incidents.c.subject == subject, incidents.c.cleared_at.is_(None))
            .values(cleared_at=at)
        )

    async def open_incidents(self, *, limit: int = 200) -> Sequence[Incident]:
        """What is blocked or being tried again, oldest first, with the dossier's number."""
        rows = await self._db.execute(
            self._incidents().where(incidents.c.cleared_at.is_(None)).limit(limit)
        )
        return [as_record(Incident, {**r, "number": r["number"] or ""}) for r in rows.mappings()]

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident, cleared or not."""
        rows = await self._db.execute(self._incidents().where(incidents.c.id == incident_id))
        row = rows.mappings().first()
        return as_record(Incident, {**row, "number": row["number"] or ""}) if row else None

    async def open_incident_of(self, subject: str) -> Incident | None:
        """The open incident about this letter or document, if there is one."""
        mine = (incidents.c.subject == subject) & (incidents.c.cleared_at.is_(None))
        row = (await self._db.execute(self._incidents().where(mine))).mappings().first()
        return as_record(Incident, {**row, "number": row["number"] or ""}) if row else None

    @staticmethod
    def _incidents() -> Select[Any]:
        wanted = [column for column in columns(incidents, Incident) if column.name != "number"]
        return (
            select(*wanted, dossiers.c.number.label("number"))
            .select_from(incidents.outerjoin(dossiers, dossiers.c.id == incidents.c.dossier_id))
            .order_by(incidents.c.first_at)
        )

    async def waiting(self, at: datetime) -> Sequence[Waiting]:
        """The open dossiers by state: how many, the oldest, how many past their date."""
        is_overdue = (dossiers.c.due_at.is_not(None)) & (dossiers.c.due_at < at)
        query = (
            select(
                dossiers.c.state,
                func.count().label("count"),
                func.min(dossiers.c.state_since).label("oldest"),
                func.count().filter(is_overdue).label("overdue"),
            )
            .where(dossiers.c.state.in_([str(s) for s in State if not s.is_closed]))
            .group_by(dossiers.c.state)
        )
        found = {row["state"]: row for row in (await self._db.execute(query)).mappings()}
        return [
            Waiting(state, row["count"], row["oldest"], row["overdue"])
            for state in State
            if (row := found.get(str(state))) is not None
        ]

    async def numbers(self, dossier_ids: Sequence[str]) -> dict[str, str]:
        """The numbers of some dossiers, by id."""
        query = select(dossiers.c.id, dossiers.c.number).where(dossiers.c.id.in_(dossier_ids))
        return {row.id: row.number for row in await self._db.execute(query)}

    async def unheard(self, *, given_before: datetime) -> Unheard:
        """The acts given before then that no dossier has applied yet.

        Documents being looked at are not counted: see `slow_checks`.
        """
        query = select(func.count(), func.min(acts.c.given_at)).where(
            acts.c.outcome == "",
            acts.c.action != Action.ADD_DOCUMENT.value,
            acts.c.given_at < given_before,
        )
        count, oldest = (await self._db.execute(query)).one()
        return Unheard(count, oldest)

    async def slow_checks(self, *, since_before: datetime, limit: int = 50) -> Sequence[SlowCheck]:
        """The dossiers being checked since before then, the oldest first."""
        query = (
            select(dossiers.c.id.label("dossier_id"), dossiers.c.number, dossiers.c.state_since)
            .where(dossiers.c.state == State.CHECKING.value, dossiers.c.state_since < since_before)
            .order_by(dossiers.c.state_since)
            .limit(limit)
        )
        rows = (await self._db.execute(query)).mappings()
        return [as_record(SlowCheck, row, since=row["state_since"]) for row in rows]

    async def note_intervention(
        self,
        admin_id: str,
        what: str,
        *,
        reason: str,
        at: datetime,
        dossier_id: str = "",
        subject: str = "",
        result: str = "",
        intervention_id: str = "",
        place: str = "",
    ) -> bool:
        """An admin does something by hand, which is a `What` of the journal as well.

        Twice with the same id: kept once, and False.
        """
        is_new = await add_once(
            self._db,
            interventions,
            id=intervention_id or new_id(),
            at=at,
            admin_id=admin_id,
            what=what,
            dossier_id=dossier_id,
            subject=subject,
            reason=reason,
            result=result,
        )
        if is_new:
            line = Line(
                at, What(what), admin_id, dossier_id=dossier_id, subject=subject, place=place
            )
            await Audit(self._db).add(line)
        return is_new

    async def conclude(self, intervention_id: str, result: str) -> None:
        """Write what came of an intervention; the last word stands."""
        await self._db.execute(
            update(interventions).where(interventions.c.id == intervention_id).values(result=result)
        )

    async def result_of(self, intervention_id: str) -> str:
        """What came of an intervention; empty when there was none, or nothing is known yet."""
        query = select(interventions.c.result).where(interventions.c.id == intervention_id)
        return (await self._db.execute(query)).scalar() or ""

    async def interventions(
        self, *, dossier_id: str = "", subject: str = "", limit: int = 50
    ) -> Sequence[Intervention]:
        """The latest interventions, of one dossier or about one letter or document if given."""
        wanted = [c for c in columns(interventions, Intervention) if c.name != "admin_name"]
        query = (
            select(*wanted, accounts.c.name.label("admin_name"))
            .join(accounts, accounts.c.id == interventions.c.admin_id)
            .order_by(interventions.c.at.desc())
            .limit(limit)
        )
        if dossier_id:
            query = query.where(interventions.c.dossier_id == dossier_id)
        if subject:
            query = query.where(interventions.c.subject == subject)
        return [as_record(Intervention, row) for row in (await self._db.execute(query)).mappings()]
