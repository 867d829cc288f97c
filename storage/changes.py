"""The changes of its file that a family has asked for: what waits, and what was refused lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.deadlines import SilenceRule, Terms, Validation
from domain.kinds.change import AUTOMATIC
from domain.kinds.change_subjects import ABOUT, WORDS, Subject, slug_of
from domain.states import State
from storage.tables import answers, dossiers, holds
from storage.town import TERMS, Procedure

CHANGE = "change"
_OPEN = tuple(str(state) for state in State if not state.is_closed)


@dataclass(frozen=True)
class AskedChange:
    """One dossier of that kind, open or refused. `child_id` and `contact_id` may be empty.

    `is_clear`: the portal found nothing to doubt, nothing holds the decision, and it approves it by
    itself as its procedure says.
    """

    dossier_id: str
    state: State
    submitted_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    subject: str
    child_id: str
    contact_id: str
    is_clear: bool

    @property
    def is_settling(self) -> bool:
        """Whether the portal deals with it now, in seconds: nobody of the town has it."""
        return self.state is State.CHECKING or (self.is_clear and self.is_waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is decided yet."""
        return not self.state.is_closed

    @property
    def of(self) -> tuple[str, str, str]:
        """What it changes: two of one subject, child and person are about the same thing."""
        return self.subject, self.child_id, self.contact_id


def usual_procedures(department: str, school_year: str) -> tuple[Procedure, ...]:
    """The procedures by which families change their file, as a town usually sets them.

    One per subject, so that the town sets each by itself. No silence decides: nothing is asked for
    that the law calls a decision, and nobody becomes a payer because nobody looked.
    """
    return tuple(
        Procedure(
            id=f"c{number}" * 16,
            slug=slug_of(subject),
            kind=CHANGE,
            title=WORDS[subject].title,
            school_year=school_year,
            department=department,
            is_open=True,
            intro="",
            terms=Terms(
                silence_rule=SilenceRule.NONE,
                silence_basis="",
                validation=Validation.AUTOMATIC if subject in AUTOMATIC else Validation.STAFF,
            ),
        )
        for number, subject in enumerate(Subject, 1)
    )


class Changes:
    """Questions about changes of a family's file."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_account(
        self, account_id: str, *, refused_since: datetime
    ) -> Sequence[AskedChange]:
        """What waits, drafts among it, and what was refused since then; the latest first."""
        column = dossiers.c
        is_held = exists().where(holds.c.dossier_id == column.id, holds.c.ended_at.is_(None))
        query = (
            select(
                column.id,
                column.state,
                column.submitted_at,
                column.due_at,
                column.decided_at,
                column.terms,
                and_(column.is_clear, ~is_held).label("is_clear"),
                answers.c["values"].label("about"),
            )
            .join(answers, and_(answers.c.dossier_id == column.id, answers.c.section == ABOUT))
            .where(
                column.account_id == account_id,
                column.kind == CHANGE,
                or_(
                    column.state.in_(_OPEN),
                    and_(column.state == str(State.REFUSED), column.decided_at >= refused_since),
                ),
            )
            .order_by(column.opened_at.desc(), column.id)
        )
        return [
            AskedChange(
                dossier_id=row["id"],
                state=State(row["state"]),
                submitted_at=row["submitted_at"],
                due_at=row["due_at"],
                decided_at=row["decided_at"],
                subject=row["about"].get("subject", ""),
                child_id=row["about"].get("child", ""),
                contact_id=row["about"].get("contact", ""),
                is_clear=bool(row["is_clear"])
                and TERMS.validate_python(row["terms"]).validation is Validation.AUTOMATIC,
            )
            for row in (await self._db.execute(query)).mappings()
        ]
