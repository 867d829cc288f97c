"""The rules of procedures, each from a day on; nothing is ever changed or taken away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import Terms
from domain.procedure_rules import ProcedureRule, in_force
from storage.tables import accounts, procedure_rules
from storage.town import TERMS, Procedure
from storage.writes import add_once


class ProcedureRules:
    """What admins set: which terms, from which day on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of(self, procedure_id: str) -> Sequence[ProcedureRule]:
        """All rules of a procedure, the last day first."""
        return (await self._of((procedure_id,))).get(procedure_id, [])

    async def of_all(self, procedures: Sequence[Procedure]) -> dict[str, Sequence[ProcedureRule]]:
        """The same for several procedures, by their ids."""
        return await self._of([one.id for one in procedures])

    async def today(self, procedure: Procedure, day: date) -> Procedure:
        """The procedure with the terms it has on this day in Paris; its own before any rule."""
        rule = in_force(await self.of(procedure.id), day)
        return procedure if rule is None else replace(procedure, terms=rule.terms)

    async def set(
        self,
        rule_id: str,
        procedure_id: str,
        effective_from: date,
        terms: Terms,
        *,
        by: str,
        at: datetime,
    ) -> bool:
        """Set the terms from that day on. False when the rule of this id is there already."""
        return await add_once(
            self._db,
            procedure_rules,
            id=rule_id,
            procedure_id=procedure_id,
            effective_from=effective_from,
            terms=TERMS.dump_python(terms, mode="json"),
            set_by=by,
            set_at=at,
        )

    async def _of(self, ids: Sequence[str]) -> dict[str, Sequence[ProcedureRule]]:
        column = procedure_rules.c
        query = (
            select(procedure_rules, func.coalesce(accounts.c.name, "").label("name"))
            .outerjoin(accounts, accounts.c.id == column.set_by)
            .where(column.procedure_id.in_(ids))
            .order_by(column.effective_from.desc(), column.set_at.desc())
        )
        found: dict[str, list[ProcedureRule]] = {}
        for row in (await self._db.execute(query)).mappings():
            terms = TERMS.validate_python(row["terms"])
            rule = ProcedureRule(
                row["id"], row["effective_from"], terms, row["name"], row["set_at"]
            )
            found.setdefault(row["procedure_id"], []).append(rule)
        return dict(found)
